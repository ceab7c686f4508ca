"""Digits, words and scribbles as ink of any height, for the pages of `inkdigits.training.synthetic.pages`."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import cv2
import numpy as np

from inkdigits.arrays import DIGITS, Floats, Ink
from inkdigits.digit.frame import INK_LEVEL, crop_to_ink
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.hand import load_skeletons, write_lines
from inkdigits.training.synthetic.letters import draw_text, find_fonts, load_font
from inkdigits.training.synthetic.strokes import FORMS

# A digit and how tall it shall be, in pixels → its ink, cut to its box.
Writer = Callable[[int, int], Ink]

# Fonts that no net has seen, beside those of `inkdigits.training.synthetic.letters`: a quarter of what is printed.
UNSEEN_FONTS, UNSEEN_SHARE = ("cmr10.ttf", "cmss10.ttf", "cmtt10.ttf", "cmb10.ttf"), 0.25
# OpenCV's own letters are drawn by single strokes: bent and slanted they stand for a hand.
HAND_FONTS = (cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX)
# A pen's width over the height of what it writes: ballpoint to felt tip.
PEN_WIDTHS = (0.045, 0.14)
# Lines are drawn this many times larger, then shrunk, and never by fewer pixels than this.
OVERSAMPLING, LEAST_WIDTH_PX = 3, 1.1
# Coordinates are given to OpenCV in 16ths of a pixel.
SHIFT_BITS = 4


def copy_digits(images: Images, rng: np.random.Generator) -> Writer:
    """A writer that enlarges pictures of digits, each drawn by lot."""
    places = [np.flatnonzero(images.labels == digit) for digit in range(DIGITS)]

    def write(digit: int, height_px: int) -> Ink:
        small = crop_to_ink(images.images[rng.choice(places[digit])])
        assert small is not None
        scale = height_px / small.shape[0]
        size = max(2, round(small.shape[1] * scale)), height_px
        # With a rim of paper, so that strokes at the edge of the picture end softly, too.
        rim = cv2.copyMakeBorder(small, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
        size = size[0] + max(2, round(2 * scale)), size[1] + max(2, round(2 * scale))
        large = cv2.resize(rim, size, interpolation=cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA)
        # What 28 pixels blurred is made as sharp again as a pen writes.
        sharp = 127 + (large.astype(np.float32) - 127) * np.float32(np.clip(0.7 * scale, 1, 8))
        return _cut(np.clip(sharp, 0, 255).astype(np.uint8))

    return write


def use_pen(rng: np.random.Generator, widths: tuple[float, float] = PEN_WIDTHS) -> Writer:
    """A writer with one pen, that writes each digit in one of the forms of `inkdigits.training.synthetic.strokes`.

    Args:
        rng: the only source of chance.
        widths: of the pen over the height of a digit.
    """
    width = float(np.exp(rng.uniform(*np.log(widths))))
    forms = [np.flatnonzero([form.digit == digit for form in FORMS]) for digit in range(DIGITS)]

    def write(digit: int, height_px: int) -> Ink:
        return write_form(int(rng.choice(forms[digit], 1)[0]), height_px * (1 - width), width * height_px, rng)

    return write


def write_form(form: int, path_px: float, pen_px: float, rng: np.random.Generator) -> Ink:
    """A form of `FORMS + LETTERS` by a pen so broad, the pen's path `path_px` tall, of broad forms less."""
    line, lifted = write_lines(np.array([form]), rng)[0], load_skeletons().lifted[form]
    low, high = line.min(axis=0), line.max(axis=0)
    pixels = (line - low) * (path_px / max(float(np.ptp(line[:, 1])), 0.8 * float((high - low)[0])))
    return draw_strokes(np.split(pixels, np.flatnonzero(lifted[:-1]) + 1), pen_px)


def widen_ones(write: Writer, times: float) -> Writer:
    """A writer whose 1s are so much wider than another's, as if their upstroke began far to the left."""

    def widen(digit: int, height_px: int) -> Ink:
        ink = write(digit, height_px)
        if digit != 1:
            return ink
        size = round(times * ink.shape[1]), ink.shape[0]
        return np.asarray(cv2.resize(ink, size, interpolation=cv2.INTER_LINEAR), np.uint8)

    return widen


def use_font(rng: np.random.Generator) -> Writer:
    """A writer that prints its digits in one font."""
    font = draw_font(rng)
    return lambda digit, height_px: print_text(str(digit), height_px, font)


def draw_font(rng: np.random.Generator) -> Path:
    """A font drawn by lot: its file."""
    fonts = find_fonts()
    if rng.random() < UNSEEN_SHARE:
        return fonts[0].with_name(str(rng.choice(UNSEEN_FONTS)))
    return fonts[rng.integers(len(fonts))]


