"""The zoo: the nets that `inkdigits train` knows by name."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from inkdigits.arrays import DIGITS, FRAME_SIZE
from inkdigits.errors import ModelError, ModelNotFoundError
from inkdigits.session import find_bundled

if TYPE_CHECKING:  # Keras takes seconds to load, and the zoo is also listed by those who only want to see it
    import keras


class ModelSpec(NamedTuple):
    """An entry of the zoo.

    Attributes:
        build: makes the layers between the scaled picture, (28, 28, 1) float, and the logits.
        parameters: how many numbers the whole net learns.
        description: one line for people.
    """

    build: "Callable[[], list[keras.Layer]]"
    parameters: int
    description: str


def nn() -> "list[keras.Layer]":
    """The beginners' first net: every pixel to every one of 128 units."""
    from keras import layers

    return [layers.Flatten(), layers.Dense(128, activation="relu")]


def cnn() -> "list[keras.Layer]":
    """The beginners' second: strokes, then parts of digits, then digits."""
    from keras import layers

    return [
        layers.Conv2D(32, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(64, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Conv2D(128, 3, activation="relu"),
        layers.MaxPooling2D(2),
        layers.Flatten(),
        layers.Dense(128, activation="relu"),
        layers.Dropout(0.4),
    ]


def convnet() -> "list[keras.Layer]":
    """Five convolutions with batch normalisation, averaged over the picture: made for other hands than MNIST's."""
    from keras import layers

    hidden: list[keras.Layer] = []
    for stage, filters in enumerate(((32,), (64, 64), (128, 128))):
        hidden += [layers.MaxPooling2D(2)] if stage else []
        for count in filters:
            convolution = layers.Conv2D(count, 3, padding="same", use_bias=False)
            hidden += [convolution, layers.BatchNormalization(), layers.ReLU()]
    return [*hidden, layers.GlobalAveragePooling2D(), layers.Dropout(0.2)]


MODELS: dict[str, ModelSpec] = {
    "nn": ModelSpec(nn, 101_770, "one hidden layer of 128 units: the simplest net that learns MNIST"),
    "cnn": ModelSpec(cnn, 110_474, "three convolutions and two dense layers: small, fast and good"),
    "convnet": ModelSpec(
        convnet, 279_722, "five convolutions, trained on distorted and on drawn digits: for other hands"
    ),
}


def check_name(name: str) -> str:
    """The name itself, where the zoo has it.

    Raises:
        ModelNotFoundError: it has not; the message lists the names.
    """
    if name not in MODELS:
        raise ModelNotFoundError(f"There is no net {name!r} to train. The zoo has: {', '.join(MODELS)}.")
    return name


def build_model(name: str, dtype: str = "float32") -> "keras.Sequential":
    """A net of the zoo with fresh weights.

    Args:
        name: a key of `MODELS`.
        dtype: the Keras dtype policy it computes in; its weights and logits are float32 in any case.

    Returns:
        From frames (N, 28, 28) uint8 to logits (N, 10) float32; the scaling to 0–1 is its first layer.

    Raises:
        ModelNotFoundError: no such name; the message lists the names.
    """
    import keras
    from keras import layers

    spec = MODELS[check_name(name)]
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(dtype)
    try:
        hidden = [layers.Rescaling(1 / 255), layers.Reshape((FRAME_SIZE, FRAME_SIZE, 1)), *spec.build()]
    finally:
        keras.config.set_dtype_policy(before)
    frames = keras.Input((FRAME_SIZE, FRAME_SIZE), dtype="uint8", name="frames")
    model = keras.Sequential([frames, *hidden, layers.Dense(DIGITS, dtype="float32", name="logits")], name=name)
    assert model.count_params() == spec.parameters, (name, model.count_params())
    return model


def load_model(model: str | Path) -> "keras.Model":
    """A trained net.

    Args:
        model: a .keras file, a run folder, or the name of a bundled net.

    Raises:
        ModelNotFoundError: nothing there.
        ModelError: no Keras model, or not one from frames to ten logits.
    """
    import keras

    path = find_bundled(".keras").get(str(model), Path(model))
    path = path / "model.keras" if path.is_dir() else path
    if not path.is_file():
        raise ModelNotFoundError(f"There is no Keras model at {path}. Give a run folder or a .keras file.")
    try:
        net: keras.Model = keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be opened as a Keras model: {error}") from error
    if net.input_shape != (None, FRAME_SIZE, FRAME_SIZE) or net.output_shape != (None, DIGITS):
        raise ModelError(
            f"{path} goes from {net.input_shape} to {net.output_shape}, not from frames (N, 28, 28) to logits (N, 10). "
            "Use a net that `inkdigits train` trained."
        )
    return net
