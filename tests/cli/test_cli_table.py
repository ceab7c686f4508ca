import csv
import json

import pytest

from inkdigits.samples import SAMPLES
from inkdigits.table.columns import load_template

SHEET = SAMPLES / "table.jpg"
TEMPLATE = """
header_rows = 1
[[columns]]
name = "day"
digits = [1, 2]
[[columns]]
name = "max"
digits = 3
decimals = 1
implied = true
[[columns]]
name = "min"
digits = 3
decimals = 1
implied = true
[[columns]]
name = "range"
digits = [2, 3]
decimals = 1
implied = true
[[columns]]
name = "rain"
digits = [1, 3]
[[checks]]
kind = "difference"
columns = ["max", "min"]
result = "range"
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The working folder, with a sheet and its template."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sheet.jpg").write_bytes(SHEET.read_bytes())
    (tmp_path / "template.toml").write_text(TEMPLATE, encoding="utf-8")
    return tmp_path


def test_table_needs_a_picture(run):
    code, out, err = run("table")
    assert (code, out) == (2, "")
    assert "Give at least one picture" in err


def test_table_prints_rows_and_columns(run):
    code, out, err = run("table", "sheet.jpg", "--columns", "template.toml")
    assert code == 0
    assert out.splitlines()[:3] == ["day,max,min,range,rain", "1,34.4,18.2,16.2,", "2,25.0,15.0,10.0,6"]
    assert len(out.splitlines()) == 13
    assert "cells are not sure" in err or err == ""


def test_table_writes_what_its_ending_says_and_overwrites_nothing(run, folder):
    code, out, err = run("table", "sheet.jpg", "-o", "values.csv", "--bom", "--columns", "template.toml")
    assert (code, out) == (0, "")
    assert "wrote 1 table to values.csv" in err
    with (folder / "values.csv").open(encoding="utf-8-sig", newline="") as file:
        assert next(iter(csv.DictReader(file)))["max"] == "34.4"
    assert sorted(path.name for path in folder.iterdir()) == ["sheet.jpg", "template.toml", "values.csv"]
    code, _, err = run("table", "sheet.jpg", "-o", "values.csv")
    assert code == 1
    assert "exists already" in err


def test_table_of_several_files_names_each_and_a_bad_one_is_an_error(run):
    code, out, err = run("table", "sheet.jpg", "gone.jpg", SHEET)
    assert code == 1
    assert "no picture at gone.jpg" in err
    assert {line.split(",")[0] for line in out.splitlines()} == {"file", "sheet.jpg", str(SHEET)}


def test_table_says_where_there_is_none(run):
    code, out, err = run("table", SAMPLES / "digit.jpg", "-o", "values.csv")
    assert (code, out) == (1, "")
    assert "no table was found" in err


def test_table_suggests_a_template_that_can_be_used(run, folder):
    code, out, err = run("table", "--suggest", "sheet.jpg", "--output", "suggested.toml")
    assert (code, out) == (0, "")
    assert "wrote suggested.toml" in err
    assert len(load_template(folder / "suggested.toml").columns) == 5
    code, out, _ = run("table", "--suggest", "sheet.jpg")
    assert (code, out) == (0, (folder / "suggested.toml").read_text(encoding="utf-8"))
    code, _, err = run("table", "--suggest", "sheet.jpg", "--output", "suggested.csv")
    assert code == 1
    assert "ends in .csv" in err
    code, out, _ = run("table", "sheet.jpg", "--columns", "suggested.toml")
    assert code == 0
    assert "34.4" in out


def test_table_goes_on_where_it_was_stopped(run, folder, monkeypatch):
    read = []

    def read_once(self, photo, template):
        if read:
            raise KeyboardInterrupt
        read.append(photo)
        return tables

    from inkdigits.reader import Reader

    tables = Reader().read_tables("sheet.jpg")
    (folder / "second.jpg").write_bytes(SHEET.read_bytes())
    monkeypatch.setattr(Reader, "read_tables", read_once)
    command = ("table", "sheet.jpg", "second.jpg", "-o", "cells.jsonl")
    code, _, err = run(*command)
    assert code == 130
    assert "go on with: inkdigits table sheet.jpg second.jpg -o cells.jsonl --resume" in err
    code, _, err = run(*command)
    assert code == 1
    assert "--resume" in err
    monkeypatch.setattr(Reader, "read_tables", lambda *_: tables)
    code, _, err = run(*command, "--resume")
    assert code == 0
    assert "1 file of 2 read already" in err
    lines = [json.loads(line) for line in (folder / "cells.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {one["file"] for one in lines} == {"sheet.jpg", "second.jpg"}


def test_table_draws_and_writes_a_page_to_check_on(run, folder):
    code, _, err = run("table", "sheet.jpg", "--draw", "drawn", "--review", "review")
    assert code == 0
    assert (folder / "drawn" / "sheet.jpg.png").exists()
    assert (folder / "review" / "review.html").exists()
    assert "open it in a browser" in err
    code, _, err = run("table", "sheet.jpg", "--review", "review")
    assert code == 1
    assert "exists already" in err


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--resume",), "Give its --output"),
        (("--suggest", "--columns", "template.toml"), "Leave the other options out"),
    ],
)
def test_table_refuses_options_that_do_not_go_together(run, options, message):
    code, _, err = run("table", "sheet.jpg", *options)
    assert code == 2
    assert message in err


def test_table_names_what_is_wrong_in_a_template(run, folder):
    (folder / "template.toml").write_text("[[columns]]\ndigit = 3\n", encoding="utf-8")
    code, _, err = run("table", "sheet.jpg", "--columns", "template.toml")
    assert code == 1
    assert "Did you mean digits" in err