def draw_strokes(strokes: list[Floats], width_px: float) -> Ink:
    """Lines through points (N, 2) in pixels, as one pen of this width draws them; cut to its box."""
    points = np.concatenate(strokes)
    margin = int(width_px) + 3
    low = points.min(axis=0) - margin
    size = ((points.max(axis=0) + margin - low) * OVERSAMPLING).astype(int) + 1
    canvas = np.zeros((size[1], size[0]), np.uint8)
    width = max(1, round(OVERSAMPLING * max(width_px, LEAST_WIDTH_PX)))
    for stroke in strokes:
        pixels = ((stroke - low) * OVERSAMPLING * 2**SHIFT_BITS).astype(np.int32)
        cv2.polylines(canvas, [pixels], False, 255, width, cv2.LINE_AA, SHIFT_BITS)
    return _cut(_shrink(canvas))


def print_text(text: str, height_px: int, font: Path) -> Ink:
    """Text in a font, its digits and capitals `height_px` tall; cut to its box."""
    return _cut(draw_text(text, load_font(font, max(4, round(height_px / _digit_height(font))))))


@cache
def _digit_height(font: Path) -> float:
    """How tall a font's 0 is, over the font's nominal size."""
    top, bottom = load_font(font, 200).getbbox("0")[1::2]
    return float(bottom - top) / 200


def write_word(text: str, height_px: int, rng: np.random.Generator) -> Ink:
    """A word, its capitals `height_px` tall: printed as often as written by hand."""
    if rng.random() < 0.5:
        return print_text(text, height_px, draw_font(rng))
    font = int(rng.choice(HAND_FONTS))
    (width, height), below = cv2.getTextSize(text, font, 1.0, 1)
    scale = OVERSAMPLING * height_px / height
    pen = max(OVERSAMPLING, round(OVERSAMPLING * height_px * float(np.exp(rng.uniform(*np.log(PEN_WIDTHS))))))
    rim = 10 + 2 * pen
    canvas = np.zeros((int((height + 2 * below) * scale) + 2 * rim, int((width + 10) * scale) + 2 * rim), np.uint8)
    cv2.putText(canvas, text, (rim, int((height + below / 2) * scale) + rim), font, scale, 255, pen, cv2.LINE_AA)
    return _cut(_shrink(_bend(canvas, 0.1 * height_px * OVERSAMPLING, rng)))


def scribble(size_px: int, rng: np.random.Generator) -> Ink:
    """A drawing without meaning, about so large: a wild curve, zigzags, or a shape of straight lines."""
    kind = rng.integers(3)
    if kind == 0:
        knots = rng.normal(size=(int(rng.integers(5, 14)), 2)).cumsum(axis=0)
        steps = np.linspace(0, len(knots) - 1, 60)
        points = np.stack([np.interp(steps, range(len(knots)), column) for column in knots.T], axis=1)
        points = np.stack([np.convolve(column, np.ones(5) / 5, "valid") for column in points.T], axis=1)
    elif kind == 1:
        points = np.stack([np.arange(20) % 20, 8.0 * (np.arange(20) % 2)], axis=1) + rng.normal(0, 0.7, (20, 2))
    else:
        corners = rng.uniform(0, 1, (int(rng.integers(3, 7)), 2))
        points = np.concatenate([corners, corners[:1]])
    points = (points - points.min(axis=0)) * (size_px / max(float(np.ptp(points, axis=0).max()), 1e-3))
    return draw_strokes([points.astype(np.float32)], size_px * float(rng.uniform(0.01, 0.04)))


def _bend(ink: Ink, waves_px: float, rng: np.random.Generator) -> Ink:
    """Ink slanted and warped by slow waves, as a hand writes."""
    height = ink.shape[0]
    slant, phase, pitch = rng.uniform(-0.1, 0.5), rng.uniform(0, 6.3, 2), rng.uniform(0.8, 2.0) * height
    rim = int(height * abs(slant) / 2 + 2 * waves_px) + 2
    padded = cv2.copyMakeBorder(ink, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=0)
    y, x = np.mgrid[: padded.shape[0], : padded.shape[1]].astype(np.float32)
    moved_x = x + slant * (y - rim - height / 2) + waves_px * np.sin(y / height * 3 + x / pitch + phase[0])
    moved_y = y + waves_px * np.sin(x / pitch * 4 + phase[1])
    return np.asarray(
        cv2.remap(padded, moved_x.astype(np.float32), moved_y.astype(np.float32), cv2.INTER_LINEAR), np.uint8
    )


def _shrink(canvas: Ink) -> Ink:
    scale = 1 / OVERSAMPLING
    return np.asarray(cv2.resize(canvas, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), np.uint8)


def _cut(ink: Ink) -> Ink:
    cut = crop_to_ink(ink)
    return np.full((1, 1), INK_LEVEL, np.uint8) if cut is None else cut
