"""The zoo's nets on the MNIST test set, each trained from five seeds and chosen on the validation split.

python -m benchmarks.digits.accuracy        # 10 minutes on 2 cores; the runs are kept in runs/accuracy
"""

from pathlib import Path

from benchmarks.record import record
from inkdigits.training import compare

SEEDS = 5
NETS = ("nn", "cnn")

if __name__ == "__main__":
    comparison = compare(NETS, SEEDS, Path("runs/accuracy"))
    print(comparison.to_text())
    figures = comparison.to_dict()
    record("accuracy", {key: figures[key] for key in ("n", "rows", "duels")})
