"""The table of what each ingredient of a recipe bought, for fill_figures.py."""

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


RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "ablation": ("ablation", ablation),
}
