"""The options that say what a number may look like."""

import subprocess
import sys

import pytest

from inkdigits import Format
from inkdigits.samples import SAMPLES

NUMBER = SAMPLES / "number.jpg"  # 2046


@pytest.fixture
def formats(monkeypatch) -> list[Format | None]:
    """The formats that pictures are read with, which are not read at all."""
    asked = []
    monkeypatch.setattr("inkdigits.batch.read_groups", lambda _, how, *__, **___: asked.append(how.format) or [])
    return asked


def test_without_options_there_is_no_format(run, formats):
    assert run("read", NUMBER)[0] == 0
    assert formats == [None]


@pytest.mark.parametrize(
    ("options", "form"),
    [
        (["--digits", "4"], Format(digits=4)),
        (["--digits", "1:3", "--decimals", "1"], Format(digits=(1, 3), decimals=1)),
        (["--sign"], Format(sign=True)),
        (["--range", "0:45"], Format(minimum=0, maximum=45)),
        (["--sign", "--range", "-40:50"], Format(sign=True, minimum=-40, maximum=50)),
        (["--range", "0.5:"], Format(minimum="0.5")),
        (["--range", ":45"], Format(maximum=45)),
        (["--pattern", "##/##/####"], Format(pattern="##/##/####")),
        (["--check", "isbn"], Format(check="isbn")),
        (["--digits", "10", "--check", "mod11"], Format(digits=10, check="mod11")),
    ],
)
def test_options_describe_a_format(run, formats, options, form):
    assert run("read", NUMBER, *options) == (0, "", "")
    assert formats == [form]


def test_choices_are_the_lines_of_a_file_but_for_empty_ones(run, formats, tmp_path):
    (tmp_path / "ids.txt").write_text("\ufeff107\n\n 108 \r\n12/3\n", encoding="utf-8")
    assert run("read", NUMBER, "--choices", tmp_path / "ids.txt")[0] == 0
    assert formats == [Format(choices=["107", "108", "12/3"])]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--digits", "four"], "digits must be a count of 1 to 40, or the least and the most"),
        (["--digits", "3:1"], "got '3:1'"),
        (["--decimals", "1:"], "decimals must be a count of 0 to 40"),
        (["--range", "45"], "'45' is not a range. Give one such as 0:45"),
        (["--range", ":"], "':' is not a range"),
        (["--range", "a:9"], "minimum must be a number, got 'a'"),
        (["--range", "9:3"], "minimum 9 is greater than maximum 3"),
        (["--range", "-40:50"], "no minus is allowed. Allow a sign"),
        (["--pattern", "ABC"], "has 'ABC', which is not read"),
        (["--pattern", "##", "--digits", "2"], "a pattern says all"),
        (["--check", "crc"], "'crc' is not one of 'luhn'"),
    ],
)
def test_what_is_no_format_is_refused_before_anything_is_read(run, formats, options, says):
    code, out, err = run("read", NUMBER, *options)
    assert (code, out, formats) == (2, "", [])
    assert says in err


def test_a_file_of_choices_that_is_not_there_or_not_text_or_empty_is_named(run, formats, tmp_path):
    code, _, err = run("read", NUMBER, "--choices", tmp_path / "gone.txt")
    assert (code, err) == (
        1,
        f"inkdigits: There is no file {tmp_path / 'gone.txt'}. Give a text file with one number per line.\n",
    )
    code, _, err = run("read", NUMBER, "--choices", NUMBER)
    assert (code, err.count("\n")) == (1, 1)
    assert "number.jpg cannot be read as text" in err
    (tmp_path / "empty.txt").touch()
    assert "choices are empty" in run("read", NUMBER, "--choices", tmp_path / "empty.txt")[2]
    assert formats == []


def test_a_number_that_does_not_fit_is_shown_as_doubt_and_not_left_out(run):
    page = SAMPLES / "page.jpg"  # 305 18 / 9 2741 / 86
    code, out, err = run("read", page, "--digits", "2")
    assert (code, out) == (0, "??? 18\n? ????\n86\n")
    assert "? stands for a digit or mark that does not fit" in err


def test_a_format_reaches_the_processes(run):
    _, out, _ = run("read", NUMBER, SAMPLES / "digit.jpg", "--jobs", "2", "--digits", "4")
    assert [line.rpartition(" ")[2] for line in out.splitlines()] == ["2046", "?"]


def test_the_options_stand_under_a_heading_of_their_own(run):
    _, out, _ = run("read", "-h")
    options, formats = out.split("What a number may look like:")
    assert "--digits" not in options
    assert "--digits" in formats
    assert "--min-confidence" in options
    assert options.count("FILE|DIR|-...  ") == 1


def test_asking_for_help_loads_no_formats():
    probe = "import sys, inkdigits.cli; print('inkdigits.formats' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
