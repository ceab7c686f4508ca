"""Whether a net that learnt from a user's own writing takes the place of the one it came from."""

from collections.abc import Mapping
from itertools import count
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.training.evaluation.metrics import mcnemar_test

# What happens by chance at most so often counts as a difference (McNemar's test, two-sided).
LEVEL = 0.1
# This many held-out examples must have been misread before, for reading them all to be more than chance.
LEAST_MISREAD = next(misread for misread in count(1) if 2 / 2**misread < LEVEL)
# Beyond this many times as many examples, no advice is given how many it takes.
MOST_TIMES = 20
# From here on, texts that neither net reads are more likely wrong than hard.
MANY_DOUBTFUL = 0.1

Right = npt.NDArray[np.bool_]


class Pair(NamedTuple):
    """The same examples read twice, (N,) each.

    Attributes:
        before: which of them the net that the training began with reads right.
        after: which the trained one does.
    """

    before: Right
    after: Right

    def to_counts(self) -> dict[str, int]:
        """How many there are, and how many are misread before and after."""
        return {"n": len(self.before), "before": int((~self.before).sum()), "after": int((~self.after).sum())}


class Verdict(NamedTuple):
    """What becomes of a net.

    Attributes:
        is_kept: whether it takes the place of the one before.
        words: why, for the user.
    """

    is_kept: bool
    words: str


def judge(own: Pair, others: Mapping[str, Pair], unit: str = "numbers", doubtful: int = 0) -> Verdict:
    """Keep a net only if it reads the user's own examples better, and no others worse.

    Args:
        own: the user's held-out examples, at least one.
        others: what must not be forgotten, by what it is called: `composed numbers`.
        unit: what one reads: `numbers` or `digits`.
        doubtful: of how many of the user's held-out examples both nets say the same, but not what the user says.
    """
    n, before, after = own.to_counts().values()
    said = f"{before} of {n:,} held-out {unit} of yours were wrong before, {after} now."
    if doubtful and doubtful >= MANY_DOUBTFUL * n:
        said += (
            f" Of {doubtful} of them both models say the same, but not what you say: were they checked with care? They "
            "are in doubtful.png."
        )
    for name, pair in others.items():
        if is_worse(pair):
            n_others, once, now = pair.to_counts().values()
            return Verdict(
                False,
                f"{said} But of {n_others:,} {name} {now} are wrong now, {once} before: it has forgotten too much. "
                "Lower --learning-rate or --epochs.",
            )
    if after > before:
        return Verdict(False, f"{said} It has become worse. Look through the texts: are they what the pictures show?")
    if not before:
        return Verdict(False, f"{said} There is nothing to get better at: the model before reads them all.")
    if mcnemar_test(own.before, own.after).p_value >= LEVEL:
        return Verdict(False, f"{said} That may be chance.{advise(own, unit)}")
    kept = [f"{once} and {now} of {n_others:,} {name}" for name, (n_others, once, now) in _counts(others)]
    return Verdict(True, f"{said} All else it reads as before (wrong: {'; '.join(kept)}).")


def is_worse(pair: Pair) -> bool:
    """Whether more is misread after than before, by more than chance."""
    _, before, after = pair.to_counts().values()
    return after > before and mcnemar_test(*pair).p_value < LEVEL


def advise(own: Pair, unit: str) -> str:
    """How many more examples would show a difference, if it goes on like this; a sentence with a space before it."""
    for times in range(2, MOST_TIMES + 1):
        more = np.tile(own.before, times), np.tile(own.after, times)
        if mcnemar_test(*more).p_value < LEVEL:
            held_out = (times - 1) * len(own.before)
            return f" With about {held_out} more held-out {unit} it would show, if it goes on like this."
    return f" Check more {unit} and train again."


def foretell(before: Right, unit: str = "numbers") -> str:
    """What a user should know before minutes of training: how much there is to win, and whether it can show.

    Args:
        before: which of the held-out examples are read right now; at least one.
        unit: as for `judge`.
    """
    wrong, n = int((~before).sum()), len(before)
    said = f"{wrong} of {n:,} held-out {unit} of yours are wrong now."
    if wrong >= LEAST_MISREAD:
        return said
    more = f"about {LEAST_MISREAD * n // wrong - n} more of them held out" if wrong else "more of them"
    return (
        f"{said} To see whether a new model is better by more than chance it takes at least {LEAST_MISREAD}: with "
        f"{more} it could show. Whatever is learnt now will hardly be put in place."
    )


def _counts(others: Mapping[str, Pair]) -> list[tuple[str, tuple[int, ...]]]:
    return [(name, tuple(pair.to_counts().values())) for name, pair in others.items()]
