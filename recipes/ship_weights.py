"""Put the net of a run into the package as src/inkdigits/weights/<model>-v<version>.keras and .onnx.

    python recipes/ship_weights.py runs/accuracy/cnn-seed3 1

The net is chosen on validation, never for its misses in the test set. Then fill_figures.py writes the card.
"""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

from inkdigits.onnx_files import WEIGHTS
from inkdigits.training.digit.models import load_model
from inkdigits.training.exports.digit_nets import contract_of, write_onnx
from inkdigits.training.runs.folders import replacing


def main(run: Path, version: str) -> None:
    """Copy the trained net, and export it under its version's name."""
    contract = replace(contract_of(run), version=version)
    stem = WEIGHTS / f"{contract.name}-v{version}"
    with replacing(stem.with_suffix(".keras")) as part:
        shutil.copy(run / "model.keras", part)
    write_onnx(load_model(run), contract, stem.with_suffix(".onnx"))
    print(f"shipped {stem}: {contract}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
