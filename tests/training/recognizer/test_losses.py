import io
import re
from contextlib import redirect_stderr

import numpy as np
import pytest

from inkdigits.page.ctc import BLANK, log_likelihoods
from inkdigits.training import load_mnist
from inkdigits.training.recognizer.crops import STREAM, Crops, cut_crops
from inkdigits.training.recognizer.losses import TASK, ctc_loss
from inkdigits.training.recognizer.net import build_recognizer
from inkdigits.training.trainer import learn, measure

READINGS = ([], [1], [3, 3], [0, 9, 0], [1, 2, 3, 4, 5, 6], [7, 7, 7, 0, 0, 2])


def wanted(*readings: list[int]) -> tuple[np.ndarray]:
    digits = np.full((len(readings), 6), -1, np.int8)
    for row, reading in zip(digits, readings, strict=True):
        row[: len(reading)] = reading
    return (digits,)


def test_the_loss_is_minus_the_mean_log_likelihood_of_the_right_readings():
    logits = np.random.default_rng(0).normal(0, 2, (len(READINGS), 20, 11)).astype(np.float32)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=2, keepdims=True)
    logs = [
        log_likelihoods(one, np.array([reading], int))[0] for one, reading in zip(probabilities, READINGS, strict=True)
    ]
    for reading, row, log in zip(READINGS, logits, logs, strict=True):
        assert float(ctc_loss(None, wanted(reading), row[None])) == pytest.approx(-log, rel=1e-4)
    assert float(ctc_loss(None, wanted(*READINGS), logits)) == pytest.approx(-np.mean(logs), rel=1e-4)


def test_a_perfect_answer_has_no_loss_and_a_wrong_one_much():
    logits = np.zeros((len(READINGS), 16, 11), np.float32)
    logits[:, :, BLANK] = 20
    for row, reading in zip(logits, READINGS, strict=True):
        for place, digit in enumerate(reading):
            row[2 * place + 1, [digit, BLANK]] = 20, 0
    assert float(ctc_loss(None, wanted(*READINGS), logits)) == pytest.approx(0, abs=1e-4)
    for reading, row in zip(READINGS, logits, strict=True):
        assert float(ctc_loss(None, wanted([*reading[:-1], 8]), row[None])) > 10


@pytest.fixture(scope="module")
def crops() -> Crops:
    """32 crops with digits, less than half as wide as others: what is tested here is not how much is learnt."""
    digits = load_mnist().train
    cut = [cut_crops(digits, np.random.default_rng([STREAM, 7, 0, number])) for number in range(45)]
    ink, labels = (np.concatenate(column) for column in zip(*cut, strict=True))
    short = ink.any(axis=(1, 2)) & ~ink[:, :, 64:].any(axis=(1, 2)) & (labels[:, 0] >= 0) & (labels[:, 3] < 0)
    return Crops(ink[short][:32, :, :64], labels[short][:32])


def test_it_learns(crops):
    assert len(crops.ink) == 32
    task, said = TASK._replace(batch=16), io.StringIO()
    with redirect_stderr(said):
        net = learn(task, crops, crops, epochs=30, seed=0)
    losses = [float(loss) for loss in re.findall(r": loss (\d+\.\d+)", said.getvalue())]
    # A net that has learnt how many digits there are, but not which, has a loss of more than 2 a digit.
    assert losses[-1] < 1.5 < 20 < losses[0]
    assert measure(net, task, crops) < 0.5 * measure(build_recognizer(), task, crops)
