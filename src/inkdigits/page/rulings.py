"""Ruled and squared paper, frames of table cells, long underlines: found and wiped out of the ink."""

import math
from itertools import pairwise

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
# A side so many times as thick as the thinnest of its cell is a digit's stroke between two ruled lines. Thickness is
# looked for within so many pixels of the side, at so many places along it.
STROKE, AROUND_PX, PLACES = 1.6, 4, 15
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
# Ink that reaches out of a line by more than so many pixels and shares of its thickness is a stroke that crosses it; so
# is what is so many times darker; but not what is narrower than this share of a line's thickness: its rough edge.
LEAST_OUT_PX, LEAST_OUT, DARKER, NARROWEST = 1.5, 0.35, 1.4, 0.25
# What is left and lower than this share of a digit is a remnant if so much of it lies on lines.
REMNANT, MOST_OF_REMNANT = 0.6, 0.6
# A line may be bent, and its tone change: both are found anew in stretches of so many pixels. Its soft edge is so wide.
STRETCH_PX, SOFT_EDGE_PX = 96, 1.5
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
    cleaned, ruled = ink.copy(), np.zeros(ink.shape, np.bool_)
    flat, steep, digit = _find_segments(ink)
    for segment in flat:
        _wipe(cleaned, ruled, segment)
    for segment in steep:
        _wipe(cleaned.T, ruled.T, segment[[1, 0, 3, 2]])
    _wipe_remnants(cleaned, ruled, REMNANT * digit)
    return cleaned


