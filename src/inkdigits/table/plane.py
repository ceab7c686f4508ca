"""The page as if the camera had looked straight at it: its rows level, its columns upright.

Lines that are parallel on paper meet in a point on a photo. Among such pencils of lines, one about level and one about
upright, those are taken along which what looks like a line piles up best.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats, Gray
from inkdigits.ink import is_light_on_dark
from inkdigits.table.rulings import CLEAR, measure_ridges

# Directions are looked for on a copy of this size.
SIDE_PX = 640
# How steep lines may be (15 degrees and what perspective adds), and how much that may change over half of the copy.
SLOPES, CHANGES = np.linspace(-0.42, 0.42, 43), np.linspace(-0.2, 0.2, 11)
# Level and upright lines turn together, but for perspective: how much it counts where they do not.
ASKEW = 10.0
# A line is seen over this many pixels of the copy, in directions so far apart; these many points of it count.
LENGTH_PX, DIRECTIONS, MOST_POINTS = 25, 17, 4000
# In which directions a point is seen: at least by this share of the best.
SEEN = 0.85
# A page is cut in this many parts along the lines, so that bent lines still pile up.
PARTS = 3
# Lines are piled up in this many bins over one and a half times the longer side.
BINS = 960

Matrix = npt.NDArray[np.float64]


class Plane(NamedTuple):
    """A page made straight.

    Attributes:
        gray: (H, W) uint8, dark on light.
        valid: (H, W) bool, what the photo shows.
        matrix: (3, 3), from points of the straight page to points of the photo.
    """

    gray: Gray
    valid: npt.NDArray[np.bool_]
    matrix: Matrix


def straighten(gray: Gray) -> Plane:
    """Make a page straight that has lines or writing in rows, and dark on light.

    Args:
        gray: (H, W) uint8, dark on light or light on dark.
    """
    height, width = gray.shape
    scale = min(1.0, SIDE_PX / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
    points = _find_both(small)
    if is_light_on_dark(small):
        # A light card on a dark table looks so, too: there dark lines are the clearer ones.
        inverted = _find_both(255 - small)
        if sum(some.weight.sum() for some in inverted) > sum(some.weight.sum() for some in points):
            gray, points = 255 - gray, inverted
    level, upright = _find_pencils(points)
    half = max(size) / 2
    matrix = _square(level, upright, width, height, half / size[0] * width)
    return _warp(gray, matrix)


class _Points(NamedTuple):
    """Points on what may be level lines, from the middle of the picture, over half of its longer side."""

    x: Matrix
    y: Matrix
    slope: Matrix
    weight: Matrix
    part: npt.NDArray[np.intp]


def _find_both(small: Gray) -> list[_Points]:
    """Points on what may be level lines, and on what may be upright ones."""
    return [_find_points(small), _find_points(np.ascontiguousarray(small.T))]


def _find_pencils(both: list[_Points]) -> tuple[tuple[float, float], tuple[float, float]]:
    """How steep level lines are in the middle of the picture, how that changes downwards; upright ones, likewise."""
    tables = [np.array([[_pile(points, base, change) for change in CHANGES] for base in SLOPES]) for points in both]
    tables = [table / max(float(table.max()), 1e-9) for table in tables]
    best = [table.max(axis=1) for table in tables]
    together = best[0][:, None] + best[1][None] - ASKEW * (SLOPES[:, None] + SLOPES[None]) ** 2
    found = []
    for points, table, base in zip(both, tables, np.unravel_index(together.argmax(), together.shape), strict=True):
        change = int(table[base].argmax())
        steps = np.linspace(-1, 1, 5)
        near = [
            (float(SLOPES[base] + i * (SLOPES[1] - SLOPES[0])), float(CHANGES[change] + j * (CHANGES[1] - CHANGES[0])))
            for i in steps
            for j in steps
        ]
        found.append(max(near, key=lambda pencil: _pile(points, *pencil)) if len(points.x) else (0.0, 0.0))
    return found[0], found[1]


def _pile(points: _Points, base: float, change: float) -> float:
    """How well points pile up along the lines of a pencil."""
    if not len(points.x):
        return 0.0
    # A point (x, y) lies on the line of the pencil that crosses the middle at y0: y = y0 + slope(y0) x.
    middle = (points.y - base * points.x) / (1 + change * points.x)
    fits = np.abs(points.slope - base - change * middle) < 0.06
    place = np.clip((middle[fits] + 1.5) * (BINS / 3), 0, BINS - 2).astype(np.intp)
    piled = np.bincount(points.part[fits] * BINS + place, points.weight[fits], PARTS * BINS)
    piled = piled[:-1] + piled[1:]
    return float((piled * piled).sum()) * (1 - 0.1 * abs(base) - 0.2 * abs(change))


def _find_points(small: Gray) -> _Points:
    ridges = np.clip(measure_ridges(small, (2, 4)), 0, CLEAR)
    slopes = np.linspace(SLOPES[0], SLOPES[-1], DIRECTIONS)
    seen = np.stack([cv2.filter2D(ridges, cv2.CV_32F, _stroke(slope)) for slope in slopes.tolist()])
    best = seen.max(axis=0)
    y, x = np.nonzero((best >= cv2.dilate(best, np.ones((5, 1), np.uint8))) & (best > 0.2 * CLEAR))
    # Of equally clear points some from everywhere.
    order = np.random.default_rng(0).permutation(len(x))
    order = order[np.argsort(-best[y, x][order], kind="stable")[:MOST_POINTS]]
    y, x, strength = y[order], x[order], best[y, x][order].astype(float)
    # A broad line is seen in several directions: it runs in their middle.
    weights = np.maximum(seen[:, y, x] - SEEN * strength, 1e-9)
    slope = (weights * slopes[:, None]).sum(axis=0) / weights.sum(axis=0)
    height, width = small.shape
    half = max(small.shape) / 2
    part = np.clip(x * PARTS // width, 0, PARTS - 1)
    return _Points((x - width / 2) / half, (y - height / 2) / half, slope, strength, part)


def _stroke(slope: float) -> Floats:
    """A piece of a line, as a kernel of sum 1."""
    reach = int(np.ceil(LENGTH_PX / 2 * abs(slope)))
    along = np.arange(LENGTH_PX)
    kernel = np.zeros((2 * reach + 1, LENGTH_PX), np.float32)
    kernel[np.round(reach + slope * (along - LENGTH_PX // 2)).astype(int), along] = 1 / LENGTH_PX
    return kernel


def _square(level: tuple[float, float], upright: tuple[float, float], width: int, height: int, half: float) -> Matrix:
    """From the straight page to the photo, (3, 3); the middle of the photo stays where it is, about."""
    corners = []
    for u, v in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        x0, y0 = u * width / 2, v * height / 2
        a, c = level[0] + level[1] * y0 / half, upright[0] + upright[1] * x0 / half
        # y = y0 + a x and x = x0 + c y
        x = (x0 + c * y0) / (1 - a * c)
        corners.append((x + width / 2, y0 + a * x + height / 2))
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(flat, np.array(corners, np.float32)), np.float64)


def _warp(gray: Gray, matrix: Matrix) -> Plane:
    height, width = gray.shape
    rim = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    ends = cv2.perspectiveTransform(rim, np.linalg.inv(matrix))[0]
    # A wild perspective would make the page endless.
    low = np.clip(ends.min(axis=0), [-width, -height], 0)
    high = np.clip(ends.max(axis=0), [width, height], [2 * width, 2 * height])
    shift = np.array([[1, 0, low[0]], [0, 1, low[1]], [0, 0, 1]])
    total = matrix @ shift
    size = int(high[0] - low[0]), int(high[1] - low[1])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    straight = cv2.warpPerspective(gray, total, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    valid = cv2.warpPerspective(np.full_like(gray, 255), total, size, flags=flags) > 254
    return Plane(np.asarray(straight, np.uint8), valid, total)


def to_photo(points: npt.NDArray[np.float64], matrix: Matrix) -> npt.NDArray[np.float64]:
    """Points (N, 2) of the straight page on the photo."""
    return np.asarray(cv2.perspectiveTransform(points[None].astype(np.float64), matrix)[0], np.float64)
