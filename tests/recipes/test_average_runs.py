import runpy
from pathlib import Path

import numpy as np
import pytest

from inkdigits.onnx_files import Session
from inkdigits.training import TrainConfig, fit
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.models import load_model
from inkdigits.training.runs.folders import read_config

pytestmark = pytest.mark.slow

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "recipes" / "average_runs.py"))


def test_the_mean_of_two_runs_is_a_run_to_read_with(tmp_path: Path) -> None:
    data = tmp_path / "few.npz"
    np.savez(data, **{name: part[:300] for name, part in zip("xy", load_part("test"), strict=True)})
    runs = [
        fit(TrainConfig("nn", data=(str(data),), epochs=1, seed=seed, out=tmp_path / f"seed-{seed}")) for seed in (0, 1)
    ]
    SCRIPT["average"](tmp_path / "mean", runs)
    first, second, mean = (load_model(run).get_weights() for run in (*runs, tmp_path / "mean"))
    for a, b, both in zip(first, second, mean, strict=True):
        np.testing.assert_allclose(both, (a + b) / 2, atol=1e-7)
    config = read_config(tmp_path / "mean")
    assert config["status"] == "complete"
    assert config["averaged"] == [str(run) for run in runs]
    assert Session(tmp_path / "mean" / "model.onnx").contract.name == "nn"
