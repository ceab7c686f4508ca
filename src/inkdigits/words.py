"""What was read on a page → its numbers: words, drawings and remnants of rulings are told from them and left out.

In a word the o, l and s look like digits, but the others do not: what stands together is a number or none, by the mean
of what the classifier says of its digits. The marker, which sees what stands around, has as much to say. And it depends
on the page: where much is no number, what is half one is none.
"""

from typing import NamedTuple

import numpy as np

from inkdigits.layout import find_numbers
from inkdigits.results import Digit, Line, Number

# Fitted by logistic regression to what was read on 150 composed pages and 60 without digits, 1,068 numbers and 974
# other groups; how much is asked for, on 150 and 60 others, scenes and cells. What speaks for a number before it is
# looked at, less for one of a single digit; what it costs to be cut out of ink that hangs together, as words fall into
# parts that look like digits; and what the log-odds count, within these bounds, in the classifier's eyes and in the
# marker's.
ANY_NUMBER, SINGLE_DIGIT, PART = -1.2, 1.08, 1.95
READ, MARKED, LOG_ODDS = 0.54, 0.67, (-3.0, 7.0)
# And what the rest of the page says, by the share of its digits that stand in unclear groups: those whose digits have
# less log-odds than this, less one for a part. Before anything is seen, so many digits count as clear.
UNCLEAR_PAGE, CLEAR_LOG_ODDS, CLEAR_BEFORE = 4.25, 3.0, 4
# No chance that the marker gives counts as less than this, or as more than one less this.
LEAST_CHANCE = 1e-3


class Found(NamedTuple):
    """A digit that was read, perhaps of something else.

    Attributes:
        digit: as the classifier reads it.
        is_part: whether it was cut out of ink that hangs together.
        chance: that its ink is a digit's, as the marker sees it among all that stands around, 0 to 1.
    """

    digit: Digit
    is_part: bool
    chance: float


def to_lines(found: list[list[Found]]) -> tuple[Line, ...]:
    """The numbers on a page.

    Args:
        found: what was read on each line, in any order, refused digits too.

    Returns:
        The lines on which numbers stand; some of a number's digits may be refused.
    """
    lines = [_group(line) for line in found]
    groups = [group for line in lines for group in line]
    unclear = sum(len(group) for group in groups if _is_unclear(group))
    size = sum(len(group) for group in groups)
    kept = [[group for group in line if _is_number(group, unclear, size)] for line in lines]
    return tuple(Line(tuple(Number(tuple(one.digit for one in group)) for group in line)) for line in kept if line)


def _group(line: list[Found]) -> list[list[Found]]:
    ordered = sorted(line, key=lambda one: one.digit.box.x + one.digit.box.width / 2)
    return [[ordered[i] for i in group] for group in find_numbers([one.digit.box for one in ordered])]


def _log_odds(group: list[Found]) -> float:
    """The mean of a group's digits."""
    chances = np.array([one.digit.confidence for one in group])
    return float(np.clip(np.log((chances + 1e-6) / (1 - chances + 1e-6)), *LOG_ODDS).mean())


def _marked(group: list[Found]) -> float:
    """What the marker says of a group, in the mean log-odds of its digits."""
    chances = np.array([one.chance for one in group])
    return float(np.log((chances + LEAST_CHANCE) / (1 - chances + LEAST_CHANCE)).mean())


def _parts(group: list[Found]) -> float:
    """The share of a group's digits that were cut out of ink that hangs together."""
    return sum(one.is_part for one in group) / len(group)


def _is_unclear(group: list[Found]) -> bool:
    return _log_odds(group) - _parts(group) < CLEAR_LOG_ODDS


def _is_number(group: list[Found], unclear: int, size: int) -> bool:
    """Whether a group is one, on a page with so many digits in unclear groups, of so many in all, itself included."""
    own = len(group)
    others = unclear - own if _is_unclear(group) else unclear
    before = ANY_NUMBER - SINGLE_DIGIT * (own == 1) - UNCLEAR_PAGE * others / (size - own + CLEAR_BEFORE)
    return before + READ * _log_odds(group) + MARKED * _marked(group) - PART * _parts(group) >= 0
