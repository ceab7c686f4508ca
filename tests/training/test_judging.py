"""Learning from a user's own writing from beginning to end, with nets that learn in seconds."""

import csv
import json
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from bars import BARS, FakeComposer, build_tiny, draw_bars, draw_example
from PIL import Image

from inkdigits.errors import DataError
from inkdigits.page.recognizer import Recognizer
from inkdigits.reader import Reader
from inkdigits.training import TrainConfig, fit, starts
from inkdigits.training.data.mnist import load_mnist
from inkdigits.training.judging import to_estimate
from inkdigits.training.presets import OWN_DIGITS, TUNING
from inkdigits.training.recognizer import own as owns
from inkdigits.training.recognizer import task as tasks
from inkdigits.training.recognizer.examples import Example
from inkdigits.training.runs.folders import read_config

# The user writes 4s, too, which nobody has shown the net.
Bars = dict[str, tuple[int, int]]
MINE: Bars = {"1": BARS["1"], "4": (10, 10)}


@pytest.fixture(autouse=True)
def _small(monkeypatch):
    monkeypatch.setattr(tasks, "Composer", FakeComposer)
    monkeypatch.setattr(tasks, "HELD_OUT", 60)
    monkeypatch.setattr(tasks, "take_digits", lambda count: [draw_example([count, number]) for number in range(60)])
    for module in (tasks, starts):
        monkeypatch.setattr(module, "build_recognizer", build_tiny)
    # The pictures of the user are crops already.
    monkeypatch.setattr(owns, "_load", lambda path, row: Example(load_ink(path.parent / row["file"]), row["text"]))
    short = TUNING._replace(epochs=6, steps=20, batch_size=16, learning_rate=1e-2, averaged_over=4)
    monkeypatch.setattr("inkdigits.training.presets.TUNING", short)


def load_ink(path: Path) -> np.ndarray[Any, Any]:
    return np.asarray(Image.open(path))


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Path:
    """A recognizer that reads what everybody writes."""
    keras.utils.set_random_seed(1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tasks, "Composer", FakeComposer)
        patch.setattr(tasks, "HELD_OUT", 60)
        for module in (tasks, starts):
            patch.setattr(module, "build_recognizer", build_tiny)
        short = {"epochs": 6, "steps": 40, "batch_size": 16, "learning_rate": 1e-2, "averaged_over": 4}
        patch.setitem(sys.modules["inkdigits.training.presets"].PRESETS, "recognizer", TUNING._replace(**short))
        return fit(TrainConfig("recognizer", seed=1, out=tmp_path_factory.mktemp("start") / "start"))


