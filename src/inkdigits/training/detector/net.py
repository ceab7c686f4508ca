"""The detector's net, ink of a page → what `targets` has on it, and its losses."""

from typing import Any

import keras
from keras import layers, ops

from inkdigits.page.detector import STRIDE
from inkdigits.training.detector.targets import IGNORED, OFFSET_UNIT, SIZE_STEPS, SIZE_ZERO

# Channels at a half, a quarter, an eighth and a sixteenth of the size, how often each is convolved, and before the end.
CHANNELS, CONVOLUTIONS, LAST_CHANNELS = (20, 40, 72, 96), (2, 2, 3, 3), 24
# Of batch normalisation: of so few patches a step that statistics of many steps are needed, yet not of long ago.
MOMENTUM = 0.97
# Centres are rare: the net begins with a probability of 2% everywhere (Lin et al., "Focal Loss", 2017).
CENTRE_LOGIT = -4.0
# How much each loss counts: of ink, of centres, of offsets in points, of sizes in octaves.
WEIGHTS = (4.0, 0.5, 0.15, 0.5)
# Where there is less ink, reading asks nothing; there an answer counts by this weight.
STROKE_LEVEL, PAPER_WEIGHT = 32, 0.1
# A point from this on is a centre; around it, the further away, the more a point counts as none.
CENTRE = 0.9


def build_detector(dtype: str = "float32") -> keras.Model:
    """A fully convolutional net of 521,025 weights with fresh ones: down to a sixteenth and up again to a half.

    Input is ink (N, H, W) uint8, H and W multiples of 16; output (N, H / 2, W / 2, 5) float32: logits of a digit's ink
    and of a centre, offsets to the right and down, and size. Source: Ronneberger et al., "U-Net" (2015).

    Args:
        dtype: what it computes in; `mixed_bfloat16` to learn faster where the processor has it.
    """
    ink = keras.Input((None, None), dtype="uint8", name="ink")
    features = layers.Rescaling(1 / 255, dtype=dtype)(ops.expand_dims(ink, -1))
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


def weighted_loss(ink: Any, targets: Any, output: Any) -> Any:
    """One number for a batch; see `losses`."""
    return sum(weight * loss for weight, loss in zip(WEIGHTS, losses(ink, targets, output), strict=True))


def losses(ink: Any, targets: Any, output: Any) -> tuple[Any, Any, Any, Any]:
    """How wrong a net is on a batch about ink, centres, offsets (in points) and sizes (in octaves).

    Centres are learnt as in Zhou, Wang and Krähenbühl, "Objects as Points" (2019).

    Args:
        ink: (N, H, W) uint8.
        targets: the rest of `Patches`.
        output: (N, h, w, 5) float32.
    """
    is_digit, offsets, centres, sizes = targets
    known = ops.cast(is_digit != IGNORED, "float32")
    digit = ops.cast(is_digit == 1, "float32")
    fullest = ops.max_pool(ops.cast(ink, "float32")[..., None], STRIDE, STRIDE, "same")[..., 0]
    weight = known * ops.where(fullest > STROKE_LEVEL, 1.0, PAPER_WEIGHT)
    of_ink = ops.sum(weight * ops.binary_crossentropy(digit, output[..., 0], from_logits=True)) / ops.sum(weight)

    gaussian, logit = ops.cast(centres, "float32") / 255, output[..., 1]
    probability, is_centre = ops.sigmoid(logit), ops.cast(gaussian > CENTRE, "float32")
    hit = is_centre * (1 - probability) ** 2 * ops.log_sigmoid(logit)
    rest = (1 - is_centre) * known * (1 - gaussian) ** 4 * probability**2 * ops.log_sigmoid(-logit)
    of_centres = -ops.sum(hit + rest) / (ops.sum(is_centre) + 1)

    def mean_over_digits(error: Any) -> Any:
        return ops.sum(digit * error) / (ops.sum(digit) + 1)

    away = ops.abs(OFFSET_UNIT * output[..., 2:4] - ops.cast(offsets, "float32"))
    octaves = (ops.cast(sizes, "float32") - SIZE_ZERO) / SIZE_STEPS
    return of_ink, of_centres, mean_over_digits(ops.sum(away, -1)), mean_over_digits(ops.abs(output[..., 4] - octaves))
