"""Several nets that answer together, against each alone: the MNIST test set, after their choice on validation.

python -m benchmarks.digits.committee SEED SEED ... [--beside RUN RUN ...]

SEED are runs of one recipe, each from another seed; RUN are others that may sit in the committee, too. It is the mean
of its members' calibrated probabilities: of the runs with the least validation loss as many as make its own loss least.
"""

import argparse
import statistics

import numpy as np

from benchmarks.record import record
from inkdigits.digit.classifier import Classifier
from inkdigits.training import load_mnist
from inkdigits.training.data.mnist import Images
from inkdigits.training.evaluation.report import Report


def choose(runs: list[str], validation: Images) -> list[str]:
    """The members whose committee has the least validation loss, the best first."""
    answers = {run: Classifier(run).probabilities(validation.images) for run in runs}
    order = sorted(runs, key=lambda run: Report(run, answers[run], validation.labels).loss)
    losses = [
        Report("committee", np.mean([answers[run] for run in order[:count]], axis=0), validation.labels).loss
        for count in range(1, len(order) + 1)
    ]
    return order[: int(np.argmin(losses)) + 1]


def measure(seeds: list[str], beside: list[str]) -> dict[str, object]:
    """Each of the seeds alone, and the committee chosen among them and what is beside them."""
    split = load_mnist()
    members = choose(seeds + beside, split.validation)
    answers = {run: Classifier(run).probabilities(split.test.images) for run in {*seeds, *members}}
    alone = [Report(run, answers[run], split.test.labels).misses for run in seeds]
    together = Report("committee", np.mean([answers[run] for run in members], axis=0), split.test.labels)
    return {
        "n": together.n,
        "misses_alone": alone,
        "accuracy_alone_mean": round(1 - statistics.mean(alone) / together.n, 5),
        "accuracy_alone_std": round(statistics.stdev(alone) / together.n, 5) if len(alone) > 1 else None,
        "candidates": len(seeds) + len(beside),
        "members": len(members),
        "misses_together": together.misses,
        "accuracy_together": together.accuracy,
        "interval_together": together.interval,
        "calibration_error_together": together.calibration.error,
    }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("seeds", nargs="+", metavar="SEED")
    parser.add_argument("--beside", nargs="+", default=[], metavar="RUN")
    options = parser.parse_args()
    record("committee", measure(options.seeds, options.beside), arguments="SEED ... --beside RUN ...")
