import json
import runpy
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from inkdigits.page.detector import Marker
from inkdigits.training.detector import losses as marker_fit
from inkdigits.training.detector.net import build_marker

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

    def train(windows: Few, held_out: Few, epochs: int, seed: int, start: keras.Model | None):
        asked.append((epochs, seed, start.count_params() if start else None))
        return build_marker()

    monkeypatch.setattr("inkdigits.training.detector.patches.compose_windows", compose)
    monkeypatch.setattr(marker_fit, "train_marker", train)
    monkeypatch.setattr(marker_fit, "measure_marker", lambda *_: 0.25)
    return asked


def test_one_command_leaves_a_marker_that_can_be_opened(asked, tmp_path, monkeypatch, capsys):
    out = tmp_path / "new" / "marker"
    monkeypatch.setattr(sys, "argv", ["train_marker.py", str(out), "--pages", "1200", "--epochs", "2", "--seed", "5"])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert asked == [("validation", 20, 5), ("train", 1200, 5), (2, 5, None)]
    assert sorted(path.name for path in out.iterdir()) == ["marker-8bit.onnx", "marker.keras", "marker.onnx"]
    for name in ("marker.onnx", "marker-8bit.onnx"):
        assert Marker(out / name).chances(np.zeros((64, 64), np.uint8), 12).shape == (64, 64)
    assert json.loads(capsys.readouterr().out) == {"windows": 3, "held_out_loss": 0.25}


def test_by_default_it_composes_4000_pages_and_goes_on_with_a_marker_that_is_named(asked, tmp_path, monkeypatch):
    build_marker().save(tmp_path / "marker.keras")
    monkeypatch.setattr(sys, "argv", ["train_marker.py", str(tmp_path), "--from", str(tmp_path / "marker.keras")])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert asked == [("validation", 66, 0), ("train", 4000, 0), (6, 0, 521_025)]
