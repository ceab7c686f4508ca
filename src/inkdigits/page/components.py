"""Ink that hangs together, and which of it may be digits: by size, shape and place, beside what the net is sure of."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Ink

# Ink at least this strong joins what it touches.
INK_LEVEL = 80
# No digit is smaller than this on the working picture, or than this share of the ink's usual height.
MIN_HEIGHT_PX, MIN_AREA_PX = 7, 12
SPECK_HEIGHT = 0.3
# From this chance on, what hangs together is a digit as it stands. A sure digit may be as small as this.
SURE, SURE_HEIGHT_PX = 0.9, 12
# What the detector is so sure of is left, whatever its size and shape, if the rim does not cut it.
SURE_MARKED = 0.9
# Sure digits that it gives less than this are the corners of a frame: they say nothing about the size of the others.
TELLING_MARKED = 0.3
# What ink weighs that is no sure digit, where the usual height is looked for.
UNSURE_WEIGHT = 0.002
# What is narrower than this share of its height is a bar: a 1, or what is left of a border. If its stroke is under this
# share of the sure digits' strokes it is what is left of a ruling.
BAR, THIN_BAR = 0.3, 0.6
# What is flatter than this is a dash or a remnant of a ruling; what is fuller is a stain.
MAX_ASPECT, MAX_FILL = 6.0, 0.9
# A frame, drawing, stain or desk is so many times the usual height, and no sure digit; a frame is as empty as this.
FRAME_HEIGHT, FRAME_FILL = 2.5, 0.12
# What lies within this share of the usual height from the rim and is so thin is the remnant of a border; so is what is
# smaller than digits are or as empty as a frame, and comes so near to it.
RIM_DEPTH, RIM_THIN = 0.5, 0.3
RIM_GAP, RIM_HEIGHT = 0.3, 0.6
# What the rim cuts and is so many times as high as sure digits is a desk, a shadow or the edge of the paper.
RIM_LARGEST = 1.8
# A broken digit: strokes under this share of the usual height, one above the other with so much of the narrower one's
# width shared, so near, and together no taller than a digit.
STACKED_HEIGHT, STACKED_OVERLAP, STACKED_GAP, STACKED_TOTAL = 0.7, 0.5, 0.35, 1.2
# An underline is so many times as wide as high.
FLAT = 3.0
# More pieces than this are texture; the tallest are kept.
MAX_PIECES = 1500
# A piece is a fragment beside one so many times as tall and near (in heights of that one).
FRAGMENT_RATIO, FRAGMENT_MAX_RATIO, FRAGMENT_GAP = 2.2, 8.0, 0.6


class Components(NamedTuple):
    """Ink that hangs together and may hold digits.

    Attributes:
        labels: (H, W) int32, 0 where there is none.
        numbers: (N,) their labels on the map.
        stats: (N, 5) int32: x, y, width, height, area in pixels.
    """

    labels: npt.NDArray[np.int32]
    numbers: npt.NDArray[np.intp]
    stats: npt.NDArray[np.int32]

    def box(self, place: int) -> Box:
        """Around the component in this place of the list."""
        return Box(*(int(value) for value in self.stats[place, :4]))

    def mean_over(self, plane: npt.NDArray[np.uint8]) -> npt.NDArray[np.float64]:
        """(N,) what a plane (H, W) says of the ink of each, 0 to 1."""
        inked = np.flatnonzero(self.labels)
        sums = np.bincount(self.labels.ravel()[inked], plane.ravel()[inked], int(self.labels.max()) + 1)
        return np.asarray(sums[self.numbers] / (255 * self.stats[:, 4]))


def find_components(ink: Ink) -> Components:
    """What hangs together, less what is no digit by its size and shape alone.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink, without rulings.
    """
    found = cv2.connectedComponentsWithStats((ink >= INK_LEVEL).astype(np.uint8), connectivity=8)
    labels, stats = np.asarray(found[1], np.int32), np.asarray(found[2], np.int32)
    width, height, area = stats[:, 2:].T.astype(np.float64)
    fill = area / np.maximum(width * height, 1)
    likely = (area >= MIN_AREA_PX) & (np.maximum(width, height) >= MIN_HEIGHT_PX)
    likely &= width <= MAX_ASPECT * np.maximum(height, 1)
    likely &= (fill < MAX_FILL) | (height > 2.5 * width)
    likely[0] = False
    kept = np.flatnonzero(likely)
    kept = kept[np.argsort(-height[kept], kind="stable")[:MAX_PIECES]]
    return Components(labels, kept, stats[kept])


def smallest_digit(components: Components, confidences: npt.NDArray[np.floating]) -> int:
    """The height of the smallest sure digit, in pixels; the least that a digit has, where none is sure."""
    heights = components.stats[:, 3]
    sure = heights[(confidences >= SURE) & (heights >= SURE_HEIGHT_PX)]
    return int(sure.min()) if len(sure) else MIN_HEIGHT_PX


def sort_out(
    components: Components, confidences: npt.NDArray[np.floating], marked: npt.NDArray[np.floating]
) -> tuple[Components, npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """What may be digits or parts of them, the strokes of broken digits joined.

    Args:
        components: what hangs together.
        confidences: (N,) how sure the net is that each of them is one digit, 0 to 1.
        marked: (N,) how sure the detector is that the ink of each is that of digits, 0 to 1.

    Returns:
        The components that are left; whether each is a sure digit; whether it is a fragment, small beside a near one.
    """
    labels, sure = components.labels.copy(), confidences >= SURE
    kept = np.flatnonzero(_likely(components.stats, sure, marked, labels.shape))
    numbers, stats, sure = components.numbers[kept], components.stats[kept], sure[kept]
    _join_stacked(labels, numbers, stats, sure)
    left = stats[:, 4] > 0
    numbers, stats, sure = numbers[left], stats[left], sure[left]
    return Components(labels, numbers, stats), sure, _fragments(stats) & ~sure


def _likely(
    stats: npt.NDArray[np.int32],
    sure: npt.NDArray[np.bool_],
    marked: npt.NDArray[np.floating],
    shape: tuple[int, ...],
) -> npt.NDArray[np.bool_]:
    """Which components may be digits or parts of them, beside the size of the others and their place on the page."""
    if not len(stats):
        return np.zeros(0, bool)
    x, y, width, height, area = stats.T.astype(np.float64)
    fill = area / np.maximum(width * height, 1)
    to_rim = np.minimum(np.minimum(x, y), np.minimum(shape[1] - x - width, shape[0] - y - height))
    # What the rim cuts is as often a shadow, a border or the edge of the paper as it is writing.
    inner = to_rim > 0
    counted = inner if inner.any() else ~inner
    # A bar may be a 1 as well as what is left of a border: it says little about the size of the digits.
    is_bar = width < BAR * height
    telling = sure & ~is_bar & (marked >= TELLING_MARKED)
    usual = _usual(height[counted], fill[counted], telling[counted])
    likely = (np.maximum(height, width) >= SPECK_HEIGHT * usual) | (sure & (height >= SURE_HEIGHT_PX))
    likely &= (height < FRAME_HEIGHT * usual) | ((fill > FRAME_FILL) & sure & ~is_bar)
    # The stroke of what is no bar is about half of what its ink leaves for each pixel of its height and width.
    strokes = area / np.where(is_bar, height, height + width)
    pens = strokes[telling]
    likely &= ~is_bar | (strokes >= THIN_BAR * (float(np.median(pens)) if len(pens) else 0.0))
    depth = np.minimum(np.minimum(x + width, y + height), np.minimum(shape[1] - x, shape[0] - y))
    is_line = (depth <= RIM_DEPTH * usual) & (np.minimum(width, height) < RIM_THIN * usual)
    if telling[inner].any():
        likely &= inner | (height < RIM_LARGEST * usual)
    at_rim = to_rim <= RIM_GAP * usual
    likely &= ~(is_line | (at_rim & ((height < RIM_HEIGHT * usual) | (fill < FRAME_FILL))))
    is_marked = (marked >= SURE_MARKED) & (height >= SURE_HEIGHT_PX) & inner
    return np.asarray(likely | is_marked, np.bool_)


def _join_stacked(
    labels: npt.NDArray[np.int32],
    numbers: npt.NDArray[np.intp],
    stats: npt.NDArray[np.int32],
    sure: npt.NDArray[np.bool_],
) -> None:
    """Give strokes of one broken digit, one above the other, one label; what is joined to another has area 0 then."""
    heights = stats[:, 3].astype(np.float64)
    usual = _usual(heights, stats[:, 4] / (stats[:, 2] * heights), sure)
    for piece in np.flatnonzero((heights < STACKED_HEIGHT * usual) & ~sure).tolist():
        x, y, width, height = stats[piece, :4]
        left, top = np.minimum(stats[:, 0], x), np.minimum(stats[:, 1], y)
        right = np.maximum(stats[:, 0] + stats[:, 2], x + width)
        bottom = np.maximum(stats[:, 1] + stats[:, 3], y + height)
        shared = np.minimum(stats[:, 0] + stats[:, 2], x + width) - np.maximum(stats[:, 0], x)
        gap = np.maximum(stats[:, 1], y) - np.minimum(stats[:, 1] + stats[:, 3], y + height)
        fits = (shared >= STACKED_OVERLAP * np.minimum(stats[:, 2], width)) & (gap <= STACKED_GAP * usual)
        fits &= (bottom - top <= STACKED_TOTAL * usual) & (stats[:, 4] > 0)
        fits &= (stats[:, 4] < 20 * stats[piece, 4]) & (stats[:, 3] < usual)
        # What lies flat below is an underline; a 5's top flies above it.
        fits &= (width < FLAT * height) | (stats[:, 1] > y)
        fits[piece] = False
        if not fits.any():
            continue
        other = int(np.argmin(np.where(fits, gap, np.inf)))
        window = labels[y : y + height, x : x + width]
        window[window == numbers[piece]] = numbers[other]
        area = stats[other, 4] + stats[piece, 4]
        stats[other] = left[other], top[other], right[other] - left[other], bottom[other] - top[other], area
        stats[piece, 4], sure[other] = 0, False


def _usual(heights: npt.NDArray[np.float64], fill: npt.NDArray[np.float64], sure: npt.NDArray[np.bool_]) -> float:
    """The height of most of the ink, 0 where there is none.

    The median, each piece weighing as its height to the power of 1.5, less where it is as empty as a frame and where
    it is no sure digit: then many specks weigh little, and so do a large shadow, a drawing and a frame.
    """
    if not len(heights):
        return 0.0
    order = np.argsort(heights)
    weights = heights**1.5 * np.minimum(fill / FRAME_FILL, 1) ** 2 * np.where(sure, 1, UNSURE_WEIGHT)
    total = np.cumsum(weights[order])
    return float(heights[order][np.searchsorted(total, total[-1] / 2)])


def _fragments(stats: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which components are small beside a near one."""
    x, y, width, height = stats[:, :4].T.astype(np.float64)
    right, bottom = x + width, y + height
    gap_x = np.maximum(x[None] - right[:, None], x[:, None] - right[None])
    gap_y = np.maximum(y[None] - bottom[:, None], y[:, None] - bottom[None])
    near = (gap_x < FRAGMENT_GAP * height[:, None]) & (gap_y < 0.25 * height[:, None])
    ratio = height[:, None] / np.maximum(height[None], 1)
    return np.asarray((near & (ratio > FRAGMENT_RATIO) & (ratio < FRAGMENT_MAX_RATIO)).any(axis=0))
