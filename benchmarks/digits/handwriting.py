"""How well other people's handwriting is read: pictures of one digit, and pictures of numbers.

python -m benchmarks.digits.handwriting DIR

DIR is as benchmarks/hands.py says. A refused digit counts as wrong; how numbers are parted does not count. The figures
in results/handwriting.json were measured on pictures of others that cannot be passed on: ARDIS and USPS (2,000 of each,
evenly spaced), digits drawn or photographed by 49 people, scenes, a clinic's logbook.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

import inkdigits
from benchmarks.hands import Numbers, load_digits, load_numbers, read_text, to_compare
from benchmarks.record import record
from inkdigits.onnx_files import find_bundled
from inkdigits.training.evaluation.metrics import calibrate_bins, measure_trust


def score_digits(reader: inkdigits.Reader, pictures: list[Any], labels: list[int]) -> dict[str, float]:
    """Shares in percent: right, refused, and what the confidence is worth (see `evaluation.metrics.Trust`)."""
    digits = [reader.read_digit(picture) for picture in tqdm(pictures, unit="picture")]
    right = [digit.value == label for digit, label in zip(digits, labels, strict=True)]
    probabilities, meant = np.array([digit.probabilities for digit in digits], np.float32), np.array(labels, np.uint8)
    return {
        "n": len(labels),
        "right": percent(right),
        "refused": percent([digit.value is None for digit in digits]),
        "calibration_error": round(100 * calibrate_bins(probabilities, meant).error, 2),
    } | {name: round(100 * share, 2) for name, share in measure_trust(probabilities, meant)._asdict().items()}


def score_numbers(reader: inkdigits.Reader, numbers: Numbers) -> dict[str, float]:
    """Share of pictures whose digits are all right, in percent; a `?` is not right."""
    right = []
    for picture, text, notes in zip(tqdm(numbers.files, unit="picture"), numbers.texts, numbers.notes, strict=True):
        if "[mixed]" not in notes:
            got = read_text(reader, picture, numbers.fill_pictures)
            right.append(to_compare(got, notes) == to_compare(text, notes))
    return {"n": len(right), "exact": percent(right)}


def percent(hits: list[bool]) -> float:
    """The share of hits."""
    return round(100 * sum(hits) / len(hits), 2)


def score_sets(folder: Path, model: str) -> dict[str, dict[str, float]]:
    """What one net makes of everything in the folder."""
    reader, sets = inkdigits.Reader(model), {}
    for name, (pictures, labels) in load_digits(folder).items():
        sets[name] = score_digits(reader, pictures, labels)
    for name, numbers in load_numbers(folder).items():
        sets[name] = score_numbers(reader, numbers)
    return sets


if __name__ == "__main__":
    nets = {name: score_sets(Path(sys.argv[1]), name) for name in find_bundled()}
    record("handwriting", nets, arguments="DIR")
