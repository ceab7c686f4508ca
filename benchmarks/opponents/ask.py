"""How benchmarks call what they compare with: a script in an environment of its own, which prints one JSON object."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
NOT_MEASURED = "not measured"


def ask(python: str | Path, script: str, *arguments: str | Path) -> dict[str, Any] | None:
    """What a script of this folder prints; None where that Python or a package that the script needs is missing."""
    if not shutil.which(python):
        return None
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [python, "-W", "ignore", FOLDER / script, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=quiet)
    if "ModuleNotFoundError" in done.stderr:
        return None
    if done.returncode:
        raise RuntimeError(f"{script} failed:\n{done.stderr}")
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer
