"""Put the figures of benchmarks/results/*.json into README and docs, so that none is typed by hand.

    python scripts/figures/fill_figures.py            # writes
    python scripts/figures/fill_figures.py --check    # exit code 1 where a page is not up to date

A page marks a place with `<!-- figures: NAME -->` … `<!-- /figures -->`; what stands between is replaced.
"""

import json
import re
import sys
from pathlib import Path
from typing import Any

import net_tables
import page_tables
import speed_tables
import trust_tables
import web_tables

ROOT = Path(__file__).parents[2]
RESULTS = ROOT / "benchmarks" / "results"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "src/inkdigits/weights/README.md"]
PLACE = re.compile(r"(<!-- figures: ([a-z_]+) -->\n).*?(<!-- /figures -->)", re.DOTALL)


def source(result: dict[str, Any]) -> str:
    """Where the figures come from."""
    return f"\nMade by `{result['command']}` on {result['date']}: {result['machine']}.\n"


def fill(page: Path) -> str:
    """The text of a page with its figures up to date."""

    def replace(place: re.Match[str]) -> str:
        name, render = RENDERERS[place[2]]
        result = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
        return place[1] + render(result) + source(result) + place[3]

    return PLACE.sub(replace, page.read_text(encoding="utf-8"))


# The name of a place in a page → the result it shows, and how.
TABLES = (net_tables, page_tables, speed_tables, trust_tables, web_tables)
RENDERERS = {name: how for tables in TABLES for name, how in tables.RENDERERS.items()}


def main() -> None:
    """Write the pages, or say which are out of date."""
    stale = []
    for page in PAGES:
        text = fill(page)
        if text != page.read_text(encoding="utf-8"):
            stale.append(str(page.relative_to(ROOT)))
            if "--check" not in sys.argv:
                page.write_text(text, encoding="utf-8")
    if "--check" in sys.argv and stale:
        sys.exit(f"out of date: {', '.join(stale)}. Run scripts/figures/fill_figures.py.")
    print("filled:", ", ".join(stale) or "nothing had changed")


if __name__ == "__main__":
    main()
