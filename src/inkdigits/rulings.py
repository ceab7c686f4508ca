"""Ruled and squared paper, frames of table cells, long underlines: found and wiped out of the ink."""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Ink

# Ink at least this strong is looked at: rulings are often paler than the pen.
INK_LEVEL = 60
# Lines are sought on a copy of this size; its pixels are the tolerance with which a line must be straight.
SEARCH_SIDE_PX = 800
# A ruling is at least this share of the picture's width or height long and so many digits long, or it is a border along
# the rim.
ACROSS, DIGITS_LONG = 0.25, 2.0
# A cell is this large on that copy and beside the digits, and fills so much of the rectangle around it: an ellipse, as
# in a 0, fills 0.79 of it.
LEAST_CELL_PX, LEAST_CELL, LEAST_RECTANGULAR = 12, 0.75, 0.88
# The same share where no digits stand free of the rulings to compare with, which is where pieces of their shape hold
# less than this share of the ink.
FAR_ACROSS, LEAST_FREE = 0.8, 0.04
# A piece of ink is no part of a ruling if it is shorter than so many digits and broader than this share of one.
LARGEST, SLIMMEST = 1.6, 0.35
# The rim is so wide a zone, and a border runs along so much of it (shares of the picture).
RIM_ZONE, ALONG_RIM = 0.12, 0.6
# It leans by at most this slope: 15 degrees and what perspective adds.
MAX_SLOPE = 0.32
# Along a ruling this share of the places has ink, and most of that ink is thin.
COVERED = 0.6
# Ink up to so many times as thick as the line is the line; thicker is a stroke that crosses it and stays.
CROSSING = 1.7
# What is thicker than this share of the picture or than so many pixels is no ruling.
MAX_THICKNESS_SHARE, MAX_THICKNESS_PX = 0.05, 24

Segments = npt.NDArray[np.float32]


def remove_rulings(ink: Ink) -> Ink:
    """Wipe out long straight lines, and leave the strokes that cross them.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink.

    Returns:
        (H, W) uint8, a copy.
    """
    cleaned = ink.copy()
    flat, steep = _find_segments(ink)
    for segment in flat:
        _wipe(cleaned, segment)
    for segment in steep:
        _wipe(cleaned.T, segment[[1, 0, 3, 2]])
    return cleaned


