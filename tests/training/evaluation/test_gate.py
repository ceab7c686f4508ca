import numpy as np

from inkdigits.training.evaluation.gate import judge


def right(n: int, wrong: int, start: int = 0) -> np.ndarray:
    """N numbers of which so many are misread, from one on."""
    is_right = np.ones(n, bool)
    is_right[start : start + wrong] = False
    return is_right


OTHERS = right(1000, 30)


def test_a_net_that_reads_the_users_numbers_better_is_kept():
    verdict = judge(right(200, 32), right(200, 11), OTHERS, OTHERS)
    assert verdict.is_kept
    assert verdict.words == (
        "Of 200 held-out numbers of yours 32 were misread before, 11 now. "
        "Other hands it reads as before (30 and 30 of 1000 misread)."
    )


def test_a_net_that_changed_nothing_is_not_kept():
    verdict = judge(right(200, 32), right(200, 32), OTHERS, OTHERS)
    assert not verdict.is_kept
    assert "That may be chance" in verdict.words


def test_a_gain_that_may_be_chance_is_not_enough():
    assert not judge(right(20, 3), right(20, 1), OTHERS, OTHERS).is_kept


def test_a_net_that_became_worse_is_not_kept():
    verdict = judge(right(200, 11), right(200, 32), OTHERS, OTHERS)
    assert not verdict.is_kept
    assert "It has become worse" in verdict.words


def test_a_net_that_forgot_other_hands_is_not_kept():
    verdict = judge(right(200, 32), right(200, 11), OTHERS, right(1000, 80))
    assert not verdict.is_kept
    assert "of 1000 numbers of other hands 80 are misread now, 30 before" in verdict.words


def test_a_few_more_misreadings_of_other_hands_are_noise():
    assert judge(right(200, 32), right(200, 11), OTHERS, right(1000, 30, start=3)).is_kept
