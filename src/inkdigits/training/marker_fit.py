"""How the marker learns from windows: its losses, and the steps of its training."""

import math
import sys
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops
from tqdm import tqdm

from inkdigits.arrays import Floats, Ink
from inkdigits.errors import DataError, RunError
from inkdigits.marker import STRIDE
from inkdigits.training.marker_net import build_marker
from inkdigits.training.provenance import has_bfloat16
from inkdigits.training.targets import IGNORED, OFFSET_UNIT, SIZE_STEPS, SIZE_ZERO, Windows

BATCH = 16
# One-cycle: the rate climbs to its peak over this share of the steps, then falls to 0 along a cosine.
PEAK_RATE, WARM_UP = 3e-3, 0.06
WEIGHT_DECAY, LONGEST_GRADIENT = 0.01, 5.0
# In the second half of the steps weights are averaged: after every so many steps the mean keeps this share of itself.
AVERAGED_STEPS, KEPT = 10, 0.98
# How much each loss counts: of ink, of middles, of offsets in points, of sizes in octaves.
WEIGHTS = (4.0, 0.5, 0.15, 0.5)
# Where there is less ink, nothing is asked for later; there an answer counts so much less.
INK_LEVEL, PAPER_WEIGHT = 32, 0.1
# A point from this on is a middle; those around it count as none the more the less of a middle they are.
MIDDLE = 0.9


def train_marker(
    windows: Windows, held_out: Windows, epochs: int, seed: int, start: keras.Model | None = None
) -> keras.Model:
    """Train a marker; a progress bar shows how far it is, and a line for each epoch what it has learnt.

    Args:
        windows: to learn from, at least 16; an epoch goes through them once, by 16 at a time.
        held_out: at least 16, on which the loss is measured after each epoch.
        epochs: at least 1. 5 of 27,000 windows take about half an hour on 2 cores that know bfloat16.
        seed: of the first weights and of the order.
        start: a trained marker whose weights to start from, instead of fresh ones.

    Returns:
        The net of `build_marker` in float32, with the mean of its last weights.

    Raises:
        DataError: too few windows.
        RunError: the loss is no number any more.
    """
    for few in (windows, held_out):
        if len(few.ink) < BATCH:
            raise DataError(f"The marker needs {BATCH} windows, but {len(few.ink)} came. Compose more pages.")
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    steps = epochs * (len(windows.ink) // BATCH)
    twin = build_marker("mixed_bfloat16" if has_bfloat16() else "float32")
    if start:
        twin.set_weights(start.get_weights())
    trainee = build_trainee(twin, steps)
    mean: list[Floats] = []
    with tqdm(total=steps, unit="step", file=sys.stderr, dynamic_ncols=True) as bar:
        for epoch in range(epochs):
            seen = []
            for ink, targets in _batches(windows, rng.permutation(len(windows.ink))):
                seen.append(float(trainee.train_on_batch(ink, targets)))
                bar.set_postfix_str(f"loss {np.mean(seen):.4f}", refresh=False)
                bar.update()
                if 2 * bar.n > steps and bar.n % AVERAGED_STEPS == 0:
                    now = trainee.get_weights()
                    mean = [KEPT * old + (1 - KEPT) * new for old, new in zip(mean or now, now, strict=True)]
            loss, other = np.mean(seen), _measure(trainee, held_out)
            bar.write(f"epoch {epoch + 1}/{epochs}: loss {loss:.4f}, of held-out windows {other:.4f}", file=sys.stderr)
            if not math.isfinite(loss + other):
                raise RunError(f"In epoch {epoch + 1} the loss is no number any more. Try another seed.")
    net = build_marker()
    net.set_weights(mean or trainee.get_weights())
    return net


def measure_marker(net: keras.Model, windows: Windows) -> float:
    """The loss of a net on windows, at least 16."""
    return _measure(build_trainee(net, steps=1), windows)


def _measure(trainee: "Trainee", windows: Windows) -> float:
    batches = _batches(windows, np.arange(len(windows.ink)))
    return float(np.mean([trainee.test_on_batch(ink, targets) for ink, targets in batches]))


def _batches(windows: Windows, order: npt.NDArray[np.integer]) -> Iterator[tuple[Ink, tuple[Any, ...]]]:
    """Ink and targets by `BATCH` at a time; what is left over is left out."""
    for last in range(BATCH, len(order) + 1, BATCH):
        ink, *targets = (array[order[last - BATCH : last]] for array in windows)
        yield ink, tuple(targets)


def build_trainee(net: keras.Model, steps: int) -> "Trainee":
    """What learns in so many steps; it shares the weights of `net`."""
    climbing = max(1, round(WARM_UP * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        PEAK_RATE / 50, max(1, steps - climbing), warmup_target=PEAK_RATE, warmup_steps=climbing
    )
    trainee = Trainee(net.input, net.output)
    trainee.compile(
        keras.optimizers.AdamW(rate, WEIGHT_DECAY, global_clipnorm=LONGEST_GRADIENT),
        jit_compile=False,  # XLA on a CPU is far slower at convolutions
    )
    return trainee


class Trainee(keras.Model):
    """A net that learns by the weighted sum of the `losses`."""

    def compute_loss(self, x: Any, y: Any, y_pred: Any, *_: Any) -> Any:
        """One number for a batch."""
        return sum(weight * loss for weight, loss in zip(WEIGHTS, losses(x, y, y_pred), strict=True))


def losses(ink: Any, targets: Any, output: Any) -> tuple[Any, Any, Any, Any]:
    """How wrong a net is on a batch about ink, middles, offsets (in points) and sizes (in octaves).

    Middles are learnt as in Zhou, Wang and Krähenbühl, "Objects as Points" (2019).

    Args:
        ink: (N, H, W) uint8.
        targets: the rest of `Windows`.
        output: (N, h, w, 5) float32.
    """
    is_digit, offsets, middles, sizes = targets
    known = ops.cast(is_digit != IGNORED, "float32")
    digit = ops.cast(is_digit == 1, "float32")
    fullest = ops.max_pool(ops.cast(ink, "float32")[..., None], STRIDE, STRIDE, "same")[..., 0]
    weight = known * ops.where(fullest > INK_LEVEL, 1.0, PAPER_WEIGHT)
    of_ink = ops.sum(weight * ops.binary_crossentropy(digit, output[..., 0], from_logits=True)) / ops.sum(weight)

    bell, logit = ops.cast(middles, "float32") / 255, output[..., 1]
    chance, is_middle = ops.sigmoid(logit), ops.cast(bell > MIDDLE, "float32")
    hit = is_middle * (1 - chance) ** 2 * ops.log_sigmoid(logit)
    rest = (1 - is_middle) * known * (1 - bell) ** 4 * chance**2 * ops.log_sigmoid(-logit)
    of_middles = -ops.sum(hit + rest) / (ops.sum(is_middle) + 1)

    def mean_over_digits(error: Any) -> Any:
        return ops.sum(digit * error) / (ops.sum(digit) + 1)

    away = ops.abs(OFFSET_UNIT * output[..., 2:4] - ops.cast(offsets, "float32"))
    octaves = (ops.cast(sizes, "float32") - SIZE_ZERO) / SIZE_STEPS
    return of_ink, of_middles, mean_over_digits(ops.sum(away, -1)), mean_over_digits(ops.abs(output[..., 4] - octaves))
