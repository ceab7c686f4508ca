"""Seconds of a default `inkdigits train`, the whole process from its start to the report.

python -m benchmarks.speed.training_time   # 3 minutes on 2 cores
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.record import record

RUNS = 3

if __name__ == "__main__":
    seconds, accuracies = [], []
    with tempfile.TemporaryDirectory() as scratch:
        for run in range(RUNS):
            out = Path(scratch) / str(run)
            began = time.perf_counter()
            subprocess.run([sys.executable, "-m", "inkdigits", "train", "--out", out], check=True)
            seconds.append(round(time.perf_counter() - began, 1))
            accuracies.append(json.loads((out / "config.json").read_text("utf-8"))["reports"]["test"]["accuracy"])
    figures = {"n": RUNS, "seconds": seconds, "median_seconds": statistics.median(seconds), "accuracy": accuracies}
    record("training_time", figures)
