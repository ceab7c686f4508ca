"""Compose src/inkdigits/samples/: MNIST test digits written on paper that looks photographed, a table among them.

    python scripts/data/make_samples.py

The digits are the first of their class in the MNIST test set, in its order: none is chosen by what a net can read.
"""

import csv
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

import inkdigits
from inkdigits.training import load_mnist

SAMPLES = Path(inkdigits.__file__).parent / "samples"
BLUE, BLACK, GRAPHITE = (28, 44, 120), (32, 30, 34), (88, 86, 90)
CREAM, WHITE, CHECKED = (238, 231, 214), (240, 240, 238), (233, 236, 238)
# A weather sheet: what stands above its columns, how wide they are, how high a row and a digit is, and its corner.
HEADS, WIDTHS_PX, ROW_PX, DIGIT_PX, CORNER_PX = (
    ("day", "max", "min", "range", "rain"),
    (110, 180, 180, 180, 150),
    64,
    46,
    50,
)
Colour = tuple[int, int, int]
Picture = npt.NDArray[np.float32]


class Digits:
    """Hands out MNIST test digits, of each class one after the other."""

    def __init__(self) -> None:
        self._images, self._labels = load_mnist().test
        self._used = [0] * 10

    def next(self, value: int) -> npt.NDArray[np.uint8]:
        """The next (28, 28) frame that shows `value`."""
        self._used[value] += 1
        return self._images[np.flatnonzero(self._labels == value)[self._used[value] - 1]]


def make_paper(
    height: int, width: int, colour: Colour, spacing: int, squared: bool, rng: np.random.Generator
) -> Picture:
    """Ruled or squared paper (H, W, 3) of 0 to 1, with fibres; no rules where `spacing` is 0."""
    fibres = cv2.GaussianBlur(rng.normal(0, 1, (height, width)).astype(np.float32), (0, 0), 1.2)
    paper = np.array(colour, np.float32) / 255 + 0.02 * fibres[:, :, None]
    for y in range(spacing, height, spacing) if spacing else ():
        paper[y : y + 2] *= (0.80, 0.88, 0.96)
    for x in range(spacing, width, spacing) if spacing and squared else ():
        paper[:, x : x + 2] *= (0.80, 0.88, 0.96)
    return paper


def write_digit(paper: Picture, frame: npt.NDArray[np.uint8], x: int, y: int, side: int, pen: Colour) -> None:
    """Draw a frame's strokes with a pen, its 28×28 field becoming `side` pixels at (x, y)."""
    large = cv2.resize(frame.astype(np.float32) / 255, (side, side), interpolation=cv2.INTER_CUBIC)
    stroke = 1 / (1 + np.exp(-12 * (cv2.GaussianBlur(large, (0, 0), side / 56) - 0.5)))
    stroke = cv2.GaussianBlur(stroke, (0, 0), 0.8)[:, :, None] * 0.9
    place = paper[y : y + side, x : x + side]
    place += stroke * (np.array(pen, np.float32) / 255 - place)


def photograph(paper: Picture, turn_deg: float, rng: np.random.Generator) -> Image.Image:
    """Take a photo by hand: turned, lit from one side, with a soft shadow, out of focus and noisy."""
    height, width = paper.shape[:2]
    turned = cv2.warpAffine(
        paper,
        cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, 1.0),
        (width, height),
        borderMode=cv2.BORDER_REFLECT,
    )
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    light = 0.95 - 0.3 * x / width - 0.08 * y / height
    shadow = 1 - 0.25 / (1 + np.exp((x / width + 0.35 * y / height - 0.45) * 25))
    lit = cv2.GaussianBlur(turned, (0, 0), 0.7) * (light * shadow)[:, :, None]
    noisy = lit + rng.normal(0, 0.012, lit.shape)
    return Image.fromarray((np.clip(noisy, 0, 1) * 255).astype(np.uint8))


def write_text(paper: Picture, text: str, x: int, y: int, digits: Digits, pen: Colour) -> None:
    """Write digits, commas and dashes, the field of each digit beginning at y."""
    for character in text:
        if character.isdigit():
            write_digit(paper, digits.next(int(character)), x, y, DIGIT_PX, pen)
            x += round(0.62 * DIGIT_PX)
            continue
        color = tuple(side / 255 for side in pen)
        foot, middle = y + round(0.84 * DIGIT_PX), y + DIGIT_PX // 2
        start, end = (
            ((x + 13, foot - 2), (x + 9, foot + 6)) if character == "," else ((x + 8, middle), (x + 30, middle))
        )
        cv2.line(paper, start, end, color, 3, cv2.LINE_AA)
        x += round(0.3 * DIGIT_PX)


