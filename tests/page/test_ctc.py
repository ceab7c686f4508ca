from itertools import groupby, product

import numpy as np
import pytest

from inkdigits.page.ctc import LEAST_LOG, NONE, Symbol, decode, log_likelihoods


def along(*likeliest: int, chance: float = 0.9) -> np.ndarray:
    """Chances at points at which these are likeliest."""
    chances = np.full((len(likeliest), 11), (1 - chance) / 10, np.float32)
    chances[np.arange(len(likeliest)), likeliest] = chance
    return chances


def log_likelihood(chances: np.ndarray, *digits: int) -> float:
    return float(log_likelihoods(chances, np.array([digits], int))[0])


def test_neighbours_that_are_equal_are_one_digit_and_none_parts_two():
    chances = along(NONE, 1, 1, 4, NONE, 4, NONE)
    assert decode(chances) == [Symbol(1, 1), Symbol(4, 3), Symbol(4, 5)]


def test_a_digit_stands_where_it_is_likeliest():
    chances = along(NONE, 7, 7, 7, NONE)
    chances[3, 7] = 0.95
    assert decode(chances) == [Symbol(7, 3)]


def test_an_empty_strip_has_no_digits():
    assert decode(along(NONE, NONE, NONE)) == []
    assert log_likelihood(along(NONE, NONE, NONE)) == pytest.approx(3 * np.log(0.9))


def test_a_reading_is_as_likely_as_all_its_alignments_together():
    rng = np.random.default_rng(0)
    chances = rng.dirichlet(np.ones(11), 4)
    # By hand: every way to give each point a digit or none, with equal neighbours joined and none left out.
    sums: dict[tuple[int, ...], float] = {}
    for path in product((1, 2, NONE), repeat=4):
        reading = tuple(digit for digit, _ in groupby(path) if digit != NONE)
        sums[reading] = sums.get(reading, 0.0) + float(np.prod(chances[np.arange(4), path]))
    assert len(sums) > 12
    for reading, chance in sums.items():
        assert log_likelihood(chances, *reading) == pytest.approx(np.log(chance), abs=1e-9)


def test_several_readings_are_judged_at_once():
    chances = along(NONE, 3, NONE, 5, NONE)
    both = log_likelihoods(chances, np.array([[3, 5], [5, 3]]))
    assert both == pytest.approx([log_likelihood(chances, 3, 5), log_likelihood(chances, 5, 3)])
    assert both[0] > both[1]


def test_a_reading_that_has_no_room_is_hardly_possible():
    assert log_likelihood(along(1, 1), 1, 1) == LEAST_LOG
    assert log_likelihood(along(1, NONE, 1), 1, 1) > -1
