"""What the shipped net is worth to a hand it has never seen: Eastern Arabic-Indic digits, 20 of each to learn from.

python -m benchmarks.digits.transfer     # 6 minutes on 2 cores

The digits are drawn here, from a font that matplotlib brings.
"""

import statistics
import tempfile
from pathlib import Path

import cv2
import matplotlib
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from benchmarks.record import record
from inkdigits.arrays import Frame
from inkdigits.digit.frame import to_frame
from inkdigits.onnx_files import BUNDLED
from inkdigits.training import Images, TrainConfig, evaluate, fit, trainer
from inkdigits.training.digit.zoo import TRANSFER
from inkdigits.training.presets import PRESETS

SEEDS, TAUGHT, ASKED = 3, 20, 100
FONT = Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"
ZERO = 0x0660
SIDE = 128
EPOCHS = PRESETS[TRANSFER].epochs


def draw_digit(digit: int, rng: np.random.Generator) -> Frame:
    """A digit as somebody might write it: slanted, turned, stretched and bent, by a thin or a thick pen."""
    picture = Image.new("L", (SIDE, SIDE), 0)
    font = ImageFont.truetype(str(FONT), SIDE // 2)
    ImageDraw.Draw(picture).text((SIDE // 2, SIDE // 2), chr(ZERO + digit), 255, font, anchor="mm")
    pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (int(rng.integers(1, 4)),) * 2)
    ink = (cv2.dilate if rng.random() < 0.6 else cv2.erode)(np.asarray(picture), pen)
    turn, slant, stretch = rng.uniform(-0.25, 0.25), rng.uniform(-0.4, 0.4), np.exp(rng.uniform(-0.15, 0.15))
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    (a, b), (c, d) = turned @ [[stretch, slant], [0, 1 / stretch]]
    bent = [cv2.resize(rng.normal(0, 6, (5, 5)), (SIDE, SIDE), interpolation=cv2.INTER_CUBIC) for _ in "xy"]
    y, x = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    places = a * x + b * y + SIDE / 2 + bent[0], c * x + d * y + SIDE / 2 + bent[1]
    return to_frame(cv2.remap(ink, *(place.astype(np.float32) for place in places), cv2.INTER_LINEAR))


def draw_digits(each: int, rng: np.random.Generator) -> Images:
    """As many of each digit."""
    labels = np.repeat(np.arange(10, dtype=np.uint8), each)
    return Images(np.stack([draw_digit(int(label), rng) for label in labels]), labels)


def measure(seed: int, scratch: Path) -> dict[str, float]:
    """Accuracy on the same digits of a net that is taught them, and of such that know nothing else."""
    rng = np.random.default_rng(seed)
    taught, asked = draw_digits(TAUGHT, rng), draw_digits(ASKED, rng)
    data = scratch / f"{seed}.npz"
    np.savez(data, x=taught.images, y=taught.labels)
    options = {"data": (str(data),), "seed": seed}
    runs = {"transfer": fit(TrainConfig(TRANSFER, from_model=BUNDLED, **options, out=scratch / f"transfer-{seed}"))}
    for times in (1, 2):
        config = TrainConfig(BUNDLED, **options, epochs=times * EPOCHS, out=scratch / f"scratch-{seed}-{times}")
        runs[f"scratch_{times}x_epochs"] = fit(config)
    return {way: evaluate(run, asked).accuracy for way, run in runs.items()}


if __name__ == "__main__":
    # From scratch as in a transfer: without the pen, which writes other digits. And never stopped early: the validation
    # loss of a fresh net climbs for many epochs before it falls.
    PRESETS[BUNDLED] = PRESETS[TRANSFER]
    trainer.PATIENCE = 2 * EPOCHS
    with tempfile.TemporaryDirectory() as folder:
        accuracies = [measure(seed, Path(folder)) for seed in range(SEEDS)]
    figures: dict[str, object] = {"net": BUNDLED, "taught": 10 * TAUGHT, "n": 10 * ASKED, "seeds": SEEDS}
    for way in accuracies[0]:
        values = [row[way] for row in accuracies]
        figures[way] = {"accuracies": values, "mean": statistics.mean(values), "std": statistics.stdev(values)}
    record("transfer", figures)
