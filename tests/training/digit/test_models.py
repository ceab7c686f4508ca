from functools import cache

import keras
import numpy as np
import pytest

from inkdigits.errors import ModelError, ModelNotFoundError
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.costs import multiply_adds
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.digit.zoo import MODELS

pytestmark = pytest.mark.slow

FRAMES = load_part("test").images[:7]


def test_no_frames_give_no_logits():
    assert build_model("nn")(FRAMES[:0]).shape == (0, 10)


@cache
def net_of(name: str) -> keras.Sequential:
    """A net with fresh weights, built once for all tests that leave it as it is."""
    return build_model(name)


PARAMETERS = {
    "nn": 101_770,
    "cnn": 110_474,
    "fast": 85_578,
    "convnet": 427_690,
    "tiny": 49_722,
    "resnet": 310_570,
    "m3": 1_126_280,
    "m5": 1_129_160,
    "m7": 2_292_952,
    "capsnet": 705_728,
    "transfer": 423_021,
}


@pytest.mark.parametrize("name", MODELS)
def test_parameters_and_multiply_adds_are_what_the_zoo_says(name):
    net = net_of(name)
    assert net.count_params() == PARAMETERS[name] == MODELS[name].parameters
    assert multiply_adds(net) == MODELS[name].multiply_adds


@pytest.mark.parametrize("name", MODELS)
def test_a_net_goes_from_uint8_frames_to_float32_logits(name):
    logits = np.asarray(net_of(name)(FRAMES))
    assert logits.shape == (7, 10)
    assert logits.dtype == np.float32


@pytest.mark.parametrize("name", MODELS)
def test_a_net_is_saved_and_loaded_whole(name, tmp_path):
    net = net_of(name)
    net.save(tmp_path / "net.keras")
    np.testing.assert_array_equal(
        load_model(tmp_path / "net.keras").predict(FRAMES, verbose=0), net.predict(FRAMES, verbose=0)
    )


@pytest.mark.parametrize("name", MODELS)
def test_the_last_layers_that_make_the_logits_hold_weights(name):
    head = net_of(name).layers[-MODELS[name].head :]
    assert sum(layer.count_params() for layer in head) > 0
    assert head[-1].output.shape == (None, 10)


@pytest.mark.parametrize("name", MODELS)
def test_a_net_sees_ink_scaled_to_one(name):
    net = net_of(name)
    assert float(np.asarray(net.layers[0](FRAMES)).max()) == 1.0


def test_the_beginners_cnn_is_built_of_the_layers_they_know():
    kinds = [type(layer).__name__ for layer in build_model("cnn").layers[2:]]
    assert kinds == [*["Conv2D", "MaxPooling2D"] * 3, "Flatten", "Dense", "Dropout", "Dense"]
    assert isinstance(build_model("cnn"), keras.Sequential)


@pytest.mark.parametrize("name", MODELS)
def test_a_bfloat16_net_takes_the_weights_of_a_float32_net_and_nearly_agrees(name):
    exact, fast = net_of(name), build_model(name, "mixed_bfloat16")
    fast.set_weights(exact.get_weights())
    assert {weights.dtype for weights in fast.weights} == {"float32"}
    assert np.asarray(fast(FRAMES)).dtype == np.float32
    assert np.abs(np.asarray(fast(FRAMES)) - np.asarray(exact(FRAMES))).max() < 0.02
    assert keras.config.dtype_policy().name == "float32"


def test_an_unknown_name_is_answered_with_the_names_there_are():
    with pytest.raises(ModelNotFoundError, match=r"no model 'rnn' to train\. Did you mean nn\? There are: nn, cnn"):
        build_model("rnn")


def test_a_saved_net_is_loaded_from_its_file_and_from_its_run_folder(tmp_path):
    net = build_model("nn")
    net.save(tmp_path / "model.keras")
    for place in (tmp_path, tmp_path / "model.keras", str(tmp_path)):
        loaded = load_model(place)
        assert loaded.name == "nn"
        np.testing.assert_array_equal(np.asarray(loaded(FRAMES)), np.asarray(net(FRAMES)))


def test_a_missing_net_is_named(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"no Keras model at .*gone\.keras"):
        load_model(tmp_path / "gone.keras")


def test_a_broken_file_is_named(tmp_path):
    (tmp_path / "broken.keras").write_bytes(b"no zip")
    with pytest.raises(ModelError, match=r"broken\.keras cannot be opened"):
        load_model(tmp_path / "broken.keras")


def test_a_net_of_another_shape_is_refused(tmp_path):
    keras.Sequential([keras.Input((4,)), keras.layers.Dense(3)]).save(tmp_path / "other.keras")
    with pytest.raises(ModelError, match=r"other\.keras goes from \(None, 4\) to \(None, 3\)"):
        load_model(tmp_path / "other.keras")
