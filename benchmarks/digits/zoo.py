"""Every net of the zoo that starts from fresh weights, trained for a few epochs by its own preset on MNIST.

python -m benchmarks.digits.zoo EPOCHS [NET …]     # an epoch on 2 cores: m3, m5, m7 4 minutes each, the others less

The runs are kept in runs/zoo: a net that has one is not trained again, and the table shows all that are there, each
with its own number of epochs.
"""

import json
import statistics
import sys
from pathlib import Path

import pandas as pd

from benchmarks.record import record
from inkdigits.training import TrainConfig, fit
from inkdigits.training.digit.zoo import MODELS, TRANSFER
from inkdigits.training.presets import PRESETS

RUNS = Path("runs/zoo")


def measure(name: str) -> dict[str, object]:
    """The figures of one net; the median epoch, as the first one also builds the graph."""
    run = RUNS / name
    config, history = json.loads((run / "config.json").read_text("utf-8")), pd.read_csv(run / "history.csv")
    test = config["reports"]["test"]
    return {
        "parameters": MODELS[name].parameters,
        "multiply_adds": MODELS[name].multiply_adds,
        "bytes": (run / "model.onnx").stat().st_size,
        "epochs": config["epochs_done"],
        "epoch_seconds": round(statistics.median(history["seconds"]), 1),
        "n": test["n"],
        "misses": test["misses"],
        "accuracy": test["accuracy"],
        "interval": test["interval"],
    }


if __name__ == "__main__":
    epochs, nets = int(sys.argv[1]), [name for name in MODELS if name != TRANSFER]
    for name in sys.argv[2:] or nets:
        if not (RUNS / name).exists():
            fit(TrainConfig(name, epochs=min(epochs, PRESETS[name].epochs), out=RUNS / name))
        record("zoo", {name: measure(name) for name in nets if (RUNS / name / "model.onnx").exists()})
