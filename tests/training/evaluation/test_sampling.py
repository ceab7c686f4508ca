import numpy as np
import pytest

from inkdigits.training.evaluation.sampling import estimate_right

ENDLESS = 10**6


@pytest.mark.parametrize(("right", "n", "unchecked"), [(0, 0, 5), (3, 2, 5), (-1, 2, 5), (1, 2, 0)])
def test_nothing_is_said_of_no_cells_or_of_more_right_ones_than_there_are(right, n, unchecked):
    with pytest.raises(ValueError, match=f"got {right} right of {n}, and {unchecked} unchecked"):
        estimate_right(right, n, unchecked)


# Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 5.
@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2527, 0.3676), (15, 148, 0.0578, 0.1617), (0, 20, 0, 0.1684), (1, 29, 0.0009, 0.1776)],
)
def test_of_endless_cells_intervals_are_the_published_ones(right, n, low, high):
    estimate = estimate_right(right, n, ENDLESS)
    assert (estimate.low, estimate.high) == pytest.approx((low, high), abs=1e-4)
    assert (estimate.share, estimate.n) == (right / n, n)


def test_all_right_is_not_taken_for_certain():
    estimate = estimate_right(60, 60, ENDLESS)
    assert estimate.high == 1
    assert estimate.low == pytest.approx(0.025 ** (1 / 60), abs=1e-4)


def test_of_one_cell_that_is_left_little_is_known():
    assert estimate_right(3, 4, 1)[1:3] == (0, 1)


@pytest.mark.parametrize("checked", [30, 60, 200, 600])
@pytest.mark.parametrize("error", [0.003, 0.02, 0.1, 0.3])
def test_the_interval_holds_the_truth_of_200_tables_at_least_93_times_in_100(checked, error):
    rng, held = np.random.default_rng([checked, round(1000 * error)]), 0
    for _ in range(200):
        is_right = rng.random(900) >= error
        order = rng.permutation(900)
        estimate = estimate_right(int(is_right[order[:checked]].sum()), checked, 900 - checked)
        held += estimate.low <= is_right[order[checked:]].mean() <= estimate.high
    assert held >= 186


def test_more_checked_cells_tell_more():
    few, many = estimate_right(57, 60, ENDLESS), estimate_right(570, 600, ENDLESS)
    assert many.high - many.low < (few.high - few.low) / 2


def test_it_is_said_in_plain_words():
    said = estimate_right(987, 1000, ENDLESS).to_text()
    assert said == "98.7% (97.8 to 99.3) of the unchecked cells are right"
