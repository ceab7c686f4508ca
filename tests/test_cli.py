import io
import json
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from conftest import draw_seven
from PIL import Image

import inkdigits
from inkdigits import cli

SAMPLES = Path(inkdigits.__file__).parent / "samples"


@pytest.fixture
def run(monkeypatch, capsys):
    """Run a command line in this process: its exit code, stdout and stderr."""

    def run_command(*arguments: object, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["inkdigits", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as done:
            cli.main()
        captured = capsys.readouterr()
        return done.value.code or 0, captured.out, captured.err

    return run_command


@pytest.fixture
def seven_png(tmp_path) -> Path:
    path = tmp_path / "seven.png"
    Image.fromarray(draw_seven(120, 100)).save(path)
    return path


def test_without_a_command_the_help_lists_all_commands(run):
    _, out, err = run()
    for command in ("predict", "read", "train", "evaluate", "compare", "models", "export", "serve"):
        assert f"  {command} " in out + err


def test_the_version_is_that_of_the_package(run):
    assert run("--version") == (0, f"inkdigits {inkdigits.__version__}\n", "")


def test_predict_shows_value_confidence_and_runner_up(run, seven_png):
    code, out, _ = run("predict", "--image", seven_png)
    assert code == 0
    assert out.startswith("7   ")
    assert "% sure (next: " in out


def test_predict_prints_the_digit_as_json(run, seven_png, reader):
    code, out, _ = run("predict", "--image", seven_png, "--json")
    assert code == 0
    assert json.loads(out) == reader.read_digit(seven_png).to_dict()


def test_predict_reads_standard_input(run, seven_png):
    _, out, _ = run("predict", "--image", "-", stdin=seven_png.read_bytes())
    assert out.startswith("7 ")


def test_predict_writes_the_explanation_as_a_picture(run, seven_png, tmp_path):
    code, out, err = run("predict", "--image", seven_png, "--explain", tmp_path / "why.png")
    assert code == 0
    assert out.startswith("7 ")
    assert "why.png" in err
    assert Image.open(tmp_path / "why.png").width >= 280


def test_an_empty_picture_is_an_answer_and_no_error(run, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    code, out, _ = run("predict", "--image", tmp_path / "blank.png")
    assert (code, out) == (0, "no digit: no ink was found\n")


def test_a_failure_is_one_line_that_names_the_file_and_exit_code_1(run, tmp_path):
    code, out, err = run("predict", "--image", tmp_path / "nowhere.png")
    assert (code, out) == (1, "")
    assert "nowhere.png" in err
    assert len(err.splitlines()) == 1


def test_an_unknown_model_is_told_the_known_ones(run, seven_png):
    code, _, err = run("predict", "--image", seven_png, "--model", "resnext")
    assert code == 1
    assert "cnn" in err


@pytest.mark.parametrize("arguments", [["predict"], ["predict", "--image"], ["guess"], ["export"]])
def test_wrong_usage_is_exit_code_2(run, arguments):
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert "Error: " in err


@pytest.mark.parametrize(
    ("command", "package", "extra"),
    [("evaluate", "h5py", "train"), ("train", "keras", "train"), ("serve", "fastapi", "web")],
)
def test_a_command_without_its_extra_names_the_command_that_adds_it(command, package, extra):
    hide = f"import sys; sys.modules[{package!r}] = None; sys.argv[1:] = [{command!r}]"
    code = f"{hide}; from inkdigits.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 1
    assert f'pip install "inkdigits[{extra}]"' in done.stderr
    assert "Traceback" not in done.stderr


def test_read_prints_the_text_of_one_picture_alone(run):
    code, out, _ = run("read", SAMPLES / "number.jpg")
    assert (code, out) == (0, "2046\n")


def test_read_names_the_file_of_each_line_where_there_are_several(run):
    code, out, _ = run("read", SAMPLES / "number.jpg", SAMPLES / "digit.jpg")
    assert (code, out) == (0, f"{SAMPLES / 'number.jpg'}: 2046\n{SAMPLES / 'digit.jpg'}: 7\n")


def test_read_prints_one_json_object_a_picture(run, tmp_path):
    code, out, _ = run("read", SAMPLES / "number.jpg", tmp_path / "gone.jpg", "--json")
    good, bad = map(json.loads, out.splitlines())
    assert code == 1
    assert (good["file"], good["text"]) == (str(SAMPLES / "number.jpg"), "2046")
    assert bad["file"] == str(tmp_path / "gone.jpg")
    assert "no picture" in bad["error"]


def test_read_takes_standard_input(run):
    code, out, _ = run("read", "-", stdin=(SAMPLES / "number.jpg").read_bytes())
    assert (code, out) == (0, "2046\n")


def test_read_draws_and_writes_rows(run, tmp_path):
    code, _, err = run("read", SAMPLES, "--draw", tmp_path / "drawn", "--output", tmp_path / "rows.csv")
    assert code == 0
    assert len(list((tmp_path / "drawn").glob("*.jpg.png"))) == 3
    lines = (tmp_path / "rows.csv").read_text().splitlines()
    assert lines[0] == "file,line,number,text,confidence,x,y,width,height,error"
    assert [line.split(",")[3] for line in lines[1:]] == ["7", "2046", "305", "18", "9", "2741", "86"]
    assert "rows.csv" in err


def test_read_of_a_blank_page_is_no_error(run, tmp_path):
    Image.new("L", (300, 300), 255).save(tmp_path / "blank.png")
    code, out, err = run("read", tmp_path / "blank.png")
    assert (code, out) == (0, "")
    assert "no digits" in err


def test_models_lists_what_is_in_the_package_and_what_can_be_trained(run):
    code, out, _ = run("models")
    assert code == 0
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line}
    assert rows["nn"][1:6] == ["101,770", "101,632", "–", "–", "–"]
    assert rows["cnn"][1:3] == ["110,474", "3,106,176"]
    assert re.search(r"^cnn .* 99\.\d\d%, \d+ misses", out, re.MULTILINE)


def test_evaluate_prints_the_report_and_writes_the_pictures(run, tmp_path):
    pytest.importorskip("keras")
    frames, labels = inkdigits.training.load_mnist().validation
    np.savez(tmp_path / "own.npz", x=frames[:300], y=labels[:300])
    code, out, _ = run("evaluate", "--data", tmp_path / "own.npz", "--out", tmp_path / "pictures")
    assert code == 0
    assert "accuracy" in out
    assert (tmp_path / "pictures" / "confusion.png").exists()
    code, out, _ = run("evaluate", "cnn", "--data", tmp_path / "own.npz", "--json")
    report = json.loads(out)
    assert {"model", "n", "accuracy", "loss", "misses", "confusion"} <= set(report)
    assert (report["model"], report["n"]) == ("cnn", 300)
    assert 0.95 < report["accuracy"] <= 1


def test_train_tells_how_good_the_net_is_and_what_to_try_next(run, tmp_path):
    pytest.importorskip("keras")
    frames, labels = inkdigits.training.load_mnist().validation
    np.savez(tmp_path / "own.npz", x=frames[:600], y=labels[:600])
    out_folder = tmp_path / "run"
    code, out, _ = run("train", "nn", "--data", tmp_path / "own.npz", "--epochs", "1", "--out", out_folder)
    assert code == 0
    assert "of the 10,000 test pictures" in out
    assert out.count("digit.jpg") == 1
    assert f"inkdigits predict --image my-digit.png --model {out_folder}" in out
    code, out, _ = run("export", out_folder, "--format", "onnx", "--out", tmp_path / "again.onnx")
    assert (code, out) == (0, f"{tmp_path / 'again.onnx'}\n")
    assert run("predict", "--image", SAMPLES / "digit.jpg", "--model", tmp_path / "again.onnx")[0] == 0
