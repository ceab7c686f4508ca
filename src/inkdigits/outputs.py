"""Places to write to, checked before the work; files that appear whole or not at all; what spreadsheets ask for."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inkdigits.errors import DataError, MissingExtraError
from inkdigits.formats import starts_formula

PICTURES = (".png", ".jpg", ".jpeg", ".webp")


def check_new_file(path: Path, endings: tuple[str, ...]) -> None:
    """Check that a file can be made, before the work for it begins. Nothing is overwritten.

    Args:
        path: of the file.
        endings: what its name may end in, dots included.

    Raises:
        DataError: another ending, a file that exists, or a folder that does not or cannot be written to.
    """
    if path.is_dir():
        raise DataError(f"{path} is a folder, but a file is needed here. Give one that ends in {endings[0]}.")
    if path.suffix.lower() not in endings:
        ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
        known = " or ".join(filter(None, (", ".join(endings[:-1]), endings[-1])))
        raise DataError(f"{path} {ending}; what is written here ends in {known}. Rename it.")
    if path.exists():
        raise DataError(f"{path} exists already, and nothing is overwritten. Remove it, or give another name.")
    if not path.parent.is_dir():
        raise DataError(f"{path} cannot be written: there is no folder {path.parent}. Make it, or give another place.")
    if not os.access(path.parent, os.W_OK):
        raise DataError(f"{path} cannot be written: no files may be added to {path.parent}. Give another place.")


def check_folder(path: Path) -> None:
    """Make a folder where it is missing, before the work for what goes into it begins.

    Raises:
        DataError: it cannot be made or written to, or it is a file.
    """
    if path.exists() and not path.is_dir():
        raise DataError(f"{path} is a file, but a folder is needed here. Give another name.")
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DataError(f"The folder {path} cannot be made: {error.strerror}. Give another place.") from error
    if not os.access(path, os.W_OK):
        raise DataError(f"No files may be added to the folder {path}. Give another place.")


@contextmanager
def write_whole(path: Path) -> Iterator[Path]:
    """Where to write a file so that it appears whole or not at all: beside its place, to which it is moved then.

    Raises:
        DataError: a place that cannot be written to.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise DataError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error
    finally:
        part.unlink(missing_ok=True)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file; it appears whole or not at all.

    Raises:
        DataError: a place that cannot be written to.
    """
    with write_whole(path) as part:
        part.write_bytes(content)


def disarm(value: Any) -> Any:
    """A text with an apostrophe before it where a spreadsheet would take it for a formula; -7 is none."""
    return f"'{value}" if isinstance(value, str) and starts_formula(value) else value


def to_cell(openpyxl: Any, sheet: Any, value: Any) -> Any:
    """A value as a cell: text is never a formula, and without the control characters that the format forbids."""
    if not isinstance(value, str):
        return value
    cell = openpyxl.cell.WriteOnlyCell(sheet, openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"
    return cell


def load_openpyxl(path: Path) -> Any:
    """The package that writes .xlsx files.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        import openpyxl
    except ImportError as error:
        raise MissingExtraError.of("xlsx", f"{path} is a spreadsheet; writing it") from error
    return openpyxl
