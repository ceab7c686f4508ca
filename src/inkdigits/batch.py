"""Many files → rows: one a number, and one a file that could not be read."""

import csv
import io
import json
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict, dataclass, fields
from glob import glob
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
from tqdm import tqdm

from inkdigits.arrays import Photo
from inkdigits.documents import load_pages
from inkdigits.drawing import draw_reading, write_picture
from inkdigits.errors import DataError, InkDigitsError
from inkdigits.images import load_photo
from inkdigits.reader import Reader
from inkdigits.results import Reading

SUFFIXES = {
    ".png",
    ".jpg",
    ".jpeg",
    ".webp",
    ".avif",
    ".bmp",
    ".tif",
    ".tiff",
    ".gif",
    ".heic",
    ".heif",
    ".pdf",
    ".ppm",
}
STDIN = "-"
# So few files are read sooner than further processes start (about a second each on 2 cores).
FEW_FILES = 8
# Read ahead so many files a process, so that a slow one does not hold the others up.
AHEAD = 4
# What a spreadsheet takes for the start of a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of one picture.

    Attributes:
        file: its path; of a PDF, `path#page`, pages from 1.
        reading: what was read; None where it could not be.
        error: why not; empty where it could.
    """

    file: str
    reading: Reading | None
    error: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON: the reading, or the error."""
        return {"file": self.file, **(self.reading.to_dict() if self.reading else {"error": self.error})}


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


def find_files(sources: Iterable[str | Path]) -> list[str]:
    """The files that are meant, each once, in the order of the sources; those of a folder or pattern sorted by name.

    Args:
        sources: files, folders (with what is below them) and patterns such as `scans/*.jpg`. What matches nothing
            stays as it is, and becomes an error's row when it is read.
    """
    found: dict[str, None] = {}
    for source in sources:
        path = Path(source)
        if path.is_dir():
            names = sorted(str(file) for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
        elif path.exists():
            names = [str(source)]
        else:
            names = sorted(glob(str(source), recursive=True)) or [str(source)]  # noqa: PTH207 (absolute ones too)
        found.update(dict.fromkeys(names))
    return list(found)


def read_files(
    sources: Iterable[str | Path],
    model: str | Path | None = None,
    processes: int | None = None,
    draw: Path | None = None,
) -> Iterator[FileResult]:
    """Read many files; a bad one is a result with its error.

    Args:
        sources: as `find_files` takes them; `-` is one picture's bytes on standard input.
        model: as `Reader` takes it.
        processes: how many to use; by default one a core, and none besides this one for a few files.
        draw: a folder for the pictures with boxes and values, each a .png named after its path.

    Yields:
        One result a picture, or a page of a PDF, in the input's order.

    Raises:
        ModelError: the model cannot be used.
    """
    files = find_files(sources)
    count = min(processes or (1 if len(files) <= FEW_FILES or STDIN in files else os.cpu_count() or 1), len(files))
    reader = Reader(model)  # opened here too, so that a bad model is an error at once
    if draw:
        draw.mkdir(parents=True, exist_ok=True)
    with tqdm(total=len(files), desc="reading", unit="file", delay=2, disable=len(files) < 2) as bar:
        results = _map(files, model, draw, count) if count > 1 else (_read_file(file, reader, draw) for file in files)
        for group in results:
            bar.update()
            yield from group


def rows(results: Iterable[FileResult]) -> Iterator[Row]:
    """One row a number, and one a file that could not be read; a picture without digits has none."""
    for result in results:
        if result.reading is None:
            yield Row(result.file, error=result.error)
            continue
        for i, line in enumerate(result.reading.lines, 1):
            for j, number in enumerate(line.numbers, 1):
                yield Row(result.file, i, j, number.text, round(number.confidence, 6), *number.box)


def write_rows(path: str | Path, table: Iterable[Row]) -> None:
    """Write rows as a .csv or .jsonl file; it appears whole or not at all.

    In a .csv file a name or an error that a spreadsheet would take for a formula gets an apostrophe before it; the
    .jsonl file has everything as it is.

    Raises:
        DataError: another ending, or a place that cannot be written to.
    """
    path = Path(path)
    writers: dict[str, Callable[[Iterable[Row]], str]] = {".csv": _to_csv, ".jsonl": _to_jsonl}
    if path.suffix.lower() not in writers:
        raise DataError(f"{path} ends in {path.suffix or 'nothing'}; rows are written as .csv or .jsonl. Rename it.")
    text = writers[path.suffix.lower()](table)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="")
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise DataError(f"{path} cannot be written: {error.strerror}. Choose another place.") from error


