"""How many of the cells that nobody checked are right, told by some that were drawn at random and checked."""

import math
from collections.abc import Callable
from typing import NamedTuple

# How often the interval may miss the truth.
MISSES = 0.05


class Estimate(NamedTuple):
    """The share of unchecked cells that is right.

    Attributes:
        share: of those checked, 0 to 1.
        low: the interval holds the truth at least 19 times out of 20.
        high: likewise.
        n: cells that were drawn at random and checked.
    """

    share: float
    low: float
    high: float
    n: int

    def to_text(self) -> str:
        """`98.7% (97.9 to 99.3) of the unchecked cells are right`."""
        return f"{self.share:.1%} ({100 * self.low:.1f} to {100 * self.high:.1f}) of the unchecked cells are right"


def estimate_right(right: int, n: int, unchecked: int) -> Estimate:
    """What cells drawn at random say of those that were not.

    The interval is exact: those numbers of right cells for which what was seen is not too rare (Clopper and Pearson,
    1934, with the hypergeometric distribution). That of a share of endless cells would be too narrow: with 200 cells
    drawn of 900 it held the truth of the other 700 in 184 of 200 simulations, as these few differ by chance, too.

    Args:
        right: how many of those drawn were read right.
        n: how many were drawn and checked, at least 1. Only a sample without gaps is fair: whoever skips a hard cell
            must leave out all that were drawn after it.
        unchecked: how many cells of the same kind nobody has checked, at least 1.

    Raises:
        ValueError: no cells, or more right ones than cells.
    """
    if not 0 <= right <= n or n < 1 or unchecked < 1:
        raise ValueError(
            "An estimate needs a checked and an unchecked cell, and no more right ones than were checked; got "
            f"{right} right of {n}, and {unchecked} unchecked."
        )
    wrong, cells = n - right, n + unchecked
    # The more are wrong among all, the rarer it is to draw no more wrong ones than were drawn.
    most = _find_last(wrong, wrong + unchecked, lambda all_wrong: _at_most(wrong, n, all_wrong, cells) > MISSES / 2)
    right_most = _find_last(
        right, right + unchecked, lambda all_right: _at_most(right, n, all_right, cells) > MISSES / 2
    )
    return Estimate(right / n, 1 - (most - wrong) / unchecked, (right_most - right) / unchecked, n)


def _at_most(seen: int, n: int, marked: int, cells: int) -> float:
    """The chance of at most `seen` marked ones among `n` drawn of `cells`, of which `marked` are marked."""
    least = max(0, n - (cells - marked))
    return sum(
        math.exp(_log_ways(marked, k) + _log_ways(cells - marked, n - k) - _log_ways(cells, n))
        for k in range(least, min(seen, marked) + 1)
    )


def _log_ways(of: int, chosen: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)


def _find_last(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The last number of a range at which something holds that holds at `low`, and from some number on no more."""
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if holds(middle) else (low, middle - 1)
    return low
