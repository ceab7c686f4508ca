"""Detections → the groups that stand together on each line, each with its crop."""

import math
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from inkdigits.arrays import Box, Floats, Gray
from inkdigits.page.crops import Crop, cut_row
from inkdigits.page.ctc import best_path
from inkdigits.page.decoding import BLANK, SYMBOLS
from inkdigits.page.detector import Detection
from inkdigits.page.layout import find_lines, find_numbers, find_slope

# How much of the gap between two groups the crops of both may show.
ROOM = 0.6
# A mark at the end of a group, or at the start of the next one, joins both where they are this many heights apart.
JOINING, JOINED_GAP = set("/.,:-"), 1.4
# This many cells in a row with one digit each are the boxes for one number.
COMB = 4


class Group(NamedTuple):
    """Digits that stand together.

    Attributes:
        detections: left to right, at least one.
        before: how far it is to the group before on the line, in pixels; infinite where there is none.
        behind: likewise.
        crop: what the recognizer reads.
    """

    detections: list[Detection]
    before: float
    behind: float
    crop: Crop


def find_groups(detections: list[Detection], gray: Gray) -> list[list[Group]]:
    """The groups on each line, from left to right; the lines from top to bottom.

    Args:
        detections: in any order.
        gray: (H, W) uint8, the page.
    """
    if not detections:
        return []
    boxes = [one.box for one in detections]
    slope = find_slope(np.asarray(boxes, np.float64))
    lines = []
    for line in find_lines(boxes):
        numbers = find_numbers([boxes[place] for place in line])
        parts = [[detections[line[place]] for place in number] for number in numbers]
        groups = _cut(parts, gray, slope)
        cells = [cell for group in groups for cell in _split(group)]
        lines.append(groups if len(cells) == len(groups) else _cut(cells, gray, slope))
    return lines


def _split(group: Group) -> list[list[Detection]]:
    """The detections of a group in each cell, where vertical lines cross it; a comb of single digits stays together."""
    cells: list[list[Detection]] = [[]]
    rulings = list(group.crop.rulings)
    for one in group.detections:
        while rulings and rulings[0] < one.x:
            rulings.pop(0)
            cells.append([])
        cells[-1].append(one)
    cells = [cell for cell in cells if cell]
    is_comb = len(cells) >= COMB and all(len(cell) == 1 for cell in cells)
    return [group.detections] if is_comb else cells


def join_groups(line: list[tuple[Group, Floats]], gray: Gray) -> list[Group]:
    """The groups of a line, those in one that a mark between them joins: the parts of a date, a fraction.

    Args:
        line: the groups, each with the recognizer's probabilities (T, 19).
        gray: (H, W) uint8, the page.
    """
    parts: list[list[Detection]] = []
    is_joined = False
    for place, (group, probabilities) in enumerate(line):
        if place and _are_joined(line[place - 1], (group, probabilities)):
            parts[-1] = parts[-1] + group.detections
            is_joined = True
        else:
            parts.append(group.detections)
    return _cut(parts, gray, line[0][0].crop.slope) if is_joined else [group for group, _ in line]


def _are_joined(left: tuple[Group, Floats], right: tuple[Group, Floats]) -> bool:
    height = max(one.size for one in (*left[0].detections, *right[0].detections))
    if right[0].before > JOINED_GAP * height:
        return False
    texts = ["".join(SYMBOLS[one] for one, _ in best_path(found) if one != BLANK) for _, found in (left, right)]
    return (texts[0][-1:] in JOINING and texts[0][-1:] != "") or (texts[1][:1] in JOINING and texts[1][:1] != "")


def _cut(parts: list[list[Detection]], gray: Gray, slope: float) -> list[Group]:
    """Groups of these detections, left to right, on a page whose rows fall by so much."""
    rows = [[one.box for one in part] for part in parts]
    gaps = [math.inf, *(max(0.0, float(_left(b) - _right(a))) for a, b in pairwise(rows)), math.inf]
    return [
        Group(part, before, behind, cut_row(gray, row, (ROOM * before, ROOM * behind), slope))
        for part, row, before, behind in zip(parts, rows, gaps, gaps[1:], strict=False)
    ]


def _left(row: list[Box]) -> int:
    return min(box.x for box in row)


def _right(row: list[Box]) -> int:
    return max(box.x + box.width for box in row)
