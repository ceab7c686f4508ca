"""Many files read, in order, by several processes; a bad file is a result with its error."""

import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from glob import glob
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import cv2
from tqdm import tqdm

from inkdigits.arrays import Photo
from inkdigits.documents import Document
from inkdigits.drawing import draw_reading, write_picture
from inkdigits.errors import ImageNotFoundError, InkDigitsError
from inkdigits.formats import Format
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
# What takes no longer shows no progress bar.
BAR_AFTER_SECONDS = 2


@dataclass(frozen=True, slots=True)
class FileResult:
    """What came of one picture.

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
class _How:
    """How each file is to be read; see `read_files`."""

    model: str | Path | None
    draw: Path | None
    min_confidence: float
    format: Format | None


def find_files(sources: Iterable[str | Path], without: Path | None = None) -> list[str]:
    """The files that are meant, each once, in the order of the sources; those of a folder or pattern sorted by name.

    Args:
        sources: files, folders (with what is below them) and patterns such as `scans/*.jpg`. What matches nothing, or
            holds no picture, stays as it is, and becomes an error's result when it is read.
        without: a folder whose files are left out, unless they are named.
    """
    found: dict[str, None] = {}
    for source in sources:
        path = Path(source)
        names = []
        if path.is_dir():
            files = (file for file in path.rglob("*") if file.suffix.lower() in SUFFIXES and file.is_file())
            names = sorted(str(file) for file in files if not file.name.startswith("."))
        elif not path.exists():
            names = sorted(glob(str(source), recursive=True))  # noqa: PTH207 (absolute ones too)
        if without:
            names = [name for name in names if not Path(name).resolve().is_relative_to(without.resolve())]
        found.update(dict.fromkeys(names or [str(source)]))
    return list(found)


def read_files(
    sources: Iterable[str | Path],
    model: str | Path | None = None,
    jobs: int | None = None,
    draw: Path | None = None,
    min_confidence: float = 0.0,
    progress: bool = False,
    format: Format | None = None,
) -> Iterator[FileResult]:
    """Read many files; a bad one is a result with its error.

    Args:
        sources: as `find_files` takes them; `-` is one picture's bytes on standard input.
        model: as `Reader` takes it.
        jobs: how many processes read; by default one per core, and none besides this one for a few files.
        draw: a folder for the pictures with boxes and values, each a .png named after its path. Pictures that are in
            it already are not read, unless they are named.
        min_confidence: as `Reading.refuse` takes it; 0 leaves every digit as it was read.
        progress: whether to show a progress bar.
        format: what each number must be like; see `Reader.read`.

    Yields:
        One result per picture or page, in the input's order.

    Raises:
        ModelError: the model cannot be used.
    """
    files = find_files(sources, draw)
    how = _How(model, draw, min_confidence, format)
    count = min(jobs or (1 if len(files) <= FEW_FILES or STDIN in files else os.cpu_count() or 1), len(files))
    reader = Reader(model)  # opened here too, so that a bad model is an error at once
    if draw:
        draw.mkdir(parents=True, exist_ok=True)
    has_bar = progress and len(files) > 1
    with tqdm(total=len(files), desc="reading", unit="file", delay=BAR_AFTER_SECONDS, disable=not has_bar) as bar:
        results = _map(files, how, count) if count > 1 else (_read_file(file, reader, how) for file in files)
        for group in results:
            bar.update()
            yield from group


def _map(files: list[str], how: _How, jobs: int) -> Iterator[list[FileResult]]:
    """The results of each file, in order, read by several processes that never run far ahead.

    A process that is ended from outside takes all others of its pool along: the files that were being read are then
    read again, each in a process of its own, and the rest in a new pool.
    """
    waiting = deque(files)
    while waiting:
        running: deque[tuple[str, Future[list[FileResult]]]] = deque()
        try:
            with _pool(jobs, how) as pool:
                try:
                    while waiting or running:
                        while waiting and len(running) < AHEAD * jobs:
                            running.append((waiting[0], pool.submit(_read_in_process, waiting[0])))
                            waiting.popleft()
                        yield running[0][1].result()
                        running.popleft()
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl+C: what has not begun need not
        except BrokenProcessPool:
            for file, _ in running:
                yield _read_alone(file, how)


def _pool(jobs: int, how: _How) -> ProcessPoolExecutor:
    # Not forked: this process has the model's threads running, which a fork would not take along.
    return ProcessPoolExecutor(jobs, get_context("spawn"), _open_reader, (how,))


def _read_alone(file: str, how: _How) -> list[FileResult]:
    """The results of a file read in a process of its own; an error where that process is ended, too."""
    try:
        with _pool(1, how) as pool:
            return pool.submit(_read_in_process, file).result()
    except BrokenProcessPool:
        error = f"{file} cannot be read: the process that read it was ended from outside, twice. Is there memory left?"
        return [FileResult(file, None, error)]


_opened: tuple[Reader, _How] | None = None


def _open_reader(how: _How) -> None:
    global _opened
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all processes; the first one ends the others
    cv2.setNumThreads(1)  # the processes share the cores already
    _opened = Reader(how.model), how


def _read_in_process(file: str) -> list[FileResult]:
    assert _opened is not None
    return _read_file(file, *_opened)


def _read_file(file: str, reader: Reader, how: _How) -> list[FileResult]:
    """One result, or one a page; never an error of inkdigits' own."""
    results: list[FileResult] = []
    try:
        for name, photo in load_photos(file):
            reading = reader.read(photo, how.format).refuse(how.min_confidence)
            if how.draw:
                write_picture(draw_reading(reading, photo), how.draw / f"{to_drawn_name(name)}.png")
            results.append(FileResult(name, reading))
    except InkDigitsError as error:
        results.append(FileResult(file, None, str(error)))
    return results


def to_drawn_name(name: str) -> str:
    """What a picture with boxes is called, of its path: `scans/1.jpg` becomes `scans_1.jpg`."""
    place, mark, page = name.rpartition("#") if name.startswith(f"{STDIN}#") else (name, "", "")
    if place == STDIN:
        return f"stdin{mark}{page}"
    return "_".join(part for part in Path(name).parts if part not in (os.sep, ".."))


def load_photos(file: str) -> Iterator[tuple[str, Photo]]:
    """The photo in a file and its name, or one per page; `-` is standard input.

    Raises:
        ImageError: the file or a page cannot be read.
        MissingExtraError: a PDF without the extra `pdf`.
    """
    if Path(file).is_dir():
        raise ImageNotFoundError(f"{file} holds no pictures. Give a folder with some, or a file.")
    with Document(sys.stdin.buffer.read() if file == STDIN else file) as document:
        for number in range(1, len(document) + 1):
            is_page = len(document) > 1 or Path(file).suffix.lower() == ".pdf"
            yield f"{file}#{number}" if is_page else file, document.load(number)


def load_named(name: str) -> Photo:
    """The photo that `load_photos` gave this name: a file, or a page of one."""
    file, _, page = name.rpartition("#")
    if Path(name).is_file() or not page.isdigit():
        file, page = name, "1"
    with Document(file) as document:
        return document.load(int(page))
