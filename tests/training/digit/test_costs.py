import keras
import pytest
from keras import layers

from inkdigits.training.digit.capsules import Routing
from inkdigits.training.digit.costs import multiply_adds
from inkdigits.training.digit.residual import Residual

pytestmark = pytest.mark.slow


def cost_of(shape: tuple[int, ...], *inner: keras.layers.Layer) -> int:
    return multiply_adds(keras.Sequential([keras.Input(shape), *inner]))


def test_layers_without_weights_cost_nothing():
    assert cost_of((8, 8, 3), layers.MaxPooling2D(), layers.Flatten(), layers.ReLU(), layers.Dropout(0.5)) == 0


@pytest.mark.parametrize(
    ("layer", "cost"),
    [
        (layers.Conv2D(5, 3), 6 * 6 * 3 * 3 * 4 * 5),
        (layers.Conv2D(5, 3, strides=2, padding="same"), 4 * 4 * 3 * 3 * 4 * 5),
        (layers.DepthwiseConv2D(3, padding="same"), 8 * 8 * 3 * 3 * 4),
        (layers.Dense(5), 8 * 8 * 4 * 5),
        (layers.BatchNormalization(), 0),
        (Residual(4), 2 * 8 * 8 * 9 * 4 * 4),
        (Residual(6, stride=2), 4 * 4 * (9 * 4 * 6 + 9 * 6 * 6 + 4 * 6)),
    ],
)
def test_a_kernel_is_used_at_each_place_of_what_comes_out(layer, cost):
    assert cost_of((8, 8, 4), layer) == cost


def test_capsules_cost_their_votes_and_each_round_of_counting_them():
    assert cost_of((6, 8), Routing(10, 16, rounds=3)) == 6 * 10 * 8 * 16 + 5 * 6 * 10 * 16


def test_a_net_within_a_net_costs_what_its_layers_cost():
    inner = keras.Sequential([keras.Input((8, 8, 4)), layers.Conv2D(5, 3)])
    assert cost_of((8, 8, 4), inner, layers.Flatten(), layers.Dense(2)) == 6 * 6 * 9 * 4 * 5 + 6 * 6 * 5 * 2
