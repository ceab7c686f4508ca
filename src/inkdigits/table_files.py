"""The tables of many files: read one after the other, written as one file or one each."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from tqdm import tqdm

from inkdigits.arrays import Photo
from inkdigits.batch import BAR_AFTER_SECONDS
from inkdigits.bulk.photos import load_named, load_photos, to_drawn_name
from inkdigits.drawing import write_picture
from inkdigits.errors import InkDigitsError
from inkdigits.outputs import check_folder, check_new_file, load_openpyxl, write_bytes
from inkdigits.table.columns import Template
from inkdigits.table.drawing import draw_tables
from inkdigits.table.results import Table
from inkdigits.table.spreadsheets import to_csv, to_jsonl, to_xlsx

if TYPE_CHECKING:
    from inkdigits.reader import Reader
    from inkdigits.table_journal import TableJournal

ENDINGS = (".csv", ".xlsx", ".jsonl")
NO_TABLE = "no table was found"


@dataclass(frozen=True, slots=True)
class TableResult:
    """What came of one picture.

    Attributes:
        file: its path; of a PDF and of what else has several pages, `path#page`, pages from 1.
        tables: that are on it, top to bottom.
        error: why there are none; empty where there are.
    """

    file: str
    tables: tuple[Table, ...]
    error: str = ""


def read_table_files(
    files: Sequence[str], reader: "Reader", journal: "TableJournal", draw: Path | None = None, progress: bool = False
) -> Iterator[TableResult]:
    """Read the tables of many files; a bad one is a result with its error.

    Args:
        files: as `inkdigits.bulk.paths.find_files` gives them; `-` is one picture's bytes on standard input.
        reader: reads them.
        journal: opened; keeps what is read.
        draw: a folder for the pictures with grids and texts.
        progress: whether to show a progress bar.

    Yields:
        One result per picture or page, in the input's order.
    """
    with tqdm(
        files, desc="reading", unit="file", delay=BAR_AFTER_SECONDS, disable=not progress or len(files) < 2
    ) as bar:
        for file in bar:
            results = journal.find(file)
            if results is None:
                results = _read_file(file, reader, journal.template, draw)
                journal.add(file, results)
            yield from results


def _read_file(file: str, reader: "Reader", template: Template, draw: Path | None) -> list[TableResult]:
    results: list[TableResult] = []
    try:
        for name, photo in load_photos(file):
            tables = tuple(reader.read_tables(photo, template))
            if draw:
                write_picture(draw_tables(tables, photo), draw / f"{to_drawn_name(name)}.png")
            results.append(TableResult(name, tables, "" if tables else NO_TABLE))
    except InkDigitsError as error:
        results.append(TableResult(file, (), str(error)))
    return results


class Sheets(Sequence[tuple[str, Photo, Table]]):
    """Every table with the name and the photo of its picture, which is loaded when it is asked for."""

    def __init__(self, results: Iterable[TableResult]) -> None:
        self._sheets = [(result.file, table) for result in results for table in result.tables]

    def __len__(self) -> int:
        return len(self._sheets)

    @overload
    def __getitem__(self, place: int) -> tuple[str, Photo, Table]: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[tuple[str, Photo, Table]]: ...

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return [self[one] for one in range(len(self))[place]]
        name, table = self._sheets[place]
        return name, load_named(name), table


def is_folder(output: Path) -> bool:
    """Whether an output is a folder, for one file a table: one that exists, or a name without an ending."""
    return output.is_dir() or not output.suffix


def check_output(output: Path) -> None:
    """Check that tables can be written to a file or into a folder, before they are read.

    Raises:
        DataError: another ending than .csv, .xlsx and .jsonl, a file that exists, or a place that cannot be written to.
        MissingExtraError: .xlsx without the extra `xlsx`.
    """
    if is_folder(output):
        check_folder(output)
        return
    check_new_file(output, ENDINGS)
    if output.suffix.lower() == ".xlsx":
        load_openpyxl(output)


def write_tables(output: Path, results: Iterable[TableResult], bom: bool = False) -> list[Path]:
    """Write tables: into one file, or into a folder as one .csv file each.

    Args:
        output: .csv: as `to_long`; .xlsx: a sheet for each; .jsonl: one object a cell, with file and table.
        results: what was read.
        bom: begin .csv files with a byte order mark, by which spreadsheet programs know UTF-8.

    Returns:
        The files.

    Raises:
        DataError: a place that cannot be written to, or a file that exists.
        MissingExtraError: .xlsx without the extra `xlsx`.
    """
    results = list(results)
    encoding = "utf-8-sig" if bom else "utf-8"
    if is_folder(output):
        found = {output / f"{name}.csv": table for name, table in _name_tables(results)}
        for path in found:
            check_new_file(path, (".csv",))
        for path, table in found.items():
            table.to_csv(path, bom)
        return list(found)
    if output.suffix.lower() == ".csv":
        content = to_csv(to_long(results)).encode(encoding)
    elif output.suffix.lower() == ".xlsx":
        sheets = [(name, table.names, table.to_sheet()) for name, table in _name_tables(results)]
        content = to_xlsx(sheets or [("no table", [], [])], output)
    else:
        content = to_jsonl(
            {"file": result.file, "table": place, **cell.to_dict()}
            for result in results
            for place, table in enumerate(result.tables, 1)
            for cell in table.cells
        ).encode()
    write_bytes(output, content)
    return [output]


def to_long(results: Iterable[TableResult]) -> list[list[str]]:
    """All tables below each other; of several, with their file and which table of it they are, from 1.

    The names of the columns stand above where they are known.
    """
    found = [(result.file, place, table) for result in results for place, table in enumerate(result.tables, 1)]
    if len(found) == 1:
        ((_, _, table),) = found
        return [table.names, *table.to_grid()] if table.names else table.to_grid()
    widest = max((table.shape[1] for _, _, table in found), default=0)
    known = max((table.names for _, _, table in found), key=len, default=[])
    names = [*known, *map(str, range(len(known) + 1, widest + 1))]
    lines = [["file", "table", *names]]
    for file, place, table in found:
        lines += [[file, str(place), *row, *[""] * (len(names) - len(row))] for row in table.to_grid()]
    return lines


def _name_tables(results: Iterable[TableResult]) -> Iterator[tuple[str, Table]]:
    """Each table with a name for its file, of the picture's path; the second one on a picture ends in -2."""
    for result in results:
        name = to_drawn_name(result.file)
        for place, table in enumerate(result.tables, 1):
            yield f"{name}-{place}" if place > 1 else name, table
