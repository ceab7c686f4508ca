import numpy as np
import pytest

from inkdigits.page.decoding import BLANK, CLASSES, SYMBOLS
from inkdigits.training.recognizer.calibrate import cool, fit_temperature, log_loss, predict
from inkdigits.training.recognizer.examples import Example
from inkdigits.training.recognizer.net import build_recognizer

pytestmark = pytest.mark.slow

ONE, EIGHT = SYMBOLS.index("1"), SYMBOLS.index("8")


def say(one: float) -> np.ndarray:
    """What a net says that sees a 1 with this probability, and an 8 otherwise."""
    steps = np.full((3, CLASSES), 1e-6, np.float32)
    steps[[0, 2], BLANK] = 1
    steps[1, [ONE, EIGHT]] = one, 1 - one
    return steps / steps.sum(axis=1, keepdims=True)


@pytest.mark.parametrize(
    ("sure", "low", "high"), [(0.99, 1.5, 2.5), (0.8, 0.85, 1.15), (0.7, 0.5, 0.95)], ids=["too sure", "just", "modest"]
)
def test_a_net_that_is_too_sure_is_cooled_and_one_that_is_too_modest_heated(sure, low, high):
    probabilities = [say(sure)] * 24 + [say(1 - sure)] * 6
    temperature = fit_temperature(probabilities, ["1"] * 30)
    assert low <= temperature <= high
    losses = [log_loss([cool(one, t) for one in probabilities], ["1"] * 30) for t in (temperature, 0.9 * temperature)]
    assert losses[0] <= losses[1]


def test_temperature_1_changes_nothing():
    assert cool(say(0.9), 1.0) == pytest.approx(say(0.9), abs=1e-6)


def test_the_loss_of_a_text_is_minus_its_log_likelihood():
    assert log_loss([say(0.8)], ["1"]) == pytest.approx(-np.log(0.8), abs=1e-3)
    assert log_loss([say(0.8)], [""]) > 5


def test_a_net_says_something_at_every_step_of_a_crop():
    crops = [Example(np.zeros((32, width), np.uint8), "") for width in (16, 64)]
    probabilities = predict(build_recognizer(), crops)
    assert [one.shape for one in probabilities] == [(8, 19), (32, 19)]
    assert probabilities[0].sum(axis=1) == pytest.approx(1, abs=1e-5)
