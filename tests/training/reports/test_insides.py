import keras
import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

from inkdigits.errors import ArrayError, ModelError
from inkdigits.training.digit.models import build_model
from inkdigits.training.reports.insides import ACROSS, GAP_PX, SIDE_PX, plot_feature_maps, plot_filters

pytestmark = pytest.mark.slow

CELL = SIDE_PX + GAP_PX


def words_of(figure: Figure) -> str:
    return " | ".join(text.get_text() for text in figure.findobj(matplotlib.text.Text) if text.get_text())


def canvas_of(figure: Figure) -> np.ndarray:
    return np.asarray(figure.axes[0].images[0].get_array())


def net_of(*layers: keras.layers.Layer) -> keras.Model:
    return keras.Sequential([keras.Input((28, 28), dtype="uint8"), *layers], name="mine")


def test_blank_paper_makes_maps_too():
    figure = plot_feature_maps(build_model("cnn"), np.zeros((28, 28), np.uint8))
    assert np.isfinite(canvas_of(figure)).all()


def test_a_filter_is_blue_where_ink_excites_it_and_orange_where_it_silences_it():
    kernel = np.zeros((3, 3, 1, 2), np.float32)
    kernel[0, 0, 0, 0], kernel[2, 2, 0, 0] = 1, -1
    net = net_of(keras.layers.Reshape((28, 28, 1)), keras.layers.Conv2D(2, 3))
    net.layers[-1].set_weights([kernel, np.zeros(2)])
    figure = plot_filters(net)
    canvas = canvas_of(figure)
    blue, orange = canvas[8, 8], canvas[SIDE_PX - 8, SIDE_PX - 8]
    assert blue[2] > blue[0]
    assert orange[0] > orange[2]
    assert "all 2 units, 3×3 weights" in words_of(figure)
    silent = canvas[8, CELL + 8]
    assert silent.min() > 0.99


def test_a_dense_net_looks_for_whole_pictures():
    figure = plot_filters(build_model("nn"))
    assert "all 128 units, 28×28 weights" in words_of(figure)
    assert canvas_of(figure).shape == (8 * CELL, ACROSS * CELL, 3)


def test_a_net_that_looks_at_no_frame_is_refused():
    with pytest.raises(ModelError, match="'mine'"):
        plot_filters(keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)], name="mine"))


def test_each_convolution_has_its_row_with_its_size():
    words = words_of(plot_feature_maps(build_model("cnn"), np.full((28, 28), 200, np.uint8)))
    assert [size in words for size in ("26×26, 32 maps", "11×11, 64 maps", "3×3, 128 maps")] == [True] * 3


def test_a_convolution_is_shown_after_the_layer_that_cuts_off_its_negative_part():
    words = words_of(plot_feature_maps(build_model("convnet"), np.full((28, 28), 200, np.uint8)))
    assert words.count("maps") == 6 + 1  # in the title, too
    assert words.count("re_lu") == 6


def test_a_layer_that_keras_does_not_know_is_shown_too():
    class Mine(keras.layers.Layer):
        def call(self, pictures):
            return pictures

    layers = [keras.layers.Reshape((28, 28, 1)), keras.layers.Conv2D(4, 3), Mine(), keras.layers.MaxPooling2D(2)]
    words = words_of(plot_feature_maps(net_of(keras.layers.Rescaling(1 / 255), *layers), np.zeros((28, 28), np.uint8)))
    assert "mine\n26×26, 4 maps" in words
    assert words.count("maps") == 1 + 1  # in the title, too


def test_a_map_is_dark_where_its_filter_found_what_it_looks_for():
    layers = [
        keras.layers.Rescaling(1.0),
        keras.layers.Reshape((28, 28, 1)),
        keras.layers.Conv2D(1, 1, activation="relu"),
    ]
    net = net_of(*layers)
    net.layers[-1].set_weights([np.ones((1, 1, 1, 1)), np.zeros(1)])
    frame = np.zeros((28, 28), np.uint8)
    frame[:14] = 255
    canvas = canvas_of(plot_feature_maps(net, frame))
    assert canvas[10, 10].max() < 0.01
    assert canvas[50, 10].min() > 0.99


def test_a_net_without_convolutions_has_no_maps():
    with pytest.raises(ModelError, match="no convolution"):
        plot_feature_maps(build_model("nn"), np.zeros((28, 28), np.uint8))


def test_several_frames_are_refused():
    with pytest.raises(ArrayError, match="got 2"):
        plot_feature_maps(build_model("cnn"), np.zeros((2, 28, 28), np.uint8))
