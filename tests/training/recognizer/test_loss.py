import numpy as np
import pytest

from inkdigits.page.ctc import log_likelihoods
from inkdigits.page.decoding import BLANK, CLASSES
from inkdigits.training.recognizer.loss import ctc_loss

pytestmark = pytest.mark.slow

READINGS = ([], [1], [3, 3], [0, 9, 0], [1, 10, 3, 11, 5, 6], [7, 7, 7, 0, 0, 2])


def wanted(*readings: list[int]) -> np.ndarray:
    classes = np.full((len(readings), 16), -1, np.int8)
    for row, reading in zip(classes, readings, strict=True):
        row[: len(reading)] = reading
    return classes


def test_the_loss_is_minus_the_mean_log_likelihood_of_the_right_readings():
    logits = np.random.default_rng(0).normal(0, 2, (len(READINGS), 20, CLASSES)).astype(np.float32)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    logs = [
        log_likelihoods(one, np.array([reading], int))[0] for one, reading in zip(probabilities, READINGS, strict=True)
    ]
    for reading, row, log in zip(READINGS, logits, logs, strict=True):
        assert float(ctc_loss(wanted(reading), row[None])) == pytest.approx(-log, rel=1e-4)
    assert float(ctc_loss(wanted(*READINGS), logits)) == pytest.approx(-np.mean(logs), rel=1e-4)


def test_a_perfect_answer_has_no_loss_and_a_wrong_one_much():
    logits = np.zeros((len(READINGS), 16, CLASSES), np.float32)
    logits[:, :, BLANK] = 20
    for row, reading in zip(logits, READINGS, strict=True):
        for place, symbol in enumerate(reading):
            row[2 * place + 1, [symbol, BLANK]] = 20, 0
    assert float(ctc_loss(wanted(*READINGS), logits)) == pytest.approx(0, abs=1e-3)
    for reading, row in zip(READINGS, logits, strict=True):
        assert float(ctc_loss(wanted([*reading[:-1], 8]), row[None])) > 10
