import runpy
from pathlib import Path

import keras
import numpy as np
import onnx
import pytest

from inkdigits.onnx_files import Session
from inkdigits.training import TrainConfig, fit
from inkdigits.training.data.mnist import load_part
from inkdigits.training.runs.folders import write_config

pytestmark = pytest.mark.slow

SHIP = runpy.run_path(str(Path(__file__).parents[2] / "recipes" / "ship_weights.py"))["ship"]


def test_a_classifier_is_shipped_under_its_version(tmp_path):
    data = tmp_path / "few.npz"
    np.savez(data, **{name: part[:300] for name, part in zip("xy", load_part("test"), strict=True)})
    run = fit(TrainConfig("nn", data=(str(data),), epochs=1, out=tmp_path / "run"))
    path = SHIP(run, "7", weights=tmp_path)
    assert path == tmp_path / "nn-v7.onnx"
    assert Session(path).contract.version == "7"
    assert (tmp_path / "nn-v7.keras").read_bytes() == (run / "model.keras").read_bytes()


def test_a_net_that_reads_pages_is_shipped_in_8_bits_or_exactly(tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    write_config(run, {"status": "complete", "model": "recognizer"})
    keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]).save(run / "model.keras")
    value = onnx.helper.make_tensor_value_info("ink", onnx.TensorProto.FLOAT, [1])
    graph = onnx.helper.make_graph([onnx.helper.make_node("Identity", ["ink"], ["out"])], "g", [value], [value])
    for name in ("model", "model-8bit"):
        model = onnx.helper.make_model(graph)
        onnx.helper.set_model_props(model, {"inkdigits.version": "run", "inkdigits.name": name})
        onnx.save(model, run / f"{name}.onnx")
    for exact, name in ((False, "model-8bit"), (True, "model")):
        path = SHIP(run, "3", exact, tmp_path)
        assert path == tmp_path / "recognizer.onnx"
        facts = {entry.key: entry.value for entry in onnx.load(path).metadata_props}
        assert facts == {"inkdigits.version": "3", "inkdigits.name": name}
    assert (tmp_path / "recognizer.keras").exists()
