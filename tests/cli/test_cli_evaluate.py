import json

import numpy as np
import pytest

import inkdigits
from inkdigits.training.evaluation.comparison import Comparison

pytest.importorskip("keras")


@pytest.fixture
def own(tmp_path):
    frames, labels = inkdigits.training.load_mnist().validation
    np.savez(tmp_path / "own.npz", x=frames[:300], y=labels[:300])
    return tmp_path / "own.npz"


@pytest.mark.slow
def test_evaluate_prints_the_report_and_says_what_it_wrote(run, tmp_path, own):
    code, out, err = run("evaluate", "--data", own, "--out", tmp_path / "pictures")
    assert code == 0
    assert "accuracy" in out
    said = [line.removeprefix("wrote ") for line in err.splitlines() if line.startswith("wrote ")]
    assert sorted(said) == sorted(str(path) for path in (tmp_path / "pictures").iterdir())
    assert str(tmp_path / "pictures" / "confusion.png") in said


def test_evaluate_prints_the_report_as_json(run, own):
    code, out, _ = run("evaluate", "cnn", "--data", own, "--json")
    report = json.loads(out)
    assert code == 0
    assert {"model", "n", "accuracy", "loss", "misses", "confusion"} <= set(report)
    assert (report["model"], report["n"]) == ("cnn", 300)
    assert 0.95 < report["accuracy"] <= 1


def test_a_file_in_the_place_of_the_folder_is_one_line(run, tmp_path, own):
    (tmp_path / "note.txt").touch()
    code, out, err = run("evaluate", "--data", own, "--out", tmp_path / "note.txt")
    assert (code, out) == (1, "")
    assert err == f"inkdigits: {tmp_path / 'note.txt'} is a file, but a folder is needed here. Give another name.\n"


def test_compare_says_what_it_wrote(run, tmp_path, monkeypatch):
    comparison = Comparison(10, (), (), {"cpu": "a", "cores": 2, "system": "b"}, tmp_path)
    monkeypatch.setattr(inkdigits.training, "compare", lambda *_: comparison)
    monkeypatch.setattr("inkdigits.training.evaluation.comparison.Comparison.to_text", lambda _: "the table")
    code, out, err = run("compare", "cnn")
    assert (code, out) == (0, "the table\n")
    for name in ("comparison.txt", "comparison.json", "comparison.png"):
        assert f"wrote {tmp_path / name}\n" in err


def test_a_comparison_that_was_stopped_is_exit_code_130(run, tmp_path, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt("The training of cnn was stopped, so nothing was compared.")

    monkeypatch.setattr(inkdigits.training, "compare", stop)
    code, _, err = run("compare", "cnn")
    assert code == 130
    assert "inkdigits: The training of cnn was stopped, so nothing was compared." in err
