import re
from pathlib import Path

import pytest

import inkdigits
from inkdigits.cli.models import FORMATS
from inkdigits.training.runs.folders import ENDINGS


@pytest.fixture
def exported(monkeypatch, tmp_path) -> list[Path]:
    """Where exports would be written to; the working folder is empty."""
    pytest.importorskip("keras")
    paths: list[Path] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(inkdigits.training, "export", lambda *given: paths.append(given[2]))
    return paths


def test_models_lists_what_is_in_the_package_and_what_can_be_trained(run):
    code, out, _ = run("models")
    assert code == 0
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line}
    assert rows["nn"][1:6] == ["101,770", "101,632", "–", "–", "–"]
    assert rows["cnn"][1:3] == ["110,474", "3,106,176"]
    assert re.search(r"^cnn .* 99\.\d\d%, \d+ misses", out, re.MULTILINE)


def test_each_description_is_understood_without_the_row_above(run):
    out = run("models")[1]
    for words in ("the same", "taught", "piles"):
        assert words not in out


@pytest.mark.parametrize(
    ("arguments", "path"),
    [
        (["cnn"], "cnn.onnx"),
        (["runs/cnn-1"], "cnn-1.onnx"),
        (["runs/cnn-1/"], "cnn-1.onnx"),
        (["mine.keras"], "mine.onnx"),
        (["cnn", "--format", "onnx-8bit"], "cnn-8bit.onnx"),
        (["cnn", "--format", "litert"], "cnn.tflite"),
        (["cnn", "--out", "other.onnx"], "other.onnx"),
    ],
)
def test_an_export_is_named_after_the_model(run, exported, arguments, path):
    code, out, _ = run("export", *arguments)
    assert (code, out) == (0, f"{path}\n")
    assert exported == [Path(path)]


@pytest.mark.parametrize("there", ["cnn.onnx", "cnn.tflite", "cnn.json"])
def test_an_export_overwrites_nothing(run, exported, tmp_path, there):
    (tmp_path / there).write_text("mine")
    code, out, err = run("export", "cnn", "--format", "onnx" if there.endswith("onnx") else "litert")
    assert (code, out, exported) == (1, "", [])
    assert f"{there} exists already, and nothing is overwritten." in err


def test_an_export_for_phones_says_that_it_writes_two_files(run, exported):
    code, out, err = run("export", "cnn", "--format", "litert")
    assert (code, out, err) == (0, "cnn.tflite\n", "wrote cnn.json\n")


def test_the_command_knows_all_formats():
    assert list(ENDINGS) == list(FORMATS)


def test_a_wrong_ending_of_an_export_is_told_the_right_one(run, exported):
    code, _, err = run("export", "cnn", "--out", "cnn.txt")
    assert (code, exported) == (1, [])
    assert err == "inkdigits: cnn.txt ends in .txt; what is written here ends in .onnx. Rename it.\n"


@pytest.mark.parametrize("arguments", [["export", "nn"], ["evaluate", "nn"], ["train", "--from", "nn"]])
def test_every_command_knows_a_model_that_is_not_trained_yet(run, exported, arguments):
    code, _, err = run(*arguments)
    assert code == 1
    assert "nn is not trained yet. Train it with: inkdigits train nn." in err


def test_a_mistyped_model_to_compare_is_suggested(run):
    code, _, err = run("compare", "cnn", "fsat")
    assert code == 1
    assert "Did you mean fast?" in err
