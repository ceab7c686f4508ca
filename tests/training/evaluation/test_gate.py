import numpy as np
import pytest

from inkdigits.training.evaluation.gate import LEAST_MISREAD, Pair, foretell, judge


def right(n: int, wrong: int, start: int = 0) -> np.ndarray:
    """N examples of which this many are misread, from one on."""
    is_right = np.ones(n, bool)
    is_right[start : start + wrong] = False
    return is_right


SAME = Pair(right(1000, 30), right(1000, 30))
OTHERS = {"composed numbers": SAME, "digits of MNIST": Pair(right(500, 4), right(500, 3))}


def test_of_a_single_example_nothing_can_be_shown():
    verdict = judge(Pair(right(1, 1), right(1, 0)), OTHERS)
    assert not verdict.is_kept
    assert verdict.words.startswith("1 of 1 held-out numbers of yours were wrong before, 0 now. That may be chance.")


def test_a_net_that_reads_the_users_numbers_better_is_kept():
    verdict = judge(Pair(right(200, 32), right(200, 11)), OTHERS)
    assert verdict.is_kept
    assert verdict.words == (
        "32 of 200 held-out numbers of yours were wrong before, 11 now. All else it reads as before (wrong: 30 and 30 "
        "of 1,000 composed numbers; 4 and 3 of 500 digits of MNIST)."
    )


def test_a_net_that_changed_nothing_is_not_kept():
    verdict = judge(Pair(right(200, 32), right(200, 32)), OTHERS)
    assert not verdict.is_kept
    assert verdict.words.endswith("That may be chance. Check more numbers and train again.")


def test_a_net_that_read_all_before_cannot_become_better():
    verdict = judge(Pair(right(200, 0), right(200, 0)), OTHERS)
    assert not verdict.is_kept
    assert "the model before reads them all" in verdict.words


def test_a_gain_that_may_be_chance_is_not_enough_and_the_user_learns_how_many_would_be():
    verdict = judge(Pair(right(20, 3), right(20, 1)), OTHERS, "digits")
    assert not verdict.is_kept
    assert verdict.words.endswith("With about 40 more held-out digits it would show, if it goes on like this.")


def test_a_net_that_became_worse_is_not_kept():
    verdict = judge(Pair(right(200, 11), right(200, 32)), OTHERS)
    assert not verdict.is_kept
    assert "It has become worse" in verdict.words


@pytest.mark.parametrize("name", OTHERS)
def test_a_net_that_forgot_anything_else_is_not_kept(name):
    worse = Pair(right(1000, 30), right(1000, 80))
    verdict = judge(Pair(right(200, 32), right(200, 11)), OTHERS | {name: worse})
    assert not verdict.is_kept
    assert f"of 1,000 {name} 80 are wrong now, 30 before" in verdict.words


def test_a_few_more_misreadings_of_others_are_noise():
    noise = Pair(right(1000, 30), right(1000, 32, start=3))
    assert judge(Pair(right(200, 32), right(200, 11)), {"composed numbers": noise}).is_kept


@pytest.mark.parametrize(("doubtful", "says"), [(0, False), (3, False), (20, True)])
def test_texts_that_both_nets_contradict_are_told_where_they_are_many(doubtful, says):
    verdict = judge(Pair(right(200, 32), right(200, 30)), OTHERS, doubtful=doubtful)
    assert ("Of 20 of them both models say the same, but not what you say" in verdict.words) == says


def test_what_can_be_won_is_foretold():
    assert foretell(right(200, 32)) == "32 of 200 held-out numbers of yours are wrong now."
    few = foretell(right(20, 2), "digits")
    assert f"it takes at least {LEAST_MISREAD}: with about 30 more of them held out it could show" in few
    assert "with more of them it could show" in foretell(right(20, 0))


def test_as_few_misread_ones_as_are_asked_for_can_show_a_difference():
    assert judge(Pair(right(50, LEAST_MISREAD), right(50, 0)), OTHERS).is_kept
    assert not judge(Pair(right(50, LEAST_MISREAD - 1), right(50, 0)), OTHERS).is_kept
