import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

import inkdigits
from inkdigits.results import Box, Digit, Line, Number, Reading

SAMPLES = Path(inkdigits.__file__).parent / "samples"
NUMBER = SAMPLES / "number.jpg"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """The working folder, with one picture."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "number.jpg").write_bytes(NUMBER.read_bytes())
    return tmp_path


@pytest.fixture
def doubtful(monkeypatch):
    """All pictures read as 12, of which the 2 is 47% sure."""
    one, two = (
        Digit(value, confidence, Box(x, 0, 9, 20), (0.1,) * 10, value)
        for value, confidence, x in [(1, 0.99, 0), (2, 0.47, 12)]
    )
    reading = Reading((Line((Number((one, two)),)),), 640, 300)
    monkeypatch.setattr("inkdigits.reader.Reader.read", lambda *_: reading)


def test_read_prints_the_text_of_one_picture_alone(run):
    assert run("read", NUMBER) == (0, "2046\n", "")


def test_read_names_the_file_of_each_line_where_there_are_several(run):
    code, out, _ = run("read", NUMBER, SAMPLES / "digit.jpg")
    assert (code, out) == (0, f"{NUMBER}: 2046\n{SAMPLES / 'digit.jpg'}: 7\n")


def test_read_prints_one_json_object_per_picture(run, tmp_path):
    code, out, _ = run("read", NUMBER, tmp_path / "gone.jpg", "--json")
    good, bad = map(json.loads, out.splitlines())
    assert code == 1
    assert (good["file"], good["text"]) == (str(NUMBER), "2046")
    assert bad["file"] == str(tmp_path / "gone.jpg")
    assert "no picture" in bad["error"]


def test_read_takes_standard_input_and_draws_it_as_stdin(run, tmp_path):
    code, out, _ = run("read", "-", "--draw", tmp_path / "d", stdin=NUMBER.read_bytes())
    assert (code, out) == (0, "2046\n")
    assert [path.name for path in (tmp_path / "d").iterdir()] == ["stdin.png"]


def test_the_pages_of_a_document_on_standard_input_are_drawn_one_by_one(run, tmp_path):
    page = Image.open(NUMBER)
    page.save(tmp_path / "two.tif", save_all=True, append_images=[page])
    code, out, _ = run("read", "-", "--draw", tmp_path / "d", stdin=(tmp_path / "two.tif").read_bytes())
    assert (code, out) == (0, "-#1: 2046\n-#2: 2046\n")
    assert sorted(path.name for path in (tmp_path / "d").iterdir()) == ["stdin#1.png", "stdin#2.png"]


def test_read_says_what_it_has_written(run, tmp_path):
    pictures = [SAMPLES / name for name in ("digit.jpg", "number.jpg", "page.jpg")]
    code, _, err = run("read", *pictures, "--draw", tmp_path / "drawn", "--output", tmp_path / "rows.csv")
    assert code == 0
    assert len(list((tmp_path / "drawn").glob("*.jpg.png"))) == 3
    lines = (tmp_path / "rows.csv").read_text().splitlines()
    assert lines[0] == "file,line,number,text,confidence,x,y,width,height,error"
    assert [line.split(",")[3] for line in lines[1:]] == ["7", "2046", "305", "18", "9", "2741", "86"]
    assert f"wrote 3 pictures with boxes to {tmp_path / 'drawn'}/\n" in err
    assert f"wrote 7 rows to {tmp_path / 'rows.csv'}\n" in err


def test_the_folder_of_drawn_pictures_is_not_read_again(run, folder):
    for _ in range(2):
        code, out, err = run("read", ".", "--draw", "boxes")
        assert (code, out) == (0, "number.jpg: 2046\n")
        assert [path.name for path in (folder / "boxes").iterdir()] == ["number.jpg.png"]
    assert "boxes/ is left out" in err


def test_a_folder_without_pictures_is_named(run, tmp_path):
    (tmp_path / "empty").mkdir()
    code, out, err = run("read", tmp_path / "empty")
    assert (code, out) == (1, "")
    assert err == f"inkdigits: {tmp_path / 'empty'} holds no pictures. Give a folder with some, or a file.\n"


def test_read_of_a_blank_page_is_no_error(run, tmp_path):
    Image.new("L", (300, 300), 255).save(tmp_path / "blank.png")
    code, out, err = run("read", tmp_path / "blank.png")
    assert (code, out) == (0, "")
    assert "no digits" in err


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--output", "rows.txt"], "ends in .txt"),
        (["--output", "rows"], "has no ending"),
        (["--output", "no/such/rows.csv"], "there is no folder"),
        (["--output", "there.csv"], "exists already"),
        (["--draw", "number.jpg"], "is a file"),
        (["--draw", "number.jpg/d"], "cannot be made"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_named_before_anything_is_read(run, folder, monkeypatch, options, says):
    (folder / "there.csv").write_text("corrected by hand")
    monkeypatch.setattr("inkdigits.reader.Reader.read", lambda *_: pytest.fail("it was read"))
    code, out, err = run("read", "number.jpg", *options)
    assert (code, out) == (1, "")
    assert says in err
    assert len(err.splitlines()) == 1
    assert (folder / "there.csv").read_text() == "corrected by hand"


def test_a_spreadsheet_without_its_extra_names_the_command_that_adds_it(run, folder, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    monkeypatch.setattr("inkdigits.reader.Reader.read", lambda *_: pytest.fail("it was read"))
    code, out, err = run("read", "number.jpg", "--output", "rows.xlsx")
    assert (code, out) == (1, "")
    assert 'pip install "inkdigits[xlsx]"' in err


@pytest.mark.usefixtures("doubtful")
def test_a_number_more_likely_wrong_than_right_shows_its_doubt(run, folder):
    code, out, err = run("read", "number.jpg", "--output", "rows.jsonl")
    assert (code, out) == (0, "1?\n")
    assert "? stands for a digit or mark that is not sure" in err
    assert json.loads((folder / "rows.jsonl").read_text())["text"] == "1?"


@pytest.mark.usefixtures("doubtful")
@pytest.mark.parametrize(("least", "text"), [("0", "12"), ("0.4", "12"), ("0.9", "1?"), ("0.995", "??")])
def test_how_much_doubt_is_shown_can_be_chosen(run, folder, least, text):
    assert run("read", "number.jpg", "--min-confidence", least)[1] == f"{text}\n"


@pytest.mark.parametrize("value", ["much", "90", "1", "-0.1"])
def test_a_confidence_that_is_none_is_refused_in_plain_words(run, value):
    code, _, err = run("read", "x.png", "--min-confidence", value)
    assert code == 2
    assert f"'{value}' is not a number from 0 to below 1. Give one such as 0.9." in err


@pytest.mark.slow
def test_several_processes_read_the_same(run):
    _, out, _ = run("read", SAMPLES, "--jobs", "2")
    assert out == run("read", SAMPLES, "--jobs", "1")[1]


def test_results_do_not_share_a_line_with_the_progress_bar(run, monkeypatch):
    monkeypatch.setattr("inkdigits.batch.BAR_AFTER_SECONDS", 0)
    _, out, err = run("read", SAMPLES)
    assert "reading" in err
    assert all(line.startswith(str(SAMPLES)) for line in out.splitlines())
    assert "\r" not in out


def test_quiet_leaves_results_and_errors_alone(run, tmp_path, monkeypatch):
    monkeypatch.setattr("inkdigits.batch.BAR_AFTER_SECONDS", 0)
    code, out, err = run("read", NUMBER, "gone.jpg", "--output", tmp_path / "rows.csv", "--quiet")
    assert (code, out) == (1, f"{NUMBER}: 2046\n")
    assert err == "inkdigits: There is no picture at gone.jpg. Check the path.\n"


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends Ctrl+C as a terminal does")
def test_ctrl_c_ends_all_processes_with_one_line_and_130(tmp_path):
    for i in range(40):
        (tmp_path / f"{i:02}.jpg").write_bytes((SAMPLES / "page.jpg").read_bytes())
    command = [sys.executable, "-m", "inkdigits", "read", tmp_path, "--jobs", "2", "--output", tmp_path / "rows.csv"]
    done = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert done.stdout is not None
    done.stdout.readline()
    time.sleep(0.1)
    os.killpg(done.pid, signal.SIGINT)
    _, err = done.communicate(timeout=60)
    assert done.returncode == 130
    assert "Traceback" not in err
    said = " ".join(map(str, command[3:]))
    assert err.strip().endswith(f"inkdigits: stopped; go on with: inkdigits {said} --resume")
    assert not (tmp_path / "rows.csv").exists()
    assert (tmp_path / "rows.part.csv").read_text().splitlines()[1].startswith(f"{tmp_path / '00.jpg'},1,1,305,")


def test_a_run_that_was_stopped_is_gone_on_with_and_nothing_is_read_twice(run, tmp_path, monkeypatch):
    names = [str(tmp_path / f"{i}.jpg") for i in range(4)]
    for name in names[:3]:
        Path(name).write_bytes(NUMBER.read_bytes())
    reading = inkdigits.Reader().read(NUMBER)
    seen = []

    def read_until_ctrl_c(*_):
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return reading

    monkeypatch.setattr("inkdigits.reader.Reader.read", read_until_ctrl_c)
    command = ("read", *names, "--output", tmp_path / "rows.jsonl")
    assert run(*command)[0] == 130
    monkeypatch.setattr("inkdigits.reader.Reader.read", lambda *_: seen.append(1) or reading)
    code, out, err = run(*command)
    assert (code, out) == (1, "")
    assert "rows.part.jsonl has what a run read that was stopped. Go on with it with --resume" in err
    code, out, err = run(*command, "--resume")
    assert (code, out) == (1, f"{names[2]}: 2046\n")
    assert "2 files read already; going on" in err
    assert f"wrote 4 rows to {tmp_path / 'rows.jsonl'}" in err
    assert len(seen) == 4
    rows = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text().splitlines()]
    assert [row["file"] for row in rows] == names
    assert "no picture" in rows[3]["error"]


def test_errors_of_the_run_that_was_stopped_count(run, folder, monkeypatch):
    def stop(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("inkdigits.reader.Reader.read", stop)
    command = ("read", "gone.jpg", "number.jpg", "--output", "rows.csv")
    assert run(*command)[0] == 130
    monkeypatch.undo()
    monkeypatch.chdir(folder)
    assert run(*command, "--resume")[:2] == (1, "number.jpg: 2046\n")


def test_resume_without_an_output_says_what_is_missing(run):
    code, _, err = run("read", "x.png", "--resume")
    assert code == 2
    assert "Give its --output" in err


def test_a_list_names_what_is_read(run, folder):
    (folder / "list.txt").write_text("number.jpg\n\ngone.jpg\r\n", encoding="utf-8")
    code, out, err = run("read", "--files-from", "list.txt")
    assert (code, out) == (1, "number.jpg: 2046\n")
    assert "gone.jpg" in err
    assert run("read", "--files-from", "-", stdin=b"number.jpg\n")[1] == "number.jpg: 2046\n"


def test_cells_are_read_as_one_number_each(run, folder):
    assert run("read", "--cells", "number.jpg")[:2] == (0, "2046\n")
    code, out, _ = run("read", "--cells", "number.jpg", "--digits", "1")
    assert (code, "?" in out) == (0, True)
