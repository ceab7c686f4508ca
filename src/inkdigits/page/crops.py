"""A number on a page → a crop of ink, always as tall: what the recognizer reads."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Ink, enclosing_box

# How tall a crop is, and how much more than the box it shows above and below, and on either side, in the box's height.
CROP_PX, ABOVE, ASIDE = 32, 0.18, 0.35
# The recognizer answers for points along the crop, so many pixels apart.
POINT_PX = 2
# How steep a row may be, and how much speaks for a level one: so many digits a height from the middle.
MAX_SLOPE, LEVEL = 0.32, 1.0
# A crop narrower than this shows no digit, and a wider one no number.
WIDTHS_PX = (16, 640)


class Crop(NamedTuple):
    """A part of a page.

    Attributes:
        ink: (32, W) uint8, 0 = paper, 255 = full ink; W a multiple of 8.
        left: where it begins on the page, in the page's pixels.
        scale: so many of its pixels from left to right are one of the page.
    """

    ink: Ink
    left: float
    scale: float


def to_crop(ink: Ink, boxes: Sequence[Box], stretch: float = 1.0) -> Crop:
    """The ink along a row of boxes and around it, levelled and scaled to the height of a crop.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink.
        boxes: around at least one digit, with sides of at least a pixel; they may reach beyond the ink, where there is
            paper.
        stretch: how much wider the crop becomes than it stands on the page.
    """
    around = enclosing_box(list(boxes))
    array = np.asarray(boxes, np.float64)
    slope = _find_slope(array)
    # Of each box, how far below the middle of the row its middle is through the slope alone.
    below = slope * (array[:, 0] + array[:, 2] / 2 - around.x - around.width / 2)
    top, bottom = float((array[:, 1] - below).min()), float((array[:, 1] + array[:, 3] - below).max())
    height = bottom - top
    left, right = around.x - ASIDE * height, around.x + around.width + ASIDE * height
    top, height = top - ABOVE * height, (1 + 2 * ABOVE) * height
    scale = CROP_PX / height
    width = int(np.clip((right - left) * scale * stretch, *WIDTHS_PX)) // 8 * 8
    drop = abs(slope) * (right - left) / 2
    x, y = max(0, int(left)), max(0, int(top - drop))
    shrink = max(1, int(1 / scale))
    small = _shrink(ink[y : max(y + 1, round(top + height + drop)), x : max(x + 1, round(right))], shrink)
    across = width / (right - left)
    # From a point of the crop to one of the small window; OpenCV counts from the middle of the first pixel.
    level = slope * (left - around.x - around.width / 2)
    matrix = np.array(
        [
            [1 / across, 0, left - x + 0.5 / across],
            [slope / across, 1 / scale, top - y + level + (0.5 / scale) + slope * 0.5 / across],
        ]
    )
    matrix = matrix / shrink - [[0, 0, 0.5], [0, 0, 0.5]]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return Crop(np.asarray(cv2.warpAffine(small, matrix, (width, CROP_PX), flags=flags), np.uint8), left, across)


def _find_slope(boxes: npt.NDArray[np.float64]) -> float:
    """How much a row of boxes falls (y per x, positive: down to the right); the fewer there are, the less it may."""
    x, y = (boxes[:, axis] + boxes[:, 2 + axis] / 2 for axis in (0, 1))
    x, y = x - x.mean(), y - y.mean()
    slope = (x * y).sum() / ((x**2).sum() + LEVEL * np.median(boxes[:, 3]) ** 2)
    return float(np.clip(slope, -MAX_SLOPE, MAX_SLOPE))


def _shrink(window: Ink, times: int) -> Ink:
    """A window so many times smaller: the largest of the neighbours, so that thin strokes stay whole."""
    rows, columns = (-(-side // times) for side in window.shape)
    padded = np.pad(window, [(0, rows * times - window.shape[0]), (0, columns * times - window.shape[1])])
    return np.asarray(padded.reshape(rows, times, columns, times).max(axis=(1, 3)))
