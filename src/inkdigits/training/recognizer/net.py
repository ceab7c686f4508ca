"""The recognizer's net: a crop of a number → which symbols stand along it."""

from typing import Any

import keras
from keras import layers

from inkdigits.page.crops import CROP_PX
from inkdigits.page.decoding import SYMBOLS

# Channels where a crop is 16, 8 and 4 points tall, and along it, where it is one point tall.
FIRST_CHANNELS, CHANNELS, LAST_CHANNELS = 28, (56, 96, 160), 224
# Convolutions along the crop, and how many time steps each sees: the last ones how large the digits of the whole number
# are, and where its lines lie.
REACHES = (5, 5, 5, 9, 9)
MOMENTUM, DROPOUT = 0.98, 0.1


def build_recognizer(symbols: int = len(SYMBOLS), dtype: str = "float32") -> keras.Model:
    """A convolutional net of 2.4 million fresh weights: down to one row of time steps, two pixels each.

    Input is ink (N, 32, W) uint8, W even; output (N, W / 2, symbols + 1) float32: logits of the symbols and of the
    blank. Source: Shi, Bai and Yao, "An End-to-End Trainable Neural Network for Image-Based Sequence Recognition"
    (2015), with convolutions in place of its recurrent layers.

    Args:
        symbols: in the alphabet; by default all that are read.
        dtype: what it computes in; `mixed_bfloat16` to learn faster where the processor has it.
    """
    ink = keras.Input((CROP_PX, None), dtype="uint8", name="ink")
    features = layers.Rescaling(1 / 255, dtype=dtype)(keras.ops.expand_dims(ink, -1))
    features = _convolve(features, FIRST_CHANNELS, 5, dtype, strides=2)
    for level, channels in enumerate(CHANNELS):
        features = _convolve(features, channels, 3, dtype, strides=(2, 1) if level else 1)
        features = _convolve(features, channels, 3, dtype)
    features = _convolve(features, LAST_CHANNELS, (int(features.shape[1]), 1), dtype, padding="valid")
    for reach in REACHES:
        along = _convolve(features, LAST_CHANNELS, (1, reach), dtype)
        features = layers.Add(dtype=dtype)([features, along])
    features = layers.Dropout(DROPOUT, dtype=dtype)(features)
    row = layers.Conv2D(symbols + 1, 1, dtype="float32")(features)
    return keras.Model(ink, layers.Reshape((-1, symbols + 1), name="symbols")(row), name="recognizer")


def _convolve(features: Any, channels: int, kernel: Any, dtype: str, strides: Any = 1, padding: str = "same") -> Any:
    features = layers.Conv2D(channels, kernel, strides, padding=padding, use_bias=False, dtype=dtype)(features)
    return layers.ReLU(dtype=dtype)(layers.BatchNormalization(momentum=MOMENTUM, dtype=dtype)(features))
