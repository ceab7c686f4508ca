"""Whether a net that learnt from a user's own numbers takes the place of the one it came from."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.training.evaluation.metrics import mcnemar_test

# What happens by chance at most so often counts as a difference (McNemar's test, two-sided).
LEVEL = 0.1

Right = npt.NDArray[np.bool_]


class Verdict(NamedTuple):
    """What becomes of a net.

    Attributes:
        is_kept: whether it takes the place of the one before.
        words: why, for the user.
    """

    is_kept: bool
    words: str


def judge(own_before: Right, own_after: Right, others_before: Right, others_after: Right) -> Verdict:
    """Keep a net only if it reads the user's own numbers better, and others no worse.

    Args:
        own_before: of each of the user's held-out numbers whether the net that the training began with reads it.
        own_after: whether the trained one does.
        others_before: likewise of numbers that are not the user's.
        others_after: likewise.
    """
    n, before, after = len(own_before), int((~own_before).sum()), int((~own_after).sum())
    said = f"Of {n} held-out numbers of yours {before} were misread before, {after} now."
    lost, gained = int((~others_before).sum()), int((~others_after).sum())
    if gained > lost and mcnemar_test(others_before, others_after).p_value < LEVEL:
        return Verdict(
            False,
            f"{said} But of {len(others_before)} numbers of other hands {gained} are misread now, {lost} before: it "
            "has forgotten too much. Lower --learning-rate or --epochs.",
        )
    if after > before:
        return Verdict(False, f"{said} It has become worse. Look through the texts: are they what the pictures show?")
    if mcnemar_test(own_before, own_after).p_value >= LEVEL:
        return Verdict(False, f"{said} That may be chance. Check more numbers and train again.")
    return Verdict(
        True, f"{said} Other hands it reads as before ({lost} and {gained} of {len(others_before)} misread)."
    )
