"""Every net of the zoo that starts from fresh weights, trained for a few epochs by its own preset on MNIST.

python benchmarks/zoo.py EPOCHS [NET …]     # an epoch on 2 cores: m3, m5, m7 about 3 minutes each, the others less
"""

import json
import statistics
import sys
import tempfile
from pathlib import Path

import pandas as pd
from record import record

from inkdigits.training import TrainConfig, fit
from inkdigits.training.config import PRESETS
from inkdigits.training.zoo import MODELS, TRANSFER


def measure(name: str, epochs: int, out: Path) -> dict[str, object]:
    """The figures of one net; the median epoch, as the first one also builds the graph."""
    run = fit(TrainConfig(name, epochs=min(epochs, PRESETS[name].epochs), out=out))
    config, history = json.loads((run / "config.json").read_text("utf-8")), pd.read_csv(run / "history.csv")
    test = config["reports"]["test"]
    return {
        "parameters": MODELS[name].parameters,
        "multiply_adds": MODELS[name].multiply_adds,
        "bytes": (run / "model.onnx").stat().st_size,
        "epochs": config["epochs_done"],
        "epoch_seconds": statistics.median(history["seconds"]),
        "n": test["n"],
        "misses": test["misses"],
        "accuracy": test["accuracy"],
        "interval": test["interval"],
    }


if __name__ == "__main__":
    epochs, names = int(sys.argv[1]), sys.argv[2:] or [name for name in MODELS if name != TRANSFER]
    with tempfile.TemporaryDirectory() as scratch:
        figures = {name: measure(name, epochs, Path(scratch) / name) for name in names}
    record("zoo", figures)
