"""Several nets that answer together, against each alone: the MNIST test set, after their choice on validation.

python benchmarks/committee.py RUN RUN ...

The committee is the mean of the members' calibrated probabilities. Members are added in the order of their validation
loss, as long as the committee's own validation loss falls.
"""

import statistics
import sys

import numpy as np
from record import record

from inkdigits.classifier import Classifier
from inkdigits.training import load_mnist
from inkdigits.training.evaluate import Report
from inkdigits.training.mnist import Images


def choose(runs: list[str], validation: Images) -> list[str]:
    """The members whose committee has the least validation loss, the best first."""
    answers = {run: Classifier(run).probabilities(validation.images) for run in runs}
    order = sorted(runs, key=lambda run: Report(run, answers[run], validation.labels).loss)
    losses = [
        Report("committee", np.mean([answers[run] for run in order[:count]], axis=0), validation.labels).loss
        for count in range(1, len(order) + 1)
    ]
    return order[: int(np.argmin(losses)) + 1]


def measure(runs: list[str]) -> dict[str, object]:
    """Each run alone, and the committee of the chosen ones."""
    split = load_mnist()
    members = choose(runs, split.validation)
    answers = {run: Classifier(run).probabilities(split.test.images) for run in runs}
    alone = [Report(run, answers[run], split.test.labels).misses for run in runs]
    together = Report("committee", np.mean([answers[run] for run in members], axis=0), split.test.labels)
    return {
        "n": together.n,
        "misses_alone": alone,
        "accuracy_alone_mean": round(1 - statistics.mean(alone) / together.n, 5),
        "accuracy_alone_std": round(statistics.stdev(alone) / together.n, 5) if len(alone) > 1 else None,
        "members": len(members),
        "misses_together": together.misses,
        "accuracy_together": together.accuracy,
        "interval_together": together.interval,
        "calibration_error_together": together.calibration.error,
    }


if __name__ == "__main__":
    record("committee", measure(sys.argv[1:]), arguments="RUN ...")
