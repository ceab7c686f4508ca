"""What was read on a page → its numbers: words, drawings and remnants of rulings are told from them and left out.

In a word the o, l and s look like digits, but the others do not: what stands together is a number or none, by the mean
of what is said of its digits, and by what the recognizer says of the whole. The detector, which sees what stands
around, has as much to say. And it depends on the page: where much is no number, what is half one is none.
"""

from typing import NamedTuple

import numpy as np

from inkdigits.results import Digit, Line, Number

# Weights are fitted by logistic regression to what was read on 240 composed pages and 100 without digits; how much is
# asked for, and the bounds, are chosen on others, scenes and cells. What speaks for a number before it is looked at,
# less for one of a single digit; and what the log-odds of digits count, as they were read and in the detector's eyes,
# and, for each digit, the recognizer's evidence. Each is bounded, so that none outvotes two that are sure.
ANY_NUMBER, SINGLE_DIGIT = -2.87, 1.29
READ, MARKED, LOG_ODDS = 0.5, 0.56, (-2.0, 7.0)
RECOGNIZED, EVIDENCE = 0.89, (-2.0, 2.0)
# And what the rest of the page says, by the share of its digits that stand in unclear groups: those whose digits have
# less log-odds than this. Before anything is seen, so many digits count as clear.
UNCLEAR_PAGE, CLEAR_LOG_ODDS, CLEAR_BEFORE = 3.81, 3.0, 4


class Found(NamedTuple):
    """A digit that was read, perhaps of something else.

    Attributes:
        digit: as it was read.
        probability: that its ink is a digit's, as the detector sees it among all that stands around, 0 to 1.
    """

    digit: Digit
    probability: float


class Group(NamedTuple):
    """What stands together, left to right.

    Attributes:
        found: at least one.
        evidence: by how much the recognizer finds these digits likelier than none, as a logarithm.
    """

    found: list[Found]
    evidence: float


def to_lines(lines: list[list[Group]]) -> tuple[Line, ...]:
    """The numbers on a page.

    Args:
        lines: what was read on each, left to right, refused digits too.

    Returns:
        The lines on which numbers stand; some of a number's digits may be refused.
    """
    groups = [group for line in lines for group in line]
    unclear = sum(len(group.found) for group in groups if _is_unclear(group))
    size = sum(len(group.found) for group in groups)
    kept = [[group for group in line if _is_number(group, unclear, size)] for line in lines]
    return tuple(
        Line(tuple(Number(tuple(one.digit for one in group.found)) for group in line)) for line in kept if line
    )


def _read(group: Group) -> float:
    """How sure a group's digits are of what they were read as."""
    return _log_odds([one.digit.confidence for one in group.found])


def _marked(group: Group) -> float:
    """How sure the detector is of them."""
    return _log_odds([one.probability for one in group.found])


def _log_odds(probabilities: list[float]) -> float:
    """The mean log-odds of digits with these probabilities, each within the bounds."""
    each = np.array(probabilities)
    return float(np.clip(np.log((each + 1e-6) / (1 - each + 1e-6)), *LOG_ODDS).mean())


def _is_unclear(group: Group) -> bool:
    return _read(group) < CLEAR_LOG_ODDS


def _is_number(group: Group, unclear: int, size: int) -> bool:
    """Whether a group is one, on a page with so many digits in unclear groups, of so many in all, itself included."""
    own = len(group.found)
    others = unclear - own if _is_unclear(group) else unclear
    before = ANY_NUMBER - SINGLE_DIGIT * (own == 1) - UNCLEAR_PAGE * others / (size - own + CLEAR_BEFORE)
    evidence = RECOGNIZED * float(np.clip(group.evidence / own, *EVIDENCE))
    return before + READ * _read(group) + MARKED * _marked(group) + evidence >= 0
