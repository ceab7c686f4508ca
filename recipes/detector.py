"""Train the detector of the package, from nothing. It may be broken off; called again it goes on.

    python recipes/detector.py runs/detector      # an hour and a half on two cores that know bfloat16, 5 GB of memory
    python recipes/ship_weights.py runs/detector/second 2

Two trainings on other pages, seeds 0 and 1: the second begins with what the first learnt. The weights that ship came
so, but for two changes of the code between the two: see src/inkdigits/weights/README.md. The threshold in the contract
is that of the detector in the package; it decides together with the recognizer, see fit_recognizer_contract.py.
"""

import argparse
from pathlib import Path

from stages import train

from inkdigits.training import TrainConfig


def main(out: Path) -> None:
    """Train into the folders `first` and `second` of `out`."""
    first = train(TrainConfig("detector", seed=0, out=out / "first"))
    train(TrainConfig("detector", from_model=str(first), epochs=5, seed=1, out=out / "second"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the net that finds the digits on a page.")
    parser.add_argument("out", type=Path, help="the folder for its runs")
    main(parser.parse_args().out)
