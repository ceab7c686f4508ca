"""Train the recognizer of the package, from nothing. It may be broken off; called again it goes on.

    python scripts/data/fetch_hand_fonts.py fonts
    python recipes/recognizer.py runs/recognizer fonts       # about four hours on two cores that know bfloat16
    python recipes/fit_recognizer_contract.py runs/recognizer/model-8bit.onnx --fonts fonts
    python recipes/ship_weights.py runs/recognizer 3

24,000 steps of about 64 crops, half of them composed for this step alone, seed 0. The fonts, which are free to use, are
not needed to read, only to learn more hands than the ten of the extra `train`. It has not been run to its end yet. The
weights that ship came by a throw-away script with the same net, crops and loss, in two trainings: see
src/inkdigits/weights/README.md.
"""

import argparse
from pathlib import Path

from stages import train

from inkdigits.training import TrainConfig

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train the net that reads whole numbers.")
    parser.add_argument("out", type=Path, help="the run folder")
    parser.add_argument("fonts", type=Path, nargs="?", help="a folder of further fonts that imitate a hand")
    arguments = parser.parse_args()
    train(TrainConfig("recognizer", seed=0, fonts=arguments.fonts, out=arguments.out))
