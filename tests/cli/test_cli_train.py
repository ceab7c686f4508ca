import json
from pathlib import Path

import numpy as np
import pytest

import inkdigits

pytestmark = pytest.mark.slow

pytest.importorskip("keras")


@pytest.fixture
def little(tmp_path) -> Path:
    """600 pictures to train on."""
    frames, labels = inkdigits.training.load_mnist().validation
    np.savez(tmp_path / "own.npz", x=frames[:600], y=labels[:600])
    return tmp_path / "own.npz"


def test_train_tells_how_good_the_model_is_and_what_to_try_next(run, tmp_path, little):
    code, out, err = run("train", "nn", "--data", little, "--epochs", "1", "--out", tmp_path / "run")
    assert code == 0
    assert "of the 10,000 test pictures" in out
    assert out.count("digit.jpg") == 1
    assert f"inkdigits predict my-digit.png --model {tmp_path / 'run'}" in out
    assert "epoch 1/1" in err
    code, again, _ = run("export", tmp_path / "run", "--out", tmp_path / "again.onnx")
    assert (code, again) == (0, f"{tmp_path / 'again.onnx'}\n")
    assert run("predict", tmp_path / "again.onnx", "--model", tmp_path / "again.onnx")[0] == 1


def test_a_misread_sample_is_shown_on_one_line(run, tmp_path, little, monkeypatch):
    monkeypatch.setattr("inkdigits.samples.load_samples", lambda: [(Path("page.jpg"), "305 18\n9 2741\n86")])
    monkeypatch.setattr("inkdigits.reader.Reader.read", lambda *_: inkdigits.Reading((), 1, 1))
    _, out, _ = run("train", "nn", "--data", little, "--epochs", "1", "--out", tmp_path / "run", "--quiet")
    assert "should be 305 18 / 9 2741 / 86\n" in out


def test_quiet_training_says_nothing_on_standard_error(run, tmp_path, little):
    code, out, err = run("train", "nn", "--data", little, "--epochs", "1", "--out", tmp_path / "run", "-q")
    assert (code, err) == (0, "")
    assert "of the 10,000 test pictures" in out


def test_ctrl_c_keeps_a_usable_run_and_is_exit_code_130(run, tmp_path, little, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("inkdigits.training.trainer.ProgressBar.finish_epoch", stop)
    code, out, err = run("train", "nn", "--data", little, "--epochs", "3", "--out", tmp_path / "run")
    assert code == 130
    assert "of the 10,000 test pictures" in out
    assert f"inkdigits train --resume --out {tmp_path / 'run'}" in err
    assert json.loads((tmp_path / "run" / "config.json").read_text())["status"] == "stopped"


def test_a_mistyped_model_is_suggested_before_keras_is_loaded(run, monkeypatch):
    monkeypatch.setattr(inkdigits.training, "fit", lambda *_: pytest.fail("it went on"))
    code, _, err = run("train", "fsat")
    assert code == 1
    assert "There is no model 'fsat' to train. Did you mean fast?" in err


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--epochs", "ten", "'ten' is not a whole number. Give 1 or more."),
        ("--epochs", "0", "0 is too small. Give 1 or more."),
        ("--seed", "1.5", "'1.5' is not a whole number. Give 0 or more."),
        ("--learning-rate", "fast", "'fast' is not a number from 0 to below 1. Give one such as 0.003."),
    ],
)
def test_a_value_that_is_no_number_is_refused_in_plain_words(run, option, value, says):
    code, _, err = run("train", option, value)
    assert code == 2
    assert f"Invalid value for '{option}': {says}" in err


def page_run(folder: Path, **facts: object) -> Path:
    """The run folder of a recognizer, with what its config.json says."""
    folder.mkdir()
    held_out = {"n": 1000, "accuracy": 0.9, "interval": [0.88, 0.92], "loss": 0.5}
    config = {"status": "complete", "model": "recognizer", "held_out": held_out} | facts
    (folder / "config.json").write_text(json.dumps(config))
    return folder


@pytest.mark.parametrize(
    ("facts", "code", "says"),
    [
        ({}, 0, "90.00% of 1,000 composed numbers read right (95% interval 88.00% to 92.00%)."),
        ({}, 0, "inkdigits read page.jpg --recognizer "),
        ({"model": "detector", "held_out": {"n": 300, "val_loss": 0.25}}, 0, "Loss on 300 held-out patches: 0.2500"),
        ({"status": "stopped"}, 130, "90.00%"),
    ],
    ids=["fresh", "what next", "detector", "stopped"],
)
def test_training_a_model_that_reads_pages_says_how_good_it_is(run, tmp_path, monkeypatch, facts, code, says):
    folder = page_run(tmp_path / "run", **facts)
    monkeypatch.setattr(inkdigits.training, "fit", lambda _: folder)
    got, out, _ = run("train", "recognizer")
    assert got == code
    assert says in out


KEPT = {"kept": True, "verdict": "32 before, 11 now.", "own": {"training": 150, "held_out": 50}}
DRAWN = {"own": KEPT["own"] | {"drawn": 60, "drawn_right": 60}}


@pytest.mark.parametrize(
    ("facts", "code", "says"),
    [
        (KEPT, 0, "inkdigits read page.jpg --recognizer "),
        (KEPT | {"model": "cnn"}, 0, "inkdigits predict my-digit.png --model "),
        (KEPT | {"kept": False}, 1, "The model before stays in use; this one is "),
        (
            KEPT | DRAWN,
            0,
            "By 60 cells drawn at random, 100.0% (94.0 to 100.0) of the unchecked cells are right (model",
        ),
        (KEPT | {"status": "stopped"}, 130, "learning.html"),
    ],
    ids=["numbers", "digits", "worse", "drawn at random", "stopped"],
)
def test_learning_from_the_user_says_what_came_of_it(run, tmp_path, monkeypatch, facts, code, says):
    asked = []
    folder = page_run(tmp_path / "run", **facts)
    monkeypatch.setattr(inkdigits.training, "fit", lambda config: asked.append(config) or folder)
    got, out, _ = run("train", "recognizer", "--from", "bundled", "--data", "checked.csv")
    config = asked[0]
    assert (config.model, config.from_model, config.data) == ("recognizer", "bundled", ("checked.csv",))
    assert got == code
    assert out.startswith("32 before, 11 now.\n")
    assert says in out
