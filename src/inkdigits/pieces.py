"""Ink → pieces: what hangs together, cut where digits may touch."""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Ink
from inkdigits.frame import stroke_width
from inkdigits.layout import find_lines
from inkdigits.results import Box, enclosing_box
from inkdigits.seams import find_seams
from inkdigits.segment import Labels, Piece

# Ink at least this strong joins what it touches into one piece.
INK_LEVEL = 80
# No digit is smaller than this on the working picture, or than this share of the ink's usual height.
MIN_HEIGHT_PX, MIN_AREA_PX = 7, 12
SPECK_HEIGHT = 0.3
# What is flatter than this is a dash or a remnant of a ruling; what is fuller is a stain.
MAX_ASPECT, MAX_FILL = 6.0, 0.9
# A frame or drawing is so many times the usual height, and as empty as this.
FRAME_HEIGHT, FRAME_FILL = 2.5, 0.12
# What lies within this share of the usual height from the rim and is so thin is the remnant of a border; so is what is
# smaller than digits are, and comes so near to it.
RIM_DEPTH, RIM_THIN = 0.5, 0.3
RIM_GAP, RIM_HEIGHT = 0.3, 0.6
# A broken digit: strokes under this share of the usual height, one above the other with so much of the narrower one's
# width shared, so near, and together no taller than a digit.
STACKED_HEIGHT, STACKED_OVERLAP, STACKED_GAP, STACKED_TOTAL = 0.7, 0.5, 0.35, 1.2
# More pieces than this are texture; the tallest are kept.
MAX_PIECES = 1500
# A piece is a fragment beside one so many times as tall and near (in heights of that one).
FRAGMENT_RATIO, FRAGMENT_MAX_RATIO, FRAGMENT_GAP = 2.2, 8.0, 0.6
# Wider than this share of its height, a piece may be several digits that touch.
CUT_ASPECT = 0.6


