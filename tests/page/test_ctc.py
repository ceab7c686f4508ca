from itertools import groupby, product

import numpy as np
import pytest

from inkdigits.page.ctc import BLANK, LEAST_LOG, Symbol, decode, log_likelihoods


def along(*likeliest: int, probability: float = 0.9) -> np.ndarray:
    """Probabilities at points at which these are likeliest."""
    probabilities = np.full((len(likeliest), 11), (1 - probability) / 10, np.float32)
    probabilities[np.arange(len(likeliest)), likeliest] = probability
    return probabilities


def log_likelihood(probabilities: np.ndarray, *digits: int) -> float:
    return float(log_likelihoods(probabilities, np.array([digits], int))[0])


def test_neighbours_that_are_equal_are_one_digit_and_none_parts_two():
    probabilities = along(BLANK, 1, 1, 4, BLANK, 4, BLANK)
    assert decode(probabilities) == [Symbol(1, 1), Symbol(4, 3), Symbol(4, 5)]


def test_a_digit_stands_where_it_is_likeliest():
    probabilities = along(BLANK, 7, 7, 7, BLANK)
    probabilities[3, 7] = 0.95
    assert decode(probabilities) == [Symbol(7, 3)]


def test_an_empty_crop_has_no_digits():
    assert decode(along(BLANK, BLANK, BLANK)) == []
    assert log_likelihood(along(BLANK, BLANK, BLANK)) == pytest.approx(3 * np.log(0.9))


def test_a_reading_is_as_likely_as_all_its_alignments_together():
    rng = np.random.default_rng(0)
    probabilities = rng.dirichlet(np.ones(11), 4)
    # By hand: every way to give each point a digit or none, with equal neighbours joined and none left out.
    sums: dict[tuple[int, ...], float] = {}
    for path in product((1, 2, BLANK), repeat=4):
        reading = tuple(digit for digit, _ in groupby(path) if digit != BLANK)
        sums[reading] = sums.get(reading, 0.0) + float(np.prod(probabilities[np.arange(4), path]))
    assert len(sums) > 12
    for reading, probability in sums.items():
        assert log_likelihood(probabilities, *reading) == pytest.approx(np.log(probability), abs=1e-9)


def test_several_readings_are_judged_at_once():
    probabilities = along(BLANK, 3, BLANK, 5, BLANK)
    both = log_likelihoods(probabilities, np.array([[3, 5], [5, 3]]))
    assert both == pytest.approx([log_likelihood(probabilities, 3, 5), log_likelihood(probabilities, 5, 3)])
    assert both[0] > both[1]


def test_a_reading_that_has_no_room_is_hardly_possible():
    assert log_likelihood(along(1, 1), 1, 1) == LEAST_LOG
    assert log_likelihood(along(1, BLANK, 1), 1, 1) > -1
