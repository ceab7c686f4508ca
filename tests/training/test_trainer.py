import io
import re
from contextlib import redirect_stderr
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from inkdigits.errors import DataError, RunError
from inkdigits.training import trainer
from inkdigits.training.trainer import Task, build_trainee, learn, measure

RAYS = np.array([3, -2, 1, 0.5], np.float32)


def build_line(dtype: str) -> keras.Model:
    point = keras.Input((4,))
    return keras.Model(point, keras.layers.Dense(1, dtype=dtype)(point))


def squared(_: Any, wanted: tuple[Any, ...], output: Any) -> Any:
    """How far the net is from the sum of all that is wanted."""
    return ops.mean((ops.cast(output[:, 0], "float32") - sum(wanted)) ** 2)


TASK = Task(build_line, squared, 16, 0.3, "points")


@pytest.fixture(scope="module")
def points() -> list[np.ndarray]:
    """32 points, and in two parts what a net that multiplies them by `RAYS` says of them."""
    shown = np.random.default_rng(0).normal(size=(32, 4)).astype(np.float32)
    return [shown, shown[:, :2] @ RAYS[:2], shown[:, 2:] @ RAYS[2:]]


def test_too_few_examples_are_named(points):
    few = [array[:15] for array in points]
    with pytest.raises(DataError, match="needs 16 points; got 15"):
        learn(TASK, few, points, epochs=1, seed=0)
    with pytest.raises(DataError, match="needs 16 points; got 15"):
        learn(TASK, points, few, epochs=1, seed=0)


@pytest.fixture(scope="module")
def trained(points) -> tuple[keras.Model, str]:
    """A net, and what was said while it learnt."""
    said = io.StringIO()
    with redirect_stderr(said):
        return learn(TASK, points, points, epochs=40, seed=0), said.getvalue()


def test_it_learns_and_says_how_much(points, trained):
    net, said = trained
    lines = re.findall(r"epoch (\d+)/40: loss (\d+\.\d+), of held-out points (\d+\.\d+)", said)
    assert [int(epoch) for epoch, _, _ in lines] == list(range(1, 41))
    assert float(lines[-1][1]) < 0.1 * float(lines[0][1])
    assert float(lines[-1][2]) < 0.1 * float(lines[0][2])
    assert net.get_weights()[0][:, 0] == pytest.approx(RAYS, abs=0.3)
    assert {layer.compute_dtype for layer in net.layers} == {"float32"}


def test_it_goes_on_from_a_start(points, trained):
    net, said = trained
    first, last = (float(loss) for loss in re.findall(r": loss (\d+\.\d+)", said)[::39])
    heard = io.StringIO()
    with redirect_stderr(heard):
        learn(TASK, points, points, epochs=1, seed=1, start=net)
    (loss,) = re.findall(r": loss (\d+\.\d+)", heard.getvalue())
    assert abs(float(loss) - last) < abs(float(loss) - first)


def test_the_same_seed_learns_the_same_and_another_something_else(points):
    first, again, other = (learn(TASK, points, points, epochs=1, seed=seed).get_weights()[0] for seed in (0, 0, 1))
    np.testing.assert_allclose(first, again, atol=1e-3)
    assert np.abs(first - other).max() > 0.01


def test_the_loss_of_a_net_is_the_mean_over_whole_batches(points):
    net = build_line("float32")
    net.set_weights([RAYS[:, None], np.zeros(1, np.float32)])
    assert measure(net, TASK, points) == pytest.approx(0, abs=1e-6)
    further = [np.concatenate([array, array[:15] + 100]) for array in points]
    assert measure(net, TASK, further) == pytest.approx(0, abs=1e-6)
    net.set_weights([RAYS[:, None], np.full(1, 2, np.float32)])
    assert measure(net, TASK, points) == pytest.approx(4, rel=1e-4)


def test_the_rate_climbs_to_its_peak_and_falls_to_nothing():
    rate = build_trainee(build_line("float32"), TASK, steps=100).optimizer._learning_rate
    rates = [float(rate(step)) for step in range(101)]
    assert max(rates) == rates[6] == pytest.approx(0.3)
    assert rates[0] == pytest.approx(0.006)
    assert rates[53] == pytest.approx(0.15)
    assert rates[100] == pytest.approx(0, abs=1e-6)


class Pretender:
    """In place of a `Trainee`: its weights say how many steps there were."""

    def __init__(self, loss: float) -> None:
        self.loss, self.shown, self.net = loss, [], build_line("float32")

    def train_on_batch(self, shown: np.ndarray, wanted: tuple) -> float:
        assert [len(array) for array in (shown, *wanted)] == [16, 16, 16]
        self.shown.append(shown)
        return self.loss

    def test_on_batch(self, *_: object) -> float:
        return 1.0

    def get_weights(self) -> list[np.ndarray]:
        return [np.full_like(weights, len(self.shown)) for weights in self.net.get_weights()]


def test_each_epoch_shows_every_example_once_in_an_order_of_its_own(points, monkeypatch):
    trainee = Pretender(1.0)
    monkeypatch.setattr(trainer, "build_trainee", lambda *_: trainee)
    learn(TASK, points, points, epochs=2, seed=0)
    first, second = (np.concatenate(trainee.shown[start : start + 2])[:, 0] for start in (0, 2))
    assert sorted(first) == sorted(second) == sorted(points[0][:, 0])
    assert not np.array_equal(first, second)


def test_in_the_end_it_has_the_mean_of_its_last_weights(points, monkeypatch):
    monkeypatch.setattr(trainer, "build_trainee", lambda *_: Pretender(1.0))
    for epochs, expected in ((20, 0.98 * 30 + 0.02 * 40), (10, 20), (2, 4)):
        net = learn(TASK, points, points, epochs, seed=0)
        assert net.get_weights()[0].ravel()[0] == pytest.approx(expected)


def test_a_loss_that_is_no_number_ends_the_training(points, monkeypatch):
    monkeypatch.setattr(trainer, "build_trainee", lambda *_: Pretender(float("nan")))
    with pytest.raises(RunError, match="In epoch 1 the loss is not a number"):
        learn(TASK, points, points, epochs=2, seed=0)
