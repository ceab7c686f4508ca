"""The examples do what they say."""

import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

import inkdigits

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parent.parent / "examples"
SAMPLES = Path(inkdigits.__file__).parent / "samples"


def run(name: str, *arguments: object) -> str:
    command = [sys.executable, EXAMPLES / name, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.py")), ids=lambda path: path.name)
def test_an_example_is_at_most_forty_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 40


def test_reading_a_digit(tmp_path):
    lines = run("read_digit.py", SAMPLES / "digit.jpg", SAMPLES / "number.jpg", tmp_path / "nowhere.png").splitlines()
    assert lines[0].startswith(f"{SAMPLES / 'digit.jpg'}: 7, ")
    assert "not sure (the picture shows several digits" in lines[1]
    assert "There is no picture" in lines[2]


def test_classifying_frames():
    output = run("classify_frames.py")
    accuracy = float(output.split(" frames, ")[1].split("%")[0])
    assert accuracy > 99
    assert output.count("read as") == 5


def test_training_on_ones_own_digits(tmp_path):
    frames, labels = inkdigits.training.load_mnist().validation
    for i in range(100):
        folder = tmp_path / "mine" / str(labels[i])
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(frames[i]).save(folder / f"{i}.png")
    output = run("train_on_your_own.py", tmp_path / "mine", tmp_path / "run", 1)
    assert "of 100" in output
    assert inkdigits.Reader(tmp_path / "run").read_digit(SAMPLES / "digit.jpg").guess is not None
