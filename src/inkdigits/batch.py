"""Many files read, in order, by several processes; a bad file is a result with its error."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

from tqdm import tqdm

from inkdigits.arrays import Photo
from inkdigits.bulk.paths import STDIN, Key, find_files
from inkdigits.bulk.photos import load_photos, to_drawn_name
from inkdigits.bulk.processes import Work, map_in_order
from inkdigits.bulk.row_files import RowFile
from inkdigits.drawing import draw_reading, write_picture
from inkdigits.errors import InkDigitsError
from inkdigits.formats import Format
from inkdigits.images import Source
from inkdigits.reader import Reader
from inkdigits.results import Line, Number, Reading

# So few files are read sooner than further processes start (about a second each on 2 cores). This many cells go through
# the net together, and a process takes them at a time. This many files are counted before the first is read.
FEW_FILES, CELLS, COUNTED = 8, 32, 1000
# What takes no longer shows no progress bar.
BAR_AFTER_SECONDS = 2


@dataclass(frozen=True, slots=True)
class FileResult:
    """What was read on one picture, or why nothing was.

    Attributes:
        file: its path; of a PDF and of what else has several pages, `path#page`, pages from 1.
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
class How:
    """How pictures are read.

    Attributes:
        model: as `Reader` takes it.
        format: what each number must be like; see `Reader.read`.
        min_confidence: as `Reading.refuse` takes it; 0 leaves every digit as it was read.
        cells: whether one number fills each picture; see `Reader.read_number`.
        draw: a folder for the pictures with boxes and values, each a .png named after its path.
        recognizer: as `Reader` takes it.
    """

    model: str | Path | None = None
    format: Format | None = None
    min_confidence: float = 0.0
    cells: bool = False
    draw: Path | None = None
    recognizer: str | Path | None = None

    def to_about(self) -> dict[str, str]:
        """What the results depend on, for a journal."""
        return {name: str(getattr(self, name)) for name in self.__slots__}


def read_files(
    sources: str | Path | Iterable[str | Path],
    model: str | Path | None = None,
    jobs: int | None = None,
    draw: Path | None = None,
    min_confidence: float = 0.0,
    progress: bool = False,
    format: Format | None = None,
    cells: bool = False,
    output: str | Path | None = None,
    resume: bool = False,
    recognizer: str | Path | None = None,
) -> Iterator[FileResult]:
    """Read many files; a bad one is a result with its error. Memory stays flat, however many there are.

    Args:
        sources: as `find_files` takes them; `-` is one picture's bytes on standard input.
        model: as `Reader` takes it.
        jobs: how many processes read; by default one per core, and none besides this one for a few files.
        draw: a folder for the pictures with boxes and values, each a .png named after its path. Pictures that are in
            it already are not read, unless they are named.
        min_confidence: as `Reading.refuse` takes it; 0 leaves every digit as it was read.
        progress: whether to show a progress bar.
        format: what each number must be like; see `Reader.read`.
        cells: whether one number fills each picture, as a cell cut from a table; see `Reader.read_number`.
        output: a file for the rows: .csv, .jsonl, .xlsx or .parquet. They are written as they come, to a part file that
            becomes the output when the last result was taken.
        resume: whether to go on with a run that was stopped before its output was whole. What it read is in the output,
            and no result here.
        recognizer: as `Reader` takes it.

    Yields:
        One result per picture or page, in the input's order.

    Raises:
        ModelError: the model cannot be used.
        DataError: the output cannot be written; see `inkdigits.bulk.row_files.RowFile`.
    """
    how = How(model, format, min_confidence, cells, draw, recognizer)
    if output is None:
        for _, group in read_groups(sources, how, jobs, progress):
            yield from group or ()
        return
    with RowFile(output, how.to_about(), resume) as row_file:
        for key, group in read_groups(sources, how, jobs, progress, row_file):
            row_file.put(key, group)
            yield from group or ()
        row_file.finish()


