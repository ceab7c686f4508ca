import json
from pathlib import Path

import pytest
from PIL import Image

import inkdigits

SAMPLES = Path(inkdigits.__file__).parent / "samples"


def test_predict_shows_value_confidence_and_runner_up(run, seven_png):
    code, out, _ = run("predict", seven_png)
    assert code == 0
    assert out.startswith("7   ")
    assert "% sure (next: " in out


def test_the_picture_can_be_given_as_an_option_too(run, seven_png):
    assert run("predict", "--image", seven_png) == run("predict", seven_png)


def test_two_pictures_are_wrong_usage(run, seven_png):
    code, _, err = run("predict", seven_png, "--image", seven_png)
    assert code == 2
    assert "Give one picture" in err


def test_nothing_is_a_hundred_percent_sure(run, seven_png, reader):
    assert reader.read_digit(seven_png).confidence > 0.9995
    assert "7   99.9% sure" in run("predict", seven_png)[1]


def test_predict_prints_the_digit_as_json(run, seven_png, reader):
    code, out, _ = run("predict", seven_png, "--json")
    assert code == 0
    assert json.loads(out) == reader.read_digit(seven_png).to_dict()


def test_predict_reads_standard_input(run, seven_png):
    _, out, _ = run("predict", "-", stdin=seven_png.read_bytes())
    assert out.startswith("7 ")


def test_predict_writes_the_explanation_as_a_picture(run, seven_png, tmp_path):
    code, out, err = run("predict", seven_png, "--explain", tmp_path / "why.png")
    assert code == 0
    assert out.startswith("7 ")
    assert err == f"wrote {tmp_path / 'why.png'}\n"
    assert Image.open(tmp_path / "why.png").width >= 280


def test_quiet_says_nothing_of_what_is_written(run, seven_png, tmp_path):
    code, out, err = run("predict", seven_png, "--explain", tmp_path / "why.png", "--quiet")
    assert (code, err) == (0, "")
    assert out.startswith("7 ")


def test_quiet_keeps_errors(run, tmp_path):
    code, _, err = run("predict", tmp_path / "nowhere.png", "-q")
    assert code == 1
    assert "nowhere.png" in err


@pytest.mark.parametrize("place", [".", "why.txt", "no/such/why.png", "there.png"])
def test_a_place_that_cannot_hold_the_explanation_is_one_line(run, seven_png, tmp_path, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "there.png").write_text("mine")
    code, out, err = run("predict", seven_png, "--explain", place)
    assert (code, out) == (1, "")
    assert len(err.splitlines()) == 1
    assert (tmp_path / "there.png").read_text() == "mine"


def test_an_empty_picture_is_an_answer_and_no_error(run, tmp_path):
    Image.new("L", (50, 50), 255).save(tmp_path / "blank.png")
    assert run("predict", tmp_path / "blank.png") == (0, "no digit: no ink was found\n", "")


def test_of_several_digits_it_says_how_to_read_them(run):
    code, out, _ = run("predict", SAMPLES / "number.jpg")
    assert code == 0
    assert out == f"the picture shows several digits: use inkdigits read {SAMPLES / 'number.jpg'}\n"


def test_page_1_of_a_pdf_is_read(run, tmp_path, seven_png):
    pytest.importorskip("pypdfium2")
    seven = Image.open(seven_png).convert("RGB")
    seven.save(tmp_path / "d.pdf")
    code, out, err = run("predict", tmp_path / "d.pdf")
    assert (code, out[:2], err) == (0, "7 ", "")
    seven.save(tmp_path / "d.pdf", save_all=True, append_images=[seven])
    assert run("predict", tmp_path / "d.pdf")[2] == "page 1 of 2; inkdigits read reads them all\n"


def test_an_unknown_model_is_told_the_known_ones(run, seven_png):
    code, _, err = run("predict", seven_png, "--model", "resnext")
    assert code == 1
    assert "cnn" in err


def test_a_mistyped_model_is_suggested(run, seven_png):
    code, _, err = run("predict", seven_png, "--model", "tinny")
    assert code == 1
    assert "There is no model 'tinny'. Did you mean tiny?" in err


def test_a_model_that_is_not_trained_yet_comes_with_the_command_that_trains_it(run, seven_png):
    code, _, err = run("predict", seven_png, "--model", "nn")
    assert code == 1
    assert "nn is not trained yet. Train it with: inkdigits train nn." in err


def test_a_model_that_can_only_be_trained_is_suggested_too(run, seven_png):
    code, out, err = run("predict", seven_png, "--model", "fsat")
    assert (code, out) == (1, "")
    assert "There is no model 'fsat'. Did you mean fast? In the package: cnn, convnet, tiny." in err


def test_a_chance_of_nearly_nothing_is_not_said_to_be_nothing(run, seven_png):
    assert "0.0%" not in run("predict", seven_png)[1]
