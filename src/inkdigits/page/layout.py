"""Boxes → lines in reading order → groups that stand together. Pure geometry."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box

# The nearest boxes to the right of one, up to this number and distance (in heights), tell how the lines lean: up to a
# slope of 15 degrees and what perspective adds. Those on its own line lie within about this share of a height.
NEIGHBOURS, NEIGHBOUR_GAP, MAX_SLOPE, LEVEL = 3, 12.0, 0.32, 0.2
SLOPES = np.linspace(-MAX_SLOPE, MAX_SLOPE, 129)
# A box belongs to a line whose last boxes' middle is within this share of a height; the height is the larger one's.
SAME_LINE = 0.5
LAST_BOXES = 3
# A gap parts two numbers where it is this many heights wide at least, and this many times the gaps within numbers; from
# this many heights on always.
PARTING_GAP, PARTING_RATIO, WIDE_GAP = 0.45, 1.9, 4.0
# Of widely spaced digits a few may stand close by chance: fewer gaps than this share are not the gaps within numbers.
LEAST_NARROW = 0.25

Boxes = npt.NDArray[np.float64]


def find_lines(boxes: list[Box]) -> list[list[int]]:
    """Which boxes stand on one line.

    Args:
        boxes: of digits or of parts of them, of several sizes, in any order.

    Returns:
        The indices of the boxes of each line from left to right; the lines from top to bottom.
    """
    if not boxes:
        return []
    array = np.asarray(boxes, np.float64)
    x, height = array[:, 0] + array[:, 2] / 2, array[:, 3]
    y = array[:, 1] + height / 2 - find_slope(array) * x
    lines: list[list[int]] = []
    for i in np.argsort(x):
        best, best_off = None, SAME_LINE
        for line in lines:
            last = line[-LAST_BOXES:]
            off = abs(y[i] - y[last].mean()) / max(height[i], float(np.median(height[last])))
            if off < best_off:
                best, best_off = line, off
        if best is None:
            lines.append([int(i)])
        else:
            best.append(int(i))
    return sorted(lines, key=lambda line: float(y[line].mean()))


def find_slope(boxes: Boxes) -> float:
    """How much lines fall (y per x, positive: down to the right): what fits most neighbours; 0 where there are none."""
    x, y, height = boxes[:, 0] + boxes[:, 2] / 2, boxes[:, 1] + boxes[:, 3] / 2, boxes[:, 3]
    runs, rises = [np.zeros(0)], [np.zeros(0)]
    for i in range(len(boxes)):
        size = np.maximum(height, height[i])
        run, rise = (x - x[i]) / size, (y - y[i]) / size
        near = np.flatnonzero((run > 0) & (run < NEIGHBOUR_GAP) & (np.abs(rise) < MAX_SLOPE * run))
        near = near[np.minimum(height, height[i])[near] > 0.5 * size[near]]
        near = near[np.argsort(run[near])[:NEIGHBOURS]]
        runs.append(run[near])
        rises.append(rise[near])
    run, rise = np.concatenate(runs), np.concatenate(rises)
    off = (rise - SLOPES[:, None] * run) / LEVEL
    return float(SLOPES[np.argmax(np.exp(-(off**2)).sum(axis=1) - 1e-3 * np.abs(SLOPES))])


def find_numbers(boxes: list[Box]) -> list[list[int]]:
    """Which boxes of one line form a number.

    Args:
        boxes: of the digits of one line, left to right.

    Returns:
        The indices of the boxes of each number, left to right.
    """
    if not boxes:
        return []
    height = float(np.median([box.height for box in boxes]))
    gaps = [(right.x - left.x - left.width) / height for left, right in pairwise(boxes)]
    limit = _parting_gap(gaps)
    numbers = [[0]]
    for i, gap in enumerate(gaps, 1):
        if gap > limit:
            numbers.append([i])
        else:
            numbers[-1].append(i)
    return numbers


def _parting_gap(gaps: list[float]) -> float:
    """The gap from which two digits are two numbers: the widest jump in the gaps of a line, if it is a clear one."""
    # Small gaps all weigh as if they were a fifth of a height: in tight writing they vary by any factor.
    ordered = sorted(max(gap, 0.2) for gap in gaps)
    best, limit = PARTING_RATIO, WIDE_GAP
    for count, (narrow, wide) in enumerate(pairwise(ordered), 1):
        if wide / narrow > best and wide > PARTING_GAP and count >= LEAST_NARROW * len(gaps):
            best, limit = wide / narrow, (narrow + wide) / 2
    return min(limit, WIDE_GAP)
