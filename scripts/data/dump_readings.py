"""Write what inkdigits reads in a folder of pictures, to compare before and after a change that must alter nothing.

    python scripts/data/dump_readings.py FOLDER --every 30 > before.json
    git switch other-branch
    python scripts/data/dump_readings.py FOLDER --every 30 > after.json
    diff before.json after.json

FOLDER holds sets of pictures, each with a `labels.csv` that has a column `file`: those of `single`, `drawings` and
`neighbours` are read as one digit, all others as pages. `arrays/*.npz` hold digits as arrays `x` (N, H, W) uint8.
"""

import argparse
import csv
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from inkdigits import Reader
from inkdigits.arrays import FRAME_SIZE

ONE_DIGIT = ("single", "drawings", "neighbours")


def digit_of(reader: Reader, picture: Any) -> dict[str, Any]:
    """What the reader says of a picture of one digit."""
    digit = reader.read_digit(picture).to_dict()
    del digit["probabilities"]
    return digit


def page_of(reader: Reader, picture: Path) -> list[list[Any]]:
    """Text, box and confidence of each number on a picture, and the same of each digit, in reading order."""
    numbers = [number for line in reader.read(picture).to_dict()["lines"] for number in line["numbers"]]
    return [
        [n["text"], n["box"], n["confidence"], [[d["value"], d["box"], d["confidence"]] for d in n["digits"]]]
        for n in numbers
    ]


def dump(folder: Path, every: int, array_every: int) -> dict[str, Any]:
    """The readings by the name of the picture, or by that of the array and the index."""
    reader, readings = Reader(), {}
    for table in sorted(folder.glob("*/labels.csv")):
        with table.open(newline="", encoding="utf-8") as file:
            names = [row["file"] for row in csv.DictReader(file)][::every]
        read = digit_of if table.parent.name in ONE_DIGIT else page_of
        for name in tqdm(names, table.parent.name, leave=False):
            readings[f"{table.parent.name}/{name}"] = read(reader, table.parent / name)
    for path in sorted((folder / "arrays").glob("*.npz")):
        pictures = np.load(path)["x"]
        for index in tqdm(range(0, len(pictures), array_every), path.stem, leave=False):
            readings[f"{path.stem}/{index}"] = digit_of(reader, pictures[index])
        if pictures.shape[1:] == (FRAME_SIZE, FRAME_SIZE):
            probabilities = reader.classifier.probabilities(pictures[::array_every])
            readings[f"{path.stem}/frames"] = probabilities.max(axis=1).round(6).astype(float).tolist()
    return readings


def main() -> None:
    """Read, and write JSON with a line for each picture to standard output."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="the folder of test pictures")
    parser.add_argument("--every", type=int, default=1, metavar="K", help="read every K-th picture of each set")
    parser.add_argument("--array-every", type=int, default=22, metavar="K", help="and every K-th digit of an array")
    options = parser.parse_args()
    readings = dump(options.folder, options.every, options.array_every)
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(found)}" for name, found in readings.items())
    sys.stdout.write(f"{{\n{lines}\n}}\n")


if __name__ == "__main__":
    main()
