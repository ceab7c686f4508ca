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
from PIL import ImageFont

from inkdigits.arrays import DIGITS, Floats, Ink
from inkdigits.digit.frame import crop_to_ink
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.hand import Posture, draw_posture, load_skeletons, write_lines
from inkdigits.training.synthetic.letters import HAND_FAMILIES, find_fonts, load_font
from inkdigits.training.synthetic.marks import draw_mark
from inkdigits.training.synthetic.strokes import FORMS

# Digits are this tall on the canvas; the baseline lies in the middle of the margin below.
HEIGHT_PX = 48
SHIFT_BITS = 4
SOURCES = {"pen": 0.42, "mnist": 0.2, "hand font": 0.3, "print": 0.08}
PEN_WIDTHS, SAME_FORM_SHARE, MIXED_SHARE, JOINED_SHARE = (0.035, 0.17), 0.85, 0.22, 0.3
# Gaps between digits in heights: touching, usual, wide; how often each.
GAPS, GAP_SHARES = ((-0.16, 0.04), (0.04, 0.32), (0.3, 0.9)), (0.24, 0.6, 0.16)
POINT_GAPS, MARK_GAPS = (0.05, 0.28), (0.0, 0.26)
# Of hands in a font those that write its marks, too, and not those of the pen.
FONT_MARKS_SHARE = 0.7
SIZE_JITTER, LEVEL_JITTER = 0.05, 0.04

Strokes = list[Floats]
# Draws a character from x on, its foot on y, and gives how wide it is, all in pixels.
Glyph = Callable[["Canvas", str, float, float], float]


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
    posture = draw_posture(rng)
    width = float(np.exp(rng.uniform(*np.log(PEN_WIDTHS)))) * HEIGHT_PX
    gaps = GAPS[int(rng.choice(len(GAPS), p=GAP_SHARES))]

    def stroke(canvas: Canvas, strokes: Strokes, x: float, y: float) -> float:
        return _draw_strokes(canvas, strokes, posture, width * rng.uniform(0.85, 1.15), x, y)

    def mark_by_pen(canvas: Canvas, character: str, x: float, y: float) -> float:
        strokes = draw_mark(character, rng)
        broad = width * (rng.uniform(1.0, 1.5) if character in ".:" else rng.uniform(0.75, 1.1))
        return _draw_strokes(canvas, strokes, posture, max(broad, 6.0 if character in ".:" else 4.0), x, y)

    mark: Glyph = mark_by_pen
    if source == "mnist":
        places = _places(digits)

        def copied(canvas: Canvas, character: str, x: float, y: float) -> float:
            small = crop_to_ink(digits.images[rng.choice(places[int(character)])])
            assert small is not None
            return _paste(canvas, _enlarge(small, round(HEIGHT_PX * _size(rng))), x, y)

    else:
        font = _draw_font("print" if source == "print" else "hand font", fonts, rng)
        if source != "pen" and rng.random() < FONT_MARKS_SHARE:
            mark = _font_mark(font, mark_by_pen)

        def copied(canvas: Canvas, character: str, x: float, y: float) -> float:
            return _print(canvas, font, character, x, y)

    forms = _forms_by_digit()
    usual = [int(rng.choice(some)) for some in forms]
    # Which digits this hand writes by the pen: all, or a few, so that forms meet that no source has alone.
    by_pen = rng.random(DIGITS) < (1.0 if source == "pen" else MIXED_SHARE)
    joins_zeros = rng.random() < JOINED_SHARE

    def penned(canvas: Canvas, character: str, x: float, y: float) -> float:
        value = int(character)
        form = usual[value] if rng.random() < SAME_FORM_SHARE else int(rng.choice(forms[value]))
        line = write_lines(np.array([form]), rng, posture)[0]
        lifted = load_skeletons().lifted[form]
        strokes = np.split(line, np.flatnonzero(lifted[:-1]) + 1)
        return _draw_strokes(canvas, strokes, None, width * rng.uniform(0.85, 1.15), x, y, _size(rng))

    def digit(canvas: Canvas, character: str, x: float, y: float) -> float:
        return (penned if by_pen[int(character)] else copied)(canvas, character, x, y)

    def write(canvas: Canvas, text: str, x: float, y: float) -> list[tuple[float, float]]:
        spans = []
        slope = rng.normal(0, 0.02)
        start = x
        zeros = len(text) - len(text.rstrip("0"))
        joined = zeros if joins_zeros and zeros > 1 else 0
        for place, character in enumerate(text):
            if place == len(text) - joined:
                level = y + slope * (x - start)
                spans += _join_zeros(canvas, joined, posture, width, x, level, rng)
                return spans
            level = y + slope * (x - start) + HEIGHT_PX * rng.normal(0, LEVEL_JITTER if character.isdigit() else 0.01)
            draw = digit if character.isdigit() else mark
            wide = draw(canvas, character, x, level)
            spans.append((x, x + wide))
            follows = text[place + 1 : place + 2]
            between = gaps if character.isdigit() and follows.isdigit() else MARK_GAPS
            between = POINT_GAPS if character in ".:" or follows in set(".:") else between
            if gaps is GAPS[2] and rng.random() < 0.5:
                between = gaps
            x += wide + HEIGHT_PX * rng.uniform(*between)
        return spans

    return Hand(write, stroke)


@cache
def _forms_by_digit() -> list[npt.NDArray[np.intp]]:
    return [np.flatnonzero([form.digit == digit for form in FORMS]) for digit in range(DIGITS)]


