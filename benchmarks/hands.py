"""Folders of other people's handwriting, as benchmarks take them.

DIR holds arrays/*.npz with x (N, H, W) uint8 and y (N,), and folders with a labels.csv: columns file,label for one
digit a picture; file,text for numbers (lines parted by `|`, numbers by a space).
"""

import csv
from pathlib import Path
from typing import Any

import numpy as np

# Of larger sets so many are taken, evenly spaced.
LIMIT = 2000


def load_digits(folder: Path) -> dict[str, tuple[list[Any], list[int]]]:
    """Each set of single digits: what `Reader.read_digit` takes, and the labels."""
    sets = {}
    for path in sorted(folder.glob("arrays/*.npz")):
        with np.load(path) as arrays:
            kept = np.linspace(0, len(arrays["y"]) - 1, min(LIMIT, len(arrays["y"]))).astype(int)
            sets[path.stem] = list(arrays["x"][kept]), arrays["y"][kept].tolist()
    for name, rows in _tables(folder, "label").items():
        sets[name] = [row["file"] for row in rows], [int(row["label"]) for row in rows]
    return sets


def load_numbers(folder: Path) -> dict[str, tuple[list[Path], list[str]]]:
    """Each set of pictures of numbers: the files, and what is written on them."""
    tables = _tables(folder, "text")
    return {name: ([row["file"] for row in rows], [row["text"] for row in rows]) for name, rows in tables.items()}


def _tables(folder: Path, column: str) -> dict[str, list[dict[str, Any]]]:
    """The rows of each labels.csv that has the column, their files as paths."""
    tables = {}
    for path in sorted(folder.glob("*/labels.csv")):
        with path.open(encoding="utf-8") as file:
            rows: list[dict[str, Any]] = list(csv.DictReader(file))
        if column in rows[0]:
            tables[path.parent.name] = [row | {"file": path.parent / row["file"]} for row in rows]
    return tables
