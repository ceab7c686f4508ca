"""Tables of how good the nets are, alone and against other readers, for fill_figures.py."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from markdown_tables import SETS, table

from inkdigits.onnx_files import BUNDLED

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
RESULTS = BENCHMARKS / "results"
# What others reached, and who says so.
ELSEWHERE = BENCHMARKS / "elsewhere.json"


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
    return table(
        ["model", "MNIST test", "misses in 10,000, one seed each", "parameters", "training", "one frame"], rows
    )


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
    head = ["model", "MNIST test, one run", "95% interval", "calibration error", "refused", "parameters", "size"]
    return table([*head, "one frame", "frames per second"], rows)


def export_parity(result: dict[str, Any]) -> str:
    """What the export changes."""
    lines = [
        f"- `{net['file']}` through ONNX Runtime against Keras on {net['n']:,} test pictures: probabilities differ by "
        f"at most {net['largest_difference']:.1e}, {net['other_predictions']} other predictions"
        for net in result["figures"].values()
    ]
    return "\n".join(lines) + "\n"


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


def comparison(result: dict[str, Any]) -> str:
    """Other readers, and the net that reads by default."""
    ours = result["figures"][BUNDLED]
    bundled = json.loads((RESULTS / "bundled.json").read_text(encoding="utf-8"))["figures"][BUNDLED]
    others = json.loads(ELSEWHERE.read_text(encoding="utf-8"))
    pages = json.loads((RESULTS / "page_opponents.json").read_text(encoding="utf-8"))["figures"]
    exact = {reader: {name: pages[name][reader]["exact"] for name in pages} for reader in pages["scenes"]}
    readers = [
        *others["readers"],
        *({"name": name} | exact[reader] for reader, name in others["page_readers"].items()),
        {
            "name": f"**inkdigits**, the model `{BUNDLED}`",
            "mnist": f"{100 - 100 * bundled['misses'] / bundled['n']:.2f}%",
            "single": ours["single"]["right"],
        }
        | exact["inkdigits"],
    ]
    rows = [
        [
            reader["name"],
            reader.get("mnist", "–"),
            *(f"{round(reader[name], 1):g}%" if name in reader else "–" for name in ("single", "scenes", "cells")),
        ]
        for reader in readers
    ]
    n = {name: f"{ours[name]['n']:,}" for name in ("single", "scenes", "cells")}
    head = [
        "MNIST test",
        f"{n['single']} single digits",
        f"{n['scenes']} photos of numbers",
        f"{n['cells']} faint cells",
    ]
    return table(["read right", *head], rows) + f"\n{others['source']}\n"


def zoo(result: dict[str, Any]) -> str:
    """Every net of the zoo after a few epochs."""
    rows = [
        [
            f"`{name}`",
            f"{net['parameters']:,}",
            f"{net['multiply_adds'] / 1e6:,.1f} million",
            f"{net['bytes'] / 1000:,.0f} kB",
            str(net["epochs"]),
            f"{100 * net['accuracy']:.2f}% ({net['misses']} misread)",
            " to ".join(f"{100 * bound:.2f}" for bound in net["interval"]) + "%",
        ]
        for name, net in result["figures"].items()
    ]
    return table(
        ["model", "parameters", "multiply-adds", "size", "epochs", "MNIST test, one run", "95% interval"], rows
    )


RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "accuracy": ("accuracy", accuracy),
    "bundled": ("bundled", bundled),
    "comparison": ("handwriting", comparison),
    "export_parity": ("bundled", export_parity),
    "handwriting": ("handwriting", handwriting),
    "training_time": ("training_time", training_time),
    "zoo": ("zoo", zoo),
}
