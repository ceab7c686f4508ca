"""Whole numbers written by one hand: by the pen, in MNIST's digits, or in a font; on a canvas of fixed size.

A hand is one throughout a number: its slant, its pen and mostly its forms stay the same.
"""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, Floats, Ink
from inkdigits.digit.frame import crop_to_ink
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.glyphs import (
    HEIGHT_PX,
    Glyph,
    Manner,
    draw_font,
    draw_manner,
    enlarge,
    load_glyph,
    rewrite,
)
from inkdigits.training.synthetic.hand import Posture, draw_posture, join_zeros, load_skeletons, write_lines
from inkdigits.training.synthetic.marks import draw_mark
from inkdigits.training.synthetic.strokes import FORMS

SHIFT_BITS = 4
SOURCES = {"pen": 0.42, "mnist": 0.2, "hand font": 0.3, "print": 0.08}
PEN_WIDTHS, SAME_FORM_SHARE, MIXED_SHARE, JOINED_SHARE = (0.035, 0.17), 0.85, 0.22, 0.3
# Gaps between digits in heights: touching, usual, wide; how often each.
GAPS, GAP_SHARES = ((-0.16, 0.04), (0.04, 0.32), (0.3, 1.8)), (0.22, 0.56, 0.22)
# Gaps before and behind a mark; of those that hang below, between digits that may lean over them; and how much nearer
# these are in a hand that leans by 45 degrees.
MARK_GAPS, LOW_GAPS, LEAN = (0.0, 0.26), ((-0.14, 0.2), (-0.12, 0.26)), 0.4
LOW_MARKS = ".,"
# Around a low mark this many pixels are mostly free: at most this share of it and of them may lie in a digit's ink;
# else what comes later moves to the right, in steps of this share of the height, at most this many.
FREE_PX, HIDDEN, AWAY, MOST_STEPS = 7, 0.15, 0.06, 8
# Of hands in a font those that write its marks, too, and not those of the pen.
FONT_MARKS_SHARE = 0.7
# A mark with less ink than a dot of six pixels is not looked at twice.
LEAST_MARK = 255 * 28
# How much sizes and levels vary in a hand: from steady to unsteady. Hands that write decimals smaller: how many, by how
# much.
SIZE_JITTERS, LEVEL_JITTERS, SMALLER_SHARE, SMALLER = (0.02, 0.1), (0.02, 0.08), 0.2, (0.65, 0.95)
# Hands that write zeros behind other digits small, and raise them; those that touch the paper but lightly for a point.
ZEROS_SHARE, ZEROS, RAISED, FAINT_SHARE, FAINT = 0.12, (0.5, 0.85), (0.0, 0.45), 0.4, (125, 255)

Strokes = list[Floats]
# Draws a character from x on, its foot on y, this many times as large, and gives how wide it is, in pixels.
Draw = Callable[["Canvas", str, float, float, float], float]


class Canvas(NamedTuple):
    """What is written on: ink, and where the baseline of the number lies."""

    ink: Ink
    baseline: float


class Hand(NamedTuple):
    """One hand.

    Attributes:
        write: writes a text from x on, its baseline at y; gives where each character begins and ends.
        stroke: draws strokes, in hundredths of a digit's height, from x on, their 100 at y; gives how wide they are.
    """

    write: Callable[[Canvas, str, float, float], list[tuple[float, float]]]
    stroke: Callable[[Canvas, Strokes, float, float], float]


