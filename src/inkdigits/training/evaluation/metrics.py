"""How good answers are: counts, shares with their uncertainty, calibration. Numpy alone; knows no net and no file."""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, Floats, Labels

Counts = npt.NDArray[np.int64]

# Standard deviations to either side of the mean that hold 95% of a normal distribution.
Z_95 = NormalDist().inv_cdf(0.975)
# Equal-width bins of confidence, as in Guo et al. (2017), so that the figure compares with published ones.
BINS = 15
# From here on an answer counts as sure.
SURE = 0.99


def confusion_matrix(labels: Labels, guesses: npt.NDArray[np.integer]) -> Counts:
    """How often each digit (row) was read as each digit (column): (10, 10) counts; zeros of no pictures.

    Args:
        labels: (N,) digits that were meant.
        guesses: (N,) digits that were read.
    """
    pairs = labels.astype(np.int64) * DIGITS + guesses
    return np.bincount(pairs, minlength=DIGITS * DIGITS).reshape(DIGITS, DIGITS).astype(np.int64)


class DigitScore(NamedTuple):
    """How well one digit is read; every share is 0 to 1.

    Attributes:
        digit: 0 to 9.
        precision: of the pictures read as this digit, the share that is one; 0 where none was read so.
        recall: of the pictures of this digit, the share that was read as one; 0 where there is none.
        f1: the harmonic mean of both; 0 where both are 0.
        support: pictures of this digit.
    """

    digit: int
    precision: float
    recall: float
    f1: float
    support: int


def score_digits(confusion: Counts) -> tuple[DigitScore, ...]:
    """Precision, recall, F1 and support of the ten digits, from a (10, 10) confusion matrix. 0/0 counts as 0."""
    hits, support, guessed = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    precision, recall = _shares(hits, guessed), _shares(hits, support)
    f1 = _shares(2 * hits, support + guessed)
    return tuple(
        DigitScore(digit, float(precision[digit]), float(recall[digit]), float(f1[digit]), int(support[digit]))
        for digit in range(DIGITS)
    )


def _shares(parts: Counts, wholes: Counts) -> npt.NDArray[np.float64]:
    """Each part of its whole; 0 where the whole is 0."""
    return np.divide(parts, wholes, out=np.zeros(len(parts)), where=wholes > 0)


def wilson_interval(hits: int, n: int) -> tuple[float, float]:
    """The 95% interval (low, high) of the share of which `hits` out of `n` is a sample; (0, 1) where n is 0.

    Wilson's score interval (1927): unlike ± 1.96 standard errors it stays within 0 and 1 and holds near them,
    where the accuracy of a good net lies.
    """
    if n == 0:
        return 0.0, 1.0
    share, z2 = hits / n, Z_95**2
    centre = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def negative_log_likelihood(probabilities: Floats, labels: Labels) -> float:
    """The loss: the mean of −ln(probability given to the right digit), 0 at best; at least one picture.

    A probability below the smallest float32 counts as that (a loss of 87), so that one picture cannot make it infinite.
    """
    right = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return float(-np.log(np.maximum(right, np.finfo(np.float32).tiny)).mean())


class Calibration(NamedTuple):
    """Does 90% sure mean right nine times in ten? Pictures sorted into equal bins of confidence.

    The confidence is the largest of the ten probabilities. Empty bins hold zeros.

    Attributes:
        counts: (15,) pictures in the bin; the first holds confidences up to 1/15, the last those above 14/15.
        confidence: (15,) their mean confidence, 0 to 1.
        accuracy: (15,) the share of them that is right, 0 to 1.
    """

    counts: Counts
    confidence: npt.NDArray[np.float64]
    accuracy: npt.NDArray[np.float64]

    @property
    def error(self) -> float:
        """Expected calibration error: mean distance of accuracy and confidence, bins weighted by their pictures.

        Guo et al. (2017), On Calibration of Modern Neural Networks, equation 3. 0 at best, and 0 of no pictures.
        """
        gaps = np.abs(self.accuracy - self.confidence) * self.counts
        return float(gaps.sum() / max(self.counts.sum(), 1))


def calibrate_bins(probabilities: Floats, labels: Labels) -> Calibration:
    """Sort the answers (N, 10) into 15 bins of confidence (each open below, closed above, as in Guo et al.)."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    bins = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    counts = np.bincount(bins, minlength=BINS).astype(np.int64)
    return Calibration(
        counts=counts,
        confidence=np.bincount(bins, confidence, BINS) / np.maximum(counts, 1),
        accuracy=np.bincount(bins, right, BINS) / np.maximum(counts, 1),
    )


class McNemar(NamedTuple):
    """Two nets on the same pictures: only where one is right and the other wrong do they tell apart.

    Attributes:
        only_first: pictures that only the first net reads right.
        only_second: pictures that only the second net reads right.
        p_value: the chance of a split at least so uneven if both nets were equally good.
    """

    only_first: int
    only_second: int
    p_value: float


def mcnemar_test(first_right: npt.NDArray[np.bool_], second_right: npt.NDArray[np.bool_]) -> McNemar:
    """McNemar's test (1947), exact and two-sided: were the disagreements (N,) a fair coin, how rare is their split?

    The binomial sum is taken in whole numbers, so it is exact; p is 1 where the nets never disagree.
    """
    only_first = int((first_right & ~second_right).sum())
    only_second = int((second_right & ~first_right).sum())
    n, ways, tail = only_first + only_second, 1, 0
    for k in range(min(only_first, only_second) + 1):
        tail += ways  # ways = n over k
        ways = ways * (n - k) // (k + 1)
    return McNemar(only_first, only_second, min(1.0, 2 * tail / 2**n))


class Trust(NamedTuple):
    """What confidence is worth: how many answers are sure, and how many can be had at how few errors; shares 0 to 1.

    Attributes:
        sure: answers that are at least 99% sure.
        wrong_when_sure: of these, the wrong ones; 0 where there are none.
        answered_at_one_in_a_thousand: the most answers, surest first, of which at most 0.1% are wrong.
        answered_at_one_in_a_hundred: the same at 1%.
    """

    sure: float
    wrong_when_sure: float
    answered_at_one_in_a_thousand: float
    answered_at_one_in_a_hundred: float


def measure_trust(probabilities: Floats, labels: Labels) -> Trust:
    """What the confidence of answers (N, 10) is worth; N at least 1."""
    confidence = probabilities.max(axis=1)
    wrong = probabilities.argmax(axis=1) != labels
    is_sure = confidence >= SURE
    return Trust(
        sure=float(is_sure.mean()),
        wrong_when_sure=float(wrong[is_sure].mean()) if is_sure.any() else 0.0,
        answered_at_one_in_a_thousand=answered_at(confidence, wrong, 0.001),
        answered_at_one_in_a_hundred=answered_at(confidence, wrong, 0.01),
    )


def answered_at(confidence: npt.NDArray[np.floating], wrong: npt.NDArray[np.bool_], error: float) -> float:
    """The most answers of (N,), surest first, of which at most the share `error` is wrong, over N.

    Answers that are equally sure come together. Selective classification: El-Yaniv and Wiener (2010).
    """
    order = np.argsort(-confidence, kind="stable")
    answered = np.arange(1, len(order) + 1)
    is_last_of_its_confidence = np.append(np.diff(confidence[order]) != 0, True)
    allowed = answered[(np.cumsum(wrong[order]) <= error * answered) & is_last_of_its_confidence]
    return float(allowed[-1] / len(order)) if allowed.size else 0.0
