"""The recognizer's temperature: what its logits are divided by, so that its confidences are what they say."""

from collections.abc import Sequence

import keras
import numpy as np

from inkdigits.training.recognizer.examples import Example, to_batches
from inkdigits.training.recognizer.loss import ctc_loss

# Nets that learn from crops which are never the same lie near 1.
TEMPERATURES = np.exp(np.linspace(np.log(0.5), np.log(2.5), 41))


def fit_temperature(net: keras.Model, examples: Sequence[Example]) -> float:
    """The temperature at which whole texts are likeliest, of 41 from 0.5 to 2.5 (Guo et al., 2017).

    Args:
        net: a recognizer.
        examples: crops that it has not learnt from, at least one.
    """
    losses = np.zeros(len(TEMPERATURES))
    for crops in to_batches(examples, 64, keep_rest=True):
        logits = np.asarray(net(crops.ink, training=False))
        losses += [len(crops.ink) * float(ctc_loss(crops.classes, logits / one)) for one in TEMPERATURES]
    return float(TEMPERATURES[losses.argmin()])