def _join_zeros(
    canvas: Canvas, count: int, posture: Posture, width: float, x: float, y: float, rng: np.random.Generator
) -> list[tuple[float, float]]:
    """Zeros written in one line, as hands join them: rings side by side, from top to top."""
    size, wide, gap = rng.uniform(0.45, 0.95), rng.uniform(28, 60), rng.uniform(-6, 34)
    droop = rng.uniform(0, 16)
    points, spans, left = [], [], 0.0
    for _ in range(count):
        angle = np.linspace(0, 2 * np.pi * rng.uniform(0.95, 1.15), 18) - np.pi / 2 + rng.normal(0.4, 0.25)
        broad = wide * rng.uniform(0.85, 1.15)
        ring = np.stack([left + broad / 2 * (1 - np.cos(angle + np.pi / 2 + 1.2)), 50 + 50 * np.sin(-angle)], axis=1)
        points.append(ring)
        scale = HEIGHT_PX / 100 * size
        spans.append((x + left * scale, x + (left + broad) * scale))
        left += broad + gap
        points.append(np.array([[left - gap / 2, rng.uniform(0, 20) + droop]]))
    line = np.concatenate(points[:-1]).astype(np.float32)
    _draw_strokes(canvas, [line], posture, width, x, y, size)
    return spans


def _size(rng: np.random.Generator) -> float:
    return float(np.clip(rng.normal(1, SIZE_JITTER), 0.8, 1.2))


def _places(digits: Images) -> list[npt.NDArray[np.intp]]:
    """Where the pictures of each digit are."""
    return [np.flatnonzero(digits.labels == digit) for digit in range(DIGITS)]


def _draw_strokes(
    canvas: Canvas, strokes: Strokes, posture: Posture | None, width: float, x: float, y: float, size: float = 1.0
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
        cv2.polylines(canvas.ink, [pixels], False, 255, max(1, round(width)), cv2.LINE_AA, SHIFT_BITS)
    return right - left + width


def _paste(canvas: Canvas, ink: Ink, x: float, y: float) -> float:
    """Ink from x on, its foot on y; gives how wide it is."""
    top, left = round(y) - ink.shape[0], round(x)
    _lay(canvas.ink, ink, top, left)
    return float(ink.shape[1])


def _lay(canvas: Ink, ink: Ink, top: int, left: int) -> None:
    cut_top, cut_left = max(0, -top), max(0, -left)
    window = canvas[max(0, top) : max(0, top + ink.shape[0]), max(0, left) : max(0, left + ink.shape[1])]
    np.maximum(window, ink[cut_top : cut_top + window.shape[0], cut_left : cut_left + window.shape[1]], out=window)


def _enlarge(small: Ink, height: int) -> Ink:
    """A digit of MNIST as sharp as a pen writes."""
    scale = height / small.shape[0]
    rim = cv2.copyMakeBorder(small, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    size = max(4, round(rim.shape[1] * scale)), round(rim.shape[0] * scale)
    large = cv2.resize(rim, size, interpolation=cv2.INTER_CUBIC)
    pale = np.asarray(cv2.subtract(large, np.full_like(large, 60)), np.uint8)
    return np.asarray(cv2.convertScaleAbs(pale, alpha=min(8.0, 0.7 * scale)), np.uint8)


def _draw_font(source: str, fonts: Sequence[Path], rng: np.random.Generator) -> Path:
    hands = [*_own_hands(), *fonts] if source == "hand font" else find_fonts()
    return hands[int(rng.integers(len(hands)))]


@cache
def _own_hands() -> tuple[Path, ...]:
    import fontpkg

    return tuple(Path(fontpkg.path(family)) for family in HAND_FAMILIES)


class _Printed(NamedTuple):
    ink: Ink
    top: int
    left: int


@cache
def _glyph(font: Path, character: str) -> _Printed:
    """A character whose font's 0 is `HEIGHT_PX` tall: its ink, its top relative to the baseline."""
    loaded = load_font(font, _font_size(font))
    left, top, _, _ = loaded.getbbox(character, anchor="ls")
    mask = loaded.getmask(character, anchor="ls")
    ink = np.asarray(mask, np.uint8).reshape(mask.size[::-1])
    if ink.size < 4 or not ink.any():
        return _Printed(np.zeros((1, 1), np.uint8), 0, 0)
    return _Printed(ink, round(top), round(left))


@cache
def _font_size(font: Path) -> int:
    box = ImageFont.truetype(font, 200).getbbox("0")
    return max(8, round(200 * HEIGHT_PX / max(1.0, float(box[3] - box[1]))))


def _print(canvas: Canvas, font: Path, character: str, x: float, y: float) -> float:
    glyph = _glyph(font, character)
    _lay(canvas.ink, glyph.ink, round(y) + glyph.top, round(x))
    return float(glyph.ink.shape[1])


def _font_mark(font: Path, by_pen: Glyph) -> Glyph:
    """A font's own marks, where it has them."""

    def mark(canvas: Canvas, character: str, x: float, y: float) -> float:
        if _glyph(font, character).ink.size < 4:
            return by_pen(canvas, character, x, y)
        return _print(canvas, font, character, x, y)

    return mark


def print_word(canvas: Canvas, font: Path, text: str, x: float, y: float) -> float:
    """A word in a font; gives how wide it is."""
    start = x
    for character in text:
        x += _print(canvas, font, character, x, y) + 3
    return x - start
