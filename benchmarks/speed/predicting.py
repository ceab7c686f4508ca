"""How fast nets answer: one frame, 64, 1,000, and 10,000 on all cores; beside Keras, LiteRT and plain ONNX Runtime.

    python -m benchmarks.speed.predicting      # 5 minutes on 2 cores

The nets are those of the package, and `tiny` with whatever weights it has: they do not change its speed. Rounds take
turns; ratios are medians over the rounds. What plain ONNX Runtime is measured with is `cnn`, the net of the projects
that inkdigits started from, in 32 bit; each multiply-add is one product of a net that is summed.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.opponents.ask import NOT_MEASURED, ask
from benchmarks.record import record
from benchmarks.spread import spread
from inkdigits.digit.classifier import Classifier
from inkdigits.onnx_files import Session, find_bundled
from inkdigits.training.digit.costs import multiply_adds
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.exports.digit_nets import Contract, write_litert, write_onnx

NETS = ("tiny", "cnn", "convnet")
ROUNDS = 7
FRAMES = np.random.default_rng(0).integers(0, 256, (10_000, 28, 28), np.uint8)


def main() -> None:
    """Measure, print and keep the figures."""
    with tempfile.TemporaryDirectory() as scratch:
        costs = {name: write_files(name, Path(scratch)) for name in NETS}
        rounds = [
            {name: measure(name, Path(scratch)) for name in NETS} | {"plain": ask_plain(Path(scratch))}
            for _ in tqdm(range(ROUNDS), desc="rounds")
        ]
    record("predicting", {"n": ROUNDS} | {name: figures_of(name, rounds, costs) for name in NETS})


def write_files(name: str, scratch: Path) -> int:
    """The net in the three formats; returns its multiply-adds."""
    net = load_model(name) if name in find_bundled() else build_model(name)
    contract = Contract(name, "benchmark", temperature=1.0, threshold=0.0)
    net.save(scratch / f"{name}.keras")
    write_onnx(net, contract, scratch / f"{name}.onnx")
    write_litert(net, contract, scratch / f"{name}.tflite")
    return multiply_adds(net)


def measure(name: str, scratch: Path) -> dict[str, Any]:
    """One round of one net: microseconds a frame, and frames a second of 10,000."""
    session, classifier = Session(scratch / f"{name}.onnx"), Classifier(scratch / f"{name}.onnx")
    return {
        "one_us": 1e6 * time_calls(lambda: session.logits(FRAMES[:1]), 300),
        "each_of_64_us": 1e6 * time_calls(lambda: session.logits(FRAMES[:64]), 30) / 64,
        "each_of_1000_us": 1e6 * time_calls(lambda: session.logits(FRAMES[:1000]), 5) / 1000,
        "frames_per_second": len(FRAMES) / time_calls(lambda: classifier.probabilities(FRAMES), 3),
        **(ask(sys.executable, "predict_keras.py", scratch / f"{name}.keras", scratch / f"{name}.tflite") or {}),
    }


def ask_plain(scratch: Path) -> float:
    """Frames a second of plain ONNX Runtime."""
    answer = ask(sys.executable, "predict_onnxruntime.py", scratch / "cnn.onnx")
    assert answer is not None, "onnxruntime is installed where inkdigits is"
    return float(answer["frames_per_second"])


def time_calls(call: Callable[[], Any], calls: int) -> float:
    """The median of some calls, in seconds, after two that warm up."""
    seconds = []
    for _ in range(calls + 2):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds[2:])


def figures_of(name: str, rounds: list[dict[str, Any]], costs: dict[str, int]) -> dict[str, Any]:
    """The spread of each figure, and the ratios to the others."""
    own = [each[name] for each in rounds]
    figures: dict[str, Any] = {"multiply_adds": costs[name]}
    figures |= {key: spread([each[key] for each in own]) for key in own[0]}
    ratios = [each[name]["frames_per_second"] / each["plain"] for each in rounds]
    figures["plain_frames_per_second"] = spread([each["plain"] for each in rounds])
    figures["pile_as_plain"] = spread(ratios)
    figures["pile_as_plain_per_multiply_add"] = spread([ratio * costs[name] / costs["cnn"] for ratio in ratios])
    if "keras_one_us" not in own[0]:
        return figures | {"keras": NOT_MEASURED, "litert": NOT_MEASURED}
    figures["one_as_keras"] = spread([each["keras_one_us"] / each["one_us"] for each in own])
    figures["one_as_litert"] = spread([each["litert_one_us"] / each["one_us"] for each in own])
    return figures


if __name__ == "__main__":
    main()
