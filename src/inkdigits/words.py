"""What was read on a page → its numbers: words, drawings and remnants of rulings are told from them and left out.

In a word the o, l and s look like digits, but the others do not: what stands together is a number or none. How sure of
it one must be depends on the page: where much is no number, what is half one is none, too.
"""

from typing import NamedTuple

from inkdigits.layout import find_numbers
from inkdigits.results import Digit, Line, Number
from inkdigits.segment import log_odds

# What speaks for a group is the mean of its digits' log-odds, less so much for one cut out of ink that hangs together:
# words written by hand fall into parts that look like digits.
PART_DOUBT = 1.0
# The evidence asked for is so much where all else is numbers, and grows by so much towards a page where nothing is.
# Nothing is what has less than clear evidence. Before anything is seen, so many digits count as clear.
CLEAR_EVIDENCE, LEAST_EVIDENCE, EVIDENCE_GROWTH, CLEAR_BEFORE = 2.0, 1.0, 4.0, 4
# Of several refused digits in a number, no more than this share.
MOST_REFUSED = 0.3


class Found(NamedTuple):
    """A digit that was read, perhaps of something else; `is_part`: cut out of ink that hangs together."""

    digit: Digit
    is_part: bool


def to_lines(found: list[list[Found]]) -> tuple[Line, ...]:
    """The numbers on a page.

    Args:
        found: what was read on each line, in any order, refused digits too.

    Returns:
        The lines on which numbers stand; of a number of three digits, one may be refused.
    """
    lines = [_group(line) for line in found]
    groups = [group for line in lines for group in line]
    doubtful = sum(len(group) for group in groups if _evidence(group) < CLEAR_EVIDENCE)
    size = sum(len(group) for group in groups)
    kept = [[group for group in line if _is_number(group, doubtful, size)] for line in lines]
    return tuple(Line(tuple(Number(tuple(one.digit for one in group)) for group in line)) for line in kept if line)


def _group(line: list[Found]) -> list[list[Found]]:
    ordered = sorted(line, key=lambda one: one.digit.box.x + one.digit.box.width / 2)
    return [[ordered[i] for i in group] for group in find_numbers([one.digit.box for one in ordered])]


def _evidence(group: list[Found]) -> float:
    return sum(log_odds(one.digit.confidence) - PART_DOUBT * one.is_part for one in group) / len(group)


def _is_number(group: list[Found], doubtful: int, size: int) -> bool:
    """Whether a group is one, on a page with so many digits in doubtful groups, of so many in all, itself included."""
    evidence, own = _evidence(group), len(group)
    others = doubtful - own if evidence < CLEAR_EVIDENCE else doubtful
    least = LEAST_EVIDENCE + EVIDENCE_GROWTH * others / (size - own + CLEAR_BEFORE)
    refused = sum(one.digit.value is None for one in group)
    return evidence >= least and (refused < 2 or refused <= MOST_REFUSED * own)
