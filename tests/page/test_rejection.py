import pytest

from inkdigits.page.rejection import Evidence, find_kept, to_log_odds

WEIGHTS = {"keep_bias": -8.0, "keep_detected": 3.0, "keep_read": 0.4, "keep_page": 7.0}
CLEAR, HALF, NONE = Evidence(0.95, 0.99, 3), Evidence(0.75, 0.7, 1), Evidence(0.4, 0.5, 2)


def test_an_empty_page_has_no_numbers():
    assert find_kept([], WEIGHTS) == []


def test_what_both_nets_are_sure_of_is_a_number_and_what_neither_is_none():
    assert find_kept([CLEAR], WEIGHTS) == [True]
    assert find_kept([NONE], WEIGHTS) == [False]


def test_what_looks_half_like_a_number_is_one_among_numbers_and_none_among_words():
    assert find_kept([CLEAR, CLEAR, HALF], WEIGHTS)[-1]
    assert not find_kept([NONE, NONE, HALF], WEIGHTS)[-1]


def test_log_odds_are_bounded():
    assert to_log_odds(0.5) == 0
    assert to_log_odds(1.0) == pytest.approx(9.21, abs=0.01)
    assert to_log_odds(0.0) == pytest.approx(-9.21, abs=0.01)
