import keras
import numpy as np
import pytest

from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.distill import DigitAccuracy, soft_cross_entropy, to_targets
from inkdigits.training.digit.models import build_model
from inkdigits.training.digit.steps import STEPS_AT_ONCE, Trainee

BATCH = 32
# More steps than are run at once, and a last one of five pictures.
PICTURES = BATCH * (STEPS_AT_ONCE + 2) + 5


def build_trainee() -> Trainee:
    keras.utils.set_random_seed(3)
    net = build_model("cnn")
    trainee = Trainee(net.inputs, net.outputs)
    trainee.compile(keras.optimizers.AdamW(1e-3), soft_cross_entropy, metrics=[DigitAccuracy()], jit_compile=False)
    return trainee


@pytest.fixture(scope="module")
def data() -> tuple[np.ndarray, np.ndarray]:
    images, labels = load_part("train")
    return images[:PICTURES], to_targets(labels[:PICTURES], 0)


@pytest.fixture(scope="module")
def fitted(data) -> tuple[Trainee, dict[str, list[float]]]:
    trainee = build_trainee()
    return trainee, trainee.fit(*data, BATCH, epochs=2, shuffle=False, verbose=0).history


def test_one_picture_is_one_step(data):
    steps = [step for step, _ in build_trainee().learn(data[0][:1], data[1][:1], BATCH)]
    assert steps == [1]


@pytest.mark.parametrize("backend", ["tensorflow", "another"])
def test_what_is_learnt_is_what_fit_teaches(data, fitted, monkeypatch, backend):
    trainee = build_trainee()
    monkeypatch.setattr(keras.backend, "backend", lambda: backend)
    for epoch in range(2):
        *_, (steps, logs) = trainee.learn(*data, BATCH)
        assert steps == STEPS_AT_ONCE + 3
        assert logs == pytest.approx({name: values[epoch] for name, values in fitted[1].items()}, rel=1e-3)
    for own, other in zip(trainee.get_weights(), fitted[0].get_weights(), strict=True):
        np.testing.assert_allclose(own, other, atol=1e-3)


def test_what_is_frozen_in_between_learns_no_more(data):
    trainee = build_trainee()
    list(trainee.learn(*data, BATCH))
    for layer in trainee.layers[:-1]:
        layer.trainable = False
    trainee.make_train_function(force=True)
    before = trainee.get_weights()
    list(trainee.learn(*data, BATCH))
    changed = [not np.array_equal(a, b) for a, b in zip(before, trainee.get_weights(), strict=True)]
    assert changed == [False] * (len(before) - 2) + [True, True]
