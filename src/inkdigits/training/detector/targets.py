"""What is marked on a patch of a page: what the detector is asked, and the right answers.

Where they are certain, the targets say of every second pixel whether it is a digit's ink, whether it is a centre, where
the centre lies, and how large the digit is. Where they are not (a digit half outside, one that hardly left ink), they
leave it open. Reading asks for the ink alone; to know the rest makes the net see digits as wholes.
"""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats, Ink
from inkdigits.page.detector import LARGEST_PX, STRIDE

Bytes = npt.NDArray[np.uint8]

# Digits from about 11 to 44 pixels are marked, those beyond 8.5 and 54 are none, between it is open.
MARKED_PX, OPEN_PX = (11.0, LARGEST_PX), (8.5, 54.0)
# In the net's output offsets are in units of this many points, sizes in octaves of this many pixels.
OFFSET_UNIT, SIZE_PX = 8.0, 22.0
# A broad digit is larger than it is tall.
SIZE_OF_WIDTH = 0.6
# A marked digit has at least this share of its pixels in the patch, and this share of those has this much ink: of
# 2,902 digits 3 had less, half of them more than 0.95.
LEAST_SHOWN, LEAST_INKED, PALE = 0.7, 0.3, 20
# The heat map of centres has a Gaussian on each, as broad as this share of the digit, but no narrower than a point.
GAUSSIAN_SHARE = 0.11
# What may be a digit's ink or not, and may have a centre or not.
IGNORED = 255
# How sizes are kept as bytes: steps per octave, and the byte of `SIZE_PX`.
SIZE_STEPS, SIZE_ZERO = 32, 128


class Patches(NamedTuple):
    """Patches of pages and what is marked on them. A point stands for a square of `STRIDE` pixels.

    Attributes:
        ink: (N, H, W) uint8, 0 = paper, 255 = full ink.
        is_digit: (N, h, w) uint8, 1 for digits' ink, 0 for all else, `IGNORED` where it is open.
        offsets: (N, h, w, 2) int8, on a digit's ink: to its centre, to the right and down, in points.
        centres: (N, h, w) uint8, the heat map: 255 in the centre of a digit, a Gaussian around it.
        sizes: (N, h, w) uint8, on a digit's ink: 32 steps an octave, 128 for a digit of `SIZE_PX` pixels.
    """

    ink: Ink
    is_digit: Bytes
    offsets: npt.NDArray[np.int8]
    centres: Bytes
    sizes: Bytes


def mark_patch(ink: Ink, marks: npt.NDArray[np.uint16], boxes: Floats, shown: Floats) -> Patches:
    """A patch (N = 1) with its targets.

    Args:
        ink: (H, W) uint8, both sides multiples of `STRIDE`.
        marks: (H, W), which digit's ink each pixel is: 1 for the first; 0 for everything else.
        boxes: (K, 4) of the digits: left, top, width, height, in pixels of the patch, also where they lie outside.
        shown: (K,), which share of each digit is in the patch.
    """
    shape = ink.shape[0] // STRIDE, ink.shape[1] // STRIDE
    # Ink that blurred out of a stroke is the digit's, too.
    grown = np.where((marks == 0) & (ink > 0), cv2.dilate(marks, np.ones((3, 3), np.uint8)), marks)
    points = grown.reshape(shape[0], STRIDE, shape[1], STRIDE).max(axis=(1, 3))
    row, column = np.mgrid[: shape[0], : shape[1]].astype(np.float32)
    is_digit, sizes = np.zeros(shape, np.uint8), np.full(shape, SIZE_ZERO, np.uint8)
    offsets, centres = np.zeros((*shape, 2), np.int8), np.zeros(shape, np.float32)
    for number in np.unique(marks[marks > 0]).tolist():
        left, top, width, height = boxes[number - 1].tolist()
        size = max(height, SIZE_OF_WIDTH * width)
        if not OPEN_PX[0] <= size <= OPEN_PX[1]:
            continue
        own, here = marks == number, points == number
        # A whole point is the centre: between points, every fourth digit would have none.
        across, down = (left + width / 2) // STRIDE - column, (top + height / 2) // STRIDE - row
        is_inside = 0 <= across[0, 0] < shape[1] and 0 <= down[0, 0] < shape[0]
        is_shown = shown[number - 1] >= LEAST_SHOWN and (ink[own] >= PALE).mean() >= LEAST_INKED
        if is_inside and is_shown and MARKED_PX[0] <= size <= MARKED_PX[1]:
            is_digit[here] = 1
            offsets[here] = np.clip(np.stack([across, down], axis=2)[here].round(), -60, 60)
            sizes[here] = np.clip(SIZE_ZERO + SIZE_STEPS * np.log2(size / SIZE_PX), 0, 255)
            sigma = max(1.0, GAUSSIAN_SHARE * size / STRIDE)
            centres = np.maximum(centres, np.exp(-(across**2 + down**2) / (2 * sigma**2)))
        else:
            near = (across**2 + down**2 < (size / 4) ** 2) & (is_digit == 0)
            is_digit[here | (near & is_inside)] = IGNORED
    return Patches(ink[None], is_digit[None], offsets[None], (255 * centres).astype(np.uint8)[None], sizes[None])


def beside(patches: list[Patches], axis: int) -> Patches:
    """One after the other (`axis` 0), below the other (1) or to the right (2)."""
    return Patches(*(np.concatenate(column, axis=axis) for column in zip(*patches, strict=True)))
