"""Train the classifiers of the package, from nothing. It may be broken off; called again it goes on.

    python recipes/classifier.py convnet runs/convnet                              # about six hours on two cores
    python recipes/classifier.py tiny runs/tiny --teacher runs/convnet/mean        # about an hour
    python recipes/classifier.py cnn runs/cnn                                      # a minute

Then: python recipes/ship_weights.py runs/convnet/mean 2 (runs/tiny/second, runs/cnn).

To be expected of the 10,000 pictures of the MNIST test set: convnet 32 to 37 misread, tiny about 46, cnn about 82.
These are the figures of the weights that ship, which came by a longer way, through nets of five convolutions: see
src/inkdigits/weights/README.md. This shorter way has not been gone as a whole yet. Seeds are those below.
"""

import argparse
from pathlib import Path

from average_runs import average
from stages import train

from inkdigits.training import TrainConfig


def train_convnet(out: Path) -> None:
    """Three nets; one that learns from them, too, and goes on for long; the mean of four that it was trained on to."""
    first = [str(train(TrainConfig("convnet", seed=seed, out=out / f"first-{seed}"))) for seed in (0, 1, 2)]
    taught = TrainConfig("convnet", from_model=first[1], teachers=tuple(first), learning_rate=0.002)
    second = train(TrainConfig(**vars(taught) | {"epochs": 16, "seed": 11, "out": out / "second"}))
    third = train(TrainConfig("convnet", from_model=str(second), epochs=42, seed=2, out=out / "third"))
    last = [
        train(TrainConfig("convnet", None, str(third), None, 9, None, 0.001, seed, out / f"last-{seed}"))
        for seed in (11, 12, 13, 14)
    ]
    if not (out / "mean").exists():
        average(out / "mean", [third, *last])


def train_tiny(out: Path, teacher: Path) -> None:
    """A small net that learns from a large one, too, and once more at a lower rate."""
    taught = (str(teacher),)
    first = train(TrainConfig("tiny", teachers=taught, epochs=36, seed=1, out=out / "first"))
    train(TrainConfig("tiny", None, str(first), taught, 9, seed=2, out=out / "second"))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Train a classifier of the package.")
    parser.add_argument("net", choices=["convnet", "tiny", "cnn"])
    parser.add_argument("out", type=Path, help="the folder for its runs")
    parser.add_argument("--teacher", type=Path, help="of tiny: the run of a convnet")
    arguments = parser.parse_args()
    if arguments.net == "convnet":
        train_convnet(arguments.out)
    elif arguments.net == "tiny":
        train_tiny(arguments.out, arguments.teacher)
    else:
        train(TrainConfig("cnn", seed=4, out=arguments.out))
