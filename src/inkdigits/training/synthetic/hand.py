"""How a hand writes: lines that are never twice the same.

From the skeletons of the forms to lines: every point a little off, strokes that end too soon or too late, corners cut
in a hurry, a slant, a trembling, a narrow or a wide hand. Which pen draws the lines is said in `pen`.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats
from inkdigits.training.synthetic.letter_strokes import LETTERS
from inkdigits.training.synthetic.skeletons import SAMPLES, Skeletons, build_skeletons
from inkdigits.training.synthetic.strokes import FORMS

# How unsteady the hand is. Standard deviations in hundredths of the digit's height; looked at on docs/pictures/pen.png
# and chosen so that every form stays the digit it is.
POINT_JITTER = 1.6  # each point by itself
STROKE_JITTER = 2.2  # a stroke against the others
END_JITTER = 4.0  # how far a stroke ends too soon or too late
WAVE_JITTER = 3.0  # a smooth warp of the whole
TREMOR = 0.7  # along the line
# Slant and turn in degrees: most hands, and every fourth as the clerks of old were taught.
SLANT_DEG, SLANT_SPREAD_DEG, SLANT_RANGE_DEG = 6.0, 11.0, (-25.0, 42.0)
CLERK_SHARE, CLERK_SLANT_DEG, CLERK_SPREAD_DEG = 0.25, 32.0, 7.0
TURN_SPREAD_DEG = 4.0
# Width over height. A hand varies it by a fifth or so; data sets and scanners stretch a digit to any of ASPECTS, but
# a bar is not stretched to a block, nor a 7 pressed to a 1.
ASPECT_SPREAD, ASPECT_RANGE = 0.18, (0.75, 1.5)
STRETCHED_SHARE, ASPECTS, STRETCHES = 0.2, (0.4, 1.3), (0.75, 1.6)


class Posture(NamedTuple):
    """What stays the same while one hand writes: slant and turn in degrees, width over the form's width."""

    slant_deg: float
    turn_deg: float
    aspect: float


# How much a hand's slant and turn vary from digit to digit, in degrees, and its aspect.
POSTURE_JITTER_DEG, POSTURE_ASPECT_JITTER = 2.5, 0.06


def draw_posture(rng: np.random.Generator) -> Posture:
    """The posture of a hand drawn by lot."""
    is_clerk = rng.random() < CLERK_SHARE
    slant = rng.normal(*((CLERK_SLANT_DEG, CLERK_SPREAD_DEG) if is_clerk else (SLANT_DEG, SLANT_SPREAD_DEG)))
    aspect = float(np.exp(rng.normal(0, 0.25)))
    return Posture(
        float(np.clip(slant, *SLANT_RANGE_DEG)),
        float(rng.normal(0, TURN_SPREAD_DEG)),
        float(np.clip(aspect, 0.55, 1.6)),
    )


@cache
def load_skeletons() -> Skeletons:
    """The skeletons of all `FORMS`, then of all `LETTERS`, built once."""
    return build_skeletons(FORMS + LETTERS)


def write_lines(forms: npt.NDArray[np.integer], rng: np.random.Generator, posture: Posture | None = None) -> Floats:
    """Write each form once.

    Args:
        forms: (N,) integers, places in `FORMS + LETTERS`.
        rng: the only source of chance.
        posture: of the hand that writes them all; by default each is written by another hand.

    Returns:
        (N, SAMPLES, 2) float32, (x, y) along the line, in about hundredths of the digit's height, y downwards.
    """
    lines = _warp(_trace(load_skeletons(), forms, rng), rng)
    return _set_up(lines, rng) if posture is None else _hold(lines, posture, rng)


def join_zeros(count: int, rng: np.random.Generator) -> tuple[Floats, list[tuple[float, float]]]:
    """Zeros written in one line, as hands join them: rings side by side, from top to top.

    Args:
        count: how many, at least 1.
        rng: the only source of chance.

    Returns:
        The line, (M, 2) float32 in hundredths of the digits' height, its foot at 100; where each zero begins and ends.
    """
    size, wide, gap = rng.uniform(0.45, 0.95), rng.uniform(28, 60), rng.uniform(-6, 34)
    droop = rng.uniform(0, 16)
    points, spans, left = [], [], 0.0
    for _ in range(count):
        angle = np.linspace(0, 2 * np.pi * rng.uniform(0.95, 1.15), 18) - np.pi / 2 + rng.normal(0.4, 0.25)
        broad = wide * rng.uniform(0.85, 1.15)
        x = left + broad / 2 * (1 - np.cos(angle + np.pi / 2 + 1.2))
        points.append(np.stack([x, 50 + 50 * np.sin(-angle)], axis=1))
        spans.append((left * size, (left + broad) * size))
        left += broad + gap
        points.append(np.array([[left - gap / 2, rng.uniform(0, 20) + droop]]))
    line = (np.concatenate(points[:-1]) - np.array([0, 100])) * size + np.array([0, 100])
    return line.astype(np.float32), spans


