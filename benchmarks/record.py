"""Where benchmarks leave their figures: one JSON file a subject, with the command, the day, versions and machine."""

import json
import shlex
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from inkdigits.training.runs.folders import replacing
from inkdigits.training.runs.provenance import commit, machine, versions

RESULTS = Path(__file__).resolve().parent / "results"


def record(name: str, figures: dict[str, Any], arguments: str = "") -> None:
    """Write `results/<name>.json` and print it.

    Args:
        name: of the subject.
        figures: what was measured, ready for JSON; n and spread among them.
        arguments: what to show for the command's own arguments where these name somebody's folders.
    """
    shown = arguments or shlex.join(sys.argv[1:])
    module = ".".join(Path(sys.argv[0]).resolve().relative_to(RESULTS.parents[1]).with_suffix("").parts)
    place = machine()
    result = {
        "command": f"python -m {module} {shown}".strip(),
        "date": datetime.now(UTC).date().isoformat(),
        "machine": f"{place['cpu']}, {place['cores']} cores",
        "versions": versions(),
        "commit": commit(),
        "figures": figures,
    }
    RESULTS.mkdir(exist_ok=True)
    with replacing(RESULTS / f"{name}.json") as part:
        part.write_text(json.dumps(result, indent=2, ensure_ascii=False) + "\n", "utf-8")
    print(json.dumps(result, indent=2, ensure_ascii=False))
