"""Frames that hold no digit, so that a net learns to be unsure of them: letters, signs, pairs, scribbles, textures.

A net that is trained to give all ten digits the same chance on such frames is unsure of others of their kind, too
(outlier exposure; Hendrycks, Mazeika and Dietterich, "Deep Anomaly Detection with Outlier Exposure", 2019).
"""

from collections.abc import Callable

import cv2
import numpy as np

from inkdigits.arrays import FRAME_SIZE, Frame, Frames, Ink, Labels
from inkdigits.digit.frame import to_frame
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.letters import draw_text, find_fonts, find_hands, find_ornate, load_font
from inkdigits.training.synthetic.pen import draw_letters

# What no font draws like a digit; left out is what some do, see `inkdigits.training.synthetic.letter_strokes`.
SIGNS = "AEFHKLMNPRTVWXadefhikmnprtuvwxÄÅÑÖÜäéñöüßÆæŒœΔΣΨΩλπψ@#?%=+*&$€£~-_<>^!:;.,\"'{}†¶©®×÷±≠≤≥∞√"
FONT_PX = 48
CANVAS_PX = 64


def draw_clutter(count: int, digits: Images, rng: np.random.Generator) -> Frames:
    """Draw frames that show something other than a digit.

    Args:
        count: how many.
        digits: at least two, from which pairs and parts are made.
        rng: the only source of chance: the same state gives the same frames.

    Returns:
        (count, 28, 28) uint8 frames.
    """
    frames = np.empty((count, FRAME_SIZE, FRAME_SIZE), np.uint8)
    is_written = rng.random(count) < WRITTEN_SHARE
    frames[is_written] = draw_letters(int(is_written.sum()), rng)
    draw, shares = list(SHARES), np.array(list(SHARES.values()))
    for place in np.flatnonzero(~is_written):
        frames[place] = draw[rng.choice(len(draw), p=shares / shares.sum())](digits, rng)
    return frames


def draw_printed(digits: Labels, rng: np.random.Generator) -> Frames:
    """(N, 28, 28) uint8 frames of printed digits, each in a font of its own."""
    return np.array([to_frame(_print(str(digit), rng)) for digit in digits]).reshape(-1, FRAME_SIZE, FRAME_SIZE)


def _print(text: str, rng: np.random.Generator) -> Ink:
    fonts = find_fonts()
    return draw_text(text, load_font(fonts[rng.integers(len(fonts))], FONT_PX))


def _sign(_: Images, rng: np.random.Generator) -> Frame:
    """A printed letter or sign."""
    return to_frame(_print(SIGNS[rng.integers(len(SIGNS))], rng))


def _ornate(_: Images, rng: np.random.Generator) -> Frame:
    """A letter in script or fraktur."""
    letters = find_ornate()
    letter, font = letters[rng.integers(len(letters))]
    return to_frame(draw_text(letter, load_font(font, FONT_PX)))


def _hand(_: Images, rng: np.random.Generator) -> Frame:
    """A letter in a font that imitates a hand; now and then a question mark, which is a 2 or a 7 but for its dot."""
    letters = find_hands()
    letter, font = letters[rng.integers(len(letters))]
    letter = "?" if rng.random() < QUESTION_SHARE else letter
    return to_frame(draw_text(letter, load_font(font, FONT_PX)))


def _word(_: Images, rng: np.random.Generator) -> Frame:
    """Two to four letters that a careless cut left together."""
    letters = [chr(ord("a") + letter) for letter in rng.integers(26, size=rng.integers(2, 5))]
    return to_frame(_print("".join(letters), rng))


def _pair(digits: Images, rng: np.random.Generator) -> Frame:
    """Two digits that touch or nearly do: each alone could be read, the two together are no digit."""
    left, right = (_trim(digits.images[place]) for place in rng.integers(len(digits.labels), size=2))
    gap = int(rng.integers(-4, 5))
    low, high = rng.integers(0, 7, size=2)
    canvas = np.zeros((FRAME_SIZE + 8, left.shape[1] + right.shape[1] + 8), np.uint8)
    canvas[low : low + left.shape[0], : left.shape[1]] = left
    place = max(0, left.shape[1] + gap)  # a thin 1 is narrower than the overlap
    part = canvas[high : high + right.shape[0], place : place + right.shape[1]]
    np.maximum(part, right, out=part)
    return to_frame(canvas)


