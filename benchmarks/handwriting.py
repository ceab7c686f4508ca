"""How well other people's handwriting is read: pictures of one digit, and pictures of numbers.

python benchmarks/handwriting.py DIR

DIR holds arrays/*.npz with x (N, H, W) uint8 and y (N,), and folders with a labels.csv: columns file,label for one
digit a picture; file,text for numbers (lines parted by `|`, numbers by a space, which do not count). A refused digit
counts as wrong. The figures in results/handwriting.json were measured on pictures of others that cannot be passed on:
ARDIS and USPS (2,000 of each, evenly spaced), digits drawn or photographed by 49 people, scenes, a clinic's logbook.
"""

import csv
import sys
from pathlib import Path
from typing import Any

import numpy as np
from record import record
from tqdm import tqdm

import inkdigits
from inkdigits.session import find_bundled

LIMIT = 2000


def score_digits(reader: inkdigits.Reader, pictures: list[Any], labels: list[int]) -> dict[str, float]:
    """Share right and refused, in percent."""
    digits = []
    for picture in tqdm(pictures, unit="picture"):
        try:
            digits.append(reader.read_digit(picture).value)
        except inkdigits.InkDigitsError:
            digits.append(None)
    right = [value == label for value, label in zip(digits, labels, strict=True)]
    return {"n": len(labels), "right": percent(right), "refused": percent([value is None for value in digits])}


def score_numbers(reader: inkdigits.Reader, pictures: list[Path], texts: list[str]) -> dict[str, float]:
    """Share of pictures whose digits are all right, in percent; a `?` is not right."""
    right = []
    for picture, text in zip(tqdm(pictures, unit="picture"), texts, strict=True):
        try:
            got = reader.read(picture).text
        except inkdigits.InkDigitsError:
            got = ""
        right.append("".join(got.split()) == "".join(text.replace("|", " ").split()))
    return {"n": len(texts), "exact": percent(right)}


def percent(hits: list[bool]) -> float:
    """The share of hits."""
    return round(100 * sum(hits) / len(hits), 2)


def score_sets(folder: Path, model: str) -> dict[str, dict[str, float]]:
    """What one net makes of everything in the folder."""
    reader, sets = inkdigits.Reader(model), {}
    for path in sorted(folder.glob("arrays/*.npz")):
        with np.load(path) as arrays:
            kept = np.linspace(0, len(arrays["y"]) - 1, min(LIMIT, len(arrays["y"]))).astype(int)
            sets[path.stem] = score_digits(reader, list(arrays["x"][kept]), arrays["y"][kept].tolist())
    for table in sorted(folder.glob("*/labels.csv")):
        with table.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        pictures = [table.parent / row["file"] for row in rows]
        if "label" in rows[0]:
            sets[table.parent.name] = score_digits(reader, pictures, [int(row["label"]) for row in rows])
        else:
            sets[table.parent.name] = score_numbers(reader, pictures, [row["text"] for row in rows])
    return sets


if __name__ == "__main__":
    nets = {name: score_sets(Path(sys.argv[1]), name) for name in find_bundled()}
    record("handwriting", nets, arguments="DIR")
