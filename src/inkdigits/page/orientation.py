"""Which way is up: by how sure the recognizer is of a page's digits in each of four turns."""

import math
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, Box, Floats
from inkdigits.page.ctc import best_path

UPRIGHT = 0
# What one digit can say for or against a turn, as log-odds; a page whose digits say less than this on average is looked
# at in the other turns, too; and another turn needs so much more than the upright one.
LOG_ODDS, SURE, MARGIN = (-3.0, 5.0), 2.2, 4.0


def score(lines: list[list[tuple[Any, Floats]]]) -> list[float]:
    """What each digit on a page says for its turn, as log-odds.

    Args:
        lines: of groups, each with the recognizer's probabilities (T, C).
    """
    return [
        min(max(math.log(max(chance, 1e-9) / max(1 - chance, 1e-9)), LOG_ODDS[0]), LOG_ODDS[1])
        for line in lines
        for _, probabilities in line
        for symbol, step in best_path(probabilities)
        if symbol < DIGITS
        for chance in [float(probabilities[step, symbol])]
    ]


def needs_a_second_look(scores: dict[int, list[float]]) -> bool:
    """Whether no turn of these is clear."""
    return all(not found or sum(found) < SURE * len(found) for found in scores.values())


def choose_turn(scores: dict[int, list[float]]) -> int:
    """The turn, in quarters counter-clockwise, in which a page is upright."""
    sums = {turn: sum(found) - MARGIN * (turn != UPRIGHT) for turn, found in scores.items()}
    return max(sums, key=lambda turn: (sums[turn], turn == UPRIGHT))


def turn_box(box: Box, turn: int, shape: tuple[int, ...]) -> Box:
    """A box on a page that was turned by this many quarters, on the page as it was.

    Args:
        box: in pixels of the turned page.
        turn: quarters counter-clockwise, as `np.rot90` turns.
        shape: height and width of the page as it was.
    """
    height, width = shape[:2]
    x, y, across, down = box
    return {
        0: box,
        1: Box(width - y - down, x, down, across),
        2: Box(width - x - across, height - y - down, across, down),
        3: Box(y, height - x - across, down, across),
    }[turn % 4]


def turn_points(points: npt.NDArray[np.float64], turn: int, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
    """Points (N, 2) of (x, y) on a page that was turned by quarters, on the page as it was; see `turn_box`."""
    height, width = shape[:2]
    x, y = points[:, 0], points[:, 1]
    turned = ((x, y), (width - y, x), (width - x, height - y), (y, height - x))
    return np.stack(turned[turn % 4], axis=1)
