"""How the recognizer learns from crops: by the symbols on them alone, wherever they stand."""

from typing import Any

from keras import ops

from inkdigits.page.decoding import BLANK


def ctc_loss(wanted: Any, output: Any) -> Any:
    """The mean over a batch of minus the log-likelihood of the right symbols, summed over all their alignments.

    Source: Graves et al., "Connectionist Temporal Classification" (2006).

    Args:
        wanted: (N, L) int8, classes from left to right, -1 behind the last symbol.
        output: (N, T, 19) float32 logits of the symbols and of the blank.
    """
    lengths = ops.sum(ops.cast(wanted >= 0, "int32"), axis=1)
    steps = ops.full_like(lengths, ops.shape(output)[1])
    labels = ops.maximum(ops.cast(wanted, "int32"), 0)
    return ops.mean(ops.ctc_loss(labels, output, lengths, steps, mask_index=BLANK))