def read_groups(
    sources: str | Path | Iterable[str | Path],
    how: How,
    jobs: int | None = None,
    progress: bool = False,
    row_file: RowFile | None = None,
) -> Iterator[tuple[Key, list[FileResult] | None]]:
    """Read many files: for each its key and its results, one or one a page; None where the row file has them.

    Raises:
        ModelError: the model cannot be used.
    """
    files = find_files(sources, how.draw)
    first = list(islice(files, COUNTED))
    total = len(first) if len(first) < COUNTED else None  # unknown: the files of a million are not listed twice
    if jobs is None:
        jobs = 1 if len(first) <= FEW_FILES or STDIN in first else os.cpu_count() or 1
    jobs = min(jobs, total or jobs)
    reader = Reader(how.model, how.recognizer)  # opened here too, so that a bad model is an error at once
    if how.draw:
        how.draw.mkdir(parents=True, exist_ok=True)
    pieces = _cut(map(Key.of, chain(first, files)), CELLS if how.cells else 1, row_file)
    with tqdm(
        total=total, desc="reading", unit="file", delay=BAR_AFTER_SECONDS, disable=not progress or len(first) < 2
    ) as bar:
        if jobs > 1:
            pending: list[list[tuple[Key, bool]]] = []

            def submit() -> Iterator[list[str]]:
                for piece in pieces:
                    pending.append(piece)
                    yield [key.file for key, is_new in piece if is_new]

            work: Work[str, list[FileResult]] = Work(_open_reader, (how,), _read_some, _give_up)
            results = ((pending.pop(0), groups) for groups in map_in_order(work, submit(), jobs))
        else:
            results = ((piece, _read_some((reader, how), [key.file for key, new in piece if new])) for piece in pieces)
        for piece, groups in results:
            found = iter(groups)
            for key, is_new in piece:
                bar.update()
                yield key, next(found) if is_new else None


def _cut(keys: Iterator[Key], size: int, row_file: RowFile | None) -> Iterator[list[tuple[Key, bool]]]:
    """Pieces of work: this many files at a time, each with whether it is to be read."""
    piece: list[tuple[Key, bool]] = []
    for key in keys:
        piece.append((key, row_file is None or not row_file.has(key)))
        if len(piece) == size:
            yield piece
            piece = []
    if piece:
        yield piece


def _open_reader(how: How) -> tuple[Reader, How]:
    return Reader(how.model, how.recognizer), how


def _give_up(file: str) -> list[FileResult]:
    error = f"{file} cannot be read: the process that read it was ended from outside, twice. Is there memory left?"
    return [FileResult(file, None, error)]


def _read_some(opened: tuple[Reader, How], files: list[str]) -> list[list[FileResult]]:
    return read_pictures([(file, file) for file in files], *opened)


def read_pictures(pictures: list[tuple[str, Source]], reader: Reader, how: How) -> list[list[FileResult]]:
    """Read some pictures: one result of each, or one a page; what goes wrong is a result, too.

    Args:
        pictures: a name and what is read of each; `-` is standard input.
        reader: reads them.
        how: what is known of them.
    """
    if how.cells:
        return _read_cells(pictures, reader, how)
    return [_read_picture(name, source, reader, how) for name, source in pictures]


def _read_picture(file: str, source: Source, reader: Reader, how: How) -> list[FileResult]:
    results: list[FileResult] = []
    pages = load_photos(source, file)
    while True:
        try:
            name, photo = next(pages)
            reading = reader.read(photo, how.format).refuse(how.min_confidence)
        except StopIteration:
            return results
        except Exception as error:
            return [*results, to_error(file, error)]
        results.append(FileResult(name, reading))
        _draw(results[-1], photo, how)


def _read_cells(pictures: list[tuple[str, Source]], reader: Reader, how: How) -> list[list[FileResult]]:
    """The same where one number fills each picture: all of them go through the net together."""
    loaded: list[list[tuple[str, Photo] | FileResult]] = []
    for file, source in pictures:
        loaded.append([])
        try:
            loaded[-1].extend(load_photos(source, file))
        except Exception as error:
            loaded[-1].append(to_error(file, error))
    pages = [page for group in loaded for page in group if not isinstance(page, FileResult)]
    try:
        read: list[Number | None] = reader.read_numbers([photo for _, photo in pages], how.format)
    except Exception as error:  # one of them is at fault: which one shows where each is read alone
        if len(pictures) > 1:
            return [_read_cells([picture], reader, how)[0] for picture in pictures]
        return [[to_error(pictures[0][0], error)]]
    numbers = iter(read)
    results: list[list[FileResult]] = []
    for group in loaded:
        results.append([])
        for page in group:
            if isinstance(page, FileResult):
                results[-1].append(page)
                continue
            name, photo = page
            number = next(numbers)
            reading = Reading((Line((number,)),) if number else (), photo.shape[1], photo.shape[0])
            results[-1].append(FileResult(name, reading.refuse(how.min_confidence)))
            _draw(results[-1][-1], photo, how)
    return results


def _draw(result: FileResult, photo: Photo, how: How) -> None:
    """Outside of what becomes a result's error: a full disk is no fault of the picture, and ends the run."""
    if how.draw and result.reading:
        write_picture(draw_reading(result.reading, photo), how.draw / f"{to_drawn_name(result.file)}.png")


def to_error(file: str, error: Exception) -> FileResult:
    """What came of a picture that could not be read."""
    if isinstance(error, InkDigitsError):
        return FileResult(file, None, str(error))
    told = f"{file} cannot be read, and inkdigits does not know why: {type(error).__name__}: {error}. Please report it."
    return FileResult(file, None, told)
