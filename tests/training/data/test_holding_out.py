import numpy as np
import pytest

from inkdigits.errors import DataError
from inkdigits.training.data.holding_out import hold_out_own


def keys(count: int) -> list[str]:
    return [f"{number}.png" for number in range(count)]


def test_of_nothing_nothing_is_held_out():
    with pytest.raises(DataError, match=r"0 checked digits are too few, at least 20 .*Check at least 20 more"):
        hold_out_own([], "digits")


def test_a_few_are_refused_and_the_error_says_how_many_more_and_why():
    with pytest.raises(DataError, match=r"12 checked numbers .*to see whether the new model .*at least 8 more"):
        hold_out_own(keys(12))


def test_one_page_cannot_be_parted():
    with pytest.raises(DataError, match=r"All 30 checked numbers are of one page, 'sheet.jpg'\. .*a second page"):
        hold_out_own(["sheet.jpg"] * 30)


@pytest.mark.parametrize(("count", "low", "high"), [(20, 0.3, 0.7), (100, 0.4, 0.6), (2000, 0.22, 0.28)])
def test_of_few_a_half_is_held_out_of_many_a_quarter(count, low, high):
    assert low <= hold_out_own(keys(count)).mean() <= high


def test_what_was_learnt_from_is_never_held_out_later():
    few, more, many = (hold_out_own(keys(count)) for count in (30, 120, 600))
    assert not (more[:30] & ~few).any()
    assert not (many[:120] & ~more).any()


@pytest.mark.parametrize("number", range(20))
def test_two_pages_are_one_to_learn_from_and_one_to_measure_on(number):
    held_out = hold_out_own([f"{number}-a", f"{number}-b"] * 15)
    assert held_out[0] != held_out[1]
    assert np.array_equal(held_out, np.tile(held_out[:2], 15))
