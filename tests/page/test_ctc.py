from collections import defaultdict
from itertools import groupby, product
from math import comb

import numpy as np
import pytest

from inkdigits.page.ctc import LEAST_LOG, best_path, log_likelihoods, vary

NOTHING = 10


def along(*likeliest: int, probability: float = 0.9) -> np.ndarray:
    """Probabilities of ten digits and of the blank, at steps at which these are likeliest."""
    probabilities = np.full((len(likeliest), NOTHING + 1), (1 - probability) / NOTHING, np.float32)
    probabilities[np.arange(len(likeliest)), likeliest] = probability
    return probabilities


def by_hand(probabilities: np.ndarray) -> dict[tuple[int, ...], float]:
    """The probability of every text, summed over every way to give each step a class."""
    steps, classes = probabilities.shape
    sums: dict[tuple[int, ...], float] = defaultdict(float)
    for path in product(range(classes), repeat=steps):
        text = tuple(one for one, _ in groupby(path) if one != classes - 1)
        sums[text] += float(np.prod(probabilities[np.arange(steps), path]))
    return sums


def test_a_crop_without_width_holds_no_text():
    nothing = np.zeros((0, NOTHING + 1))
    assert best_path(nothing) == []
    assert log_likelihoods(nothing, np.array([[-1], [1]])).tolist() == [0, LEAST_LOG]


def test_an_empty_crop_has_no_symbols():
    empty = along(NOTHING, NOTHING, NOTHING)
    assert best_path(empty) == []
    assert log_likelihoods(empty, np.zeros((1, 0), int)) == pytest.approx(3 * np.log(0.9))


def test_neighbours_that_are_equal_are_one_symbol_and_a_blank_parts_two():
    probabilities = along(NOTHING, 1, 1, 4, NOTHING, 4, NOTHING)
    assert best_path(probabilities) == [(1, 1), (4, 3), (4, 5)]


def test_a_symbol_stands_where_it_is_likeliest():
    probabilities = along(NOTHING, 7, 7, 7, NOTHING)
    probabilities[3, 7] = 0.95
    assert best_path(probabilities) == [(7, 3)]
    assert vary(probabilities, np.array([7]), 0)[1] == [3]


def test_a_text_is_as_likely_as_all_its_alignments_together():
    probabilities = np.random.default_rng(0).dirichlet(np.ones(4), 5)
    sums = by_hand(probabilities)
    texts = np.array([[*text, *[-1] * (5 - len(text))] for text in sums])
    assert len(texts) > 100
    assert log_likelihoods(probabilities, texts) == pytest.approx(np.log(list(sums.values())), abs=1e-9)


@pytest.mark.parametrize("seed", range(10))
def test_each_place_is_varied_with_all_else_the_same(seed):
    probabilities = np.random.default_rng(seed).dirichlet(np.full(4, 0.5), 6)
    sums = by_hand(probabilities)
    for text in [text for text in sums if 1 <= len(text) <= 4]:
        varied, steps = vary(probabilities, np.array(text), 0)
        for place in range(len(text)):
            others = [text[:place] + other + text[place + 1 :] for other in [(0,), (1,), (2,), ()]]
            likelihoods = np.array([sums.get(other, 0) for other in others])
            assert np.exp(varied[place]) == pytest.approx(likelihoods, abs=1e-9), (text, place)
        assert steps == sorted(set(steps))


def test_classes_that_nothing_speaks_for_are_not_looked_at():
    probabilities = along(NOTHING, 7, NOTHING, probability=0.999)
    varied, _ = vary(probabilities, np.array([7]), 1e-3)
    assert np.flatnonzero(np.isfinite(varied[0])).tolist() == [7, NOTHING]
    assert vary(probabilities, np.array([3]), 1e-3)[0][0].argmax() == 7


def test_a_text_that_has_no_room_is_hardly_possible():
    assert log_likelihoods(along(1, 1), np.array([[1, 1]])) == LEAST_LOG
    assert log_likelihoods(along(1, NOTHING, 1), np.array([[1, 1]])) > -1


def test_a_very_unlikely_text_still_has_its_likelihood():
    probabilities = np.full((60, NOTHING + 1), 1e-9)
    probabilities[:, NOTHING] = 1 - 10e-9
    text = np.array([[1, 2, 3, 4, 5, 6, 7, 8, 9]])
    # Each symbol at one of 60 steps, in their order: more steps for one are too unlikely to count.
    assert log_likelihoods(probabilities, text) == pytest.approx(9 * np.log(1e-9) + np.log(comb(60, 9)), abs=1e-4)


def test_several_texts_are_judged_at_once():
    probabilities = along(NOTHING, 3, NOTHING, 5, NOTHING)
    texts = np.array([[3, 5], [5, 3], [3, -1]])
    alone = [log_likelihoods(probabilities, text[None, text >= 0])[0] for text in texts]
    assert log_likelihoods(probabilities, texts) == pytest.approx(alone)
    assert alone[0] > max(alone[1:])
