import numpy as np
import pytest

from inkdigits.training.evaluation.metrics import (
    answered_at,
    calibrate_bins,
    confusion_matrix,
    mcnemar_test,
    measure_trust,
    negative_log_likelihood,
    score_digits,
    wilson_interval,
)

NONE = np.zeros(0, np.uint8)


def answers(*confidences: float) -> np.ndarray:
    """Rows that say 1 with these confidences, the rest going to 0."""
    rows = np.zeros((len(confidences), 10), np.float32)
    rows[:, 1] = confidences
    rows[:, 0] = 1 - rows[:, 1]
    return rows


def test_no_pictures_give_no_counts_no_error_and_no_certainty():
    assert confusion_matrix(NONE, NONE.astype(np.int64)).sum() == 0
    assert calibrate_bins(np.zeros((0, 10), np.float32), NONE).error == 0
    assert wilson_interval(0, 0) == (0, 1)


def test_rows_of_the_confusion_matrix_are_what_was_meant():
    confusion = confusion_matrix(np.array([4, 4, 9], np.uint8), np.array([9, 4, 9]))
    assert confusion.shape == (10, 10)
    assert confusion[4, 9] == 1
    assert confusion[9, 4] == 0
    assert confusion.sum() == 3


def test_labels_up_to_nine_do_not_overflow_their_bytes():
    assert confusion_matrix(np.full(300, 9, np.uint8), np.full(300, 9))[9, 9] == 300


def test_precision_recall_and_f1_are_those_of_the_textbook():
    confusion = np.zeros((10, 10), np.int64)
    confusion[3, 3], confusion[3, 5], confusion[5, 3], confusion[5, 5] = 6, 2, 4, 8
    three = score_digits(confusion)[3]
    assert (three.digit, three.support) == (3, 8)
    assert three.precision == pytest.approx(6 / 10)
    assert three.recall == pytest.approx(6 / 8)
    assert three.f1 == pytest.approx(2 * 0.6 * 0.75 / (0.6 + 0.75))


def test_a_digit_that_never_occurs_scores_zero():
    assert score_digits(np.zeros((10, 10), np.int64))[7] == (7, 0.0, 0.0, 0.0, 0)


# Newcombe (1998), Two-sided confidence intervals for the single proportion, table I, method 3.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"), [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)]
)
def test_wilson_intervals_are_the_published_ones(hits, n, low, high):
    assert wilson_interval(hits, n) == pytest.approx((low, high), abs=5e-5)


def test_the_interval_of_a_perfect_net_ends_at_one():
    low, high = wilson_interval(10_000, 10_000)
    assert 0.999 < low < high == 1


def test_the_loss_of_a_sure_and_right_answer_is_zero():
    assert negative_log_likelihood(answers(1), np.array([1], np.uint8)) == 0


def test_the_loss_is_the_mean_of_minus_log():
    loss = negative_log_likelihood(answers(0.5, 0.75), np.array([1, 0], np.uint8))
    assert loss == pytest.approx((np.log(2) + np.log(4)) / 2)


def test_a_probability_of_zero_does_not_make_the_loss_infinite():
    assert 80 < negative_log_likelihood(answers(1), np.array([5], np.uint8)) < 90


def test_confidence_that_comes_true_has_no_calibration_error():
    labels = np.array([1, 1, 1, 0], np.uint8)
    assert calibrate_bins(answers(0.75, 0.75, 0.75, 0.75), labels).error == 0


def test_the_calibration_error_weights_bins_by_their_pictures():
    labels = np.array([1, 1, 1, 0], np.uint8)
    bins = calibrate_bins(answers(1, 1, 1, 0.75), labels)
    assert bins.counts.sum() == 4
    assert bins.counts[14] == 3
    assert bins.error == pytest.approx(0.75 / 4)


def test_nets_that_never_disagree_are_not_told_apart():
    right = np.array([True, False, True])
    assert mcnemar_test(right, right) == (0, 0, 1.0)


def test_the_p_value_is_that_of_the_exact_binomial():
    first = np.array([True] + 9 * [False] + 5 * [True])
    second = np.array([False] + 9 * [True] + 5 * [True])
    assert mcnemar_test(first, second) == (1, 9, 2 * (1 + 10) / 2**10)
    assert mcnemar_test(second, first).p_value == mcnemar_test(first, second).p_value


def test_an_even_split_has_a_p_value_of_one():
    first = np.arange(10) < 5
    assert mcnemar_test(first, ~first).p_value == 1


def test_thousands_of_disagreements_do_not_overflow():
    first = np.arange(9_000) < 4_000
    assert 0 < mcnemar_test(first, ~first).p_value < 1e-20


def test_no_answer_at_all_where_the_surest_are_wrong():
    assert answered_at(np.array([0.9, 0.8]), np.array([True, False]), 0.01) == 0


def test_as_many_are_answered_as_the_error_allows():
    wrong = np.array([False] * 60 + [True] + [False] * 60 + [True] * 5)
    confidence = np.linspace(1, 0.5, len(wrong))
    assert answered_at(confidence, wrong, 0.001) == 60 / 126
    assert answered_at(confidence, wrong, 0.01) == 121 / 126


def test_answers_that_are_equally_sure_come_together():
    assert answered_at(np.array([0.9, 0.9]), np.array([False, True]), 0.01) == 0


def test_trust_counts_the_sure_and_the_wrong_among_them():
    trust = measure_trust(answers(0.995, 0.995, 0.7), np.array([1, 0, 1], np.uint8))
    assert trust.sure == pytest.approx(2 / 3)
    assert trust.wrong_when_sure == 0.5
    assert measure_trust(answers(0.7), np.array([1], np.uint8)).wrong_when_sure == 0
