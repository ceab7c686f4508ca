import numpy as np
import pytest

from inkdigits.training.digit.config import Settings, TrainConfig
from inkdigits.training.digit.schedule import WARM_UP, Schedule, climb
from inkdigits.training.digit.transfer import LOWER


def rates_of(model: str, epochs: int, steps: int) -> np.ndarray:
    schedule = Schedule(Settings.of(TrainConfig(epochs=epochs, learning_rate=0.5), model), steps)
    return np.array([float(schedule(step)) for step in range(epochs * steps)])


def test_a_single_step_is_made_at_the_full_rate():
    assert climb(0.5, 1).tolist() == [0.5]


def test_the_rate_climbs_to_its_peak_and_falls_towards_nothing():
    rates = rates_of("nn", 2, 50)
    peak = round(100 * WARM_UP)
    assert rates[0] == pytest.approx(0.025)
    assert rates.argmax() == peak
    assert rates[peak] == pytest.approx(0.5)
    assert (np.diff(rates[:peak]) > 0).all()
    assert (np.diff(rates[peak:]) < 0).all()
    assert 0 < rates[-1] < 0.001


def test_behind_the_last_step_the_rate_stays():
    schedule = Schedule(Settings.of(TrainConfig(epochs=1), "nn"), 10)
    assert float(schedule(10)) == float(schedule(9)) > 0


def test_a_transfer_climbs_again_when_all_its_layers_learn():
    rates = rates_of("transfer", 3, 40)
    np.testing.assert_allclose(rates[:40], climb(0.5, 40), rtol=1e-5)
    assert rates[40] == pytest.approx(LOWER * 0.025)
    assert rates[40:].max() == pytest.approx(LOWER * 0.5)
