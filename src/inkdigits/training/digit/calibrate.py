"""How sure a net may call itself, and from when on it keeps silent; both chosen on the validation part."""

import numpy as np

from inkdigits.arrays import Floats, Labels

# Of the validation digits at most this share is refused. docs/decisions.md has what other shares do to other hands.
REFUSED_SHARE = 0.001
# What is at least so sure is never refused, even where all validation digits are: a small and easy set of one's own.
HIGHEST_THRESHOLD = 0.99
# The search for the temperature: nets of the zoo lie between 0.7 and 2.
TEMPERATURES = (0.2, 5.0)


def log_loss(logits: Floats, labels: Labels, temperature: float = 1.0) -> float:
    """The mean negative log-likelihood of the labels, in nats.

    Args:
        logits: (N, 10), N at least 1.
        labels: (N,), 0 to 9.
        temperature: by which the logits are divided.
    """
    scaled = logits.astype(np.float64) / temperature
    scaled -= scaled.max(axis=1, keepdims=True)
    chosen = scaled[np.arange(len(labels)), labels]
    return float((np.log(np.exp(scaled).sum(axis=1)) - chosen).mean())


def fit_temperature(logits: Floats, labels: Labels) -> float:
    """The temperature of least log-loss (Guo et al., 2017), by golden-section search.

    The loss has one minimum in 1 / temperature, as it is convex there; without a mistake in the labels' favour it lies
    at the edge of the range.
    """
    low, high = np.log(TEMPERATURES)
    golden = (np.sqrt(5) - 1) / 2
    for _ in range(40):  # leaves 4e-9 of the range
        left, right = high - golden * (high - low), low + golden * (high - low)
        if log_loss(logits, labels, float(np.exp(left))) < log_loss(logits, labels, float(np.exp(right))):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def refusal_threshold(probabilities: Floats) -> float:
    """The confidence below which digits are refused, so that at most `REFUSED_SHARE` of these are.

    Args:
        probabilities: (N, 10) calibrated, of digits that should be read; N at least 1.
    """
    confidence = np.sort(probabilities.max(axis=1))
    return min(float(confidence[int(len(confidence) * REFUSED_SHARE)]), HIGHEST_THRESHOLD)
