import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from inkdigits.digit.classifier import Classifier
from inkdigits.errors import DataError, ModelError, RunError
from inkdigits.training import TrainConfig, fit
from inkdigits.training.data.mnist import load_part
from inkdigits.training.data.sources import load_split
from inkdigits.training.digit.calibrate import log_loss
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.runs.checkpoint import NAME
from inkdigits.training.runs.folders import HISTORY, read_config
from inkdigits.training.trainer import ProgressBar

pytestmark = pytest.mark.slow

PICTURES = 600


@pytest.fixture(scope="module")
def digits(tmp_path_factory) -> str:
    """The first pictures of MNIST as one's own data."""
    images, labels = load_part("train")
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, x=images[:PICTURES], y=labels[:PICTURES])
    return str(path)


@pytest.fixture(scope="module")
def run(digits, tmp_path_factory) -> Path:
    """A run of the smallest net over three short epochs."""
    out = tmp_path_factory.mktemp("runs") / "nn-1"
    return fit(TrainConfig("nn", data=(digits,), epochs=3, batch_size=50, seed=5, log="tensorboard", out=out))


def weights_of(run: Path) -> list[np.ndarray[Any, Any]]:
    return load_model(run).get_weights()


def assert_same_weights(one: Path, other: Path) -> None:
    for a, b in zip(weights_of(one), weights_of(other), strict=True):
        np.testing.assert_array_equal(a, b)


def epochs_of(run: Path) -> list[str]:
    return [line.partition(",")[0] for line in (run / "history.csv").read_text().splitlines()[1:]]


def test_no_pictures_leave_no_run_folder_behind(tmp_path):
    np.savez(tmp_path / "none.npz", x=np.zeros((0, 28, 28), np.uint8), y=np.zeros(0, np.uint8))
    with pytest.raises(DataError, match=r"none\.npz"):
        fit(TrainConfig("nn", data=(str(tmp_path / "none.npz"),), out=tmp_path / "run"))
    assert not (tmp_path / "run").exists()


def test_a_run_folder_holds_all_there_is_to_know(run):
    names = {path.name for path in run.iterdir()}
    assert names >= {
        *("config.json", "model.keras", "model.onnx", "history.csv", "report.html", "confusion.csv"),
        *("curves.png", "confusion.png", "samples.png", "mistakes.png", NAME),
    }
    assert not [name for name in names if name.startswith(".")]


def test_the_config_says_what_was_trained_how_where_and_with_what_result(run, digits):
    config = read_config(run)
    asked = {"status": "complete", "model": "nn", "data": [digits], "epochs": 3, "batch_size": 50, "seed": 5}
    assert config.items() >= asked.items()
    assert config["versions"]["keras"] == keras.__version__
    assert {"commit", "machine", "started", "seconds", "shift_px", "best_epoch"} <= config.keys()
    assert config["pictures"] == {"training": 550, "validation": 50}
    assert config["reports"].keys() == {"training", "validation", "test"}
    assert config["reports"]["test"]["n"] == 10_000
    assert config["reports"]["test"]["misses"] == config["misses"]


def test_the_net_has_learnt(run):
    assert read_config(run)["reports"]["test"]["accuracy"] > 0.6


def test_the_history_has_a_row_an_epoch(run):
    lines = (run / "history.csv").read_text().splitlines()
    assert lines[0] == ",".join(HISTORY)
    assert epochs_of(run) == ["1", "2", "3"]


def test_the_exported_net_is_the_saved_one_with_its_contract(run):
    images = load_part("test").images[:200]
    classifier, config = Classifier(run), read_config(run)
    assert classifier.contract.name == "nn"
    assert classifier.contract.version == "nn-1"
    assert (classifier.contract.temperature, classifier.contract.threshold) == (
        config["temperature"],
        config["threshold"],
    )
    logits = load_model(run).predict(images, verbose=0) / config["temperature"]
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert np.abs(classifier.probabilities(images) - expected).max() < 1e-5


def test_the_saved_net_is_that_of_the_best_epoch(run, digits):
    rows = [line.split(",") for line in (run / "history.csv").read_text().splitlines()[1:]]
    losses = [float(row[HISTORY.index("val_loss")]) for row in rows]
    assert read_config(run)["best_epoch"] == 1 + losses.index(min(losses))
    images, labels = load_split([digits]).validation
    assert log_loss(load_model(run).predict(images, verbose=0), labels) == pytest.approx(min(losses), rel=1e-4)


def test_tensorboard_finds_its_events(run):
    import tensorflow as tf

    tags = set()
    for path in (run / "tensorboard").iterdir():
        for record in tf.data.TFRecordDataset(str(path)).as_numpy_iterator():
            event = tf.compat.v1.Event.FromString(record)
            tags |= {(value.tag, event.step) for value in event.summary.value}
    columns = ("loss", "accuracy", "val_loss", "val_accuracy", "learning_rate")
    assert tags == {(column, epoch) for column in columns for epoch in (1, 2, 3)}


def test_the_same_seed_gives_the_same_weights_and_another_others(run, digits, tmp_path):
    config = {"data": (digits,), "epochs": 3, "batch_size": 50}
    assert_same_weights(run, fit(TrainConfig("nn", **config, seed=5, out=tmp_path / "same")))
    other = fit(TrainConfig("nn", **config, seed=6, out=tmp_path / "other"))
    assert not np.array_equal(weights_of(run)[0], weights_of(other)[0])


