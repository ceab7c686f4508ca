"""Nets of the zoo built, trained ones loaded and asked."""

from pathlib import Path

import keras
from keras import layers

# The layers of our own are registered when their modules are imported; a saved net that has some loads only then.
import inkdigits.training.digit.capsules
import inkdigits.training.digit.residual  # noqa: F401
from inkdigits.arrays import DIGITS, FRAME_SIZE, Floats, Frames
from inkdigits.errors import ModelError, ModelNotFoundError
from inkdigits.onnx_files import BUNDLED, find_bundled
from inkdigits.training.digit.costs import multiply_adds
from inkdigits.training.digit.zoo import MODELS
from inkdigits.training.presets import check_name

PREDICT_BATCH = 1000


def build_model(name: str, dtype: str = "float32") -> keras.Sequential:
    """A net of the zoo with fresh weights.

    Args:
        name: a key of `MODELS`.
        dtype: the Keras dtype policy it computes in; its weights and logits are float32 in any case.

    Returns:
        From frames (N, 28, 28) uint8 to logits (N, 10) float32; the scaling to 0–1 is its first layer.

    Raises:
        ModelNotFoundError: no such name; the message lists the names.
    """
    spec = MODELS[check_name(name, MODELS)]
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(dtype)
    try:
        inner = [layers.Rescaling(1 / 255), layers.Reshape((FRAME_SIZE, FRAME_SIZE, 1)), *spec.build()]
    finally:
        keras.config.set_dtype_policy(before)
    frames = keras.Input((FRAME_SIZE, FRAME_SIZE), dtype="uint8", name="frames")
    net = keras.Sequential([frames, *inner], name=name)
    costs = net.count_params(), multiply_adds(net)
    assert costs == (spec.parameters, spec.multiply_adds), (name, costs)
    return net


def load_model(model: str | Path) -> keras.Model:
    """A trained net.

    Args:
        model: a .keras file, a run folder, the name of a bundled net, or `bundled` for the one that reads by default.

    Raises:
        ModelNotFoundError: nothing there.
        ModelError: no Keras model, or not one from frames to ten logits.
    """
    name = BUNDLED if str(model) == "bundled" else str(model)
    path = find_bundled(".keras").get(name, Path(model))
    path = path / "model.keras" if path.is_dir() else path
    if not path.is_file():
        raise ModelNotFoundError(
            f"There is no Keras model at {path}. Give a run folder, a .keras file or a model in the package."
        )
    try:
        net: keras.Model = keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be opened as a Keras model: {error}") from error
    if net.input_shape != (None, FRAME_SIZE, FRAME_SIZE) or net.output_shape != (None, DIGITS):
        raise ModelError(
            f"{path} goes from {net.input_shape} to {net.output_shape}, not from frames (N, 28, 28) to logits (N, 10). "
            "Use a model that `inkdigits train` trained."
        )
    return net


def predict(net: keras.Model, frames: Frames) -> Floats:
    """The logits (N, 10) of frames (N, 28, 28)."""
    logits: Floats = net.predict(frames, batch_size=PREDICT_BATCH, verbose=0)
    return logits
