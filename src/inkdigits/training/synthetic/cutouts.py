"""Composed pictures that one number fills, with what stands on them, for the recognizer to learn.

Each is a cell of a table, a field of a form or a part of a page: a number by one hand, remains of its neighbours,
rulings and frames that may touch it, on paper in some light, blurred, faint, noisy, or gone black and white.
"""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from inkdigits.arrays import Box, Floats, Gray, Ink
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.cells import (
    BINARY_LIGHT,
    LIGHT,
    draw_rulings,
    draw_upright,
    lay_on_paper,
    to_black_and_white,
)
from inkdigits.training.synthetic.glyphs import HEIGHT_PX
from inkdigits.training.synthetic.hands import Canvas, Hand, draw_hand, print_word
from inkdigits.training.synthetic.letters import find_fonts
from inkdigits.training.synthetic.marks import draw_filler, draw_void
from inkdigits.training.synthetic.number_texts import draw_text

# Stands in a text for anything but digits and marks: letters, units, struck-out digits; several side by side are one.
OTHER = "?"
# How tall digits are in the picture, in pixels; of those gone black and white.
HEIGHTS_PX, BINARY_HEIGHTS_PX = (9.5, 40.0), (16.0, 46.0)
# Kinds of pictures: a tight part of a page, a cell; without a number; gone black and white.
TIGHT_SHARE, EMPTY_SHARE, BINARY_SHARE, LIGHT_SHARE = 0.3, 0.05, 0.22, 0.04
TIGHT_MARGINS, CELL_ASIDE, CELL_ABOVE, WIDE_SHARE, WIDE_ASIDE = (-0.02, 0.4), (0.0, 1.5), (0.02, 0.85), 0.1, (1.5, 5.0)
CUT_SHARE, CUT = 0.08, (0.03, 0.16)
# What stands around: numbers above and below; words; a ghost of other writing; a filler; a scribble.
ROWS_SHARE, BINARY_ROWS_SHARE, ROW_PITCH, WORD_SHARE = 0.2, 0.4, (1.2, 2.0), 0.06
GHOST_SHARE, FILLER_SHARE, VOID_SHARE = 0.06, 0.06, 0.03
WORDS = [
    "kg",
    "cm",
    "m",
    "mg",
    "ml",
    "km",
    "h",
    "min",
    "C",
    "F",
    "mm",
    "EUR",
    "x",
    "n",
    "am",
    "pm",
    "nd",
    "rd",
    "th",
    "ok",
    "no",
    "Dr",
    "Name",
    "Total",
    "ab",
    "A",
    "K",
    "M",
    "T",
    "R",
    "per",
    "and",
    "nil",
    "W",
    "E",
    "N",
    "*",
    "€",
    "$",
    "#",
    "=",
    "°",
]
# Lines between digits.
COMB_SHARE = 0.1
MOST_PX = 700


class Cutout(NamedTuple):
    """A picture and what stands on it.

    Attributes:
        gray: (H, W) uint8.
        text: in the alphabet of the recognizer, `OTHER` for what is not in it; empty where there is no number.
        boxes: about around its digits, left to right.
    """

    gray: Gray
    text: str
    boxes: tuple[Box, ...]


def compose_cutout(digits: Images, fonts: Sequence[Path], rng: np.random.Generator) -> Cutout:
    """Compose a picture that one number fills, or an empty one.

    Args:
        digits: pictures of MNIST to take a part of the writing from.
        fonts: further fonts that imitate a hand.
        rng: the only source of chance.
    """
    is_binary = rng.random() < BINARY_SHARE
    height = float(np.exp(rng.uniform(*np.log(BINARY_HEIGHTS_PX if is_binary else HEIGHTS_PX))))
    hand = draw_hand(digits, fonts, rng)
    text = "" if rng.random() < EMPTY_SHARE else draw_text(rng)
    canvas, ghost = _new_canvas(len(text)), None
    left = 4.0 * HEIGHT_PX
    spans = hand.write(canvas, text, left, canvas.baseline)
    of_digits = [span for span, character in zip(spans, text, strict=True) if character.isdigit()]
    right = spans[-1][1] if spans else left + HEIGHT_PX * rng.uniform(0.5, 3)
    text, left, right = _add_others(canvas, hand, text, left, right, fonts, rng)
    _add_rows(canvas, hand, left, BINARY_ROWS_SHARE if is_binary else ROWS_SHARE, rng)
    if rng.random() < GHOST_SHARE:
        ghost = _new_canvas(len(text))
        hand.write(
            ghost,
            draw_text(rng),
            left + HEIGHT_PX * rng.uniform(-1, 2),
            canvas.baseline + HEIGHT_PX * rng.normal(0, 0.3),
        )
    box = _draw_box(left, right, canvas.baseline, len(text), rng)
    ink = _take(canvas.ink, box, height / HEIGHT_PX, rng)
    faded = None if ghost is None else _take(ghost.ink, box, height / HEIGHT_PX, rng)
    base = (canvas.baseline - box[1]) * height / HEIGHT_PX
    print_ = draw_rulings(ink.shape, height, base, rng)
    if len(spans) > 1 and rng.random() < COMB_SHARE:
        between = [(a[1] + b[0]) / 2 for a, b in pairwise(spans)]
        columns = [(x - box[0]) * height / HEIGHT_PX for x in between]
        print_ = np.maximum(print_, draw_upright(ink.shape, columns, height, rng))
    light = BINARY_LIGHT if is_binary else LIGHT
    gray = lay_on_paper(ink, print_, faded, height, light, rng)
    gray = to_black_and_white(gray, height, rng) if is_binary else gray
    boxes = tuple(_to_box(span, box, canvas.baseline, height / HEIGHT_PX) for span in of_digits)
    return Cutout(255 - gray if rng.random() < LIGHT_SHARE else gray, text, boxes)


