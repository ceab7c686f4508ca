import keras
import numpy as np
import pytest

from inkdigits.arrays import Frame
from inkdigits.errors import ArrayError
from inkdigits.training import load_mnist
from inkdigits.training.digit.models import load_model
from inkdigits.training.reports.attribution import integrated_gradients

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def net() -> keras.Model:
    return load_model("convnet")


@pytest.fixture(scope="module")
def seven() -> Frame:
    images, labels = load_mnist().validation
    return images[np.flatnonzero(labels == 7)[0]]


def test_blank_paper_has_nothing_to_say(net):
    assert not integrated_gradients(net, np.zeros((28, 28), np.uint8)).any()


@pytest.mark.parametrize("digit", [7, 1])
def test_the_shares_add_up_to_what_the_ink_changed_in_the_logit(net, seven, digit):
    shares = integrated_gradients(net, seven, digit)
    with_ink, without = net.predict(np.stack([seven, np.zeros_like(seven)]), verbose=0)[:, digit]
    assert abs(with_ink - without) > 1
    assert shares.sum() == pytest.approx(with_ink - without, abs=0.3)


def test_of_a_net_that_only_weighs_pixels_each_share_is_its_ink_times_its_weight(seven):
    layers = [keras.layers.Rescaling(1 / 255), keras.layers.Flatten(), keras.layers.Dense(10)]
    linear = keras.Sequential([keras.Input((28, 28), dtype="uint8"), *layers])
    weights = linear.layers[-1].get_weights()[0][:, 3].reshape(28, 28)
    np.testing.assert_allclose(integrated_gradients(linear, seven, 3), seven / 255 * weights, atol=1e-5)


def test_only_ink_speaks(net, seven):
    shares = integrated_gradients(net, seven)
    assert shares.shape == (28, 28)
    assert shares.dtype == np.float32
    assert not shares[seven == 0].any()


def test_the_likeliest_digit_is_explained_unless_another_is_asked_for(net, seven):
    np.testing.assert_array_equal(integrated_gradients(net, seven), integrated_gradients(net, seven, 7))
    assert integrated_gradients(net, seven, 7).sum() > integrated_gradients(net, seven, 0).sum()


def test_several_frames_are_refused(net):
    with pytest.raises(ArrayError, match="got 2"):
        integrated_gradients(net, np.zeros((2, 28, 28), np.uint8))
