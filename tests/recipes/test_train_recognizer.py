import json
import runpy
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from inkdigits.page.recognizer import Recognizer
from inkdigits.training import trainer
from inkdigits.training.recognizer.losses import TASK
from inkdigits.training.recognizer.net import build_recognizer
from inkdigits.training.trainer import Task

SCRIPT = Path(__file__).parents[2] / "recipes" / "train_recognizer.py"


@pytest.fixture
def asked(monkeypatch) -> list[tuple]:
    """What is composed and learnt, instead of composing and learning it."""
    asked: list[tuple] = []

    class Few:
        def __init__(self, part: str) -> None:
            self.part, self.ink = part, np.zeros((3, 32, 64), np.uint8)

    def compose(*arguments: object) -> Few:
        asked.append(arguments)
        return Few(str(arguments[0]))

    def learn(task: Task, crops: Few, held_out: Few, epochs: int, seed: int, start: keras.Model | None):
        assert task == TASK._replace(peak_rate=1e-3 if start else 2e-3)
        asked.append((crops.part, held_out.part, epochs, seed, start.count_params() if start else None))
        return build_recognizer()

    def measure(net: keras.Model, task: Task, crops: Few) -> float:
        assert task is TASK
        return {"validation": 0.25}[crops.part]

    monkeypatch.setattr("inkdigits.training.recognizer.crops.compose_crops", compose)
    monkeypatch.setattr(trainer, "learn", learn)
    monkeypatch.setattr(trainer, "measure", measure)
    return asked


def test_one_command_leaves_a_recognizer_that_can_be_opened(asked, tmp_path, monkeypatch, capsys):
    out = tmp_path / "new" / "recognizer"
    options = ["--numbers", "1200", "--epochs", "2", "--seed", "5"]
    monkeypatch.setattr(sys, "argv", ["train_recognizer.py", str(out), *options])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert asked == [("validation", 40, 5), ("train", 1200, 5), ("train", "validation", 2, 5, None)]
    names = ["recognizer-8bit.onnx", "recognizer.keras", "recognizer.onnx"]
    assert sorted(path.name for path in out.iterdir()) == names
    for name in ("recognizer.onnx", "recognizer-8bit.onnx"):
        (probabilities,) = Recognizer(out / name).probabilities([np.zeros((32, 48), np.uint8)])
        assert probabilities.shape == (24, 11)
    assert json.loads(capsys.readouterr().out) == {"crops": 3, "held_out_loss": 0.25}


def test_by_default_it_composes_60000_numbers_and_goes_on_with_a_recognizer_that_is_named(asked, tmp_path, monkeypatch):
    build_recognizer().save(tmp_path / "recognizer.keras")
    start = str(tmp_path / "recognizer.keras")
    monkeypatch.setattr(sys, "argv", ["train_recognizer.py", str(tmp_path), "--from", start])
    runpy.run_path(str(SCRIPT), run_name="__main__")
    assert asked == [("validation", 1500, 0), ("train", 60_000, 0), ("train", "validation", 3, 0, 707_235)]
