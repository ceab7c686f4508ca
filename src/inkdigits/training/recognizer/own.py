"""A user's own crops with their text, to learn from and to measure on: a CSV, or a folder with a checked.csv."""

import csv
import re
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from inkdigits.arrays import DIGITS
from inkdigits.errors import DataError, DataNotFoundError, ImageError
from inkdigits.images import load_photo, to_gray
from inkdigits.page.crops import to_crop
from inkdigits.page.decoding import OTHER, SYMBOLS
from inkdigits.training.data.holding_out import hold_out_own
from inkdigits.training.recognizer.examples import LONGEST, Example, squeeze

CHECKED = "checked.csv"
# How some write the marks of the alphabet.
SAME = str.maketrans({"−": "-", "–": "-", "—": "-", "·": ".", "٫": ",", "∶": ":", "⁄": "/"})
# Where more of the texts than this have no digit but other symbols, they are of another alphabet.
MOST_FOREIGN = 0.5
NO = ("", "0", "no", "false")

Row = dict[str, str]


class Own(NamedTuple):
    """A user's numbers.

    Attributes:
        train: to learn from.
        held_out: to measure on.
        train_files: the picture that each of `train` comes from.
        held_out_files: likewise.
        pages: how many pages or files they are of.
        drawn: how many of them were drawn at random to be checked.
        drawn_right: how many of these had been read right.
    """

    train: list[Example]
    held_out: list[Example]
    train_files: tuple[str, ...] = ()
    held_out_files: tuple[str, ...] = ()
    pages: int = 0
    drawn: int = 0
    drawn_right: int = 0


def load_own(sources: Sequence[str]) -> Own:
    """A user's numbers, in two parts that have no page in common.

    Args:
        sources: CSV files with the columns `file` (relative to the CSV) and `text`, and perhaps `page`, and perhaps
            `read` and `drawn`: what had been read, and whether the cell was drawn at random; folders with such a file
            called checked.csv; or folders of pictures in folders 0 to 9. Rows whose text has a `?` are left out:
            nobody knows what they say.

    Raises:
        DataNotFoundError: no such file or folder.
        DataError: no such columns, a picture that cannot be read, another alphabet, too few numbers, or only one page.
    """
    rows, examples = [], []
    for source in sources:
        path, found = _find_rows(Path(source))
        known = [row for row in found if "?" not in row["text"]]
        check_alphabet(path, [row["text"] for row in known])
        for row in known:
            if example := _load(path, row):
                rows.append(row | {"file": str(path.parent / row["file"])})
                examples.append(example)
    keys = [row.get("page") or Path(row["file"]).name for row in rows]
    try:
        is_held_out = hold_out_own(keys)
    except DataError as error:
        raise DataError(f"{', '.join(sources)}: {error}") from error
    parts = [
        [(example, row["file"]) for example, row, held in zip(examples, rows, is_held_out, strict=True) if held == part]
        for part in (False, True)
    ]
    (train, train_files), (held_out, held_out_files) = (tuple(zip(*part, strict=True)) for part in parts)
    drawn = [row for row in rows if (row.get("drawn") or "").lower() not in NO and row.get("read") is not None]
    return Own(
        list(train),
        list(held_out),
        train_files,
        held_out_files,
        pages=len(set(keys)),
        drawn=len(drawn),
        drawn_right=sum(_to_value(row["read"]) == _to_value(row["text"]) for row in drawn),
    )


def to_text(written: str) -> str:
    """What was written in the recognizer's alphabet: without spaces, `?` for anything else, however long."""
    text = re.sub(r"\s+", "", written.translate(SAME))
    return re.sub(f"[^{re.escape(SYMBOLS)}]+", SYMBOLS[OTHER], text)


def check_alphabet(path: Path, texts: Sequence[str]) -> None:
    """Refuse texts of another alphabet.

    Args:
        path: where they are from.
        texts: as they were written.

    Raises:
        DataError: most of them have no digit of the alphabet, but other symbols.
    """
    foreign = [
        text for text in texts if (known := to_text(text)).endswith(SYMBOLS[OTHER]) and not re.search(r"[0-9]", known)
    ]
    if len(foreign) > MOST_FOREIGN * len(texts):
        raise DataError(
            f"{path}: {len(foreign)} of {len(texts)} texts are of symbols that the recognizer does not know, such as "
            f"{foreign[0]!r}. It reads the digits 0 to 9 and {' '.join(SYMBOLS[DIGITS:OTHER])} alone. Digits of "
            "another script can be learnt one by one: see inkdigits train transfer."
        )


def _find_rows(source: Path) -> tuple[Path, list[Row]]:
    """The rows of a source, and the file that their paths are relative to."""
    if not source.is_dir():
        return source, _read_rows(source)
    path = source / CHECKED
    folders = [folder for digit in range(DIGITS) if (folder := source / str(digit)).is_dir()]
    if path.exists() or not folders:
        return path, _read_rows(path)
    files = [file for folder in folders for file in sorted(folder.iterdir()) if not file.name.startswith(".")]
    return path, [{"file": str(file.relative_to(source)), "text": file.parent.name} for file in files]


def _read_rows(path: Path) -> list[Row]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            columns = list(reader.fieldnames or ())
            rows = list(reader)
    except FileNotFoundError as error:
        raise DataNotFoundError(f"There is no {path}. Give a CSV, or a folder with a {CHECKED}.") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataError(f"{path} cannot be read as a CSV: {error}.") from error
    if not {"file", "text"} <= set(columns):
        has = f"has {', '.join(columns)}" if columns else "is empty"
        raise DataError(f"{path} needs the columns file and text; it {has}.")
    if any(row["file"] is None or row["text"] is None for row in rows):
        raise DataError(f"{path} has a row without a file or a text.")
    return rows


def _load(path: Path, row: Row) -> Example | None:
    text, picture = to_text(row["text"]), path.parent / row["file"]
    try:
        ink = squeeze(to_crop(to_gray(load_photo(picture))).ink)
    except ImageError as error:
        raise DataError(f"{path} names a picture that cannot be read: {error}") from error
    return None if ink is None or len(text) > LONGEST else Example(ink, text)


def _to_value(written: str) -> str:
    """A text as it is compared: hands write point and comma alike."""
    return to_text(written).replace(",", ".")
