"""Digits that touch what is left of a ruling or frame → detached from it: the detector says which ink is theirs."""

from collections.abc import Callable

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Ink
from inkdigits.page.components import INK_LEVEL

# A connected component over this share of the picture's width or height is a ruling, a frame or a long number.
ACROSS = 0.25
# Digits touch it if the detector is so sure of some of its ink. What the detector gives less than the second is none of
# theirs: a lone 1 that it overlooks stays whole.
SURE, LEAST = 0.9, 0.3
# A stroke is as wide as the detector's points, and more: what is so many pixels around a likely point is likely, too.
AROUND_PX = 5


def detach_digits(ink: Ink, look: Callable[[], npt.NDArray[np.uint8]]) -> Ink:
    """Wipe out what is no digit's in components that reach over much of the picture and hold digits.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink.
        look: gives what `Detector.probabilities` says, (H, W) uint8; called only where a component reaches so far.

    Returns:
        (H, W) uint8, a copy where something is wiped out.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink >= INK_LEVEL).astype(np.uint8), connectivity=8)
    height, width = ink.shape
    is_far = (stats[:, cv2.CC_STAT_WIDTH] >= ACROSS * width) | (stats[:, cv2.CC_STAT_HEIGHT] >= ACROSS * height)
    far = [number for number in np.flatnonzero(is_far).tolist() if number]
    if not far:
        return ink
    probabilities = cv2.dilate(look(), np.ones((AROUND_PX, AROUND_PX), np.uint8))
    detached = ink.copy()
    for number in far:
        x, y, width, height = stats[number, :4].tolist()
        around = slice(max(0, y - 1), y + height + 1), slice(max(0, x - 1), x + width + 1)
        own = labels[around] == number
        if probabilities[around][own].max() >= 255 * SURE:
            with_edge = cv2.dilate(own.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
            detached[around][with_edge & (probabilities[around] < 255 * LEAST)] = 0
    return detached