def _new_canvas(length: int) -> Canvas:
    width = int(HEIGHT_PX * (10 + 1.9 * max(length, 3)))
    return Canvas(np.zeros((6 * HEIGHT_PX, width), np.uint8), 3.5 * HEIGHT_PX)


def _add_others(
    canvas: Canvas, hand: Hand, text: str, left: float, right: float, fonts: Sequence[Path], rng: np.random.Generator
) -> tuple[str, float, float]:
    """Words and signs in front of or behind the number; gives the text with them, and where all begins and ends."""
    lot = rng.random()
    gap = HEIGHT_PX * rng.uniform(-0.05, 0.7)
    if lot < FILLER_SHARE:
        filler = draw_filler(rng)
        end = left - HEIGHT_PX * rng.uniform(0.0, 0.5)
        start = end - HEIGHT_PX / 100 * float(np.ptp(filler[0][:, 0]))
        hand.stroke(canvas, filler, start, canvas.baseline)
        # Cut off it would be a minus.
        return text, start, right
    if lot < FILLER_SHARE + VOID_SHARE:
        wide = hand.stroke(canvas, draw_void(rng), right + gap, canvas.baseline)
        return text + OTHER, left, right + gap + wide
    if lot < FILLER_SHARE + VOID_SHARE + WORD_SHARE:
        some = [*fonts, *find_fonts()]
        word = str(rng.choice(WORDS))
        font = some[int(rng.integers(len(some)))]
        if rng.random() < 0.75 or not text:
            wide = print_word(canvas, font, word, right + gap, canvas.baseline, rng)
            return text + OTHER, left, right + gap + wide
        start = left - gap - HEIGHT_PX * 0.7 * len(word)
        print_word(canvas, font, word, start, canvas.baseline, rng)
        return OTHER + text, start, right
    return text, left, right


def _add_rows(canvas: Canvas, hand: Hand, left: float, rows_share: float, rng: np.random.Generator) -> None:
    if rng.random() < rows_share:
        away = HEIGHT_PX * rng.uniform(*ROW_PITCH)
        for side in ((-1,), (1,), (-1, 1))[int(rng.integers(3))]:
            hand.write(canvas, draw_text(rng)[:5], left + HEIGHT_PX * rng.normal(0, 0.7), canvas.baseline + side * away)


def _draw_box(
    left: float, right: float, baseline: float, length: int, rng: np.random.Generator
) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of the picture on the canvas, in pixels of the canvas."""
    if rng.random() < TIGHT_SHARE:
        before, behind, above, below = rng.uniform(*TIGHT_MARGINS, 4)
    else:
        before, behind = rng.uniform(*CELL_ASIDE, 2)
        above, below = rng.uniform(*CELL_ABOVE, 2)
        if rng.random() < WIDE_SHARE:
            behind = rng.uniform(*WIDE_ASIDE)
    if length and rng.random() < CUT_SHARE:
        cut = -rng.uniform(*CUT)
        lot = rng.integers(4)
        before, behind, above, below = (
            cut * 0.5 if lot == 0 else before,
            cut * 0.5 if lot == 1 else behind,
            cut if lot == 2 else above,
            cut if lot == 3 else below,
        )
    h = HEIGHT_PX
    return left - before * h, baseline - (1 + above) * h, right + behind * h, baseline + below * h


def _to_box(
    span: tuple[float, float], picture: tuple[float, float, float, float], baseline: float, scale: float
) -> Box:
    """Where a digit stands in the picture, from where it begins and ends on the canvas."""
    left, top, _, _ = picture
    return Box(
        round((span[0] - left) * scale),
        round((baseline - HEIGHT_PX - top) * scale),
        max(1, round((span[1] - span[0]) * scale)),
        max(1, round(HEIGHT_PX * scale)),
    )


def _take(canvas: Ink, box: tuple[float, float, float, float], scale: float, rng: np.random.Generator) -> Floats:
    """A part of the canvas at another scale, a bit turned and bent: (H, W) float32, 0 to 1."""
    left, top, right, bottom = box
    width, height = max(8, round((right - left) * scale)), max(8, round((bottom - top) * scale))
    width = min(width, MOST_PX)
    # Only what the picture shows is blurred: with the bends it reaches so far beyond the box.
    rim = 12
    x0, y0 = max(0, int(left) - rim), max(0, int(top) - rim)
    shown = canvas[y0 : max(y0 + 1, int(bottom) + rim), x0 : max(x0 + 1, int(right) + rim)]
    soft = cv2.GaussianBlur(shown, (0, 0), max(0.3, 0.42 / scale)) if scale < 1 else shown
    y, x = np.mgrid[:height, :width].astype(np.float32)
    x, y = left - x0 + (x + 0.5) / scale - 0.5, top - y0 + (y + 0.5) / scale - 0.5
    slope = np.float32(rng.normal(0, 0.025))
    middle = (right - left) / 2
    bent = rng.normal(0, 1.3, (2, 4, 2 + width // 40)).astype(np.float32)
    bent_x, bent_y = (cv2.resize(field, (width, height), interpolation=cv2.INTER_CUBIC) for field in bent)
    moved_x, moved_y = x + bent_x, y + slope * (x - middle) + bent_y
    taken = cv2.remap(soft, moved_x.astype(np.float32), moved_y.astype(np.float32), cv2.INTER_LINEAR, borderValue=0)
    return np.asarray(taken / np.float32(255), np.float32)
