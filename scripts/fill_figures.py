"""Put the figures of benchmarks/results/*.json into README and docs, so that none is typed by hand.

    python scripts/fill_figures.py            # writes
    python scripts/fill_figures.py --check    # exit code 1 where a page is not up to date

A page marks a place with `<!-- figures: NAME -->` … `<!-- /figures -->`; what stands between is replaced.
"""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), ROOT / "src/inkdigits/weights/README.md"]
PLACE = re.compile(r"(<!-- figures: ([a-z_]+) -->\n).*?(<!-- /figures -->)", re.DOTALL)


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


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


def accuracy(result: dict[str, Any]) -> str:
    """The zoo on the MNIST test set."""
    rows = [
        [
            f"`{row['model']}`",
            f"{100 * row['accuracy_mean']:.2f} ± {100 * row['accuracy_std']:.2f}%",
            ", ".join(map(str, row["misses"])),
            f"{row['parameters']:,}",
            f"{row['training_seconds']:.0f} s",
            f"{row['prediction_us']:.0f} µs",
        ]
        for row in result["figures"]["rows"]
    ]
    return table(["net", "MNIST test", "misses in 10,000, a seed each", "parameters", "training", "one frame"], rows)


def training_time(result: dict[str, Any]) -> str:
    """How long the main job takes."""
    figures = result["figures"]
    return (
        f"A default `inkdigits train`, from the start of the process to the report: {figures['median_seconds']:.0f} s "
        f"(median of {figures['n']}: {', '.join(map(str, figures['seconds']))} s).\n"
    )


def bundled(result: dict[str, Any]) -> str:
    """The nets in the package on the MNIST test set."""
    rows = [
        [
            f"`{net['file']}`",
            f"{100 - 100 * net['misses'] / net['n']:.2f}% ({net['misses']} misread)",
            " to ".join(f"{100 * bound:.2f}" for bound in net["interval"]) + "%",
            f"{100 * net['calibration_error']:.2f}%",
            f"{100 * net['refused'] / net['n']:.2f}%",
            f"{net['parameters']:,}",
            f"{net['bytes'] / 1000:,.0f} kB",
            f"{net['frame_us']:.0f} µs",
            f"{net['pile_frames_per_second']:,}",
        ]
        for net in result["figures"].values()
    ]
    head = ["net", "MNIST test, one run", "95% interval", "calibration error", "refused", "parameters", "size"]
    return table([*head, "one frame", "frames a second"], rows)


def export_parity(result: dict[str, Any]) -> str:
    """What the export changes."""
    lines = [
        f"- `{net['file']}` through ONNX Runtime against Keras on {net['n']:,} test pictures: probabilities differ by "
        f"at most {net['largest_difference']:.1e}, {net['other_predictions']} other predictions"
        for net in result["figures"].values()
    ]
    return "\n".join(lines) + "\n"


SETS = {
    "ardis_train": "Swedish church books 1895–1970 (ARDIS)",
    "usps_train": "US zip codes, 16×16 (USPS)",
    "single": "one digit a picture, drawn, scanned or photographed by 49 people",
    "scenes": "photos and scans of several numbers",
    "cells": "cells of a clinic's logbook, about 60×34 px, faint",
}


def handwriting(result: dict[str, Any]) -> str:
    """How well other hands are read."""
    nets = result["figures"]

    def cell(scores: dict[str, float]) -> str:
        if "right" in scores:
            return f"{scores['right']:.1f}% ({scores['refused']:.1f}% refused)"
        return f"{scores['exact']:.1f}% of the pictures exactly"

    rows = [
        [text, f"{next(iter(nets.values()))[name]['n']:,}", *(cell(sets[name]) for sets in nets.values())]
        for name, text in SETS.items()
    ]
    return table(["handwriting that is not MNIST", "pictures", *(f"`{name}`" for name in nets)], rows)


def web_load(result: dict[str, Any]) -> str:
    """The API under load."""
    figures = result["figures"]
    servers = {
        "nothing_form": "does nothing, form",
        "digit_form": "`/v1/digit`, form",
        "nothing_raw": "does nothing, raw body",
        "digit_raw": "`/v1/digit`, raw body",
    }
    rows = [
        [
            text,
            f"{figures[key]['requests_per_second']:,.0f}",
            f"{figures[key]['p50_milliseconds']:.0f} ms",
            f"{figures[key]['p99_milliseconds']:.0f} ms",
            f"{figures[key]['errors'] + figures[key]['not_2xx']}",
        ]
        for key, text in servers.items()
    ]
    return (
        table(["endpoint", "requests a second", "p50", "p99", "errors"], rows)
        + f"\n{figures['seconds']} s each, {figures['connections']} connections, one server process; load average "
        f"before: {figures['load_average_before']}.\n"
    )


# The name of a place in a page → the result it shows, and how.
RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "accuracy": ("accuracy", accuracy),
    "bundled": ("bundled", bundled),
    "export_parity": ("bundled", export_parity),
    "handwriting": ("handwriting", handwriting),
    "training_time": ("training_time", training_time),
    "web_load": ("web_load", web_load),
}


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
        sys.exit(f"out of date: {', '.join(stale)}. Run scripts/fill_figures.py.")
    print("filled:", ", ".join(stale) or "nothing had changed")


if __name__ == "__main__":
    main()
