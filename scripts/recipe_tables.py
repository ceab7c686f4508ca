"""Tables of what each ingredient of a recipe bought, and of the whole zoo, for fill_figures.py."""

from collections.abc import Callable
from typing import Any

from markdown_tables import SETS, table


def ablation(result: dict[str, Any]) -> str:
    """Trainings of `convnet` that add one ingredient after the other."""
    figures = result["figures"]
    names = ["mnist", *(name for name in SETS if name in figures["n"])]
    titles = [f"{SETS.get(name, 'MNIST test')}, {figures['n'][name]:,} pictures" for name in names]
    rows = [[row["step"], *(f"{row[name]:.2f}%" if name in row else "–" for name in names)] for row in figures["rows"]]
    said = f"Of `convnet`, {figures['epochs']} epochs, one seed; shares of first guesses, refused or not.\n\n"
    return said + table(["learnt from", *titles], rows)


def zoo(result: dict[str, Any]) -> str:
    """Every net, trained for a few epochs."""
    rows = [
        [
            f"`{name}`",
            f"{net['epochs']}",
            f"{100 * net['accuracy']:.2f}% ({net['misses']} misread)",
            f"{100 * net['interval'][0]:.2f} to {100 * net['interval'][1]:.2f}%",
            f"{net['parameters']:,}",
            f"{net['multiply_adds']:,}",
            f"{net['bytes'] / 1000:,.0f} kB",
            f"{net['epoch_seconds']:.0f} s",
        ]
        for name, net in result["figures"].items()
    ]
    header = ["net", "epochs", "MNIST test, one run", "95% interval", "parameters", "multiply-adds", "ONNX", "an epoch"]
    return table(header, rows)


RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "ablation": ("ablation", ablation),
    "zoo": ("zoo", zoo),
}
