"""What each ingredient of `convnet` buys: trainings that add one after the other, measured on MNIST and on other hands.

python -m benchmarks.digits.ablation DIR --epochs 5 [--teacher MODEL]

DIR is as benchmarks/hands.py says; its single digits are read. One seed. The runs are kept in runs/ablation; one that
is there is not made again. Shares are of first guesses: what a net refuses depends on its threshold, and is measured
elsewhere.
"""

import argparse
from pathlib import Path
from typing import Any

import cv2
import numpy as np

import inkdigits
from benchmarks.hands import load_digits
from benchmarks.record import record
from inkdigits.arrays import FRAME_SIZE
from inkdigits.digit.framing import frame_digit
from inkdigits.images import load_photo, to_gray
from inkdigits.training import TrainConfig, fit, load_mnist
from inkdigits.training.presets import PRESETS
from inkdigits.training.runs.folders import read_config

NET = "convnet"
RUNS = Path("runs/ablation")
FULL = PRESETS[NET]
PLAIN = FULL._replace(shift_px=1, distort=False, pen_share=0.0, clutter_share=0.0)
STEPS = {
    "MNIST alone": PLAIN,
    "+ augmentation": PLAIN._replace(shift_px=0, distort=True),
    "+ pen": FULL._replace(clutter_share=0.0),
    "+ clutter": FULL,
}


def squeeze(picture: Any) -> np.ndarray:
    """A picture as most tutorials feed it: the whole of it shrunk to (28, 28), made light on dark."""
    gray = to_gray(load_photo(picture))
    small = cv2.resize(gray, (FRAME_SIZE, FRAME_SIZE), interpolation=cv2.INTER_AREA)
    return np.asarray(255 - small if small.mean() > 127 else small)


def right(run: Path, sets: dict[str, tuple[list[Any], list[int]]], frames: dict[str, np.ndarray]) -> dict[str, float]:
    """The share of right first guesses on each set, in percent."""
    classifier = inkdigits.Classifier(run)
    return {
        name: round(100 * float((classifier.probabilities(frames[name]).argmax(axis=1) == np.array(labels)).mean()), 2)
        for name, (_, labels) in sets.items()
    }


def train(name: str, preset: Any, epochs: int, teachers: tuple[str, ...]) -> Path:
    """The run of one step."""
    run = RUNS / name.strip("+ ").replace(" ", "-").lower()
    if not run.exists():
        PRESETS[NET] = preset
        fit(TrainConfig(NET, epochs=epochs, seed=0, out=run, teachers=teachers or None))
    return run


def main() -> None:
    """Train what is not there yet, then measure everything."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--teacher")
    asked = parser.parse_args()
    runs = {name: train(name, preset, asked.epochs, ()) for name, preset in STEPS.items()}
    if asked.teacher:
        runs["+ distillation"] = train("distillation", FULL, asked.epochs, (asked.teacher,))
    sets = load_digits(asked.folder)
    framed = {name: np.array([frame_digit(picture)[0] for picture in pictures]) for name, (pictures, _) in sets.items()}
    squeezed = {name: np.array([squeeze(picture) for picture in pictures]) for name, (pictures, _) in sets.items()}
    n = len(load_mnist().test.labels)
    rows = [{"step": "MNIST alone, not normalised", **right(runs["MNIST alone"], sets, squeezed)}]
    for name, run in runs.items():
        mnist = round(100 - 100 * read_config(run)["misses"] / n, 2)
        rows.append({"step": name, "mnist": mnist, **right(run, sets, framed)})
    sizes = {"mnist": n} | {name: len(labels) for name, (_, labels) in sets.items()}
    record("ablation", {"epochs": asked.epochs, "seed": 0, "n": sizes, "rows": rows}, f"DIR --epochs {asked.epochs}")


if __name__ == "__main__":
    main()
