import keras
import numpy as np
import pytest

from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.capsules import LengthLogits, Routing, Squash, build_painter
from inkdigits.training.digit.models import build_model

pytestmark = pytest.mark.slow

RNG = np.random.default_rng(0)
FRAMES, LABELS = load_part("test").images[:200], load_part("test").labels[:200]


def lengths(vectors) -> np.ndarray:
    return np.linalg.norm(np.asarray(vectors), axis=-1)


def test_no_capsules_give_no_capsules():
    assert Routing(10, 16)(np.zeros((0, 6, 8), np.float32)).shape == (0, 10, 16)


def test_squashing_keeps_the_direction_and_makes_a_length_l_into_l2_over_1_plus_l2():
    vectors = RNG.normal(size=(5, 8)).astype(np.float32) * [[0.1], [1], [3], [10], [100]]
    squashed = np.asarray(Squash()(vectors.astype(np.float32)))
    squares = lengths(vectors) ** 2
    np.testing.assert_allclose(lengths(squashed), squares / (1 + squares), rtol=1e-3)
    np.testing.assert_allclose(squashed / lengths(squashed)[:, None], vectors / lengths(vectors)[:, None], atol=1e-3)


def test_a_capsule_of_no_length_stays_so_and_has_a_gradient():
    tf = pytest.importorskip("tensorflow")
    nothing = tf.zeros((1, 10, 16))
    with tf.GradientTape() as tape:
        tape.watch(nothing)
        logits = LengthLogits()(Squash()(nothing))
    assert np.isfinite(np.asarray(logits)).all()
    assert np.isfinite(np.asarray(tape.gradient(logits, nothing))).all()


def test_a_logit_is_that_of_the_length_as_a_probability():
    capsules = np.zeros((1, 3, 4), np.float32)
    capsules[0, :, 0] = 0.5, 0.9, 0.01
    np.testing.assert_allclose(np.asarray(LengthLogits()(capsules))[0], np.log([1, 9, 1 / 99]), atol=1e-3)


def test_votes_that_agree_gain_weight_with_each_round():
    # Of four senders three vote alike for capsule 0, and each otherwise for capsule 1.
    votes = np.zeros((4, 1, 2, 2), np.float32)
    votes[:, 0, 0] = [[1, 0], [1, 0], [1, 0], [0, 1]]
    votes[:, 0, 1] = [[1, 0], [-1, 0], [0, 1], [0, -1]]
    found = []
    for rounds in (1, 3):
        routing = Routing(2, 2, rounds)
        routing.build((None, 4, 1))
        routing.set_weights([votes.reshape(4, 1, 4)])
        found.append(lengths(routing(np.ones((1, 4, 1), np.float32)))[0])
    assert found[1][0] > found[0][0]
    assert found[0][1] < 1e-3


def test_capsules_in_another_order_with_their_matrices_elect_the_same():
    routing, mixed, order = Routing(3, 4), Routing(3, 4), [2, 0, 1]
    capsules = RNG.normal(size=(2, 3, 5)).astype(np.float32)
    expected = np.asarray(routing(capsules))
    mixed.build(capsules.shape)
    mixed.set_weights([routing.get_weights()[0][order]])
    np.testing.assert_allclose(np.asarray(mixed(capsules[:, order])), expected, atol=1e-6)


def test_a_painter_learns_to_draw_from_capsules_that_stay_as_they_are():
    net = build_model("capsnet")
    before = net.get_weights()
    painter = build_painter(net)
    painter.compile(keras.optimizers.Adam(3e-3), "mse")
    digits = np.eye(10, dtype=np.float32)[LABELS]
    losses = painter.fit([FRAMES, digits], FRAMES / 255, epochs=8, verbose=0).history["loss"]
    assert losses[-1] < 0.5 * losses[0]
    assert painter.predict([FRAMES[:1], digits[:1]], verbose=0).shape == (1, 28, 28)
    assert painter.get_layer("decoder")(np.zeros((1, 10, 16), np.float32)).shape == (1, 28, 28)
    for now, then in zip(net.get_weights(), before, strict=True):
        np.testing.assert_array_equal(now, then)
