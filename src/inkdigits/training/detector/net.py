"""The marker's net: ink of a page → what `targets` has on it; and the file that `inkdigits.page.detector` opens."""

from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from inkdigits.training.data.mnist import load_part
from inkdigits.training.exports.page_nets import write_net

NAME, VERSION = "marker", "1"
# Channels at a half, a quarter, an eighth and a sixteenth of the size, how often each is convolved, and before the end.
CHANNELS, CONVOLUTIONS, LAST_CHANNELS = (20, 40, 72, 96), (2, 2, 3, 3), 24
# Of batch normalisation: of so few windows a step that statistics of many steps are needed, yet not of long ago.
MOMENTUM = 0.97
# Middles are rare: the net begins with a chance of 2% everywhere (Lin et al., "Focal Loss", 2017).
MIDDLE_LOGIT = -4.0


def build_marker(dtype: str = "float32") -> keras.Model:
    """A fully convolutional net of 521,025 weights with fresh ones: down to a sixteenth and up again to a half.

    Input is ink (N, H, W) uint8, H and W multiples of 16; output (N, H / 2, W / 2, 5) float32: logits of a digit's ink
    and of a middle, offsets to the right and down, and size. Source: Ronneberger et al., "U-Net" (2015).

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
    net = keras.Model(ink, marks, name=NAME)
    net.layers[-1].bias.assign([0, MIDDLE_LOGIT, 0, 0, 0])
    return net


def _convolve(features: Any, channels: int, kernel: int, dtype: str, strides: int = 1) -> Any:
    features = layers.Conv2D(channels, kernel, strides, padding="same", use_bias=False, dtype=dtype)(features)
    return layers.ReLU(dtype=dtype)(layers.BatchNormalization(momentum=MOMENTUM, dtype=dtype)(features))


def write_marker(net: keras.Model, path: Path) -> None:
    """Write a marker as ONNX: input `ink` (N, H, W) uint8, output `marks` (N, h, w, 5) float32.

    Raises:
        ExportError: the file would answer otherwise than `net` does.
    """
    noise = np.random.default_rng(0).integers(0, 256, (2, 48, 80), np.uint8)
    digits = np.hstack([np.vstack(list(column)) for column in load_part("test").images[:16].reshape(4, 4, 28, 28)])
    write_net(net, VERSION, ("HW", "hwc"), (noise, noise[:1, :16, :16], digits[None]), path)
