"""A model measured on labelled pictures: the Report, its figures and its text."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, Floats, Labels
from inkdigits.digit.classifier import Classifier, softmax
from inkdigits.errors import ArrayError
from inkdigits.onnx_files import BUNDLED
from inkdigits.training.data.mnist import Images
from inkdigits.training.data.sources import load_images
from inkdigits.training.digit.models import load_model, predict
from inkdigits.training.evaluation.metrics import (
    Calibration,
    Counts,
    DigitScore,
    calibrate_bins,
    confusion_matrix,
    negative_log_likelihood,
    score_digits,
    wilson_interval,
)


@dataclass(frozen=True, eq=False)
class Report:
    """What a model answered on labelled pictures, and how good that is.

    Attributes:
        model: its name, run folder or file.
        probabilities: (N, 10) float32, calibrated, rows sum to 1; at least one row.
        labels: (N,) uint8, the digits that were meant.
    """

    model: str
    probabilities: Floats
    labels: Labels

    def __post_init__(self) -> None:
        """Refuse what cannot be measured.

        Raises:
            ArrayError: no pictures, shapes that do not match, labels beyond 9, or rows that are not probabilities.
        """
        shapes = f"got probabilities {self.probabilities.shape} and labels {self.labels.shape}"
        if len(self.labels) == 0:
            raise ArrayError(f"There is nothing to measure {self.model!r} on: {shapes}. Give at least one picture.")
        if self.probabilities.shape != (len(self.labels), DIGITS) or self.labels.ndim != 1:
            raise ArrayError(f"A report needs probabilities (N, 10) and labels (N,); {shapes}.")
        if self.labels.max() >= DIGITS:
            raise ArrayError(f"Labels must be 0 to 9; got {self.labels.max()}.")
        sums = self.probabilities.sum(axis=1)
        if not (np.abs(sums - 1) < 1e-3).all() or self.probabilities.min() < 0:
            raise ArrayError("Each row of probabilities must be 0 to 1 and sum to 1. Put logits through softmax first.")

    @property
    def n(self) -> int:
        """Pictures measured on."""
        return len(self.labels)

    @property
    def guesses(self) -> npt.NDArray[np.int64]:
        """(N,) the likeliest digit of each picture."""
        guesses: npt.NDArray[np.int64] = self.probabilities.argmax(axis=1)
        return guesses

    @property
    def mistakes(self) -> npt.NDArray[np.int64]:
        """Indices of the misread pictures, the surest mistake first."""
        wrong = np.flatnonzero(self.guesses != self.labels)
        return wrong[np.argsort(-self.probabilities[wrong].max(axis=1), kind="stable")]

    @property
    def misses(self) -> int:
        """Misread pictures."""
        return int((self.guesses != self.labels).sum())

    @property
    def accuracy(self) -> float:
        """The share that was read right, 0 to 1."""
        return (self.n - self.misses) / self.n

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval of the accuracy, 0 to 1: where that of all such pictures is likely to lie."""
        return wilson_interval(self.n - self.misses, self.n)

    @property
    def loss(self) -> float:
        """Mean negative log-likelihood of the right digit, in nats; 0 at best."""
        return negative_log_likelihood(self.probabilities, self.labels)

    @property
    def confusion(self) -> Counts:
        """(10, 10) counts: how often each digit (row) was read as each digit (column)."""
        return confusion_matrix(self.labels, self.guesses)

    @property
    def per_class(self) -> tuple[DigitScore, ...]:
        """Precision, recall, F1 and support of the ten digits."""
        return score_digits(self.confusion)

    @property
    def calibration(self) -> Calibration:
        """How right the model was at each level of confidence."""
        return calibrate_bins(self.probabilities, self.labels)

    def to_dict(self) -> dict[str, Any]:
        """The figures as plain numbers, strings and lists, ready for JSON."""
        return {
            "model": self.model,
            "n": self.n,
            "accuracy": self.accuracy,
            "interval": list(self.interval),
            "loss": self.loss,
            "misses": self.misses,
            "calibration_error": self.calibration.error,
            "per_class": [score._asdict() for score in self.per_class],
            "confusion": self.confusion.tolist(),
        }

    def to_text(self) -> str:
        """The figures for a terminal: a summary, the table of the ten digits, the confusion matrix."""
        low, high = self.interval
        return "\n".join(
            [
                f"{self.model} on {self.n:,} pictures",
                "",
                f"accuracy  {self.accuracy:.2%}, {self.misses:,} misread; 95% interval {low:.2%} to {high:.2%}",
                f"loss      {self.loss:.4f}",
                f"calibration error {self.calibration.error:.2%}",
                "",
                *_digit_table(self.per_class),
                "",
                *_confusion_table(self.confusion),
            ]
        )


def _digit_table(scores: tuple[DigitScore, ...]) -> list[str]:
    """Lines of aligned text."""
    rows = [f"{s.digit:>5}{s.precision:>12.2%}{s.recall:>10.2%}{s.f1:>10.2%}{s.support:>10,}" for s in scores]
    return [f"{'digit':>5}{'precision':>12}{'recall':>10}{'f1':>10}{'pictures':>10}", *rows]


def _confusion_table(confusion: Counts) -> list[str]:
    """Lines of aligned text; a dot where nothing was read so, that the mistakes stand out."""
    width = max(5, len(str(confusion.max())) + 2)
    rows = [
        f"{digit:>5} │" + "".join(f"{count or '·':>{width}}" for count in row)
        for digit, row in enumerate(confusion.tolist())
    ]
    head = "".join(f"{digit:>{width}}" for digit in range(DIGITS))
    return [f"{'meant':>5} │{'read as':^{width * DIGITS}}", f"{'':>5} │{head}", "──────┼" + "─" * len(head), *rows]


def evaluate(model: str | Path | None = None, data: str | Path | Images | None = None) -> Report:
    """Measure a model on labelled pictures.

    Args:
        model: None for the bundled net, the name of a bundled net, a run folder, an .onnx or a .keras file. A .keras
            file knows no temperature, so its probabilities are not calibrated.
        data: None for the test set of MNIST, `Images`, or what `load_images` takes: `mnist`, an .npz, HDF5 or IDX
            file, a folder of `0/…9/`.

    Raises:
        ModelError: the model is not found, not readable, or cannot be served by this version.
        DataError: the data is not found, or broken.
        ArrayError: there is no picture in the data.
    """
    images = data if isinstance(data, Images) else load_images(data or "mnist")
    if model is not None and Path(model).suffix == ".keras":
        logits = predict(load_model(model), images.images)
        probabilities = softmax(logits, temperature=1.0)
    else:
        probabilities = Classifier(model).probabilities(images.images)
    return Report(str(model or BUNDLED), probabilities, images.labels)
