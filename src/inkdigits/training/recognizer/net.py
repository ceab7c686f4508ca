"""The recognizer's net: a crop of ink → which digits stand on it."""

from typing import Any

import keras
from keras import layers

from inkdigits.arrays import DIGITS
from inkdigits.page.crops import CROP_PX

NAME, VERSION = "recognizer", "1"
# Channels where a crop is 16, 8 and 4 points tall, and along it, where it is one point tall.
FIRST_CHANNELS, CHANNELS, LAST_CHANNELS = 24, (48, 80, 128), 160
# Convolutions along the crop, and how far each sees.
ALONG, REACH = 2, 5
MOMENTUM, DROPOUT = 0.98, 0.1


def build_recognizer(dtype: str = "float32") -> keras.Model:
    """A convolutional net of 707,235 weights with fresh ones: down to one row of points, two pixels each.

    Input is ink (N, 32, W) uint8, W even; output (N, W / 2, 11) float32: logits of the ten digits and of the blank.
    Source: Shi, Bai and Yao, "An End-to-End Trainable Neural Network for Image-Based Sequence Recognition" (2015), with
    convolutions in place of its recurrent layers.

    Args:
        dtype: what it computes in; `mixed_bfloat16` to learn faster where the processor has it.
    """
    ink = keras.Input((CROP_PX, None), dtype="uint8", name="ink")
    features = layers.Rescaling(1 / 255, dtype=dtype)(keras.ops.expand_dims(ink, -1))
    features = _convolve(features, FIRST_CHANNELS, 5, dtype, strides=2)
    for level, channels in enumerate(CHANNELS):
        features = _convolve(features, channels, 3, dtype, strides=(2, 1) if level else 1)
        features = _convolve(features, channels, 3, dtype)
    features = _convolve(features, LAST_CHANNELS, (int(features.shape[1]), 1), dtype, padding="valid")
    for _ in range(ALONG):
        features = _convolve(features, LAST_CHANNELS, (1, REACH), dtype)
    features = layers.Dropout(DROPOUT, dtype=dtype)(features)
    row = layers.Conv2D(DIGITS + 1, 1, dtype="float32")(features)
    return keras.Model(ink, layers.Reshape((-1, DIGITS + 1), name="digits")(row), name=NAME)


def _convolve(features: Any, channels: int, kernel: Any, dtype: str, strides: Any = 1, padding: str = "same") -> Any:
    features = layers.Conv2D(channels, kernel, strides, padding=padding, use_bias=False, dtype=dtype)(features)
    return layers.ReLU(dtype=dtype)(layers.BatchNormalization(momentum=MOMENTUM, dtype=dtype)(features))