def _to_csv(table: Iterable[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, [field.name for field in fields(Row)])
    writer.writeheader()
    for row in table:
        writer.writerow({name: _disarm(value) for name, value in asdict(row).items()})
    return out.getvalue()


def _to_jsonl(table: Iterable[Row]) -> str:
    return "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in table)


def _disarm(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_STARTS) else value


def _map(files: list[str], model: str | Path | None, draw: Path | None, processes: int) -> Iterator[list[FileResult]]:
    """The results of each file, in order, read by several processes that never run far ahead.

    A process that is ended from outside takes all others of its pool along: the files that were being read are then
    read again, each in a process of its own, and the rest in a new pool.
    """
    waiting = deque(files)
    while waiting:
        running: deque[tuple[str, Future[list[FileResult]]]] = deque()
        try:
            with _pool(processes, model) as pool:
                while waiting or running:
                    while waiting and len(running) < AHEAD * processes:
                        running.append((waiting[0], pool.submit(_read_in_process, waiting[0], draw)))
                        waiting.popleft()
                    yield running[0][1].result()
                    running.popleft()
        except BrokenProcessPool:
            for file, _ in running:
                yield _read_alone(file, model, draw)


def _pool(processes: int, model: str | Path | None) -> ProcessPoolExecutor:
    # Not forked: this process has the net's threads running, which a fork would not take along.
    return ProcessPoolExecutor(processes, get_context("spawn"), _open_reader, (model,))


def _read_alone(file: str, model: str | Path | None, draw: Path | None) -> list[FileResult]:
    """The results of a file read in a process of its own; an error where that process is ended, too."""
    try:
        with _pool(1, model) as pool:
            return pool.submit(_read_in_process, file, draw).result()
    except BrokenProcessPool:
        error = f"{file} cannot be read: the process that read it was ended from outside, twice. Is there memory left?"
        return [FileResult(file, None, error)]


_reader: Reader | None = None


def _open_reader(model: str | Path | None) -> None:
    global _reader
    cv2.setNumThreads(1)  # the processes share the cores already
    _reader = Reader(model)


def _read_in_process(file: str, draw: Path | None) -> list[FileResult]:
    assert _reader is not None
    return _read_file(file, _reader, draw)


def _read_file(file: str, reader: Reader, draw: Path | None) -> list[FileResult]:
    """One result, or one a page; never an error of inkdigits' own."""
    results: list[FileResult] = []
    try:
        for name, photo in _photos(file):
            reading = reader.read(photo)
            if draw:
                place = "_".join(part for part in Path(name).parts if part not in (os.sep, ".."))
                write_picture(draw_reading(reading, photo), draw / f"{place}.png")
            results.append(FileResult(name, reading))
    except InkDigitsError as error:
        results.append(FileResult(file, None, str(error)))
    return results


def _photos(file: str) -> Iterator[tuple[str, Photo]]:
    """The photo in a file and its name, or one a page."""
    if file == STDIN:
        yield file, load_photo(sys.stdin.buffer.read())
    elif Path(file).suffix.lower() == ".pdf":
        yield from ((f"{file}#{number}", photo) for number, photo in enumerate(load_pages(file), 1))
    else:
        yield file, load_photo(file)