def _find_segments(ink: Ink) -> tuple[Segments, Segments]:
    """Nearly level and nearly upright lines (N, 4): x0, y0, x1, y1 in pixels."""
    height, width = ink.shape
    scale = min(1.0, SEARCH_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # INTER_AREA would wash out a line of one pixel: spread the ink before it is sampled.
    spread = round(1 / scale)
    mask = (cv2.dilate(ink, np.ones((spread, spread), np.uint8)) if spread > 1 else ink) >= INK_LEVEL
    small = np.asarray(cv2.resize(mask.astype(np.uint8), size, interpolation=cv2.INTER_NEAREST), np.uint8)
    unwiped = small.copy()
    digit = _wipe_digits(small)
    sides = _find_cells(unwiped, digit)
    shortest = max(8.0, min(max(DIGITS_LONG * digit, ACROSS * min(size)), ALONG_RIM * min(size)))
    found = cv2.HoughLinesP(small, 1, np.pi / 360, int(shortest / 2), None, shortest, 3 + 0.02 * max(size))
    lines = np.zeros((0, 4), np.float32) if found is None else np.asarray(found, np.float32).reshape(-1, 4)
    run, rise = np.abs(lines[:, 2] - lines[:, 0]), np.abs(lines[:, 3] - lines[:, 1])
    flat = lines[(rise <= MAX_SLOPE * run) & _is_ruling(lines, run, size[0], size[1], digit)]
    turned = lines[:, [1, 0, 3, 2]]
    steep = lines[(run <= MAX_SLOPE * rise) & _is_ruling(turned, rise, size[1], size[0], digit)]
    is_flat = np.abs(sides[:, 3] - sides[:, 1]) <= np.abs(sides[:, 2] - sides[:, 0])
    return np.concatenate([flat, sides[is_flat]]) / scale, np.concatenate([steep, sides[~is_flat]]) / scale


def _find_cells(mask: npt.NDArray[np.uint8], digit: float) -> Segments:
    """The sides of boxes and table cells, (N, 4): paper that is enclosed by ink, with four corners as no digit has."""
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    sides: list[list[float]] = []
    for contour, (_, _, _, parent) in zip(contours, [] if tree is None else tree[0], strict=True):
        if parent < 0:
            continue
        hull = cv2.convexHull(contour)
        width, height = cv2.minAreaRect(hull)[1]
        if (
            min(width, height) < max(LEAST_CELL_PX, LEAST_CELL * digit)
            or cv2.contourArea(hull) < LEAST_RECTANGULAR * width * height
        ):
            continue
        corners = cv2.approxPolyDP(hull, 0.05 * cv2.arcLength(hull, True), True).reshape(-1, 2)
        if len(corners) == 4:
            sides += [[*a, *b] for a, b in zip(corners.tolist(), np.roll(corners, -1, axis=0).tolist(), strict=True)]
    return np.array(sides, np.float32).reshape(-1, 4)


def _is_ruling(
    lines: Segments, length: npt.NDArray[np.float32], along: int, across: int, digit: float
) -> npt.NDArray[np.bool_]:
    middle = (lines[:, 1] + lines[:, 3]) / 2
    at_rim = np.minimum(middle, across - 1 - middle) < RIM_ZONE * across
    is_long = (length >= (ACROSS if digit else FAR_ACROSS) * along) & (length >= DIGITS_LONG * digit)
    return is_long | (at_rim & (length >= ALONG_RIM * along))


def _wipe_digits(mask: npt.NDArray[np.uint8]) -> float:
    """Wipe pieces of a digit's shape out of `mask`, in place: their tops and feet stand in line too.

    Returns:
        The height of most of the ink that is in such pieces, in pixels; 0 where there is next to none.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    width, height, area = stats[:, 2], stats[:, 3], stats[:, 4].copy()
    area[0] = 0  # the paper
    # Smaller than this there are only specks, and what is left of digits that hang on the rulings.
    least = min(11.0, 0.08 * min(mask.shape))
    likely = (width < 0.5 * mask.shape[1]) & (height < 3.0 * width + 8) & (width < 3.0 * height) & (height >= least)
    if area[likely].sum() <= LEAST_FREE * area.sum():
        return 0.0
    order = np.argsort(height[likely])
    total = np.cumsum(area[likely][order])
    digit = float(height[likely][order][np.searchsorted(total, total[-1] / 2)])
    longer, shorter = np.maximum(width, height), np.minimum(width, height)
    mask[((longer < LARGEST * digit) & (shorter > SLIMMEST * digit))[labels]] = 0
    return digit


def _wipe(ink: Ink, segment: Segments) -> None:
    """Wipe one nearly level line out of `ink`, in place; leave it if it is not thin along most of its length."""
    height, width = ink.shape
    if segment[0] > segment[2]:
        segment = segment[[2, 3, 0, 1]]
    x0, y0, x1, y1 = segment
    slope = (y1 - y0) / max(x1 - x0, 1.0)
    # A little beyond both ends: the search stops where the line grows faint.
    beyond = 0.03 * (x1 - x0) + 2
    xs = np.arange(max(0, int(x0 - beyond)), min(width, int(x1 + beyond) + 1))
    centre = np.round(y0 + slope * (xs - x0)).astype(int)
    reach = int(np.ceil(max(3, 2 * max(height, width) / SEARCH_SIDE_PX)))
    deepest = reach + int(np.ceil(np.clip(MAX_THICKNESS_SHARE * max(height, width), 4, MAX_THICKNESS_PX)))
    offsets = np.arange(-deepest, deepest + 1)
    rows = centre[None] + offsets[:, None]
    inside = (rows >= 0) & (rows < height)
    rows = np.clip(rows, 0, height - 1)
    inked = (ink[rows, xs[None]] >= INK_LEVEL) & inside
    # The ink nearest the line, and how far it reaches up and down from there.
    nearest = np.argmin(np.where(inked, np.abs(offsets)[:, None], 10**6), axis=0)
    columns = np.arange(len(xs))
    has_ink = inked[nearest, columns] & (np.abs(offsets[nearest]) <= reach)
    if has_ink.mean() < COVERED:
        return
    index = np.arange(len(offsets))[:, None]
    blank_above = np.maximum.accumulate(np.where(inked, -1, index), axis=0)[nearest, columns]
    blank_below = np.minimum.accumulate(np.where(inked, len(offsets), index)[::-1], axis=0)[::-1][nearest, columns]
    thickness = blank_below - blank_above - 1
    usual = float(np.percentile(thickness[has_ink], 40))
    thin = has_ink & (thickness <= CROSSING * usual + 1)
    if usual > deepest - reach or thin.sum() < 0.5 * has_ink.sum():
        return
    # Two points more on both sides: the soft edge of the line.
    where = thin & inside & (index > blank_above - 2) & (index < blank_below + 2)
    ink[rows[where], np.broadcast_to(xs[None], where.shape)[where]] = 0
