"""What was detected and read on a page → which of it are numbers: words, drawings and remains of rulings are rejected.

A logistic regression on what both nets say of a group, and on how much else on the page is a number: among words, what
looks like one is none.
"""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from inkdigits.page.detector import Detection
from inkdigits.results import Number

# Before anything is seen, the page counts as half numbers: this many digits of each kind.
BEFORE = 1


class Evidence(NamedTuple):
    """What speaks for a group.

    Attributes:
        detected: how sure the detector is of its digits on average, 0 to 1.
        read: how sure the recognizer is of each of its symbols, 0 to 1: the geometric mean.
        digits: how many it has.
    """

    detected: float
    read: float
    digits: int


def weigh(number: Number, detections: Sequence[Detection]) -> Evidence:
    """What speaks for a number, and for the digits that were detected where it stands."""
    detected = sum(one.confidence for one in detections) / len(detections)
    return Evidence(detected, number.confidence ** (1 / len(number.symbols)), len(number.digits))


def find_kept(groups: Sequence[Evidence], weights: Mapping[str, float]) -> list[bool]:
    """Which groups of a page are numbers.

    Args:
        groups: all that was detected and read on it.
        weights: `keep_bias`, `keep_detected`, `keep_read` and `keep_page`, from the recognizer's contract.
    """
    return [
        _weigh(group, weights) + weights["keep_page"] * share >= 0
        for group, share in zip(groups, find_shares(groups, weights), strict=True)
    ]


def find_shares(groups: Sequence[Evidence], weights: Mapping[str, float]) -> list[float]:
    """For each group the share of the page's other digits that are clearly in numbers."""
    clear = [group.digits * (_weigh(group, weights) + weights["keep_page"] / 2 >= 0) for group in groups]
    every = sum(group.digits for group in groups)
    return [
        (sum(clear) - own + BEFORE) / (every - group.digits + 2 * BEFORE)
        for group, own in zip(groups, clear, strict=True)
    ]


def _weigh(group: Evidence, weights: Mapping[str, float]) -> float:
    return (
        weights["keep_bias"]
        + weights["keep_detected"] * to_log_odds(group.detected)
        + weights["keep_read"] * to_log_odds(group.read)
    )


def to_log_odds(probability: float) -> float:
    """The logarithm of the odds, of at most 10,000 to 1 for or against."""
    bounded = min(max(probability, 1e-4), 1 - 1e-4)
    return math.log(bounded / (1 - bounded))