def _hold(lines: Floats, posture: Posture, rng: np.random.Generator) -> Floats:
    """Lines turned, slanted and stretched as one hand does it."""
    count = len(lines)
    slant = np.tan(np.deg2rad(posture.slant_deg + normal(rng, (count, 1), POSTURE_JITTER_DEG)))
    turn = np.deg2rad(posture.turn_deg + normal(rng, (count, 1), POSTURE_JITTER_DEG))
    x = lines[:, :, 0] * posture.aspect * np.exp(normal(rng, (count, 1), POSTURE_ASPECT_JITTER))
    y = lines[:, :, 1]
    x = x - slant * y
    x, y = x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn)
    return np.stack([x, y], axis=2).astype(np.float32)


def _trace(skeletons: Skeletons, forms: npt.NDArray[np.integer], rng: np.random.Generator) -> Floats:
    """The lines (n, M, 2) of the forms, their points and strokes displaced, their corners cut by some."""
    points = skeletons.points[forms]
    count = len(points)
    strokes = skeletons.strokes[forms]
    of_strokes = normal(rng, (count, int(skeletons.strokes.max()) + 1, 2), STROKE_JITTER)
    too_far = normal(rng, (count, points.shape[1], 1), END_JITTER) * (skeletons.outwards[forms] @ points)
    points = points + too_far + normal(rng, points.shape, POINT_JITTER)
    points += np.take_along_axis(of_strokes, strokes[:, :, None], axis=1)
    hurry = rng.random((count, 1, 1), np.float32) ** 2
    lines: Floats = (1 - hurry) * (skeletons.sharp[forms] @ points) + hurry * (skeletons.rounded[forms] @ points)
    return lines


def _warp(lines: Floats, rng: np.random.Generator) -> Floats:
    """Lines bent as a whole: the waist higher or lower, waves of about the digit's size, a tremor along the line."""
    count = len(lines)
    height = np.clip(lines[:, :, 1:] / 100, 0, 1)
    waist = normal(rng, (count, 1, 1), 8.0)
    bent: Floats = lines + waist * np.array([0, 1], np.float32) * np.sin(np.pi * height)
    # The bar of a 1 is bent less sideways than the bowl of an 8: a wave of that size would make it an s.
    reach = np.ptp(lines, axis=1, keepdims=True) / np.array([60, 100], np.float32)
    for _ in range(2):
        direction = normal(rng, (count, 2, 2), 0.6 * 2 * np.pi / 100)
        phase = rng.random((count, 1, 2), np.float32) * np.float32(2 * np.pi)
        bent += reach * normal(rng, (count, 1, 2), WAVE_JITTER) * np.sin(lines @ direction + phase)
    bent += reach * normal(rng, (count, 1, 1), TREMOR) * smooth_noise(rng, count, 2, 2.0)
    return bent


def _set_up(lines: Floats, rng: np.random.Generator) -> Floats:
    """Lines turned, slanted and stretched."""
    count = len(lines)
    turn = np.deg2rad(normal(rng, (count,), TURN_SPREAD_DEG))
    is_clerk = rng.random(count) < CLERK_SHARE
    slant_deg = np.where(is_clerk, CLERK_SLANT_DEG, SLANT_DEG)
    slant_deg = slant_deg + np.where(is_clerk, CLERK_SPREAD_DEG, SLANT_SPREAD_DEG) * normal(rng, (count,), 1.0)
    slant = np.tan(np.deg2rad(np.clip(slant_deg, *SLANT_RANGE_DEG)))
    aspect = np.clip(np.exp(normal(rng, (count, 1), ASPECT_SPREAD)), *ASPECT_RANGE)
    x, y = lines[:, :, 0] * aspect, lines[:, :, 1]
    x = x - slant[:, None] * y
    x, y = x * np.cos(turn)[:, None] - y * np.sin(turn)[:, None], x * np.sin(turn)[:, None] + y * np.cos(turn)[:, None]
    stretch = rng.uniform(*ASPECTS, count) * np.ptp(y, axis=1) / np.ptp(x, axis=1)
    is_stretched = ~is_clerk & (rng.random(count) < STRETCHED_SHARE)
    x = x * np.where(is_stretched, np.clip(stretch, *STRETCHES), 1)[:, None]
    return np.stack([x, y], axis=2).astype(np.float32)


def smooth_noise(rng: np.random.Generator, count: int, channels: int, scale: float) -> Floats:
    """(n, M, channels) float32 noise of standard deviation 1, smooth along the line over `scale` samples."""
    index = np.arange(SAMPLES)
    kernel = np.exp(-((index[:, None] - index) ** 2) / (2 * scale**2))
    kernel = (kernel / np.sqrt((kernel**2).sum(axis=1, keepdims=True))).astype(np.float32)
    noise: Floats = kernel @ normal(rng, (count, SAMPLES, channels), 1.0)
    return noise


def normal(rng: np.random.Generator, shape: tuple[int, ...], deviation: float) -> Floats:
    """Float32 normal noise around 0."""
    noise: Floats = rng.standard_normal(shape, np.float32) * np.float32(deviation)
    return noise
