from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

from inkdigits.training.config import Settings, TrainConfig
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.distill import DigitAccuracy, soft_cross_entropy, to_targets
from inkdigits.training.digit.models import build_model
from inkdigits.training.trainee import STEPS_AT_ONCE, Schedule, Trainee, climb

pytestmark = pytest.mark.slow

BATCH = 32
# More steps than are run at once, and a last one of five pictures.
PICTURES = BATCH * (STEPS_AT_ONCE + 2) + 5


def build_trainee() -> Trainee:
    keras.utils.set_random_seed(3)
    net = build_model("cnn")
    return Trainee(net.inputs, net.outputs).prepare(mean_loss, keras.optimizers.AdamW(1e-3), [DigitAccuracy()])


def mean_loss(_: object, targets: Any, answers: Any) -> Any:
    return keras.ops.mean(soft_cross_entropy(targets, answers))


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    images, labels = load_part("train")
    return images[:PICTURES], to_targets(labels[:PICTURES], 0)


@pytest.fixture(scope="module")
def fitted(data) -> tuple[Trainee, dict[str, list[float]]]:
    trainee = build_trainee()
    return trainee, trainee.fit(*data, BATCH, epochs=2, shuffle=False, verbose=0).history


def test_one_picture_is_one_step(data):
    steps = [step for step, _ in build_trainee().learn_arrays(data[0][:1], data[1][:1], BATCH)]
    assert steps == [1]


@pytest.mark.parametrize("backend", ["tensorflow", "another"])
def test_what_is_learnt_is_what_fit_teaches(data, fitted, monkeypatch, backend):
    trainee = build_trainee()
    monkeypatch.setattr(keras.backend, "backend", lambda: backend)
    for epoch in range(2):
        *_, (steps, logs) = trainee.learn_arrays(*data, BATCH)
        assert steps == STEPS_AT_ONCE + 3
        assert logs == pytest.approx({name: values[epoch] for name, values in fitted[1].items()}, rel=1e-3)
    for own, other in zip(trainee.get_weights(), fitted[0].get_weights(), strict=True):
        np.testing.assert_allclose(own, other, atol=1e-3)


def test_what_is_frozen_in_between_learns_no_more(data):
    trainee = build_trainee()
    list(trainee.learn_arrays(*data, BATCH))
    for layer in trainee.layers[:-1]:
        layer.trainable = False
    trainee.make_train_function(force=True)
    before = trainee.get_weights()
    list(trainee.learn_arrays(*data, BATCH))
    changed = [not np.array_equal(a, b) for a, b in zip(before, trainee.get_weights(), strict=True)]
    assert changed == [False] * (len(before) - 2) + [True, True]


@pytest.mark.parametrize("backend", ["tensorflow", "another"])
def test_batches_of_any_shape_teach_what_arrays_do(data, fitted, monkeypatch, backend):
    trainee = build_trainee()
    monkeypatch.setattr(keras.backend, "backend", lambda: backend)
    frames, targets = data
    for _ in range(2):
        batches = [(frames[i : i + BATCH], targets[i : i + BATCH]) for i in range(0, PICTURES, BATCH)]
        assert [step for step, _ in trainee.learn_batches(batches)] == list(range(1, STEPS_AT_ONCE + 4))
    for own, other in zip(trainee.get_weights(), fitted[0].get_weights(), strict=True):
        np.testing.assert_allclose(own, other, atol=1e-3)


def settings(model: str, **others: Any) -> Settings:
    return replace(Settings.of(TrainConfig(), model), **others)


def test_a_single_step_is_made_at_the_full_rate():
    assert climb(0.5, 1, settings("nn")).tolist() == [0.5]


def test_the_rate_climbs_to_its_peak_and_falls_towards_nothing_along_a_cosine():
    rates = climb(0.5, 100, settings("nn", warm_up=0.1, hold=0.1))
    assert rates[0] == pytest.approx(0.025)
    assert rates.argmax() == 10
    assert rates[10] == pytest.approx(0.5)
    assert rates[55] == pytest.approx(0.25)
    assert (np.diff(rates[:10]) > 0).all()
    assert (np.diff(rates[10:]) < 0).all()
    assert 0 < rates[-1] < 0.001


def test_the_rate_may_be_held_and_then_fall_along_a_line():
    rates = climb(0.5, 100, settings("nn", warm_up=0.1, hold=0.6, fall="linear"))
    assert rates[10:61].tolist() == [0.5] * 51
    assert rates[80] == pytest.approx(0.25)
    assert rates[99] == pytest.approx(0.0125)


def test_behind_the_last_step_the_rate_stays():
    schedule = Schedule(np.array([3.0, 1.0]))
    assert [float(schedule(step)) for step in range(4)] == [3, 1, 1, 1]
