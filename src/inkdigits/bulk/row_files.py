"""What was read → rows of a .csv, .jsonl, .xlsx or .parquet file, written as they come."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, astuple, dataclass, fields
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from inkdigits import __version__
from inkdigits.bulk.journal import Journal
from inkdigits.bulk.paths import Key
from inkdigits.errors import MissingExtraError
from inkdigits.outputs import check_new_file, disarm, load_openpyxl, to_cell, write_whole

if TYPE_CHECKING:
    from inkdigits.batch import FileResult

# A sheet holds this many rows, the head included (a limit of the format); a Parquet file gets this many at a time.
SHEET_ROWS, BLOCK_ROWS = 1 << 20, 50_000


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


NAMES = [field.name for field in fields(Row)]
HEAD = (",".join(NAMES) + "\r\n").encode()


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
        DataError: another ending than .csv, .jsonl, .xlsx and .parquet, a file that exists, or a place that cannot be
            written to.
        MissingExtraError: .xlsx without the extra `xlsx`, .parquet without `parquet`.
    """
    check_new_file(path, (*LINES, *TABLES))
    if path.suffix.lower() == ".xlsx":
        load_openpyxl(path)
    elif path.suffix.lower() == ".parquet":
        _load_pyarrow(path)


class RowFile:
    """A file of rows that is written as they come, and can be gone on with. To be used in a `with`.

    What has been read stands in `rows.part.csv` until `finish` makes `rows.csv` of it; `rows.xlsx` and `rows.parquet`
    come from `rows.xlsx.part.jsonl`. In a .csv file a name or an error that a spreadsheet would take for a formula gets
    an apostrophe before it; the others have everything as it is. In an .xlsx file the numbers are text: 007 stays 007.

    Attributes:
        path: of the file.
        journal: what is in it; `journal.part` is where it grows.
    """

    def __init__(self, path: str | Path, about: Mapping[str, Any] | None = None, resume: bool = False) -> None:
        """Begin a file, or go on with one.

        Args:
            path: it ends in .csv, .jsonl, .xlsx or .parquet, and there is none yet.
            about: what the rows depend on besides the pictures: models, options.
            resume: whether to go on with a run that was stopped; where none was, a file is begun.

        Raises:
            DataError: see `check_rows` and `Journal`.
            MissingExtraError: see `check_rows`.
        """
        self.path = Path(path)
        check_rows(self.path)
        ending = self.path.suffix.lower()
        part = f"{self.path.stem}.part{self.path.suffix}" if ending in LINES else f"{self.path.name}.part.jsonl"
        self._to_lines = LINES.get(ending, _to_jsonl)
        about = {"version": __version__, **(about or {})}
        self.journal = Journal(self.path.with_name(part), about, resume, HEAD if ending == ".csv" else b"")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.journal.is_empty:
            self.journal.discard()
        self.journal.close()

    def has(self, key: Key) -> bool:
        """Whether an earlier run read a source, and it has not changed since."""
        return self.journal.find(key) is not None

    def put(self, key: Key, results: "Iterable[FileResult] | None") -> None:
        """Write what came of the next source; None where the file `has` it already.

        Raises:
            DataError: there is no room. What was written before is safe.
        """
        if results is None:
            entry = self.journal.find(key)
            assert entry is not None
            self.journal.keep(entry)
            return
        found = list(rows(results))
        self.journal.add(key, self._to_lines(found), len(found), sum(bool(row.error) for row in found))

    def finish(self) -> None:
        """All is read: let the file appear, its rows in the order of the sources.

        Raises:
            DataError: there is no room.
        """
        write = TABLES.get(self.path.suffix.lower())
        if write is None:
            self.journal.finish(self.path)
            return
        with write_whole(self.path) as part:
            write(part, (Row(**json.loads(line)) for line in self.journal.read_lines()))
        self.journal.discard()


def _to_csv(table: list[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([disarm(value) for value in astuple(row)] for row in table)
    return out.getvalue().encode(errors="backslashreplace")  # names of files need not be text


def _to_jsonl(table: list[Row]) -> bytes:
    lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in table)
    return lines.encode(errors="backslashreplace")


def _write_xlsx(path: Path, table: Iterator[Row]) -> None:
    openpyxl = load_openpyxl(path)
    book = openpyxl.Workbook(write_only=True)
    for place, row in enumerate(chain(table, [None])):
        if place % (SHEET_ROWS - 1) == 0 and (row or not place):
            sheet = book.create_sheet(f"numbers {len(book.worksheets) + 1}" if place else "numbers")
            sheet.freeze_panes = "A2"
            sheet.append(NAMES)
        if row:
            sheet.append([to_cell(openpyxl, sheet, value) for value in astuple(row)])
    book.save(path)


def _write_parquet(path: Path, table: Iterator[Row]) -> None:
    pyarrow = _load_pyarrow(path)
    schema = to_schema(pyarrow)
    with pyarrow.parquet.ParquetWriter(path, schema) as writer:
        while some := [asdict(row) for row in islice(table, BLOCK_ROWS)]:
            writer.write_table(pyarrow.Table.from_pylist(some, schema))


def to_schema(pyarrow: Any) -> Any:
    """The columns of a row for pyarrow."""
    kinds = {"file": "string", "text": "string", "error": "string", "confidence": "double"}
    return pyarrow.schema([(name, pyarrow.type_for_alias(kinds.get(name, "int32"))) for name in NAMES])


def _load_pyarrow(path: Path) -> Any:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtraError.of("parquet", f"{path} is a Parquet file; writing it") from error
    return pyarrow


# The ending of a file → what makes lines of some rows, as they come; or what writes all of them, at the end.
LINES: dict[str, Callable[[list[Row]], bytes]] = {".csv": _to_csv, ".jsonl": _to_jsonl}
TABLES: dict[str, Callable[[Path, Iterator[Row]], None]] = {".xlsx": _write_xlsx, ".parquet": _write_parquet}
