"""A user's own crops with their text, to learn from and to measure on: a CSV, or a folder with a checked.csv."""

import csv
import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from inkdigits.errors import DataError, DataNotFoundError, ImageError
from inkdigits.images import load_photo, to_gray
from inkdigits.page.crops import to_crop
from inkdigits.page.decoding import OTHER, SYMBOLS
from inkdigits.training.recognizer.examples import LONGEST, Example, squeeze

CHECKED = "checked.csv"
# Fewer cannot show whether a net has become better.
LEAST = 20
# So many of the numbers are held out: those of whole pages, where the CSV names them in a column `page`.
HELD_OUT = 0.25
# How some write the marks of the alphabet.
SAME = str.maketrans({"−": "-", "–": "-", "—": "-", "·": ".", "٫": ",", "∶": ":", "⁄": "/"})


class Own(NamedTuple):
    """A user's numbers.

    Attributes:
        train: to learn from.
        held_out: to measure on.
    """

    train: list[Example]
    held_out: list[Example]


def load_own(sources: Sequence[str]) -> Own:
    """A user's numbers, in two parts that have no page in common.

    Args:
        sources: CSV files with the columns `file` (relative to the CSV) and `text`, and perhaps `page`; or folders
            with such a file called checked.csv. Rows whose text has a `?` are left out: nobody knows what they say.

    Raises:
        DataNotFoundError: no such file or folder.
        DataError: no such columns, a picture that cannot be read, or too few numbers.
    """
    parts: tuple[list[Example], list[Example]] = ([], [])
    for source in sources:
        path = Path(source) / CHECKED if Path(source).is_dir() else Path(source)
        for row in _read_rows(path):
            if "?" in row["text"]:
                continue
            example = _load(path, row)
            if example is not None:
                parts[_is_held_out(row.get("page") or row["file"])].append(example)
    count = len(parts[0]) + len(parts[1])
    if count < LEAST or not parts[0] or len(parts[1]) < 2:
        raise DataError(
            f"{', '.join(sources)}: {count} checked numbers are too few, at least {LEAST} of several pages are needed. "
            f"A quarter of them is held out, to see whether the new model reads them better. Check at "
            f"least {max(1, LEAST - count)} more."
        )
    return Own(*parts)


def to_text(written: str) -> str:
    """What was written in the recognizer's alphabet: without spaces, `?` for anything else, however long."""
    text = re.sub(r"\s+", "", written.translate(SAME))
    return re.sub(f"[^{re.escape(SYMBOLS)}]+", SYMBOLS[OTHER], text)


def _read_rows(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
    except FileNotFoundError as error:
        raise DataNotFoundError(f"There is no {path}. Give a CSV, or a folder with a {CHECKED}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a CSV: {error}.") from error
    if rows and not {"file", "text"} <= rows[0].keys():
        raise DataError(f"{path} needs the columns file and text; it has {', '.join(map(str, rows[0]))}.")
    if any(row["file"] is None or row["text"] is None for row in rows):
        raise DataError(f"{path} has a row without a file or a text.")
    return rows


def _load(path: Path, row: dict[str, str]) -> Example | None:
    text, picture = to_text(row["text"]), path.parent / row["file"]
    try:
        ink = squeeze(to_crop(to_gray(load_photo(picture))).ink)
    except ImageError as error:
        raise DataError(f"{path} names a picture that cannot be read: {error}") from error
    return None if ink is None or len(text) > LONGEST else Example(ink, text)


def _is_held_out(page: str) -> bool:
    """Whether a page is measured on; the same page always is, however many others there are."""
    return int(hashlib.sha256(page.encode()).hexdigest()[:8], 16) / 16**8 < HELD_OUT
