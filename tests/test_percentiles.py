import numpy as np
import pytest

from inkdigits.percentiles import percentile


def test_one_number_is_every_percentile():
    assert [percentile(np.array([7], np.uint8), percent) for percent in (0, 60, 100)] == [7, 7, 7]


@pytest.mark.parametrize("percent", [0, 40, 50, 60, 80, 100])
@pytest.mark.parametrize("size", [2, 3, 10, 1001])
def test_it_is_numpys_percentile(size, percent):
    rng = np.random.default_rng(size)
    for numbers in (rng.integers(0, 256, size, np.uint8), rng.random(size, np.float32)):
        assert percentile(numbers, percent) == pytest.approx(np.percentile(numbers, percent), rel=1e-6)


def test_the_numbers_stay_in_their_order():
    numbers = np.array([9, 1, 5], np.uint8)
    percentile(numbers, 50)
    assert numbers.tolist() == [9, 1, 5]
