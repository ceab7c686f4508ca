"""The zoo: the nets that `inkdigits train` knows by name, each as the list of its layers. Listing it loads no Keras."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from inkdigits.arrays import DIGITS
from inkdigits.onnx_files import BUNDLED, Session, find_bundled

if TYPE_CHECKING:  # Keras takes seconds to load, and the zoo is also listed by those who only want to see it
    import keras


class ModelSpec(NamedTuple):
    """An entry of the zoo; the tests hold its figures against the net that is built.

    Attributes:
        build: makes the layers from the scaled picture, (28, 28, 1) float, to the logits (10,) float32.
        parameters: how many numbers the whole net holds.
        multiply_adds: how many products it sums for one frame; see `costs.multiply_adds`.
        description: one line for people.
        head: how many of the last layers make logits of what the others saw; transfer puts new ones in their place.
    """

    build: "Callable[[], list[keras.Layer]]"
    parameters: int
    multiply_adds: int
    description: str
    head: int = 1


def nn() -> "list[keras.Layer]":
    """The beginners' first net: every pixel to every one of 128 units."""
    from keras import layers

    return [layers.Flatten(), layers.Dense(128, activation="relu"), logits()]


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
        logits(),
    ]


def fast() -> "list[keras.Layer]":
    """Learns in a second: the first convolution looks at every other place, and pooling leaves the second little to do.

    The rectifier comes after the pooling, where it has a quarter of the work and does the same.
    """
    from keras import layers

    return [
        layers.Conv2D(32, 5, strides=2),
        layers.MaxPooling2D(2),
        layers.ReLU(),
        layers.Conv2D(64, 3, activation="relu"),
        layers.Flatten(),
        layers.Dense(64, activation="relu"),
        logits(),
    ]


def convnet() -> "list[keras.Layer]":
    """Six convolutions with batch normalisation, averaged over the picture: made for other hands than MNIST's."""
    from keras import layers

    return [
        *convolve(32),
        layers.MaxPooling2D(2),
        *convolve(64),
        *convolve(64),
        layers.MaxPooling2D(2),
        *convolve(128),
        *convolve(128),
        *convolve(128),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.2),
        logits(),
    ]


def tiny() -> "list[keras.Layer]":
    """The convnet for small machines: wide maps have few channels, and each map is cut to what the next needs."""
    from keras import layers

    return [
        *convolve(16),
        layers.MaxPooling2D(2),
        *convolve(32, padding="valid"),
        layers.MaxPooling2D(2),
        *convolve(32),
        *convolve(48, padding="valid"),
        *convolve(48, padding="valid"),
        layers.GlobalAveragePooling2D(),
        logits(),
    ]


def m3() -> "list[keras.Layer]":
    """Ten convolutions 3×3 without pooling, each of 16 channels more than the one before."""
    return published(3, range(32, 177, 16))


def m5() -> "list[keras.Layer]":
    """Five convolutions 5×5 without pooling."""
    return published(5, range(32, 161, 32))


def m7() -> "list[keras.Layer]":
    """Four convolutions 7×7 without pooling."""
    return published(7, range(48, 193, 48))


def published(size: int, channels: Iterable[int]) -> "list[keras.Layer]":
    """A net of An, Lee, Park, Yang and So, "An Ensemble of Simple Convolutional Neural Network Models" (2020)."""
    from keras import layers

    hidden = [layer for count in channels for layer in convolve(count, size, padding="valid")]
    # Normalised logits as in the paper; what they are normalised by makes a bias needless.
    head = [layers.Dense(DIGITS, use_bias=False, dtype="float32"), layers.BatchNormalization(dtype="float32")]
    return [layers.Rescaling(2, -1), *hidden, layers.Flatten(), *head]


def resnet() -> "list[keras.Layer]":
    """A small residual net: each block adds to what comes in instead of replacing it."""
    from keras import layers

    from inkdigits.training.digit.residual import Residual

    return [
        *convolve(32),
        Residual(32, stride=2),
        Residual(64),
        Residual(128, stride=2),
        layers.GlobalAveragePooling2D(),
        layers.Dropout(0.2),
        logits(),
    ]


def capsnet() -> "list[keras.Layer]":
    """The net of Sabour, Frosst and Hinton (2017) with a quarter of its channels: 288 capsules vote for ten."""
    from keras import layers

    from inkdigits.training.digit.capsules import LengthLogits, Routing, Squash

    return [
        layers.Conv2D(64, 9, activation="relu"),
        layers.Conv2D(64, 9, strides=2),
        layers.Reshape((-1, 8)),
        Squash(dtype="float32"),
        Routing(DIGITS, 16, dtype="float32", name="digits"),
        LengthLogits(dtype="float32", name="logits"),
    ]


