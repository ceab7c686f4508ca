"""The recognizer's temperature: what its logits are divided by, so that its confidences are what they say."""

from collections.abc import Sequence

import keras
import numpy as np

from inkdigits.arrays import Floats
from inkdigits.page.ctc import log_likelihoods
from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.recognizer.examples import Example

# The search: nets that learn from crops which are never the same lie near 1. This many steps leave 1% of the range.
TEMPERATURES, STEPS = (0.5, 2.5), 10


def fit_temperature(probabilities: Sequence[Floats], texts: Sequence[str]) -> float:
    """The temperature at which whole texts are likeliest (Guo et al., 2017), by golden-section search.

    Args:
        probabilities: (T, 19) along each crop, at temperature 1; of crops that the net has not learnt from, at least
            one.
        texts: what stands on them.
    """

    def measure(log: float) -> float:
        return log_loss([cool(one, float(np.exp(log))) for one in probabilities], texts)

    low, high = np.log(TEMPERATURES)
    golden = (np.sqrt(5) - 1) / 2
    left, right = high - golden * (high - low), low + golden * (high - low)
    of_left, of_right = measure(left), measure(right)
    for _ in range(STEPS):
        if of_left < of_right:
            high, right, of_right = right, left, of_left
            left = high - golden * (high - low)
            of_left = measure(left)
        else:
            low, left, of_left = left, right, of_right
            right = low + golden * (high - low)
            of_right = measure(right)
    return float(np.exp((low + high) / 2))


def log_loss(probabilities: Sequence[Floats], texts: Sequence[str]) -> float:
    """The mean of minus the log-likelihood of texts."""
    classes = [np.array([[SYMBOLS.index(symbol) for symbol in text]], np.intp) for text in texts]
    return -float(np.mean([log_likelihoods(one, text)[0] for one, text in zip(probabilities, classes, strict=True)]))


def cool(probabilities: Floats, temperature: float) -> Floats:
    """The same probabilities at another temperature: softer above 1, harder below."""
    powers = np.maximum(probabilities, 1e-30) ** (1 / temperature)
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)


def predict(net: keras.Model, examples: Sequence[Example]) -> list[Floats]:
    """What a net says along each crop, (T, 19) probabilities at temperature 1."""
    return [np.asarray(keras.ops.softmax(net(example.ink[None], training=False)[0])) for example in examples]
