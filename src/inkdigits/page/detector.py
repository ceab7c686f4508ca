"""Ink of a page → how likely each pixel is a digit's ink, as a small fully convolutional net sees it at several sizes.

It sees what stands around: a bar is a 1 among digits, but none in a frame, on squared paper or in a word.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Ink
from inkdigits.digit.frame import INK_LEVEL
from inkdigits.onnx_files import WEIGHTS, open_onnx

WEIGHTS_FILE = WEIGHTS / "detector.onnx"
# The net answers for every second pixel, and knows digits of up to so many pixels.
STRIDE, LARGEST_PX = 2, 44
# It halves a picture four times; what stands so near to the rim of a part is seen by the next part, too.
MULTIPLE, RIM_PX = 16, 64
# Larger pictures go through the net in parts: its memory is bounded, and parts without ink cost nothing.
PART_PX = 384

Number = TypeVar("Number", np.uint8, np.uint16)


class Detector:
    """Marks the ink of digits on a page. One detector serves many threads at once."""

    def __init__(self, path: Path = WEIGHTS_FILE) -> None:
        """Open the net.

        Raises:
            ModelError: the file is no ONNX model.
        """
        from multiprocessing import parent_process  # what reads one digit need not wait for it

        # One of several processes that share a folder of pictures leaves the other cores to its siblings.
        self._session = open_onnx(path, threads=1 if parent_process() else 0)

    def probabilities(self, ink: Ink, smallest_px: float) -> npt.NDArray[np.uint8]:
        """How likely each pixel, if it is ink, is a digit's: at that size of the page where it is likeliest.

        The page is seen at several sizes, each half of the one before, down to the size of one digit.

        Args:
            ink: (H, W) uint8, 0 = paper, 255 = full ink.
            smallest_px: the height of the smallest digit that is looked for; larger sizes than it needs are left out.

        Returns:
            (H, W) uint8, 0 = never, 255 = surely: a quarter of the memory of floats.
        """
        height, width = ink.shape
        likeliest = np.zeros((height, width), np.uint8)
        scale = 1
        while True:
            if smallest_px <= LARGEST_PX * scale or max(ink.shape) <= LARGEST_PX:
                seen = self._see(ink)
                size = seen.shape[1] * STRIDE * scale, seen.shape[0] * STRIDE * scale
                np.maximum(likeliest, cv2.resize(seen, size)[:height, :width], out=likeliest)
            if max(ink.shape) <= LARGEST_PX:
                return likeliest
            ink = halve(ink)
            scale *= 2

    def _see(self, ink: Ink) -> npt.NDArray[np.uint8]:
        """The probabilities of every second pixel, 0 to 255; 0 where there is no ink for long."""
        height, width = ink.shape
        probabilities = np.zeros((-(-height // STRIDE), -(-width // STRIDE)), np.uint8)
        for y, x, part in _parts(ink):
            if (part >= INK_LEVEL).any():
                (seen,) = self._session.run(None, {"ink": part[None]})
                inner = seen[0, RIM_PX // STRIDE :, RIM_PX // STRIDE :, 0]
                place = probabilities[y // STRIDE : (y + PART_PX) // STRIDE, x // STRIDE : (x + PART_PX) // STRIDE]
                logits = inner[: place.shape[0], : place.shape[1]]
                place[:] = (255 / (1 + np.exp(-np.clip(logits, -30, 30)))).round()
        return probabilities


def halve(plane: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """A plane (H, W) at half its size, rounded up: the largest of four neighbours, so that thin strokes stay whole."""
    even = np.pad(plane, [(0, side % 2) for side in plane.shape])
    rows = np.maximum(even[::2], even[1::2])
    return np.asarray(np.maximum(rows[:, ::2], rows[:, 1::2]))


def _parts(ink: Ink) -> Iterator[tuple[int, int, Ink]]:
    """The parts of a picture with a rim around each, and where they begin."""
    height, width = ink.shape
    for y in range(0, height, PART_PX):
        for x in range(0, width, PART_PX):
            size = min(PART_PX, height - y), min(PART_PX, width - x)
            size = tuple(-(-side // MULTIPLE) * MULTIPLE + 2 * RIM_PX for side in size)
            part = np.zeros(size, np.uint8)
            top, left = max(0, y - RIM_PX), max(0, x - RIM_PX)
            window = ink[top : y - RIM_PX + size[0], left : x - RIM_PX + size[1]]
            into = top - y + RIM_PX, left - x + RIM_PX
            part[into[0] : into[0] + window.shape[0], into[1] : into[1] + window.shape[1]] = window
            yield y, x, part
