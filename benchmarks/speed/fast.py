"""How fast a net learns: `inkdigits train fast` and one epoch of `cnn`, beside PyTorch's one-epoch recipe and Keras.

    python3 -m venv torch && torch/bin/pip install torch==2.13.0 numpy
    python -m benchmarks.speed.fast --torch torch/bin/python      # 10 minutes on 2 cores

Each round runs all of them once, each in a process of its own; ratios are medians over the rounds. The accuracy is that
of more seeds. PyTorch's own time is that of the training loop alone; ours has the making of the graph in it, and the
look at the validation part.
"""

import argparse
import csv
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from benchmarks.opponents.ask import NOT_MEASURED, ask
from benchmarks.record import record
from benchmarks.spread import spread
from inkdigits.training import load_mnist


def main() -> None:
    """Measure, print and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--torch", default="python-with-torch", help="the Python of an environment with PyTorch")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seeds", type=int, default=20, help="for the accuracy; the rounds are the first of them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        data = write_data(Path(scratch))
        rounds = [
            measure(data, seed, Path(options.torch), Path(scratch) / str(seed))
            for seed in tqdm(range(options.rounds), desc="rounds")
        ]
        more = [
            train("fast", seed, Path(scratch) / f"more-{seed}")["accuracy"]
            for seed in tqdm(range(options.rounds, options.seeds), desc="more seeds")
        ]
    accuracies = [each["fast"]["accuracy"] for each in rounds] + more
    record("fast", figures_of(rounds, accuracies), arguments="--torch torch/bin/python")


def write_data(scratch: Path) -> Path:
    """MNIST's training and test parts for the others; all learn from the same 55,000."""
    split = load_mnist()
    path = scratch / "mnist.npz"
    np.savez(path, x=split.train.images, y=split.train.labels, tx=split.test.images, ty=split.test.labels)
    return path


def measure(data: Path, seed: int, torch: Path, scratch: Path) -> dict[str, Any]:
    """One round: everything once."""
    scratch.mkdir()
    fast = train("fast", seed, scratch / "fast")
    torch_says = ask(torch, "torch_one_epoch.py", data, str(seed))
    began = time.perf_counter()
    keras_says = ask(sys.executable, "keras_until_99.py", data, str(seed), scratch / "net.keras")
    keras_says["process_seconds"] = time.perf_counter() - began - keras_says["looking_seconds"]
    cnn = train("cnn", seed, scratch / "cnn", "--epochs", "1")
    return {"fast": fast, "torch": torch_says, "keras": keras_says, "cnn": cnn}


def train(net: str, seed: int, out: Path, *options: str) -> dict[str, float]:
    """A whole `inkdigits train`: its seconds until the net was saved and until all was done, those of the epoch."""
    command = [sys.executable, "-m", "inkdigits", "train", net, "--seed", str(seed), "--out", out, *options]
    began, began_at = time.perf_counter(), time.time()
    subprocess.run(command, check=True, capture_output=True)
    done = time.perf_counter() - began
    with (out / "history.csv").open() as file:
        epoch = next(csv.DictReader(file))
    test = json.loads((out / "config.json").read_text("utf-8"))["reports"]["test"]
    return {
        "epoch_seconds": float(epoch["seconds"]),
        "saved_seconds": (out / "model.keras").stat().st_mtime - began_at,
        "process_seconds": done,
        "accuracy": test["accuracy"],
    }


def figures_of(rounds: list[dict[str, Any]], accuracies: list[float]) -> dict[str, Any]:
    """Medians and ranges of the rounds, and the ratios to those whom `fast` and `cnn` are compared with."""
    figures: dict[str, Any] = {
        "n": len(rounds),
        "fast": summary(rounds, "fast", "epoch_seconds", "saved_seconds", "process_seconds"),
        "cnn": summary(rounds, "cnn", "epoch_seconds"),
        "keras_process_seconds": spread([each["keras"]["process_seconds"] for each in rounds]),
        "keras_epochs": [len(each["keras"]["epoch_seconds"]) for each in rounds],
        # The first epoch of either has the making of the graph in it.
        "keras_first_epoch_seconds": spread([each["keras"]["epoch_seconds"][0] for each in rounds]),
        "accuracy": {
            "n": len(accuracies),
            "mean": round(statistics.mean(accuracies), 5),
            "std": round(statistics.stdev(accuracies), 5),
            "least": min(accuracies),
            "share_from_98.9": sum(accuracy >= 0.989 for accuracy in accuracies) / len(accuracies),
        },
        "saved_as_keras": ratio(rounds, lambda each: each["keras"]["process_seconds"] / each["fast"]["saved_seconds"]),
        "process_as_keras": ratio(
            rounds, lambda each: each["keras"]["process_seconds"] / each["fast"]["process_seconds"]
        ),
        "cnn_epoch_as_keras": ratio(
            rounds, lambda each: each["keras"]["epoch_seconds"][0] / each["cnn"]["epoch_seconds"]
        ),
    }
    if any(each["torch"] is None for each in rounds):
        return figures | {"torch_seconds": NOT_MEASURED}
    return figures | {
        "torch": rounds[0]["torch"]["torch"],
        "torch_seconds": spread([each["torch"]["seconds"] for each in rounds]),
        "torch_accuracy": [each["torch"]["accuracy"] for each in rounds],
        "epoch_as_torch": ratio(rounds, lambda each: each["torch"]["seconds"] / each["fast"]["epoch_seconds"]),
    }


def summary(rounds: list[dict[str, Any]], who: str, *names: str) -> dict[str, Any]:
    """The spread of each of these figures."""
    return {name: spread([each[who][name] for each in rounds]) for name in names}


def ratio(rounds: list[dict[str, Any]], of: Any) -> dict[str, float]:
    """How many times as fast, round by round."""
    return spread([of(each) for each in rounds])


if __name__ == "__main__":
    main()