def make_values(rng: np.random.Generator) -> list[tuple[str, ...]]:
    """Twelve days' temperatures in tenths of a degree, their comma left out now and then; and the rain."""
    rows = []
    for day in range(1, 13):
        most, least = int(rng.integers(245, 350)), int(rng.integers(120, 220))
        texts = [f"{tenths / 10:.1f}".replace(".", "," if rng.random() < 0.6 else "") for tenths in (most, least)]
        rain = "-" if rng.random() < 0.4 else str(int(rng.integers(1, 40)))
        rows.append((str(day), *texts, f"{(most - least) / 10:.1f}".replace(".", ","), rain))
    return rows


def make_table(rows: list[tuple[str, ...]], digits: Digits, rng: np.random.Generator) -> Picture:
    """The sheet with printed lines and heads, filled in by hand."""
    height, width = 2 * CORNER_PX + (len(rows) + 1) * ROW_PX, 2 * CORNER_PX + sum(WIDTHS_PX)
    paper = make_paper(height, width, WHITE, 0, False, rng)
    edges = [CORNER_PX + sum(WIDTHS_PX[:i]) for i in range(len(WIDTHS_PX) + 1)]
    for i in range(len(rows) + 2):
        y = CORNER_PX + i * ROW_PX
        cv2.line(paper, (edges[0], y), (edges[-1], y), (0.3, 0.3, 0.3), 2)
    for x in edges:
        cv2.line(paper, (x, CORNER_PX), (x, height - CORNER_PX), (0.3, 0.3, 0.3), 2)
    printed = np.zeros(paper.shape[:2], np.uint8)
    for x, head in zip(edges, HEADS, strict=False):
        cv2.putText(printed, head, (x + 20, CORNER_PX + 42), cv2.FONT_HERSHEY_DUPLEX, 1.0, 255, 2, cv2.LINE_AA)
    paper *= 1 - 0.85 * printed[:, :, None].astype(np.float32) / 255
    for i, row in enumerate(rows, 1):
        for x, text in zip(edges, row, strict=False):
            y = CORNER_PX + i * ROW_PX + (ROW_PX - DIGIT_PX) // 2 + int(rng.integers(-3, 4))
            write_text(paper, text, x + 22 + int(rng.integers(0, 14)), y, digits, BLUE)
    return paper


def main() -> None:
    """Write the pictures and their labels."""
    rng, digits = np.random.default_rng(2), Digits()

    single = make_paper(360, 300, CREAM, 0, False, rng)
    write_digit(single, digits.next(7), 40, 70, 220, BLUE)

    number = make_paper(300, 640, WHITE, 60, False, rng)
    for i, value in enumerate((2, 0, 4, 6)):
        write_digit(number, digits.next(value), 60 + 130 * i, 80 + 6 * i, 130, BLACK)

    page = make_paper(620, 700, CHECKED, 36, True, rng)
    for row, line in enumerate(("305 18", "9 2741", "86")):
        for column, character in enumerate(line):
            if character != " ":
                write_digit(page, digits.next(int(character)), 60 + 88 * column, 60 + 175 * row, 100, GRAPHITE)

    SAMPLES.mkdir(exist_ok=True)
    pictures = {
        "digit.jpg": (single, 3.0, "7"),
        "number.jpg": (number, -2.0, "2046"),
        "page.jpg": (page, 1.5, "305 18|9 2741|86"),
    }
    for name, (paper, turn_deg, _) in pictures.items():
        photograph(paper, turn_deg, rng).save(SAMPLES / name, quality=88)
    with (SAMPLES / "labels.csv").open("w", newline="") as file:
        csv.writer(file).writerows([("file", "text"), *((name, text) for name, (_, _, text) in pictures.items())])

    rng = np.random.default_rng(7)
    rows = make_values(rng)
    photograph(make_table(rows, Digits(), rng), 1.2, rng).save(SAMPLES / "table.jpg", quality=80)
    with (SAMPLES / "table.csv").open("w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([HEADS, *rows])


if __name__ == "__main__":
    main()
