"""The detector's net: ink of a page → what `targets` has on it."""

from typing import Any

import keras
from keras import layers

# Channels at a half, a quarter, an eighth and a sixteenth of the size, how often each is convolved, and before the end.
CHANNELS, CONVOLUTIONS, LAST_CHANNELS = (20, 40, 72, 96), (2, 2, 3, 3), 24
# Of batch normalisation: of so few patches a step that statistics of many steps are needed, yet not of long ago.
MOMENTUM = 0.97
# Centres are rare: the net begins with a probability of 2% everywhere (Lin et al., "Focal Loss", 2017).
CENTRE_LOGIT = -4.0


def build_detector(dtype: str = "float32") -> keras.Model:
    """A fully convolutional net of 521,025 weights with fresh ones: down to a sixteenth and up again to a half.

    Input is ink (N, H, W) uint8, H and W multiples of 16; output (N, H / 2, W / 2, 5) float32: logits of a digit's ink
    and of a centre, offsets to the right and down, and size. Source: Ronneberger et al., "U-Net" (2015).

    Args:
        dtype: what it computes in; `mixed_bfloat16` to learn faster where the processor has it.
    """
    ink = keras.Input((None, None), dtype="uint8", name="ink")
    features = layers.Rescaling(1 / 255, dtype=dtype)(keras.ops.expand_dims(ink, -1))
    halves = []
    for level, (channels, count) in enumerate(zip(CHANNELS, CONVOLUTIONS, strict=True)):
        features = _convolve(features, channels, 3 if level else 5, dtype, strides=2)
        for _ in range(count - 1):
            features = _convolve(features, channels, 3, dtype)
        halves.append(features)
    for channels, finer in zip(CHANNELS[-2::-1], halves[-2::-1], strict=True):
        features = layers.UpSampling2D(2, dtype=dtype)(_convolve(features, channels, 1, dtype))
        features = _convolve(layers.Concatenate(dtype=dtype)([features, finer]), channels, 3, dtype)
    features = _convolve(features, LAST_CHANNELS, 3, dtype)
    marks = layers.Conv2D(5, 1, dtype="float32", name="marks")(features)
    net = keras.Model(ink, marks, name="detector")
    net.layers[-1].bias.assign([0, CENTRE_LOGIT, 0, 0, 0])
    return net


def _convolve(features: Any, channels: int, kernel: int, dtype: str, strides: int = 1) -> Any:
    features = layers.Conv2D(channels, kernel, strides, padding="same", use_bias=False, dtype=dtype)(features)
    return layers.ReLU(dtype=dtype)(layers.BatchNormalization(momentum=MOMENTUM, dtype=dtype)(features))
