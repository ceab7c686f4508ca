r"""Handwritten digits, read: from MNIST's squares to a phone photo of a page.

    reader = inkdigits.Reader()
    reader.read_digit("seven.png").value      # 7
    reader.read("photo.jpg").text             # "2024\n17 3"

Everything is loaded when it is first used, so `import inkdigits` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inkdigits import training
    from inkdigits.arrays import Box
    from inkdigits.batch import FileResult, read_files
    from inkdigits.digit.classifier import Classifier
    from inkdigits.digit.frame import to_frame
    from inkdigits.documents import load_pages
    from inkdigits.errors import InkDigitsError
    from inkdigits.formats import Format
    from inkdigits.page_reader import PageReader
    from inkdigits.reader import Reader
    from inkdigits.results import Digit, Line, Mark, Number, Reading
    from inkdigits.table.results import Cell, Table

__version__ = "0.1.0"
__all__ = [
    "Box",
    "Cell",
    "Classifier",
    "Digit",
    "FileResult",
    "Format",
    "InkDigitsError",
    "Line",
    "Mark",
    "Number",
    "PageReader",
    "Reader",
    "Reading",
    "Table",
    "load_pages",
    "read_files",
    "to_frame",
    "training",
]

_HOMES = {
    "Box": "arrays",
    "Cell": "table.results",
    "Classifier": "digit.classifier",
    "Digit": "results",
    "FileResult": "batch",
    "Format": "formats",
    "InkDigitsError": "errors",
    "Line": "results",
    "Mark": "results",
    "Number": "results",
    "PageReader": "page_reader",
    "Reader": "reader",
    "Reading": "results",
    "Table": "table.results",
    "load_pages": "documents",
    "read_files": "batch",
    "to_frame": "digit.frame",
}


def __getattr__(name: str) -> Any:
    if name == "training":
        return import_module("inkdigits.training")
    if name in _HOMES:
        return getattr(import_module(f"inkdigits.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'inkdigits' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