def _find_segments(ink: Ink) -> tuple[Segments, Segments, float]:
    """Nearly level and nearly upright lines (N, 4), x0, y0, x1, y1 in pixels, and the usual height of digits or 0."""
    height, width = ink.shape
    scale = min(1.0, SEARCH_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    # INTER_AREA would wash out a line of one pixel: spread the ink before it is sampled.
    spread = math.ceil(1 / scale)
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
    flat, steep = np.concatenate([flat, sides[is_flat]]), np.concatenate([steep, sides[~is_flat]])
    return flat / scale, steep / scale, digit / scale


def _find_cells(mask: npt.NDArray[np.uint8], digit: float) -> Segments:
    """The sides of boxes and table cells, (N, 4): paper that is enclosed by ink, with four corners as no digit has."""
    contours, tree = cv2.findContours(mask, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    depth = cv2.dilate(cv2.distanceTransform(mask, cv2.DIST_L2, 3), np.ones((2 * AROUND_PX + 1,) * 2, np.uint8))
    along = np.linspace(0.15, 0.85, PLACES)[:, None, None]
    cells = [np.zeros((0, 4), np.float32)]
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
            following = np.roll(corners, -1, axis=0)
            x, y = np.moveaxis(np.round(corners + along * (following - corners)).astype(int), 2, 0)
            thickness = np.median(depth[y, x], axis=0)
            is_line = thickness <= STROKE * thickness.min()
            cells.append(np.concatenate([corners, following], axis=1)[is_line].astype(np.float32))
    return np.concatenate(cells)


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


def _wipe(ink: Ink, ruled: npt.NDArray[np.bool_], segment: Segments) -> None:
    """Wipe one nearly level line out of `ink` and mark it on `ruled`; not if it is not thin for the most part."""
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
    if (_sample(ink, xs, centre, reach)[1] >= INK_LEVEL).any(axis=0).mean() < COVERED:
        return
    deepest = reach + int(np.ceil(np.clip(MAX_THICKNESS_SHARE * max(height, width), 4, MAX_THICKNESS_PX)))
    rows, tones = _sample(ink, xs, centre, deepest)
    first, last = _nearest_runs(tones >= INK_LEVEL, np.full(len(xs), deepest))
    thickness = last - first + 1
    has_ink = (thickness > 0) & (first <= deepest + reach) & (last >= deepest - reach)
    usual = float(np.percentile(thickness[has_ink], 40))
    thin = has_ink & (thickness <= CROSSING * usual + 1)
    if usual > deepest - reach or thin.sum() < 0.5 * has_ink.sum():
        return
    course = _follow((first + last) / 2, thin)
    off = np.abs(np.arange(len(rows))[:, None] - course)
    strokes = _find_strokes(tones, course, thin, usual)
    on_line = (rows >= 0) & (rows < height) & (off <= usual / 2 + SOFT_EDGE_PX)
    columns = np.broadcast_to(xs[None], rows.shape)
    ruled[rows[on_line], columns[on_line]] = True
    ink[rows[on_line & ~strokes], columns[on_line & ~strokes]] = 0


def _wipe_remnants(ink: Ink, ruled: npt.NDArray[np.bool_], least_px: float) -> None:
    """Wipe what is left of lines alone, as where they cross: small pieces of ink that lie on lines mostly."""
    if not ruled.any():
        return
    _, labels, stats, _ = cv2.connectedComponentsWithStats((ink >= INK_LEVEL).astype(np.uint8), connectivity=8)
    on_lines = np.bincount(labels[ruled], minlength=len(stats))
    is_remnant = (on_lines > MOST_OF_REMNANT * stats[:, 4]) & (np.maximum(stats[:, 2], stats[:, 3]) < least_px)
    is_remnant[0] = False
    ink[is_remnant[labels]] = 0


def _find_strokes(
    tones: npt.NDArray[np.uint8], course: npt.NDArray[np.float64], thin: npt.NDArray[np.bool_], usual: float
) -> npt.NDArray[np.bool_]:
    """In which columns a stroke crosses the line of this course: its ink reaches out of it, or is darker."""
    first, last = _nearest_runs(tones >= INK_LEVEL, np.round(course).astype(np.intp))
    out = np.maximum(course - first, last - course) - (usual - 1) / 2
    on_line = np.abs(np.arange(len(tones))[:, None] - course) <= usual / 2
    peaks = np.max(np.where(on_line, tones, 0), axis=0)
    strokes = (out > max(LEAST_OUT_PX, LEAST_OUT * usual)) | (peaks > DARKER * _follow(peaks, thin))
    # Where a stroke leaves a line on the other side than it came, it lies within the line for a few columns.
    closed = cv2.morphologyEx(strokes.astype(np.uint8)[None], cv2.MORPH_CLOSE, _row(2 * usual))
    return np.asarray(cv2.morphologyEx(closed, cv2.MORPH_OPEN, _row(NARROWEST * usual))[0] > 0)


def _row(length: float) -> npt.NDArray[np.uint8]:
    """A kernel of one row, about so long, that does not move what it is applied to."""
    return np.ones((1, 2 * round(length / 2) + 1), np.uint8)


def _sample(
    ink: Ink, xs: npt.NDArray[np.intp], centre: npt.NDArray[np.intp], reach: int
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.uint8]]:
    """The rows up to `reach` around a centre in each column, (2 reach + 1, N), and the ink there; 0 outside."""
    rows = centre[None] + np.arange(-reach, reach + 1)[:, None]
    tones = ink[np.clip(rows, 0, len(ink) - 1), xs[None]]
    return rows, np.where((rows >= 0) & (rows < len(ink)), tones, 0).astype(np.uint8)


def _nearest_runs(
    inked: npt.NDArray[np.bool_], places: npt.NDArray[np.intp]
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The first and the last row of the ink nearest to a place in each column; -1 and -2 where there is none."""
    index = np.arange(len(inked))[:, None]
    nearest = np.argmin(np.where(inked, np.abs(index - places), 10**6), axis=0)
    columns = np.arange(inked.shape[1])
    above = np.maximum.accumulate(np.where(inked, -1, index), axis=0)[nearest, columns]
    below = np.minimum.accumulate(np.where(inked, len(inked), index)[::-1], axis=0)[::-1][nearest, columns]
    has_ink = inked[nearest, columns]
    return np.where(has_ink, above + 1, -1), np.where(has_ink, below - 1, -2)


def _follow(values: npt.NDArray[np.generic], trusted: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """What is usual of a line in each column: the medians of stretches of it, joined."""
    edges = np.linspace(0, len(values), max(1, len(values) // STRETCH_PX) + 1).astype(int)
    places, medians = [], []
    for left, right in pairwise(edges.tolist()):
        own = left + np.flatnonzero(trusted[left:right])
        if len(own):
            places.append(float(own.mean()))
            medians.append(float(np.median(values[own])))
    return np.interp(np.arange(len(values)), places, medians)
