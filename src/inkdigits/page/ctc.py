"""What a net says along a strip of ink → which digits stand there, where, and how likely other readings are.

At each point of the strip the net gives a chance to each digit and to none. A reading is every way to lay its digits
along the points, each over one point or several, with none between two that are equal: connectionist temporal
classification, Graves et al. (2006). Pure functions.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, Floats

# The place of none among the chances.
NONE = DIGITS
LEAST_CHANCE = 1e-12
# What a reading counts as that has more digits than a strip has room for.
LEAST_LOG = -1e3


class Symbol(NamedTuple):
    """A digit on a strip.

    Attributes:
        digit: which.
        point: the one of the strip where it is likeliest.
    """

    digit: int
    point: int


def decode(chances: Floats) -> list[Symbol]:
    """The digits on a strip, from left to right: what is likeliest at each point, one for neighbours that are equal.

    Args:
        chances: (T, 11).
    """
    likeliest = chances.argmax(axis=1)
    starts = np.flatnonzero(np.diff(likeliest, prepend=-1))
    runs = zip(starts.tolist(), [*starts[1:].tolist(), len(likeliest)], strict=True)
    return [
        Symbol(int(likeliest[start]), start + int(chances[start:stop, likeliest[start]].argmax()))
        for start, stop in runs
        if likeliest[start] != NONE
    ]


def log_likelihoods(chances: Floats, readings: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """For each reading the logarithm of the chance that just its digits stand on a strip, over all their places.

    Args:
        chances: (T, 11).
        readings: (N, L), of each its digits from left to right; L may be 0.

    Returns:
        (N,), none less than -1,000.
    """
    logs = np.log(np.maximum(chances.astype(np.float64), LEAST_CHANCE))
    places = np.full((len(readings), 2 * readings.shape[1] + 1), NONE)
    places[:, 1::2] = readings
    # A digit may follow another without none between them, if it is another.
    may_skip = np.zeros(places.shape, bool)
    may_skip[:, 3::2] = places[:, 3::2] != places[:, 1:-2:2]
    until = np.full(places.shape, -np.inf)
    until[:, :2] = logs[0][places[:, :2]]
    for point in logs[1:]:
        before = np.pad(until, [(0, 0), (2, 0)], constant_values=-np.inf)
        skipped = np.where(may_skip, before[:, :-2], -np.inf)
        until = np.logaddexp(np.logaddexp(until, before[:, 1:-1]), skipped) + point[places]
    return np.asarray(np.maximum(np.logaddexp.reduce(until[:, -2:], axis=1), LEAST_LOG))
