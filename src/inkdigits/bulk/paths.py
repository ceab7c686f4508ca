"""Files, folders and patterns → the files that are meant, one after the other; what each was when it was read."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sized
from glob import glob
from pathlib import Path
from typing import NamedTuple

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


class Key(NamedTuple):
    """A file as it was when it was read; one that has changed has another key.

    Attributes:
        file: its path.
        size: in bytes; None where there is no file.
        time: of its last change, in nanoseconds; None where there is no file.
    """

    file: str
    size: int | None = None
    time: int | None = None

    @classmethod
    def of(cls, file: str) -> "Key":
        """The key of a file as it is now."""
        try:
            status = os.stat(file)  # noqa: PTH116 (done a million times)
        except (OSError, ValueError):  # no file, or no name that one could have: an error when it is read
            return cls(file)
        return cls(file, status.st_size, status.st_mtime_ns)

    @property
    def digest(self) -> int:
        """64 bits that stand for the key in an index."""
        return int.from_bytes(hashlib.blake2b(repr(tuple(self)).encode(), digest_size=8).digest())


def find_files(sources: str | Path | Iterable[str | Path], without: Path | None = None) -> Iterator[str]:
    """The files that are meant, each once, in the order of the sources; those of a folder or pattern sorted by name.

    They come one after the other: a folder of a million files is listed, but its files are not kept.

    Args:
        sources: files, folders (with what is below them) and patterns such as `scans/*.jpg`. What matches nothing, or
            holds no picture, stays as it is, and becomes an error's result when it is read.
        without: a folder whose files are left out, unless they are named.
    """
    if isinstance(sources, str | Path):
        sources = [sources]
    left_out = without.resolve() if without else None
    if isinstance(sources, Sized) and len(sources) == 1:
        yield from _find(next(iter(sources)), left_out)
        return
    seen = set()
    for source in sources:
        for file in _find(source, left_out):
            if hash(file) not in seen:
                seen.add(hash(file))
                yield file


def _find(source: str | Path, without: Path | None) -> Iterator[str]:
    """The files of one source, or the source itself where it has none."""
    name = str(source)
    is_empty = True
    if Path(source).is_dir():
        for file in _walk("" if name == "." else name, without):
            is_empty = False
            yield file
    elif not Path(source).exists():
        for file in sorted(glob(name, recursive=True)):  # noqa: PTH207 (absolute ones too)
            if not (without and Path(file).resolve().is_relative_to(without)):
                is_empty = False
                yield file
    if is_empty:
        yield name


def _walk(folder: str, without: Path | None) -> Iterator[str]:
    """The pictures below a folder, in the order of their paths; a folder that may not be opened is named itself."""
    if without and Path(folder).resolve() == without:
        return
    try:
        with os.scandir(folder or ".") as entries:
            names = sorted(entry.name + (os.sep if entry.is_dir(follow_symlinks=False) else "") for entry in entries)
    except OSError:
        yield folder
        return
    for name in names:
        path = os.path.join(folder, name)  # noqa: PTH118 (done a million times)
        if name.endswith(os.sep):
            yield from _walk(path.removesuffix(os.sep), without)
        elif os.path.splitext(name)[1].lower() in SUFFIXES and name[0] != "." and os.path.isfile(path):  # noqa: PTH113, PTH122
            yield path