def draw_hand(digits: Images, fonts: Sequence[Path], rng: np.random.Generator) -> Hand:
    """A hand drawn by lot.

    Args:
        digits: pictures of MNIST to copy.
        fonts: further fonts that imitate a hand, beside those of the extra `train`.
        rng: the only source of chance.
    """
    source = str(rng.choice(list(SOURCES), p=list(SOURCES.values())))
    posture, manner = draw_posture(rng), draw_manner(rng)
    width = float(np.exp(rng.uniform(*np.log(PEN_WIDTHS)))) * HEIGHT_PX
    gaps = GAPS[int(rng.choice(len(GAPS), p=GAP_SHARES))]
    unsteady, uneven = rng.uniform(*SIZE_JITTERS), rng.uniform(*LEVEL_JITTERS)
    smaller = rng.uniform(*SMALLER) if rng.random() < SMALLER_SHARE else 1.0
    zero, raised = (rng.uniform(*ZEROS), rng.uniform(*RAISED)) if rng.random() < ZEROS_SHARE else (1.0, 0.0)
    faint = int(rng.uniform(*FAINT)) if rng.random() < FAINT_SHARE else 255

    def stroke(canvas: Canvas, strokes: Strokes, x: float, y: float) -> float:
        return _draw_strokes(canvas, strokes, posture, width * rng.uniform(0.85, 1.15), x, y)

    def mark_by_pen(canvas: Canvas, character: str, x: float, y: float, size: float) -> float:
        strokes = draw_mark(character, rng)
        broad = width * (rng.uniform(1.0, 1.5) if character in ".:" else rng.uniform(0.75, 1.1))
        broad, tone = (max(broad, 7.0), faint) if character in ".:" else (max(broad, 4.5), 255)
        return _draw_strokes(canvas, strokes, posture, broad, x, y, size, tone)

    mark: Draw = mark_by_pen
    if source == "mnist":
        places = _places(digits)

        def copied(canvas: Canvas, character: str, x: float, y: float, size: float) -> float:
            small = crop_to_ink(digits.images[rng.choice(places[int(character)])])
            assert small is not None
            return _paste(canvas, rewrite(enlarge(small), manner, size, rng), x, y)

    else:
        font = draw_font(source == "print", fonts, rng)
        font_manner = Manner(0.0, manner.width, 0.0) if source == "print" else manner
        if source != "pen" and rng.random() < FONT_MARKS_SHARE:
            mark = _font_mark(font, font_manner, mark_by_pen, rng)

        def copied(canvas: Canvas, character: str, x: float, y: float, size: float) -> float:
            return _print(canvas, font, character, x, y, font_manner, size, rng)

    forms = _forms_by_digit()
    usual = [int(rng.choice(some)) for some in forms]
    # Which digits this hand writes by the pen: all, or a few, so that forms meet that no source has alone.
    by_pen = rng.random(DIGITS) < (1.0 if source == "pen" else MIXED_SHARE)
    joins_zeros = rng.random() < JOINED_SHARE
    leans = LEAN * float(np.tan(np.deg2rad(max(0.0, posture.slant_deg if source == "pen" else manner.slant_deg))))

    def penned(canvas: Canvas, character: str, x: float, y: float, size: float) -> float:
        value = int(character)
        form = usual[value] if rng.random() < SAME_FORM_SHARE else int(rng.choice(forms[value]))
        line = write_lines(np.array([form]), rng, posture)[0]
        lifted = load_skeletons().lifted[form]
        strokes = np.split(line, np.flatnonzero(lifted[:-1]) + 1)
        return _draw_strokes(canvas, strokes, None, width * rng.uniform(0.85, 1.15), x, y, size)

    def digit(canvas: Canvas, character: str, x: float, y: float, size: float) -> float:
        size *= float(np.clip(rng.normal(1, unsteady), 0.75, 1.25))
        return (penned if by_pen[int(character)] else copied)(canvas, character, x, y, size)

    def draw_gap(character: str, follows: str) -> float:
        if gaps is GAPS[2] and rng.random() < 0.5:
            return float(rng.uniform(*gaps))
        if follows in set(LOW_MARKS) or character in LOW_MARKS:
            low, high = LOW_GAPS[int(character in LOW_MARKS)]
            return float(rng.uniform(low - leans, high))
        return float(rng.uniform(*(gaps if character.isdigit() and follows.isdigit() else MARK_GAPS)))

    def write(canvas: Canvas, text: str, x: float, y: float) -> list[tuple[float, float]]:
        spans: list[tuple[float, float]] = []
        slope = rng.normal(0, 0.02)
        start, size = x, 1.0
        low: Ink | None = None
        zeros = len(text) - len(text.rstrip("0"))
        joined = zeros if joins_zeros and zeros > 1 else 0
        for place, character in enumerate(text):
            if place == len(text) - joined:
                level = y + slope * (x - start)
                line, ends = join_zeros(joined, rng)
                _draw_strokes(canvas, [line], posture, width, x, level)
                return spans + [(x + HEIGHT_PX / 100 * left, x + HEIGHT_PX / 100 * right) for left, right in ends]
            level = y + slope * (x - start) + HEIGHT_PX * rng.normal(0, uneven if character.isdigit() else 0.01)
            draw = digit if character.isdigit() else mark
            is_small = character == "0" and place > 0
            own = size * zero if is_small else size
            level -= HEIGHT_PX * raised * is_small
            if character in LOW_MARKS:
                x, wide, low = _draw_apart(draw, canvas, character, x, level, own, None)
            elif low is not None:
                x, wide, _ = _draw_apart(draw, canvas, character, x, level, own, low)
                low = None
            else:
                wide = draw(canvas, character, x, level, own)
            spans.append((x, x + wide))
            size = smaller if character in LOW_MARKS else size
            x += max(2.0, wide + HEIGHT_PX * draw_gap(character, text[place + 1 : place + 2]))
        return spans

    return Hand(write, stroke)