def write_checked(
    folder: Path, count: int, write: Callable[[str], str] = lambda text: text, bars: Bars = MINE, **drawn: str
) -> Path:
    """This many numbers; `write` makes of what stands there the text in the CSV."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(5)
    with (folder / "checked.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "text", *drawn])
        for number in range(count):
            text = "".join(rng.choice(list(bars), int(rng.integers(1, 4))))
            Image.fromarray(draw_bars(text, bars)).save(folder / f"{number}.png")
            writer.writerow([f"{number}.png", write(text), *drawn.values()])
    return folder / "checked.csv"


def learn(start: Path, checked: Path, out: Path) -> dict[str, Any]:
    run = fit(TrainConfig("recognizer", from_model=str(start), data=(str(checked),), out=out))
    return read_config(run)


def test_nothing_checked_leaves_no_run_behind(start, tmp_path):
    with pytest.raises(DataError, match="0 checked numbers are too few"):
        learn(start, write_checked(tmp_path / "mine", 0), tmp_path / "run")
    assert not (tmp_path / "run").exists()


@pytest.fixture(scope="module")
def checked(tmp_path_factory) -> Path:
    return write_checked(tmp_path_factory.mktemp("own") / "mine", 120, read="7", drawn="yes")


def test_a_net_that_reads_the_user_better_is_put_in_place(start, checked, tmp_path, capfd):
    config = learn(start, checked, tmp_path / "run")
    said = capfd.readouterr().err
    own = config["compared"]["own"]
    assert config["kept"], config["verdict"]
    assert own["after"] < own["before"]
    assert f"{own['before']} of {own['n']} held-out numbers of yours are wrong now." in said
    words = f"{own['before']} of {own['n']} held-out numbers of yours were wrong before, {own['after']} now."
    assert config["verdict"].startswith(words)
    assert {"composed numbers", "digits of MNIST"} < config["compared"].keys()
    assert Recognizer(tmp_path / "run").contract.version == "run"

    card = (tmp_path / "run" / "card.md").read_text("utf-8")
    assert f"learnt from {config['own']['training']} numbers in `{checked}`" in card
    assert f"{config['own']['held_out']} more were held out, of 120 pages or files together" in card
    assert config["verdict"] in card
    assert "By 120 cells drawn at random" in card
    rows = list(csv.DictReader((tmp_path / "run" / "learning.csv").open()))
    assert [row["checked"] for row in rows] == ["0", str(config["own"]["training"])]
    assert float(rows[1]["right"]) > float(rows[0]["right"])
    assert (tmp_path / "run" / "learning.png").stat().st_size > 5000

    # More is checked, and learnt from the start once more: the curve has a further point.
    more = write_checked(tmp_path / "more", 160)
    run = fit(TrainConfig("recognizer", from_model=str(start), data=(str(checked), str(more)), out=tmp_path / "second"))
    checked_then = [int(row["checked"]) for row in csv.DictReader((run / "learning.csv").open())]
    assert checked_then == [0, config["own"]["training"], read_config(run)["own"]["training"]]


def test_with_a_third_of_the_texts_wrong_no_net_is_put_in_place_and_they_are_shown(start, tmp_path):
    rng = np.random.default_rng(2)
    checked = write_checked(tmp_path / "mine", 90, lambda text: "1177" if rng.random() < 0.3 else text, BARS)
    before = (start / "model.onnx").read_bytes()
    config = learn(start, checked, tmp_path / "run")
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert not config["kept"]
    assert names >= {"candidate.onnx", "candidate.keras", "candidate-8bit.onnx", "card.md", "doubtful.png"}
    assert not {name for name in names if name.startswith("model")}
    card = (tmp_path / "run" / "card.md").read_text("utf-8")
    assert "So this model is called candidate, and the one before stays in use." in card
    assert "were they checked with care?" in config["verdict"]
    doubtful = list(csv.DictReader((tmp_path / "run" / "doubtful.csv").open()))
    assert {row["text"] for row in doubtful} == {"1177"}
    assert len(doubtful) > 15
    assert all(Path(row["file"]).is_file() for row in doubtful)
    assert (start / "model.onnx").read_bytes() == before


def test_without_cells_drawn_at_random_nothing_is_estimated():
    assert to_estimate({"training": 3, "held_out": 2}) is None
    assert to_estimate({"drawn": 60, "drawn_right": 60}).share == 1


@pytest.fixture(scope="module")
def first(tmp_path_factory) -> Path:
    """A small classifier that knows MNIST."""
    return fit(TrainConfig("nn", epochs=1, out=tmp_path_factory.mktemp("first") / "nn-1"))


def write_digits(folder: Path, count: int, to_label: Callable[[int, int], int] = lambda label, _: label) -> Path:
    """This many 4s of a hand that writes them upside down, and as many other digits."""
    frames, labels = load_mnist().validation
    fours, others = np.flatnonzero(labels == 4)[:count], np.flatnonzero(labels != 4)[:count]
    for number, place in enumerate([*fours, *others]):
        label = to_label(int(labels[place]), number)
        frame = frames[place][::-1] if labels[place] == 4 else frames[place]
        (folder / str(label)).mkdir(parents=True, exist_ok=True)
        Image.fromarray(frame).save(folder / str(label) / f"{number}.png")
    return folder


def test_a_classifier_learns_a_users_digits_and_is_judged(first, tmp_path):
    mine = write_digits(tmp_path / "mine", 60)
    run = fit(TrainConfig(from_model=str(first), data=(str(mine),), out=tmp_path / "run"))
    config = read_config(run)
    assert (config["model"], config["epochs"], config["kept"]) == ("nn", OWN_DIGITS["epochs"], True), config["verdict"]
    assert "held-out digits of yours were wrong before" in config["verdict"]
    assert config["compared"]["digits of MNIST"]["n"] == 5000
    assert sum(config["own"].values()) == 120
    assert "learnt from" in (run / "card.md").read_text("utf-8")
    assert Reader(run).classifier.contract.version == "run"


def test_wrong_labels_put_no_classifier_in_place(first, tmp_path):
    mine = write_digits(tmp_path / "mine", 20, lambda _, number: number % 10)
    run = fit(TrainConfig(from_model=str(first), data=(str(mine),), epochs=2, out=tmp_path / "run"))
    assert not read_config(run)["kept"]
    assert (run / "candidate.onnx").exists()
    assert not (run / "model.onnx").exists()
    assert (run / "doubtful.png").exists()


def test_few_digits_are_refused_before_anything_is_written(first, tmp_path):
    with pytest.raises(DataError, match=r"10 checked digits are too few.*Check at least 10 more"):
        fit(TrainConfig(from_model=str(first), data=(str(write_digits(tmp_path / "mine", 5)),), out=tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_whoever_names_mnist_too_mixes_them_himself(first, tmp_path):
    mine = write_digits(tmp_path / "mine", 20)
    run = fit(TrainConfig(from_model=str(first), data=("mnist", str(mine)), epochs=1, out=tmp_path / "run"))
    assert "verdict" not in read_config(run)
    assert (run / "model.onnx").exists()


def test_a_killed_training_leaves_the_net_in_use_whole(first, tmp_path):
    mine, run = write_digits(tmp_path / "mine", 40), tmp_path / "run"
    before = {path.name: path.read_bytes() for path in first.iterdir() if path.is_file()}
    code = (
        "from inkdigits.training import TrainConfig, fit\n"
        f"fit(TrainConfig(from_model={str(first)!r}, data=({str(mine)!r},), epochs=50, out={str(run)!r}))"
    )
    process = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)
    try:
        while not (run / "history.csv").exists():
            assert process.poll() is None
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert {path.name: path.read_bytes() for path in first.iterdir() if path.is_file()} == before
    assert Reader(first).classifier.contract.name == "nn"
    assert not list(run.glob("*.onnx"))
    assert json.loads((run / "config.json").read_text())["status"] == "training"
