"""Put the net of a run into the package, under its version: a classifier, the detector or the recognizer.

    python recipes/ship_weights.py runs/accuracy/cnn-seed3 1     # src/inkdigits/weights/cnn-v1.keras and .onnx
    python recipes/ship_weights.py runs/detector/second 2        # src/inkdigits/weights/detector.keras and .onnx
    python recipes/ship_weights.py runs/recognizer 3             # recognizer.keras and .onnx, in 8 bits; --exact: in 32

The net is chosen on validation, never for its misses in the test set. Then fill_figures.py writes the card.
"""

import argparse
import shutil
from dataclasses import replace
from pathlib import Path

import onnx

from inkdigits.onnx_files import WEIGHTS
from inkdigits.training.digit.models import load_model
from inkdigits.training.exports.digit_nets import contract_of, write_onnx
from inkdigits.training.presets import PAGE_NETS
from inkdigits.training.runs.folders import read_config, replacing


def ship(run: Path, version: str, exact: bool = False, weights: Path = WEIGHTS) -> Path:
    """Copy the float net, and write the .onnx file under its version; returns the latter.

    Args:
        run: a complete run.
        version: of the weights.
        exact: whether a net that reads pages is taken in 32 bits. Classifiers always are.
        weights: the folder to write to.
    """
    kind = read_config(run)["model"]
    if kind in PAGE_NETS:
        path = weights / f"{kind}.onnx"
        model = onnx.load(run / ("model.onnx" if exact else "model-8bit.onnx"))
        held = {entry.key: entry.value for entry in model.metadata_props}
        onnx.helper.set_model_props(model, held | {"inkdigits.version": version})
        with replacing(path) as part:
            onnx.save(model, part)
    else:
        path = weights / f"{kind}-v{version}.onnx"
        write_onnx(load_model(run), replace(contract_of(run), version=version), path)
    with replacing(path.with_suffix(".keras")) as part:
        shutil.copy(run / "model.keras", part)
    return path


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Put the net of a run into the package.")
    parser.add_argument("run", type=Path)
    parser.add_argument("version")
    parser.add_argument("--exact", action="store_true", help="in 32 bits instead of 8")
    arguments = parser.parse_args()
    print(f"shipped {ship(arguments.run, arguments.version, arguments.exact)}")