def test_training_starts_from_the_weights_of_another_run(run, digits, tmp_path):
    data = ("mnist", digits)
    onward = TrainConfig(from_model=str(run), data=data, epochs=1, learning_rate=1e-9, out=tmp_path / "onward")
    for before, after in zip(weights_of(run), weights_of(fit(onward)), strict=True):
        np.testing.assert_allclose(before, after, atol=1e-6)


def test_weights_of_another_net_are_refused(run, digits, tmp_path):
    with pytest.raises(ModelError, match="is not a cnn: its weights have other shapes"):
        fit(TrainConfig("cnn", from_model=str(run), data=(digits,), out=tmp_path / "run"))


def test_a_complete_run_is_not_resumed(run):
    with pytest.raises(RunError, match=r"is complete\. Train on from what it learnt with --from"):
        fit(TrainConfig(out=run, resume=True))


def test_a_loss_that_is_no_number_ends_the_training(digits, tmp_path, monkeypatch):
    def build_broken(name: str) -> keras.Sequential:
        net = build_model(name)
        net.set_weights([weights * np.nan for weights in net.get_weights()])
        return net

    monkeypatch.setattr(sys.modules["inkdigits.training.starts"], "build_model", build_broken)
    with pytest.raises(RunError, match=r"the loss is not a number any more\. Try a smaller --learning-rate"):
        fit(TrainConfig("nn", data=(digits,), epochs=1, out=tmp_path / "run"))


@pytest.mark.parametrize("finished_epochs", [0, 1])
def test_ctrl_c_leaves_a_usable_run_that_can_be_resumed(digits, run, tmp_path, monkeypatch, capfd, finished_epochs):
    def press_ctrl_c(bar: ProgressBar, step: int, logs: dict[str, float]) -> None:
        if bar.done == finished_epochs:
            raise KeyboardInterrupt

    config = TrainConfig("nn", data=(digits,), epochs=3, batch_size=50, seed=5, out=tmp_path / "nn-1")
    with monkeypatch.context() as patch:
        patch.setattr(ProgressBar, "show", press_ctrl_c)
        stopped = fit(config)
    assert f"inkdigits train --resume --out {stopped}" in capfd.readouterr().err
    assert read_config(stopped)["status"] == "stopped"
    assert len(epochs_of(stopped)) == finished_epochs
    assert Classifier(stopped).probabilities(load_part("test").images[:3]).shape == (3, 10)
    assert (stopped / "report.html").exists()
    resumed = fit(TrainConfig(out=stopped, resume=True))
    assert read_config(resumed)["status"] == "complete"
    assert_same_weights(run, resumed)


def test_data_that_has_changed_meanwhile_is_not_trained_on(digits, tmp_path):
    np.savez(tmp_path / "own.npz", **np.load(digits))
    run = fit(TrainConfig("nn", data=(str(tmp_path / "own.npz"),), epochs=1, out=tmp_path / "run"))
    config = json.loads((run / "config.json").read_text())
    (run / "config.json").write_text(json.dumps(config | {"status": "stopped"}))
    arrays = dict(np.load(digits))
    np.savez(tmp_path / "own.npz", x=arrays["x"], y=arrays["y"][::-1])
    with pytest.raises(RunError, match="has changed since"):
        fit(TrainConfig(out=run, resume=True))


def test_a_run_that_was_killed_in_mid_epoch_ends_as_the_unbroken_one(digits, tmp_path):
    def start(config: str) -> subprocess.Popen[bytes]:
        code = f"from pathlib import Path; from inkdigits.training import TrainConfig, fit; fit(TrainConfig({config}))"
        return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.DEVNULL)

    new = f"data=({digits!r},), epochs=4, batch_size=10, out=Path({str(tmp_path)!r}) / "
    unbroken, killed = start(new + "'unbroken'"), start(new + "'killed'")
    history = tmp_path / "killed" / "history.csv"
    while not history.exists():
        assert killed.poll() is None
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    assert epochs_of(tmp_path / "killed") == ["1"]
    assert read_config(tmp_path / "killed")["status"] == "training"
    assert not (tmp_path / "killed" / "model.keras").exists()

    resumed = start(f"resume=True, out=Path({str(tmp_path / 'killed')!r})")
    assert (resumed.wait(), unbroken.wait()) == (0, 0)
    assert epochs_of(tmp_path / "killed") == ["1", "2", "3", "4"]
    assert_same_weights(tmp_path / "unbroken", tmp_path / "killed")


def test_a_student_learns_from_its_teachers_too_and_keeps_its_own_weights_alone(run, digits, tmp_path):
    asked = TrainConfig("nn", data=(digits,), epochs=1, batch_size=50, seed=5)
    alone = fit(replace(asked, out=tmp_path / "alone"))
    taught = fit(replace(asked, teachers=(str(run), str(alone)), out=tmp_path / "taught"))
    assert read_config(taught)["teachers"] == [str(run), str(alone)]
    own, other = weights_of(taught), weights_of(alone)
    assert [weights.shape for weights in own] == [weights.shape for weights in other]
    assert any((a != b).any() for a, b in zip(own, other, strict=True))


def test_a_teacher_that_is_not_there_leaves_no_run_behind(digits, tmp_path):
    with pytest.raises(ModelError, match="nobody"):
        fit(TrainConfig("nn", data=(digits,), teachers=("nobody",), out=tmp_path / "run"))
    assert not (tmp_path / "run").exists()