def _draw_apart(
    draw: Draw, canvas: Canvas, character: str, x: float, y: float, size: float, low: Ink | None
) -> tuple[float, float, Ink]:
    """Draw a character so far to the right that a low mark, itself or the one before it, can be seen.

    Args:
        draw: draws it.
        canvas: what is written on.
        character: what is drawn.
        x: where from, at least.
        y: the level of its foot.
        size: how large it is.
        low: the ink of the low mark before it; None: it is one.

    Returns:
        Where from it was drawn, how wide it is, and its ink.
    """
    for _ in range(MOST_STEPS):
        alone = Canvas(np.zeros_like(canvas.ink), canvas.baseline)
        wide = draw(alone, character, x, y, size)
        mark, other = (alone.ink, canvas.ink) if low is None else (low, alone.ink)
        mark = np.asarray(cv2.dilate(mark, np.ones((FREE_PX, FREE_PX), np.uint8)), np.uint8)
        if np.minimum(mark, other).sum(dtype=float) <= HIDDEN * mark.sum(dtype=float):
            break
        x += AWAY * HEIGHT_PX
    np.maximum(canvas.ink, alone.ink, out=canvas.ink)
    return x, wide, alone.ink


@cache
def _forms_by_digit() -> list[npt.NDArray[np.intp]]:
    return [np.flatnonzero([form.digit == digit for form in FORMS]) for digit in range(DIGITS)]


def _places(digits: Images) -> list[npt.NDArray[np.intp]]:
    """Where the pictures of each digit are."""
    return [np.flatnonzero(digits.labels == digit) for digit in range(DIGITS)]


def _draw_strokes(
    canvas: Canvas,
    strokes: Strokes,
    posture: Posture | None,
    width: float,
    x: float,
    y: float,
    size: float = 1.0,
    tone: int = 255,
) -> float:
    """Strokes in hundredths of the height, from x on, their 100 on y; gives how wide they are."""
    scale = HEIGHT_PX / 100 * size
    points = [stroke * scale for stroke in strokes]
    if posture is not None:
        shear = np.tan(np.deg2rad(posture.slant_deg))
        points = [np.stack([p[:, 0] - shear * (p[:, 1] - HEIGHT_PX * size), p[:, 1]], axis=1) for p in points]
    everything = np.concatenate(points)
    left, right = float(everything[:, 0].min()), float(everything[:, 0].max())
    offset = np.array([x - left + width / 2, y - HEIGHT_PX * size], np.float32)
    for stroke in points:
        pixels = ((stroke + offset) * 2**SHIFT_BITS).astype(np.int32)
        cv2.polylines(canvas.ink, [pixels], False, tone, max(1, round(width)), cv2.LINE_AA, SHIFT_BITS)
    return right - left + width


def _paste(canvas: Canvas, glyph: Glyph, x: float, y: float) -> float:
    """A character from x on, its baseline at y; gives how wide it is."""
    top, left = round(y + glyph.top), round(x)
    cut_top, cut_left = max(0, -top), max(0, -left)
    shown = glyph.ink[cut_top:, cut_left:]
    window = canvas.ink[max(0, top) : max(0, top + len(glyph.ink)), max(0, left) : max(0, left + glyph.ink.shape[1])]
    np.maximum(window, shown[: window.shape[0], : window.shape[1]], out=window)
    return float(glyph.ink.shape[1])


def _print(
    canvas: Canvas,
    font: Path,
    character: str,
    x: float,
    y: float,
    manner: Manner,
    size: float,
    rng: np.random.Generator,
) -> float:
    glyph = load_glyph(font, character)
    return 0.0 if glyph is None else _paste(canvas, rewrite(glyph, manner, size, rng), x, y)


def _font_mark(font: Path, manner: Manner, by_pen: Draw, rng: np.random.Generator) -> Draw:
    """A font's own marks, where it has them and they can be seen."""

    def mark(canvas: Canvas, character: str, x: float, y: float, size: float) -> float:
        glyph = load_glyph(font, character)
        if glyph is None or glyph.ink.sum(dtype=float) < LEAST_MARK:
            return by_pen(canvas, character, x, y, size)
        # A thinner pen would leave nothing of a point.
        return _print(canvas, font, character, x, y, manner._replace(pen=0.0), size, rng)

    return mark


def print_word(canvas: Canvas, font: Path, text: str, x: float, y: float, rng: np.random.Generator) -> float:
    """A word in a font; gives how wide it is."""
    start, manner = x, draw_manner(rng)
    for character in text:
        x += _print(canvas, font, character, x, y, manner, 1.0, rng) + 3
    return x - start
