"""Ink of a page → where its digits stand, as a small fully convolutional net sees them on an image pyramid.

It sees what stands around: a bar is a 1 among digits, but none in a frame, on squared paper or in a word.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Floats, Ink
from inkdigits.digit.frame import INK_LEVEL
from inkdigits.onnx_files import WEIGHTS, open_net

WEIGHTS_FILE = WEIGHTS / "detector.onnx"
GEOMETRY = "ink (N, H, W) uint8, H and W multiples of 16; output (N, H / 2, W / 2, 5): ink, centre, offsets, size"
# The net answers for every second pixel, and knows digits of up to this many pixels.
STRIDE, LARGEST_PX = 2, 44
# It halves a picture four times; what stands so near to the rim of a part is seen by the next part, too.
MULTIPLE, RIM_PX = 16, 64
# Larger pictures go through the net in parts: its memory is bounded, and parts without ink cost nothing.
PART_PX = 768
# What the net's outputs mean: offsets in units of this many points, sizes in octaves of this many pixels.
OFFSET_UNIT, SIZE_PX = 8.0, 22.0
# How far around a centre the points of its digit are asked for its size, in points, and how near to the centre their
# offsets must lead (a standard deviation).
REACH, NEAR = 6, 2.0
# Two centres nearer to each other than this share of the larger digit are one digit.
LEAST_DISTANCE = 0.28

Number = TypeVar("Number", np.uint8, np.uint16)


class Detection(NamedTuple):
    """A digit on a page.

    Attributes:
        x: its centre, in pixels of the page.
        y: likewise.
        size: its height, in pixels of the page.
        confidence: that one stands there, 0 to 1.
    """

    x: float
    y: float
    size: float
    confidence: float

    @property
    def box(self) -> Box:
        """About where it stands: the net says nothing of its width."""
        width = 0.6 * self.size
        left, top = round(self.x - width / 2), round(self.y - self.size / 2)
        return Box(left, top, max(1, round(width)), max(1, round(self.size)))


class Detector:
    """Finds the digits of a page. One detector serves many threads at once."""

    def __init__(self, path: Path = WEIGHTS_FILE) -> None:
        """Open the net.

        Raises:
            ModelError: the file is not an ONNX model.
            ContractError: it is one, but not a detector that this version can serve.
        """
        from multiprocessing import parent_process  # what reads one digit need not wait for it

        # One of several processes that share a folder of pictures leaves the other cores to its siblings.
        threads = 1 if parent_process() else 0
        self._session, contract = open_net(path, "detector", GEOMETRY, "", ("threshold",), threads)
        self._threshold = contract.numbers["threshold"]

    def find(self, ink: Ink) -> list[Detection]:
        """The digits of a page, surest first; may be empty.

        The page is seen at several sizes, each half of the one before, down to the size of one digit.

        Args:
            ink: (H, W) uint8, 0 = paper, 255 = full ink.
        """
        found: list[Detection] = []
        scale = 1
        while True:
            found += [
                Detection(one.x * scale, one.y * scale, one.size * scale, one.confidence)
                for one in _find_centres(self._see(ink), self._threshold)
            ]
            if max(ink.shape) <= LARGEST_PX:
                return _suppress(found)
            ink, scale = halve(ink), 2 * scale

    def _see(self, ink: Ink) -> Floats:
        """What the net says of every second pixel, (h, w, 5); nothing where there is no ink for long."""
        height, width = ink.shape
        seen = np.zeros((-(-height // STRIDE), -(-width // STRIDE), 5), np.float32)
        seen[:, :, :2] = -20.0  # logits
        for y, x, part in _parts(ink):
            if (part >= INK_LEVEL).any():
                (output,) = self._session.run(None, {"ink": part[None]})
                place = seen[y // STRIDE : (y + PART_PX) // STRIDE, x // STRIDE : (x + PART_PX) // STRIDE]
                rim = _rim(ink) // STRIDE
                place[:] = output[0, rim:, rim:][: place.shape[0], : place.shape[1]]
        return seen


def _find_centres(seen: Floats, threshold: float) -> list[Detection]:
    """The digits that one size of the page shows: local maxima of the centres' heat map."""
    logits = seen[:, :, 1]
    least = float(np.log(threshold / (1 - threshold)))
    is_top = (logits >= least) & (logits >= cv2.dilate(logits, np.ones((3, 3), np.uint8)))
    found = []
    for y, x in np.argwhere(is_top).tolist():
        size = _measure(seen, y, x)
        if size is not None:
            confidence = 1 / (1 + np.exp(-float(logits[y, x])))
            found.append(Detection((x + 0.5) * STRIDE, (y + 0.5) * STRIDE, size, confidence))
    return found


def _measure(seen: Floats, y: int, x: int) -> float | None:
    """How tall a digit is: the mean of what the points say that call (y, x) their centre; None where none does."""
    top, left = max(0, y - REACH), max(0, x - REACH)
    part = seen[top : y + REACH + 1, left : x + REACH + 1]
    is_ink = 1 / (1 + np.exp(-part[:, :, 0]))
    row, column = np.mgrid[top : top + part.shape[0], left : left + part.shape[1]]
    off_x, off_y = OFFSET_UNIT * part[:, :, 2] + column - x, OFFSET_UNIT * part[:, :, 3] + row - y
    weight = is_ink * np.exp(-(off_x**2 + off_y**2) / (2 * NEAR**2))
    total = float(weight.sum())
    return None if total < 0.05 else float(SIZE_PX * 2 ** ((weight * part[:, :, 4]).sum() / total))


def _suppress(found: list[Detection]) -> list[Detection]:
    """Non-maximum suppression: of detections that are one digit, the surest."""
    kept: list[Detection] = []
    for one in sorted(found, key=lambda one: -one.confidence):
        near = (LEAST_DISTANCE * max(one.size, other.size) for other in kept)
        if all(np.hypot(one.x - other.x, one.y - other.y) > limit for other, limit in zip(kept, near, strict=True)):
            kept.append(one)
    return kept


def halve(plane: npt.NDArray[Number]) -> npt.NDArray[Number]:
    """A plane (H, W) at half its size, rounded up: the largest of four neighbours, so that thin strokes stay whole."""
    even = np.pad(plane, [(0, side % 2) for side in plane.shape])
    rows = np.maximum(even[::2], even[1::2])
    return np.asarray(np.maximum(rows[:, ::2], rows[:, 1::2]))


def _rim(ink: Ink) -> int:
    """How far a part reaches beyond what is looked for in it: a picture of one part has nothing there but paper."""
    return MULTIPLE if max(ink.shape) <= PART_PX else RIM_PX


def _parts(ink: Ink) -> Iterator[tuple[int, int, Ink]]:
    """The parts of a picture with a rim around each, and where they begin."""
    (height, width), rim = ink.shape, _rim(ink)
    for y in range(0, height, PART_PX):
        for x in range(0, width, PART_PX):
            size = min(PART_PX, height - y), min(PART_PX, width - x)
            size = tuple(-(-side // MULTIPLE) * MULTIPLE + 2 * rim for side in size)
            part = np.zeros(size, np.uint8)
            top, left = max(0, y - rim), max(0, x - rim)
            window = ink[top : y - rim + size[0], left : x - rim + size[1]]
            into = top - y + rim, left - x + rim
            part[into[0] : into[0] + window.shape[0], into[1] : into[1] + window.shape[1]] = window
            yield y, x, part
