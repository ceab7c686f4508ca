"""The nets in the package on the MNIST test set: how good, how calibrated, how fast, and the same as in Keras?

python -m benchmarks.digits.bundled
"""

import statistics
import time

import numpy as np

from benchmarks.record import record
from inkdigits.digit.classifier import Classifier, softmax
from inkdigits.onnx_files import Session, find_bundled
from inkdigits.training import evaluate, load_mnist
from inkdigits.training.comparing import time_prediction
from inkdigits.training.digit.models import load_model, predict
from inkdigits.training.evaluation.metrics import measure_trust

PILES = 5


def measure(name: str) -> dict[str, object]:
    """The figures of one net."""
    path, test = find_bundled()[name], load_mnist().test
    report, net = evaluate(name, test), load_model(name)
    exported = softmax(Session(path).logits(test.images), 1.0)
    trained = softmax(predict(net, test.images), 1.0)
    return {
        "file": path.name,
        "bytes": path.stat().st_size,
        "parameters": net.count_params(),
        "n": report.n,
        "misses": report.misses,
        "interval": report.interval,
        "calibration_error": report.calibration.error,
        **measure_trust(report.probabilities, report.labels)._asdict(),
        "refused": int((report.probabilities.max(axis=1) < Session(path).contract.threshold).sum()),
        "frame_us": time_prediction(Session(path)),
        "pile_frames_per_second": time_pile(Classifier(name), test.images),
        "largest_difference": float(np.abs(exported - trained).max()),
        "other_predictions": int((exported.argmax(axis=1) != trained.argmax(axis=1)).sum()),
    }


def time_pile(classifier: Classifier, frames: np.ndarray) -> int:
    """Frames a second where all come at once; the median of a few piles after one that warms up."""
    seconds = []
    for _ in range(PILES + 1):
        began = time.perf_counter()
        classifier.probabilities(frames)
        seconds.append(time.perf_counter() - began)
    return round(len(frames) / statistics.median(seconds[1:]))


if __name__ == "__main__":
    record("bundled", {name: measure(name) for name in find_bundled()})
