"""Files → their photos, each with a name: a picture, or every page of a document."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from inkdigits.arrays import Photo
from inkdigits.bulk.paths import STDIN
from inkdigits.documents import Document
from inkdigits.errors import ImageNotFoundError
from inkdigits.images import Source


def to_drawn_name(name: str) -> str:
    """What a picture with boxes is called, of its path: `scans/1.jpg` becomes `scans_1.jpg`."""
    place, mark, page = name.rpartition("#") if name.startswith(f"{STDIN}#") else (name, "", "")
    if place == STDIN:
        return f"stdin{mark}{page}"
    return "_".join(part for part in Path(name).parts if part not in (os.sep, ".."))


def load_photos(source: Source, name: str = "") -> Iterator[tuple[str, Photo]]:
    """The photo in a file and its name, or one per page.

    Args:
        source: a path, `-` for standard input, bytes, or what else `inkdigits.documents.Document` takes.
        name: of it, if it is no path.

    Raises:
        ImageError: the file or a page cannot be read.
        MissingExtraError: a PDF without the extra `pdf`.
    """
    name = name or str(source)
    if isinstance(source, str | Path) and Path(source).is_dir():
        raise ImageNotFoundError(f"{source} holds no pictures. Give a folder with some, or a file.")
    with Document(sys.stdin.buffer.read() if isinstance(source, str) and source == STDIN else source) as document:
        for number in range(1, len(document) + 1):
            is_page = len(document) > 1 or Path(name).suffix.lower() == ".pdf"
            yield f"{name}#{number}" if is_page else name, document.load(number)


def load_named(name: str) -> Photo:
    """The photo that `load_photos` gave this name: a file, or a page of one."""
    file, _, page = name.rpartition("#")
    if Path(name).is_file() or not page.isdigit():
        file, page = name, "1"
    with Document(file) as document:
        return document.load(int(page))
