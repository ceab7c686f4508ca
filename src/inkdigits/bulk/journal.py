"""What many files gave, kept on disk as it comes, so that a run that was stopped goes on where it stopped.

Two files stand beside the output until it is done. What each source gives is added to the part file, which is valid at
every moment. The journal has a line for each source: its path, its size and its time, and how much of the part file
it gave. What stands in the journal and has not changed is not read again.
"""

import json
import os
import sys
import zlib
from array import array
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, Self

import numpy as np

from inkdigits.bulk.paths import STDIN, Key
from inkdigits.errors import DataError

# Where the part file is copied, this many bytes at a time.
BLOCK = 1 << 20


class Entry(NamedTuple):
    """What a source gave.

    Attributes:
        start: where it begins in the part file.
        length: in bytes.
        rows: how many rows it has.
        errors: how many of these are errors.
    """

    start: int
    length: int
    rows: int
    errors: int


class Journal:
    """The part file of an output, and the journal of what is in it. To be closed, or used in a `with`.

    Memory stays flat: 24 bytes for each source of an earlier run.

    Attributes:
        part: the part file.
        done: how many sources were read by earlier runs.
        rows: how many rows there are of the sources that were added or kept.
        errors: how many of these are errors.
    """

    def __init__(self, part: Path, about: Mapping[str, Any], resume: bool = False, head: bytes = b"") -> None:
        """Begin, or go on with a run that was stopped. Where none was, `resume` begins one.

        Args:
            part: the part file; the journal stands beside it.
            about: all that the contents depend on besides their sources, such as models and options.
            resume: whether to go on.
            head: what the part file begins with.

        Raises:
            DataError: a run was stopped and `resume` is not said; it is running still, or had other options; or the
                files cannot be written.
        """
        self.part, self.path = part, part.with_name(f"{part.name}.journal")
        self.done = self.rows = self.errors = 0
        self._about = (json.dumps({**about, "head": head.decode()}, sort_keys=True, default=repr) + "\n").encode()
        self._ends = [len(head), len(self._about)]  # of what is whole: in the part file, in the journal
        self._runs = [[0, len(head)]]  # what stands together in the part file, in the order of the sources
        self._digests, self._places, self._starts = (np.zeros(0, np.uint64) for _ in range(3))
        self._files: list[IO[bytes]] = []
        self._readers: list[IO[bytes]] = []
        try:
            self._open(resume, head)
        except OSError as error:
            self.close()
            raise DataError(f"{part} cannot be written: {error.strerror}. Choose another place.") from error
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def is_empty(self) -> bool:
        """Whether nothing was read, so that there is nothing to go on with."""
        return self._ends[1] == len(self._about)

    def find(self, key: Key) -> Entry | None:
        """What a source gave to an earlier run; None where it was not read, or has changed since."""
        if key.file == STDIN:  # one is not told from another
            return None
        place = int(np.searchsorted(self._digests, np.uint64(key.digest)))
        if place == len(self._digests) or self._digests[place] != key.digest:
            return None
        self._readers[1].seek(int(self._places[place]))
        line = _parse(self._readers[1].readline())
        if line is None or Key(*line[:3]) != key:
            return None
        return Entry(int(self._starts[place]), line[3], *line[5:])

    def load(self, entry: Entry) -> bytes:
        """The content that a source gave."""
        self._readers[0].seek(entry.start)
        return self._readers[0].read(entry.length)

    def keep(self, entry: Entry) -> None:
        """Let what an earlier run read be what comes next in the output."""
        if self._runs[-1][1] == entry.start:
            self._runs[-1][1] += entry.length
        else:
            self._runs.append([entry.start, entry.start + entry.length])
        self.rows += entry.rows
        self.errors += entry.errors

    def add(self, key: Key, content: bytes, rows: int = 1, errors: int = 0) -> None:
        """Let the content of a source be what comes next in the output.

        Args:
            key: the source as it was before it was read.
            content: of the part file, whole lines.
            rows: how many rows that is.
            errors: how many of these are errors.

        Raises:
            DataError: there is no room. What was added before is safe.
        """
        entry = Entry(self._ends[0], len(content), rows, errors)
        line = json.dumps([*key, len(content), zlib.crc32(content), rows, errors])
        self._append(0, content)
        self._append(1, line.encode() + b"\n")
        self.keep(entry)

    def read_blocks(self) -> Iterator[bytes]:
        """The part file in the order of the sources."""
        for start, end in self._runs:
            self._readers[0].seek(start)
            for place in range(start, end, BLOCK):
                yield self._readers[0].read(min(BLOCK, end - place))

    def read_lines(self) -> Iterator[bytes]:
        """The same line by line."""
        for start, end in self._runs:
            self._readers[0].seek(start)
            while start < end:
                line = self._readers[0].readline()
                start += len(line)
                yield line

    def finish(self, output: Path) -> None:
        """Let the part file be the output, which appears whole or not at all, in the order of the sources.

        Raises:
            DataError: there is no room, or the place cannot be written to.
        """
        part = self.part
        try:
            if self._runs != [[0, self._ends[0]]]:
                part = part.with_name(f".{part.name}.{os.getpid()}.ordered")
                with part.open("wb") as file:
                    file.writelines(self.read_blocks())
            with part.open("rb+") as file:
                os.fsync(file.fileno())
            self.close()  # else Windows would not let it be moved
            part.replace(output)
        except OSError as error:
            if part != self.part:
                part.unlink(missing_ok=True)
            raise DataError(
                f"{output} cannot be written: {error.strerror}. Make room and go on with --resume."
            ) from error
        self.discard()

    def discard(self) -> None:
        """All is written elsewhere: take the journal and the part file away."""
        self.close()
        self.path.unlink(missing_ok=True)
        self.part.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the files; what is in them stays."""
        for file in self._files + self._readers:
            file.close()

    def _open(self, resume: bool, head: bytes) -> None:
        is_new = not self.part.exists()
        for path in (self.part, self.path):
            # No buffer: what was written is in the file, whatever becomes of this process.
            self._files.append(os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o666), "rb+", buffering=0))
            self._readers.append(path.open("rb"))
        _lock(self._files[1], self.path)
        part, journal = self._readers
        about, first = journal.readline(), journal.readline()
        if _parse(first) and not is_new:
            if not resume:
                raise DataError(
                    f"{self.part} has what a run read that was stopped. Go on with it with --resume, or remove it."
                )
            if about != self._about:
                raise DataError(
                    f"The run that was stopped had other options or another version. Give the same, or remove "
                    f"{self.part}."
                )
            if part.read(len(head)) == head:
                self._load()
        elif not about and not head.startswith(part.read(len(head) + 1)):
            raise DataError(f"{self.part} exists already, and has no journal. Remove it, or give another output.")
        for file, end, start in zip(self._files, self._ends, (head, self._about), strict=True):
            file.truncate(end if self.done else 0)
            if not self.done:
                file.write(start)

    def _load(self) -> None:
        """Find what is whole, so far as both files agree: a power cut can leave less of the one than of the other."""
        digests, places, starts = array("Q"), array("Q"), array("Q")
        part, journal = self._readers
        part.seek(self._ends[0])
        journal.seek(self._ends[1])
        for text in journal:
            line = _parse(text)
            content = part.read(line[3]) if line else b""
            if line is None or len(content) != line[3] or zlib.crc32(content) != line[4]:
                break
            digests.append(Key(*line[:3]).digest)
            places.append(self._ends[1])
            starts.append(self._ends[0])
            self._ends = [self._ends[0] + len(content), self._ends[1] + len(text)]
        self.done = len(digests)
        if self.done:
            order = np.argsort(np.frombuffer(digests, np.uint64))
            self._digests, self._places, self._starts = (
                np.frombuffer(column, np.uint64)[order] for column in (digests, places, starts)
            )

    def _append(self, which: int, content: bytes) -> None:
        file, end = self._files[which], self._ends[which]
        try:
            file.seek(end)
            left = memoryview(content)
            while left:  # a disk that fills up takes some of it first
                left = left[file.write(left) :]
        except OSError as error:
            with suppress(OSError):
                file.truncate(end)
            raise DataError(
                f"{self.part} cannot be written: {error.strerror}. Make room and go on with --resume."
            ) from error
        self._ends[which] += len(content)


def _parse(line: bytes) -> list[Any] | None:
    """A line of the journal, unless it was cut off."""
    try:
        values = json.loads(line) if line.endswith(b"\n") else None
    except ValueError:
        return None
    return values if isinstance(values, list) and len(values) == len(Key._fields) + 4 else None


def _lock(file: IO[bytes], path: Path) -> None:
    """Hold a file until it is closed, or this process ends."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise DataError(f"{path} belongs to a run that is still going on. Wait for it, or end it.") from error
