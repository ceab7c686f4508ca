import numpy as np
import pytest

from inkdigits.digit.classifier import softmax
from inkdigits.training.digit.calibrate import (
    HIGHEST_THRESHOLD,
    REFUSED_SHARE,
    fit_temperature,
    log_loss,
    refusal_threshold,
)


def overconfident(true_temperature: float, n: int = 20_000) -> tuple[np.ndarray, np.ndarray]:
    """Logits and labels of a net whose logits are `true_temperature` times too large."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (n, 10))
    probabilities = softmax(logits.astype(np.float32), 1.0).astype(np.float64)
    labels = (rng.random((n, 1)) > probabilities.cumsum(axis=1)).sum(axis=1).clip(0, 9)
    return (logits * true_temperature).astype(np.float32), labels.astype(np.uint8)


def test_equal_logits_cost_the_logarithm_of_ten():
    assert log_loss(np.zeros((3, 10), np.float32), np.array([0, 4, 9], np.uint8)) == pytest.approx(np.log(10))


def test_the_loss_of_huge_logits_is_finite():
    logits = np.zeros((1, 10), np.float32)
    logits[0, 3] = 1e5
    assert log_loss(logits, np.array([3], np.uint8)) == 0
    assert log_loss(logits, np.array([4], np.uint8)) == pytest.approx(1e5)


@pytest.mark.parametrize("true_temperature", [0.5, 1.0, 2.5])
def test_the_temperature_undoes_wrong_confidence(true_temperature):
    assert fit_temperature(*overconfident(true_temperature)) == pytest.approx(true_temperature, rel=0.03)


def test_the_temperature_has_the_least_loss():
    logits, labels = overconfident(1.7, 500)
    best = fit_temperature(logits, labels)
    loss = log_loss(logits, labels, best)
    assert all(loss <= log_loss(logits, labels, best * factor) for factor in (0.9, 0.99, 1.01, 1.1))


def test_where_every_answer_is_right_the_temperature_stays_in_its_range():
    logits = np.eye(10, dtype=np.float32) * 5
    assert 0.2 <= fit_temperature(logits, np.arange(10, dtype=np.uint8)) <= 5


def test_at_most_the_allowed_share_is_refused():
    logits, _ = overconfident(1.0, 3_000)
    probabilities = softmax(logits, 1.0)
    refused = (probabilities.max(axis=1) < refusal_threshold(probabilities)).mean()
    assert REFUSED_SHARE - 1 / 3_000 <= refused <= REFUSED_SHARE


def test_of_few_digits_none_is_refused():
    probabilities = softmax(overconfident(1.0, 10)[0], 1.0)
    assert (probabilities.max(axis=1) >= refusal_threshold(probabilities)).all()


def test_sure_digits_are_never_refused_even_where_all_validation_digits_are_sure():
    assert refusal_threshold(np.eye(10, dtype=np.float32)) == HIGHEST_THRESHOLD
