"""What was read → rows of a .csv, .jsonl or .xlsx file; places to write to, checked before the work."""

import csv
import io
import json
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkdigits.errors import DataError, MissingExtraError
from inkdigits.formats import starts_formula

if TYPE_CHECKING:
    from inkdigits.batch import FileResult

PICTURES = (".png", ".jpg", ".jpeg", ".webp")


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a file, or a file's error.

    Attributes:
        file: as in `FileResult`.
        line: on which the number stands, from 1; None in an error's row.
        number: its place on the line, from 1.
        text: its digits, `?` for a refused one; empty in an error's row.
        confidence: the chance, 0 to 1, that all of them are right.
        x: left edge, in photo pixels; y, width, height likewise.
        error: why the file could not be read.
    """

    file: str
    line: int | None = None
    number: int | None = None
    text: str = ""
    confidence: float | None = None
    x: int | None = None
    y: int | None = None
    width: int | None = None
    height: int | None = None
    error: str = ""


def rows(results: "Iterable[FileResult]") -> Iterator[Row]:
    """One row per number, and one per file that could not be read; a picture without digits has none."""
    for result in results:
        if result.reading is None:
            yield Row(result.file, error=result.error)
            continue
        for i, line in enumerate(result.reading.lines, 1):
            for j, number in enumerate(line.numbers, 1):
                yield Row(result.file, i, j, number.text, round(number.confidence, 6), *number.box)


def check_rows(path: Path) -> None:
    """Check that rows can be written to a file, before they are made.

    Raises:
        DataError: another ending than .csv, .jsonl and .xlsx, a file that exists, or a place that cannot be written to.
        MissingExtraError: .xlsx without the extra `xlsx`.
    """
    check_new_file(path, tuple(WRITERS))
    if path.suffix.lower() == ".xlsx":
        load_openpyxl(path)


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


def write_rows(path: str | Path, table: Iterable[Row]) -> int:
    """Write rows as a .csv, .jsonl or .xlsx file; it appears whole or not at all.

    In a .csv file a name or an error that a spreadsheet would take for a formula gets an apostrophe before it; the
    other two have everything as it is. In an .xlsx file the numbers are text, so that 007 stays 007.

    Returns:
        How many rows.

    Raises:
        DataError: another ending, or a place that cannot be written to.
        MissingExtraError: .xlsx without the extra `xlsx`.
    """
    path, table = Path(path), list(table)
    if path.suffix.lower() not in WRITERS:
        check_new_file(path, tuple(WRITERS))
    write_bytes(path, WRITERS[path.suffix.lower()](table, path))
    return len(table)


def write_bytes(path: Path, content: bytes) -> None:
    """Write a file; it appears whole or not at all.

    Raises:
        DataError: a place that cannot be written to.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DataError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error


def _to_csv(table: list[Row], _: Path) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, [field.name for field in fields(Row)])
    writer.writeheader()
    for row in table:
        writer.writerow({name: disarm(value) for name, value in asdict(row).items()})
    return out.getvalue().encode()


def disarm(value: Any) -> Any:
    """A text with an apostrophe before it where a spreadsheet would take it for a formula; -7 is none."""
    return f"'{value}" if isinstance(value, str) and starts_formula(value) else value


def _to_jsonl(table: list[Row], _: Path) -> bytes:
    return "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in table).encode()


def _to_xlsx(table: list[Row], path: Path) -> bytes:
    openpyxl = load_openpyxl(path)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("numbers")
    sheet.freeze_panes = "A2"
    sheet.append([field.name for field in fields(Row)])
    for row in table:
        sheet.append([to_cell(openpyxl, sheet, value) for value in asdict(row).values()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


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


# The ending of a file → what makes its bytes.
WRITERS: dict[str, Callable[[list[Row], Path], bytes]] = {".csv": _to_csv, ".jsonl": _to_jsonl, ".xlsx": _to_xlsx}