def find_pieces(ink: Ink) -> tuple[Labels, list[Piece]]:
    """The pieces of ink that may be digits or parts of digits.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink, without rulings.

    Returns:
        A map (H, W) of int32 labels, 0 where there is no piece, and the pieces.
    """
    mask = (ink >= INK_LEVEL).astype(np.uint8)
    found = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels, stats = np.asarray(found[1], np.int32), np.asarray(found[2], np.int32)
    kept = _likely(stats, ink.shape)
    _join_stacked(labels, stats, kept)
    kept = kept[stats[kept, 4] > 0]
    fragments = _fragments(stats[kept])
    pieces: list[Piece] = []
    next_label = len(stats)
    for component, is_fragment in zip(kept.tolist(), fragments.tolist(), strict=True):
        x, y, width, height, area = (int(value) for value in stats[component])
        if is_fragment or width <= CUT_ASPECT * height:
            pieces.append(Piece(component, component, Box(x, y, width, height), area, is_fragment))
            continue
        window = labels[y : y + height, x : x + width]
        for part in _cut(np.where(window == component, ink[y : y + height, x : x + width], 0).astype(np.uint8)):
            rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
            box = Box(x + int(columns[0]), y + int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
            window[part] = next_label
            pieces.append(Piece(next_label, component, box, int(part.sum()), False))
            next_label += 1
    return labels, pieces


def line_up(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces of each line, left to right; the lines from top to bottom.

    Parts of what hangs together stay on one line, and a fragment goes to that of the nearest whole piece.
    """
    components: dict[int, list[Piece]] = {}
    for piece in pieces:
        if not piece.is_fragment:
            components.setdefault(piece.component, []).append(piece)
    groups = list(components.values())
    boxes = [enclosing_box([piece.box for piece in group]) for group in groups]
    lines = find_lines(boxes)
    result = [[piece for i in line for piece in groups[i]] for line in lines]
    home = {i: n for n, line in enumerate(lines) for i in line}
    for piece in pieces:
        if piece.is_fragment:
            nearest = min(range(len(boxes)), key=lambda i: _distance(piece.box, boxes[i]))
            result[home[nearest]].append(piece)
    for line in result:
        line.sort(key=lambda piece: piece.box.x + piece.box.width / 2)
    return result


def _distance(a: Box, b: Box) -> float:
    gap_x = max(0, a.x - b.x - b.width, b.x - a.x - a.width)
    gap_y = max(0, a.y - b.y - b.height, b.y - a.y - a.height)
    return float(np.hypot(gap_x, gap_y))


def _cut(ink: Ink) -> list[npt.NDArray[np.bool_]]:
    """The parts of a piece between the seams, as masks, left to right."""
    number = np.zeros(ink.shape, np.intp)
    for seam in find_seams(ink, stroke_width(ink)):
        number += np.arange(ink.shape[1])[None] >= seam[:, None]
    parts = [(number == n) & (ink > 0) for n in range(int(number.max()) + 1)]
    return [part for part in parts if part.any()]


def _likely(stats: npt.NDArray[np.int32], shape: tuple[int, ...]) -> npt.NDArray[np.intp]:
    """Which components may be digits or parts of them."""
    x, y, width, height, area = stats.T.astype(np.float64)
    fill = area / np.maximum(width * height, 1)
    likely = (area >= MIN_AREA_PX) & (np.maximum(width, height) >= MIN_HEIGHT_PX)
    likely &= width <= MAX_ASPECT * np.maximum(height, 1)
    likely &= (fill < MAX_FILL) | (height > 2.5 * width)
    likely[0] = False
    if not likely.any():
        return np.flatnonzero(likely)
    to_rim = np.minimum(np.minimum(x, y), np.minimum(shape[1] - x - width, shape[0] - y - height))
    # What the rim cuts is as often a shadow, a border or the edge of the paper as it is writing.
    inner = likely & (to_rim > 0)
    usual = _usual(height[inner], fill[inner]) if inner.any() else _usual(height[likely], fill[likely])
    likely &= np.maximum(height, width) >= SPECK_HEIGHT * usual
    likely &= (height < FRAME_HEIGHT * usual) | (fill > FRAME_FILL)
    depth = np.minimum(np.minimum(x + width, y + height), np.minimum(shape[1] - x, shape[0] - y))
    is_line = (depth <= RIM_DEPTH * usual) & (np.minimum(width, height) < RIM_THIN * usual)
    likely &= ~(is_line | ((to_rim <= RIM_GAP * usual) & (height < RIM_HEIGHT * usual)))
    kept = np.flatnonzero(likely)
    return kept[np.argsort(-height[kept], kind="stable")[:MAX_PIECES]]


def _join_stacked(labels: Labels, stats: npt.NDArray[np.int32], kept: npt.NDArray[np.intp]) -> None:
    """Give strokes of one broken digit, one above the other, one label; what is joined to another has area 0 then."""
    heights = stats[kept, 3].astype(np.float64)
    usual = _usual(heights, stats[kept, 4] / (stats[kept, 2] * heights))
    small = kept[heights < STACKED_HEIGHT * usual]
    for piece in small.tolist():
        x, y, width, height = stats[piece, :4]
        left, top = np.minimum(stats[kept, 0], x), np.minimum(stats[kept, 1], y)
        right = np.maximum(stats[kept, 0] + stats[kept, 2], x + width)
        bottom = np.maximum(stats[kept, 1] + stats[kept, 3], y + height)
        shared = np.minimum(stats[kept, 0] + stats[kept, 2], x + width) - np.maximum(stats[kept, 0], x)
        gap = np.maximum(stats[kept, 1], y) - np.minimum(stats[kept, 1] + stats[kept, 3], y + height)
        fits = (shared >= STACKED_OVERLAP * np.minimum(stats[kept, 2], width)) & (gap <= STACKED_GAP * usual)
        fits &= (bottom - top <= STACKED_TOTAL * usual) & (kept != piece) & (stats[kept, 4] > 0)
        fits &= (stats[kept, 4] < 20 * stats[piece, 4]) & (stats[kept, 3] < usual)
        if not fits.any():
            continue
        other = int(np.argmin(np.where(fits, gap, np.inf)))
        target = int(kept[other])
        window = labels[y : y + height, x : x + width]
        window[window == piece] = target
        area = stats[target, 4] + stats[piece, 4]
        stats[target] = left[other], top[other], right[other] - left[other], bottom[other] - top[other], area
        stats[piece, 4] = 0


def _usual(heights: npt.NDArray[np.float64], fill: npt.NDArray[np.float64]) -> float:
    """The height of most of the ink, 0 where there is none.

    The median, each piece weighing as its height to the power of 1.5, less where it is as empty as a frame: then many
    specks weigh little, and so do a large shadow and a frame around everything.
    """
    if not len(heights):
        return 0.0
    order = np.argsort(heights)
    weight = np.cumsum(heights[order] ** 1.5 * np.minimum(fill[order] / FRAME_FILL, 1) ** 2)
    return float(heights[order][np.searchsorted(weight, weight[-1] / 2)])


def _fragments(stats: npt.NDArray[np.int32]) -> npt.NDArray[np.bool_]:
    """Which components are small beside a near one."""
    x, y, width, height = stats[:, :4].T.astype(np.float64)
    right, bottom = x + width, y + height
    gap_x = np.maximum(x[None] - right[:, None], x[:, None] - right[None])
    gap_y = np.maximum(y[None] - bottom[:, None], y[:, None] - bottom[None])
    near = (gap_x < FRAGMENT_GAP * height[:, None]) & (gap_y < 0.25 * height[:, None])
    ratio = height[:, None] / np.maximum(height[None], 1)
    return np.asarray((near & (ratio > FRAGMENT_RATIO) & (ratio < FRAGMENT_MAX_RATIO)).any(axis=0))
