"""Tables of how well pages are read, for fill_figures.py."""

from collections.abc import Callable
from typing import Any

from markdown_tables import SETS, table

KINDS = {
    "number": "one number",
    "lines": "lines of numbers",
    "columns": "columns",
    "list": "a list, words beside the numbers",
    "table": "a table",
    "boxes": "boxes of a form",
}


def pages(result: dict[str, Any]) -> str:
    """Composed pages."""
    figures = result["figures"]
    parts = {"all": figures["composed"]} | {KINDS[kind]: part for kind, part in figures["kinds"].items()}
    rows = [
        [
            text,
            f"{part['n']}",
            f"{part['digits']:,}",
            f"{part['digits_right']:.1f}%",
            f"{part['pages_exact']:.1f}%",
            f"{part['invented_per_page']:.2f}",
        ]
        for text, part in parts.items()
    ]
    none = figures["without_digits"]
    return table(["composed pages", "pages", "digits", "digits right", "pages exactly", "invented per page"], rows) + (
        f"\nOn {none['n']} pages of words, drawings and rulings without any digit, {none['invented_per_page']:.2f} "
        f"digits per page are invented; {none['pages_empty']:.0f}% of the pages are left empty.\n"
    )


def page_opponents(result: dict[str, Any]) -> str:
    """Beside other readers."""
    rows = [
        [
            SETS[name],
            reader,
            *(["not measured"] * 3 if isinstance(scores, str) else cells(scores)),
        ]
        for name, readers in result["figures"].items()
        for reader, scores in readers.items()
    ]
    return table(["pictures", "reader", "digits right", "pictures exactly", "digits too many"], rows)


def cells(scores: dict[str, float]) -> list[str]:
    """The figures of one reader."""
    return [f"{scores['digits_right']:.1f}%", f"{scores['exact']:.1f}%", f"{scores['digits_too_many']}"]


def large_photo(result: dict[str, Any]) -> str:
    """A phone's photo."""
    figures = result["figures"]
    return (
        f"A photo of {figures['megapixels']:.0f} megapixels with {figures['digits']} digits takes "
        f"{figures['median_seconds']:.1f} s after loading (median of {figures['n']}: "
        f"{', '.join(map(str, figures['seconds']))} s); one of {figures['large_megapixels']:.0f} megapixels takes "
        f"{figures['large_peak_megabytes']} MB of memory at its peak.\n"
    )


RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "large_photo": ("large_photo", large_photo),
    "page_opponents": ("page_opponents", page_opponents),
    "pages": ("pages", pages),
}
