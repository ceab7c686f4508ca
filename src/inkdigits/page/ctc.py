"""Connectionist temporal classification: how likely texts are, given what a net says at each step along a crop.

At each step the net gives a probability to each class of symbols and to the blank, the last of them. A text is every
way to lay its symbols along the steps, each over one step or several, with a blank between two that are equal (Graves
et al., 2006). Pure functions; sums run over all alignments, as logarithms.
"""

from itertools import pairwise

import numpy as np
import numpy.typing as npt

# A probability counts as no less, and a text's log-likelihood neither.
TINY, LEAST_LOG = 1e-12, -1e3

Probabilities = npt.NDArray[np.floating]
Classes = npt.NDArray[np.integer]
Logs = npt.NDArray[np.float64]


def best_path(probabilities: Probabilities) -> list[tuple[int, int]]:
    """The classes that are likeliest, one for neighbouring steps that are equal, and the step at which each peaks.

    Args:
        probabilities: (T, C), the blank last.
    """
    likeliest = probabilities.argmax(axis=1)
    starts = np.flatnonzero(np.diff(likeliest, prepend=-1))
    runs = pairwise([*starts.tolist(), len(likeliest)])
    return [
        (int(likeliest[start]), start + int(probabilities[start:stop, likeliest[start]].argmax()))
        for start, stop in runs
        if likeliest[start] != probabilities.shape[1] - 1
    ]


def log_likelihoods(probabilities: Probabilities, texts: Classes) -> Logs:
    """For each text the logarithm of the probability that it stands on a crop, over all alignments.

    Args:
        probabilities: (T, C), the blank last.
        texts: (N, L), the classes of each from left to right; a shorter one ends in -1. L may be 0.

    Returns:
        (N,), none less than -1,000.
    """
    lengths, rows = (texts >= 0).sum(axis=1), np.arange(len(texts))
    if not len(probabilities):
        return np.where(lengths == 0, 0.0, LEAST_LOG)
    places = _to_places(texts, probabilities.shape[1] - 1)
    ends = _forward(_to_logs(probabilities).T[places], places)[:, :, -1]
    # A text ends in its last symbol, if it has any, or in a blank behind it.
    in_symbol = np.where(lengths > 0, ends[rows, 2 * lengths - 1], -np.inf)
    return np.asarray(np.maximum(np.logaddexp(ends[rows, 2 * lengths], in_symbol), LEAST_LOG))


def vary(probabilities: Logs, text: Classes, least: float) -> tuple[Logs, list[int]]:
    """How likely a text is with each class in each place, all else the same; and the steps where its symbols peak.

    Args:
        probabilities: (T, C), the blank last.
        text: (L,) classes, at least one and no more than there is room for.
        least: classes with less than this probability at every step count as impossible, but for those of the text.

    Returns:
        (L, C) logarithms; that of the blank: with nothing there. And L steps.
    """
    logs, blank = _to_logs(probabilities).T, probabilities.shape[1] - 1
    places = _to_places(text[None], blank)
    # What is to come is what has been of the text read backwards.
    emissions = np.concatenate([logs[places], logs[places[:, ::-1], ::-1]])
    before, after = _forward(emissions, np.concatenate([places, places[:, ::-1]]))
    after = after[::-1, ::-1]
    nothing = np.full((len(text), len(probabilities)), -np.inf)
    # From what a symbol is entered at a step, and where it is left to: a blank, or the next symbol at once.
    from_blank, from_symbol, to_blank, to_symbol, following = (nothing.copy() for _ in range(5))
    from_blank[:, 1:], from_blank[0, 0] = before[:-1:2, :-1], 0
    from_symbol[1:, 1:] = before[1:-2:2, :-1]
    to_blank[:, :-1], to_blank[-1, -1] = after[2::2, 1:], 0
    following[:-1] = after[3::2]
    to_symbol[:, :-1] = following[:, 1:]
    previous, coming = np.roll(text, 1), np.roll(text, -1)

    kinds = np.union1d(np.flatnonzero((probabilities[:, :blank] > least).any(axis=0)), text)
    enter = _unless(kinds == previous[:, None], from_blank[:, None], from_symbol[:, None])
    leave = _unless(kinds == coming[:, None], to_blank[:, None], to_symbol[:, None])
    along = _stay(enter, logs[kinds].cumsum(axis=1), logs[kinds])
    likelihoods = np.full((len(text), blank + 1), -np.inf)
    likelihoods[:, kinds] = np.logaddexp.reduce(along + leave, axis=2)
    likelihoods[:, blank] = np.logaddexp.reduce(
        _unless(previous == coming, from_blank, from_symbol) + following, axis=1
    )
    likelihoods[-1, blank] = np.logaddexp(before[-3, -1], before[-4, -1] if len(text) > 1 else -np.inf)
    return likelihoods, _to_steps((before + after)[1::2])


def _to_steps(peaks: Logs) -> list[int]:
    """The likeliest steps of symbols, each behind the one before; (L, T) how likely each step is for each symbol."""
    scores = [peaks[0]]
    for peak in peaks[1:]:
        scores.append(peak + np.append(-np.inf, np.maximum.accumulate(scores[-1])[:-1]))
    steps: list[int] = []
    for score in reversed(scores):
        steps.append(int(score[: steps[-1] if steps else None].argmax()))
    return steps[::-1]


def _to_logs(probabilities: Probabilities) -> Logs:
    return np.asarray(np.log(np.maximum(probabilities.astype(np.float64), TINY)))


def _to_places(texts: Classes, blank: int) -> Classes:
    """(N, 2 L + 1): the classes of texts with the blank before, between and behind; those past their ends, too."""
    places = np.full((len(texts), 2 * texts.shape[1] + 1), blank)
    places[:, 1::2] = np.where(texts < 0, blank, texts)
    return places


def _forward(emissions: Logs, places: Classes) -> Logs:
    """The probability of each beginning of texts up to each step, as logarithms.

    Args:
        emissions: (N, S, T), how likely each place of each text is at each step.
        places: (N, S), the class of each place.

    Returns:
        (N, S, T): all alignments of the first places with the first steps that end in this place.
    """
    alphas = np.empty_like(emissions)
    until = emissions.cumsum(axis=2)
    for place in range(emissions.shape[1]):
        enter = np.full(emissions[:, 0].shape, -np.inf)
        if place < 2:
            enter[:, 0] = 0
        if place:
            enter[:, 1:] = alphas[:, place - 1, :-1]
        if place % 2 and place > 1:
            # A symbol may follow another without a blank between them, if it is another.
            may_skip = (places[:, place] != places[:, place - 2])[:, None]
            skipped = np.where(may_skip, alphas[:, place - 2, :-1], -np.inf)
            enter[:, 1:] = np.logaddexp(enter[:, 1:], skipped)
        alphas[:, place] = _stay(enter, until[:, place], emissions[:, place])
    return alphas


def _stay(enter: Logs, until: Logs, emissions: Logs) -> Logs:
    """The probability to be at a place at each step: entered then or earlier, and stayed; (..., T), as logarithms.

    Args:
        enter: the probability to come there at each step.
        until: the sum of the emissions up to each step.
        emissions: how likely the place is at each step.
    """
    return np.asarray(until + np.logaddexp.accumulate(enter - (until - emissions), axis=-1))


def _unless(is_equal: npt.NDArray[np.bool_], blank: Logs, symbol: Logs) -> Logs:
    """The probability of both ways, but by the blank alone where two equal symbols need one between them."""
    return np.asarray(np.where(is_equal[..., None], blank, np.logaddexp(blank, symbol)))
