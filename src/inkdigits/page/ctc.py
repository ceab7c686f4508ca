"""What a net says along a crop of ink → which digits stand there, where, and how likely other readings are.

At each point of the crop the net gives a probability to each digit and to the blank. A reading is every way to lay its
digits along the points, each over one point or several, with a blank between two that are equal: connectionist temporal
classification, Graves et al. (2006). Pure functions.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, Floats

# The place of the blank (no digit) among the probabilities.
BLANK = DIGITS
MIN_PROBABILITY = 1e-12
# What a reading counts as that has more digits than a crop has room for.
LEAST_LOG = -1e3


class Symbol(NamedTuple):
    """A digit on a crop.

    Attributes:
        digit: which.
        point: the one of the crop where it is likeliest.
    """

    digit: int
    point: int


def decode(probabilities: Floats) -> list[Symbol]:
    """The digits on a crop, from left to right: what is likeliest at each point, one for neighbours that are equal.

    Args:
        probabilities: (T, 11).
    """
    likeliest = probabilities.argmax(axis=1)
    starts = np.flatnonzero(np.diff(likeliest, prepend=-1))
    runs = zip(starts.tolist(), [*starts[1:].tolist(), len(likeliest)], strict=True)
    return [
        Symbol(int(likeliest[start]), start + int(probabilities[start:stop, likeliest[start]].argmax()))
        for start, stop in runs
        if likeliest[start] != BLANK
    ]


def log_likelihoods(probabilities: Floats, readings: npt.NDArray[np.integer]) -> npt.NDArray[np.float64]:
    """For each reading the logarithm of the chance that just its digits stand on a crop, over all their places.

    Args:
        probabilities: (T, 11).
        readings: (N, L), of each its digits from left to right; L may be 0.

    Returns:
        (N,), none less than -1,000.
    """
    logs = np.log(np.maximum(probabilities.astype(np.float64), MIN_PROBABILITY))
    places = np.full((len(readings), 2 * readings.shape[1] + 1), BLANK)
    places[:, 1::2] = readings
    # A digit may follow another without a blank between them, if it is another.
    may_skip = np.zeros(places.shape, bool)
    may_skip[:, 3::2] = places[:, 3::2] != places[:, 1:-2:2]
    until = np.full(places.shape, -np.inf)
    until[:, :2] = logs[0][places[:, :2]]
    for point in logs[1:]:
        before = np.pad(until, [(0, 0), (2, 0)], constant_values=-np.inf)
        skipped = np.where(may_skip, before[:, :-2], -np.inf)
        until = np.logaddexp(np.logaddexp(until, before[:, 1:-1]), skipped) + point[places]
    return np.asarray(np.maximum(np.logaddexp.reduce(until[:, -2:], axis=1), LEAST_LOG))
