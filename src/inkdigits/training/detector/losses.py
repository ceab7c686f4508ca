"""How the detector learns from patches: its losses."""

from typing import Any

import keras
from keras import ops

from inkdigits.page.detector import STRIDE
from inkdigits.training.detector.net import build_detector
from inkdigits.training.detector.targets import IGNORED, OFFSET_UNIT, SIZE_STEPS, SIZE_ZERO, Patches
from inkdigits.training.trainer import Task, learn, measure

BATCH, PEAK_RATE = 16, 3e-3
# How much each loss counts: of ink, of centres, of offsets in points, of sizes in octaves.
WEIGHTS = (4.0, 0.5, 0.15, 0.5)
# Where there is less ink, nothing is asked for later; there an answer counts so much less.
INK_LEVEL, PAPER_WEIGHT = 32, 0.1
# A point from this on is a centre; those around it count as none the more the less of a centre they are.
CENTRE = 0.9


def train_detector(
    patches: Patches, held_out: Patches, epochs: int, seed: int, start: keras.Model | None = None
) -> keras.Model:
    """Train a detector, as `trainer.learn` says.

    Args:
        patches: to learn from, at least 16.
        held_out: at least 16, on which the loss is measured after each epoch.
        epochs: at least 1. 5 of 27,000 patches take about half an hour on 2 cores that know bfloat16.
        seed: of the first weights and of the order.
        start: a trained detector whose weights to start from, instead of fresh ones.

    Returns:
        The net of `build_detector` in float32, with the mean of its last weights.

    Raises:
        DataError: too few patches.
        RunError: the loss is no number any more.
    """
    return learn(TASK, patches, held_out, epochs, seed, start)


def measure_detector(net: keras.Model, patches: Patches) -> float:
    """The loss of a net on patches, at least 16."""
    return measure(net, TASK, patches)


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
    weight = known * ops.where(fullest > INK_LEVEL, 1.0, PAPER_WEIGHT)
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


TASK = Task(build_detector, weighted_loss, BATCH, PEAK_RATE, "patches")
