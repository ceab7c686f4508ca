"""Teach a net your own digits: mix MNIST with a folder of 0/…9/, and compare before and after on that folder.

python examples/train_on_your_own.py my-digits/ runs/mine [epochs]
"""

import sys
from pathlib import Path

from inkdigits.training import TrainConfig, evaluate, fit

if __name__ == "__main__":
    folder, out = sys.argv[1], Path(sys.argv[2])
    epochs = int(sys.argv[3]) if len(sys.argv) > 3 else None
    before = evaluate(None, folder)
    run = fit(TrainConfig(model="cnn", data=("mnist", folder), epochs=epochs, out=out))
    after = evaluate(run, folder)
    print(f"bundled net: {before.accuracy:.1%} of {before.n}; yours: {after.accuracy:.1%} (it has seen these)")