def transfer() -> "list[keras.Layer]":
    """The small MobileNetV2 of Keras, which can start from what it learnt of photographs (ImageNet)."""
    from keras import layers

    # At first three equal channels; three times as wide and high, −1 to 1: what a net for coloured photographs expects.
    spread = layers.Conv2D(3, 1, use_bias=False, kernel_initializer="ones")
    picture = [spread, layers.UpSampling2D(3, interpolation="bilinear"), layers.Rescaling(2, -1)]
    return [*picture, mobilenet(None), layers.GlobalAveragePooling2D(), layers.Dropout(0.2), logits()]


def mobilenet(weights: str | None) -> "keras.Model":
    """The MobileNetV2 in `transfer`, with fresh weights, those of an .h5 file, or those for "imagenet"."""
    from keras import applications

    net: keras.Model = applications.MobileNetV2((84, 84, 3), 0.35, include_top=False, weights=weights)
    return net


def convolve(filters: int, size: int = 3, padding: str = "same") -> "list[keras.Layer]":
    """A convolution, normalised and rectified."""
    from keras import layers

    return [layers.Conv2D(filters, size, padding=padding, use_bias=False), layers.BatchNormalization(), layers.ReLU()]


def logits() -> "keras.Layer":
    """The last layer of most nets; it computes in float32 whatever the others do."""
    from keras import layers

    return layers.Dense(DIGITS, dtype="float32", name="logits")


TRANSFER = "transfer"
MODELS: dict[str, ModelSpec] = {
    "nn": ModelSpec(nn, 101_770, 101_632, "the simplest: one hidden layer of 128 units"),
    "cnn": ModelSpec(
        cnn,
        110_474,
        3_106_176,
        "three convolutions, two dense layers; what `inkdigits train` trains unless told otherwise",
    ),
    "fast": ModelSpec(fast, 85_578, 476_288, "two small convolutions; one epoch gives 99% in seconds"),
    "convnet": ModelSpec(
        convnet,
        427_690,
        29_128_448,
        "six convolutions, trained for handwriting of all countries; reads unless told otherwise",
    ),
    "tiny": ModelSpec(
        tiny,
        49_722,
        1_412_832,
        "five small convolutions, trained like convnet; for browsers and for millions of pictures",
    ),
    "resnet": ModelSpec(resnet, 310_570, 26_519_296, "three residual blocks, trained like convnet"),
    "m3": ModelSpec(m3, 1_126_280, 173_383_808, "ten convolutions 3×3, from An et al. (2020)", head=2),
    "m5": ModelSpec(m5, 1_129_160, 137_369_600, "five convolutions 5×5, from An et al. (2020)", head=2),
    "m7": ModelSpec(m7, 2_292_952, 148_385_472, "four convolutions 7×7, from An et al. (2020)", head=2),
    "capsnet": ModelSpec(
        capsnet, 705_728, 14_616_576, "capsules with routing by agreement, from Sabour et al. (2017)", head=2
    ),
    TRANSFER: ModelSpec(
        transfer,
        423_021,
        9_513_776,
        "a trained model with a new last layer; Keras's MobileNetV2 unless --from says otherwise",
    ),
}


def list_models() -> str:
    """The zoo as a table for a terminal; of what is in the package also the size and the score that its file states."""
    row = "{:<8} {:>10} {:>13} {:>9}  {:<7} {:<17}  {}".format
    lines = [row("name", "parameters", "multiply-adds", "bytes", "version", "MNIST test", "what it is")]
    files = find_bundled()
    for name, spec in MODELS.items():
        size, version, score = "–", "–", "–"
        if name in files:
            contract = Session(files[name]).contract
            size, version = f"{files[name].stat().st_size:,}", contract.version
            score = f"{1 - contract.misses / 10_000:.2%}, {contract.misses} misses"
        costs = f"{spec.parameters:,}", f"{spec.multiply_adds:,}"
        lines.append(row(name, *costs, size, version, score, spec.description))
    lines += [
        "",
        "Multiply-adds: for one picture of 28×28 pixels; bytes: of the .onnx file. Models with a version are in the",
        f"package and read at once: inkdigits predict FILE --model {BUNDLED}. Train the others: inkdigits train nn",
    ]
    return "\n".join(lines)
