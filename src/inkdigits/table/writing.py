"""What is written on a straight page: the boxes of its connected components, and how tall its digits are."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Gray
from inkdigits.ink import to_ink

INK_LEVEL = 110
# Smaller components are specks; larger ones than this share of the page are frames.
SPECK_PX, FRAME = 4, 0.15
# Digits are this tall over the usual height of what may be one, and no wider than this many heights.
DIGITS, WIDE = (0.55, 1.9), 2.5

Array = npt.NDArray[np.float64]


class Writing(NamedTuple):
    """The components of a page.

    Attributes:
        boxes: (N, 4) left, top, right, bottom of those that may be digits.
        height: how tall digits are; 0 where there are none.
    """

    boxes: Array
    height: float

    def transposed(self) -> "Writing":
        """That on the transposed page."""
        return Writing(self.boxes[:, [1, 0, 3, 2]], self.height)


def find_writing(gray: Gray, erased: npt.NDArray[np.bool_]) -> Writing:
    """The components that may be digits.

    Args:
        gray: (H, W) uint8, dark on light.
        erased: (H, W) bool, what does not count: lines, what the photo does not show.
    """
    mask = (to_ink(gray) >= INK_LEVEL) & ~erased
    stats = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)[2][1:]
    x, y, width, height, area = np.asarray(stats, np.float64).T
    limit = FRAME * min(gray.shape)
    may_be = (height >= SPECK_PX) & (height < limit) & (width < 3 * limit) & (width < 6 * height) & (area >= 6)
    may_be &= height < 12 * width + 4
    if not may_be.any():
        return Writing(np.zeros((0, 4)), 0.0)
    # Dots of dotted lines are many but small.
    usual = _weighted_median(height[may_be], height[may_be] ** 2)
    digits = may_be & (height > DIGITS[0] * usual) & (height < DIGITS[1] * usual) & (width < WIDE * usual)
    boxes = np.stack([x, y, x + width, y + height], axis=1)[digits]
    return Writing(boxes, float(np.median(height[digits])) if digits.any() else 0.0)


def _weighted_median(values: Array, weights: Array) -> float:
    order = np.argsort(values)
    total = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(total, total[-1] / 2)])
