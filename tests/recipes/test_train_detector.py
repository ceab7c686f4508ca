import json
import runpy
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from inkdigits.page.detector import Detector
from inkdigits.training.detector import losses
from inkdigits.training.detector.net import build_detector

SCRIPT = Path(__file__).parents[2] / "recipes" / "train_detector.py"


@pytest.fixture
def asked(monkeypatch) -> list[tuple]:
    """What is composed and learnt, instead of composing and learning it."""
    asked: list[tuple] = []

    class Few:
        ink = np.zeros((3, 64, 64), np.uint8)

    def compose(*arguments: object) -> Few:
        asked.append(arguments)
        return Few()

    def train(patches: Few, held_out: Few, epochs: int, seed: int, start: keras.Model | None):
        asked.append((epochs, seed, start.count_params() if start else None))
        return build_detector()

    monkeypatch.setattr("inkdigits.training.detector.patches.compose_patches", compose)
    monkeypatch.setattr(losses, "train_detector", train)
    monkeypatch.setattr(losses, "measure_detector", lambda *_: 0.25)
    return asked


def test_one_command_leaves_a_detector_that_can_be_opened(asked, tmp_path, monkeypatch, capsys):
    out = tmp_path / "new" / "detector"
    monkeypatch.setattr(sys, "argv", ["train_detector.py", str(out), "--pages", "1200", "--epochs", "2", "--seed", "5"])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert asked == [("validation", 20, 5), ("train", 1200, 5), (2, 5, None)]
    assert sorted(path.name for path in out.iterdir()) == ["detector-8bit.onnx", "detector.keras", "detector.onnx"]
    for name in ("detector.onnx", "detector-8bit.onnx"):
        assert Detector(out / name).probabilities(np.zeros((64, 64), np.uint8), 12).shape == (64, 64)
    assert json.loads(capsys.readouterr().out) == {"patches": 3, "held_out_loss": 0.25}


def test_by_default_it_composes_4000_pages_and_goes_on_with_a_detector_that_is_named(asked, tmp_path, monkeypatch):
    build_detector().save(tmp_path / "detector.keras")
    monkeypatch.setattr(sys, "argv", ["train_detector.py", str(tmp_path), "--from", str(tmp_path / "detector.keras")])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert asked == [("validation", 66, 0), ("train", 4000, 0), (6, 0, 521_025)]
