"""The page as if the camera had looked straight at it: its rows level, its columns upright.

Lines that are parallel on paper meet in a point on a photo. Among such pencils of lines, one near the level and one near the
upright, those are taken along which what looks like a line piles up best.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Gray
from inkdigits.table.rulings import measure_ridges

# Directions are looked for on a copy of this size.
SIDE_PX = 640
# How steep lines may be (15 degrees and what perspective adds), and how much that may change over half of the copy.
MAX_SLOPE, MAX_CHANGE = 0.42, 0.18
SLOPES, CHANGES = np.linspace(-MAX_SLOPE, MAX_SLOPE, 85), np.linspace(-MAX_CHANGE, MAX_CHANGE, 19)
# A line is seen over so many pixels of the copy, in directions so far apart; these many points of it count.
LENGTH_PX, DIRECTIONS, MOST_POINTS = 25, 17, 4000
# A page is cut in so many parts along the lines, so that bent lines still pile up.
PARTS = 3

Matrix = npt.NDArray[np.float64]


class Plane(NamedTuple):
    """A page made straight.

    Attributes:
        gray: (H, W) uint8.
        valid: (H, W) bool, what the photo shows.
        matrix: (3, 3), from points of the straight page to points of the photo.
    """

    gray: Gray
    valid: npt.NDArray[np.bool_]
    matrix: Matrix


def straighten(gray: Gray) -> Plane:
    """Make a page straight that has lines or writing in rows.

    Args:
        gray: (H, W) uint8, dark on light.
    """
    height, width = gray.shape
    scale = min(1.0, SIDE_PX / max(height, width))
    size = max(8, round(width * scale)), max(8, round(height * scale))
    small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
    level = _find_pencil(small)
    upright = _find_pencil(np.ascontiguousarray(small.T))
    half = max(size) / 2
    matrix = _square(level, upright, width, height, half / size[0] * width)
    return _warp(gray, matrix)


def _find_pencil(small: Gray) -> tuple[float, float]:
    """How steep level lines are in the middle of the picture, and how that changes over `max(H, W) / 2` downwards."""
    y, x, slope, weight = _find_points(small)
    if len(x) < 20:
        return 0.0, 0.0
    height, width = small.shape
    half = max(small.shape) / 2
    x, y = x - width / 2, y - height / 2
    part = np.clip(((x / width + 0.5) * PARTS).astype(int), 0, PARTS - 1)
    bins = 3 * height
    best, found = -1.0, (0.0, 0.0)
    for change in CHANGES:
        for base in SLOPES:
            # A point (x, y) lies on the line of the pencil that crosses the middle at y0: y = y0 + slope(y0) x.
            middle = (y - base * x) / (1 + change * x / half)
            fits = np.abs(slope - base - change * middle / half) < 0.06
            place = np.clip(middle[fits] + bins / 2, 0, bins - 1).astype(int)
            piled = np.bincount(part[fits] * bins + place, weight[fits], PARTS * bins)
            piled = piled[:-1] + piled[1:]
            score = float((piled * piled).sum()) * (1 - 0.1 * abs(base) - 0.2 * abs(change))
            if score > best:
                best, found = score, (float(base), float(change))
    return found


def _find_points(small: Gray) -> tuple[Matrix, Matrix, Matrix, Matrix]:
    """y, x, slope and strength of points on what may be level lines."""
    ridges = measure_ridges(small, (2, 4))
    best = np.full(small.shape, -1.0, np.float32)
    which = np.zeros(small.shape, np.uint8)
    slopes = np.linspace(-MAX_SLOPE, MAX_SLOPE, DIRECTIONS)
    for number, slope in enumerate(slopes):
        reach = int(np.ceil(LENGTH_PX / 2 * abs(slope)))
        kernel = np.zeros((2 * reach + 1, LENGTH_PX), np.float32)
        along = np.arange(LENGTH_PX)
        kernel[np.round(reach + slope * (along - LENGTH_PX // 2)).astype(int), along] = 1 / LENGTH_PX
        seen = cv2.filter2D(ridges, cv2.CV_32F, kernel)
        which[seen > best] = number
        np.maximum(best, seen, out=best)
    peak = best >= cv2.dilate(best, np.ones((5, 1), np.uint8))
    least = max(
        float(np.partition(best.ravel(), -min(best.size, 20 * small.shape[1]))[-min(best.size, 20 * small.shape[1])]),
        0.01,
    )
    y, x = np.nonzero(peak & (best >= least))
    strength = best[y, x]
    if len(x) > MOST_POINTS:
        keep = np.argsort(-strength, kind="stable")[:MOST_POINTS]
        y, x, strength = y[keep], x[keep], strength[keep]
    # Faint lines count nearly as much as dark ones.
    return y.astype(float), x.astype(float), slopes[which[y, x]], np.sqrt(strength.astype(float))


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