def _trim(frame: Ink) -> Ink:
    columns, rows = np.flatnonzero(frame.max(axis=0)), np.flatnonzero(frame.max(axis=1))
    return frame[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else frame


def _scribble(_: Images, rng: np.random.Generator) -> Frame:
    """A line that wanders with many turns, or several short ones."""
    canvas = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    thickness = int(rng.integers(1, 6))
    for _line in range(rng.integers(1, 4)):
        corners = rng.uniform(6, CANVAS_PX - 6, (rng.integers(7, 16), 2)).astype(np.float32)
        steps = np.linspace(0, len(corners) - 1, 12 * len(corners))
        bent = np.stack([np.interp(steps, np.arange(len(corners)), corners[:, axis]) for axis in (0, 1)], axis=1)
        curve = cv2.GaussianBlur(bent, (1, 15), float(rng.uniform(0.3, 5)))
        cv2.polylines(canvas, [np.asarray(curve.round(), np.int32)], False, 255, thickness, cv2.LINE_AA)
    return to_frame(canvas)


def _texture(_: Images, rng: np.random.Generator) -> Frame:
    """Noise of some grain, stripes or squares, over the whole square or in a part of it."""
    noise = rng.standard_normal((CANVAS_PX, CANVAS_PX)).astype(np.float32)
    grain = cv2.GaussianBlur(noise, (0, 0), float(np.exp(rng.uniform(-1, 2))))
    axis = np.arange(CANVAS_PX)
    period = rng.uniform(5, 22)
    turn = rng.uniform(0, np.pi)
    across = np.cos(turn) * axis[:, None] + np.sin(turn) * axis[None]
    along = np.cos(turn) * axis[None] - np.sin(turn) * axis[:, None]
    waves = np.sin(2 * np.pi * across / period) + rng.integers(2) * np.sin(2 * np.pi * along / period)
    field = (grain / grain.std(), waves)[rng.integers(2)]
    picture = np.clip(128 + 128 * rng.uniform(0.3, 4) * (field - rng.uniform(-0.5, 1.2)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(picture, (FRAME_SIZE, FRAME_SIZE), interpolation=cv2.INTER_AREA), np.uint8)


def _blot(_: Images, rng: np.random.Generator) -> Frame:
    """A filled spot, a dash, a frame's corner or a piece of table: what rulings and stains leave behind."""
    canvas = np.zeros((CANVAS_PX, CANVAS_PX), np.uint8)
    middle, thickness = CANVAS_PX // 2, int(rng.integers(2, 9))
    kind = rng.integers(5)
    if kind == 0:
        axes = tuple(int(length) for length in rng.integers(8, 26, size=2))
        cv2.ellipse(canvas, (middle, middle), axes, float(rng.uniform(0, 180)), 0, 360, 255, -1, cv2.LINE_AA)
    elif kind == 1:
        tilt = int(rng.integers(-8, 9))
        cv2.line(canvas, (6, middle - tilt), (CANVAS_PX - 6, middle + tilt), 255, thickness, cv2.LINE_AA)
    else:
        first, second = (int(place) for place in rng.integers(4, CANVAS_PX - 4, size=2))
        cv2.line(canvas, (0, first), (CANVAS_PX, first), 255, thickness)
        cv2.line(canvas, (second, first if kind == 2 else 0), (second, CANVAS_PX), 255, thickness)
        if kind == 4:
            cv2.line(canvas, (0, CANVAS_PX - 4), (CANVAS_PX, CANVAS_PX - 4), 255, thickness)
    return to_frame(canvas)


def _blank(_: Images, rng: np.random.Generator) -> Frame:
    """Paper, clean or with a faint grain."""
    grain = rng.uniform(0, 40) * rng.random((FRAME_SIZE, FRAME_SIZE)) * (rng.random((FRAME_SIZE, FRAME_SIZE)) < 0.3)
    return np.asarray(grain * rng.integers(2), np.uint8)


# How much of each there is besides the letters that the pen writes.
WRITTEN_SHARE = 0.3
# Of the letters in fonts that imitate a hand.
QUESTION_SHARE = 0.1
SHARES: dict[Callable[[Images, np.random.Generator], Frame], float] = {
    _sign: 0.2,
    _ornate: 0.08,
    _hand: 0.25,
    _word: 0.06,
    _pair: 0.16,
    _scribble: 0.12,
    _texture: 0.07,
    _blot: 0.06,
    _blank: 0.03,
}
