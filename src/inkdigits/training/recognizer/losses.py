"""How the recognizer learns from crops: by the digits on them alone, wherever they stand."""

from typing import Any

from keras import ops

from inkdigits.arrays import DIGITS
from inkdigits.training.recognizer.net import build_recognizer
from inkdigits.training.trainer import Task

BATCH, PEAK_RATE = 64, 2e-3


def ctc_loss(_: Any, wanted: tuple[Any, ...], output: Any) -> Any:
    """The mean over a batch of minus the log-likelihood of the right digits, summed over all their alignments.

    Source: Graves et al., "Connectionist Temporal Classification" (2006).

    Args:
        wanted: one array (N, L) int8, from left to right, -1 behind the last digit.
        output: (N, T, 11) float32 logits of the ten digits and of the blank.
    """
    (digits,) = wanted
    lengths = ops.sum(ops.cast(digits >= 0, "int32"), axis=1)
    points = ops.full_like(lengths, ops.shape(output)[1])
    labels = ops.maximum(ops.cast(digits, "int32"), 0)
    return ops.mean(ops.ctc_loss(labels, output, lengths, points, mask_index=DIGITS))


TASK = Task(build_recognizer, ctc_loss, BATCH, PEAK_RATE, "crops")
