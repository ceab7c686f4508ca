"""Folders of other people's handwriting, as benchmarks take them, and what counts as read right.

DIR holds arrays/*.npz with x (N, H, W) uint8 and y (N,), and folders with a labels.csv: columns file,label for one
digit a picture; file,text for numbers (lines parted by `|`, numbers by a space), and perhaps notes: [unordered] (no
reading order) or [mixed] (other writing on it, too, so that it is not compared).
"""

import csv
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import inkdigits

# Of larger sets this many are taken, evenly spaced.
LIMIT = 2000
MARKS = ".-+/:%"


class Numbers(NamedTuple):
    """Pictures of numbers, what is written on them, and notes."""

    files: list[Path]
    texts: list[str]
    notes: list[str]

    @property
    def fill_pictures(self) -> bool:
        """Whether each picture shows one number alone, as a table's cell does."""
        return not any(set(text) & {" ", "|"} for text in self.texts)

    @property
    def have_marks(self) -> bool:
        """Whether the labels have marks, so that these count."""
        return any(set(to_compare(text, with_marks=True)) & set(MARKS) for text in self.texts)

    def thin_out(self, limit: int) -> "Numbers":
        """At most this many of them, evenly spaced."""
        kept = _spaced(len(self.files), limit)
        return Numbers(*([column[i] for i in kept] for column in self))


def load_digits(folder: Path, limit: int = LIMIT) -> dict[str, tuple[list[Any], list[int]]]:
    """Each set of single digits: what `Reader.read_digit` takes, and the labels; at most `limit` of an array."""
    sets = {}
    for path in sorted(folder.glob("arrays/*.npz")):
        with np.load(path) as arrays:
            kept = _spaced(len(arrays["y"]), limit)
            sets[path.stem] = list(arrays["x"][kept]), arrays["y"][kept].tolist()
    for name, rows in _tables(folder, "label").items():
        sets[name] = [row["file"] for row in rows], [int(row["label"]) for row in rows]
    return sets


def load_numbers(folder: Path) -> dict[str, Numbers]:
    """Each set of pictures of numbers."""
    return {
        name: Numbers(*([row.get(column) or "" for row in rows] for column in ("file", "text", "notes")))
        for name, rows in _tables(folder, "text").items()
    }


def read_text(reader: inkdigits.Reader, picture: Path, fills_picture: bool) -> str:
    """What is read on a picture, empty where nothing is and where the file is not a picture."""
    try:
        if fills_picture:
            number = reader.read_number(picture)
            return number.text if number else ""
        return reader.read(picture).text
    except inkdigits.InkDigitsError:
        return ""


def to_compare(text: str, notes: str = "", with_marks: bool = False) -> str:
    """What counts of a text: digits, `?`, and perhaps marks (a comma as a point); sorted where there is no order."""
    kept = [character for character in text.replace(",", ".") if character in "0123456789?" + MARKS * with_marks]
    return "".join(sorted(kept) if "[unordered]" in notes else kept)


def _spaced(count: int, limit: int) -> Any:
    return np.linspace(0, count - 1, min(limit, count)).astype(int)


def _tables(folder: Path, column: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each labels.csv that has the column, their files as paths."""
    tables = {}
    for path in sorted(folder.glob("*/labels.csv")):
        with path.open(encoding="utf-8") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
        if column in rows[0]:
            tables[path.parent.name] = [row | {"file": path.parent / row["file"]} for row in rows]
    return tables
