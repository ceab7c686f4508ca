import csv
import json
import os

import pytest

from inkdigits.batch import FileResult
from inkdigits.errors import DataError
from inkdigits.outputs import PICTURES, Row, check_folder, check_new_file, check_rows, rows, write_rows
from inkdigits.results import Reading


def test_no_results_give_no_rows_and_a_file_with_a_head(tmp_path):
    assert list(rows([])) == []
    assert write_rows(tmp_path / "rows.csv", []) == 0
    assert (tmp_path / "rows.csv").read_text(encoding="utf-8").startswith("file,line,number,text,")


def test_a_picture_without_digits_has_no_row_and_an_error_has_one():
    results = [FileResult("a.png", Reading((), 10, 10)), FileResult("b.png", None, "gone")]
    assert list(rows(results)) == [Row("b.png", error="gone")]


def test_csv_and_jsonl_hold_the_same(tmp_path):
    table = [Row("a.png", 1, 1, "203", 0.75, 1, 2, 3, 4), Row("b.png", error="no picture")]
    write_rows(tmp_path / "rows.csv", table)
    write_rows(tmp_path / "rows.jsonl", table)
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        from_csv = list(csv.DictReader(file))
    from_jsonl = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert list(from_csv[0]) == ["file", "line", "number", "text", "confidence", "x", "y", "width", "height", "error"]
    for left, right in zip(from_csv, from_jsonl, strict=True):
        assert left == {key: "" if value is None else str(value) for key, value in right.items()}


@pytest.mark.parametrize("name", ["=1+1.png", "+a.png", "-a.png", "@a.png"])
def test_a_name_is_no_formula_in_a_spreadsheet(tmp_path, name):
    write_rows(tmp_path / "rows.csv", [Row(name, error="gone")])
    write_rows(tmp_path / "rows.jsonl", [Row(name, error="gone")])
    assert f"\n'{name}," in (tmp_path / "rows.csv").read_text(encoding="utf-8").replace("\r", "")
    assert json.loads((tmp_path / "rows.jsonl").read_text(encoding="utf-8"))["file"] == name


@pytest.mark.parametrize("text", ["-7", "+12,5", "-0.5%"])
def test_a_number_with_its_sign_stays_as_it_is_in_a_spreadsheet(tmp_path, text):
    write_rows(tmp_path / "rows.csv", [Row("a.png", 1, 1, text, 0.75, 1, 2, 3, 4)])
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        assert [row["text"] for row in csv.DictReader(file)] == [text]


def test_a_table_that_breaks_leaves_the_old_one_as_it_was(tmp_path):
    def broken():
        yield Row("a.png")
        raise KeyboardInterrupt

    target = tmp_path / "rows.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        write_rows(target, broken())
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_another_ending_and_a_missing_folder_are_refused(tmp_path):
    with pytest.raises(
        DataError, match=r"rows\.ods ends in \.ods; what is written here ends in \.csv, \.jsonl or \.xlsx"
    ):
        write_rows(tmp_path / "rows.ods", [])
    with pytest.raises(DataError, match="cannot be written"):
        write_rows(tmp_path / "nowhere" / "rows.csv", [])


def test_a_spreadsheet_keeps_numbers_as_they_are_written_and_runs_no_formula(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    table = [Row("=1+1.png", 1, 1, "007", 0.75, 1, 2, 3, 4), Row("b\x07.png", error="gone")]
    assert write_rows(tmp_path / "rows.xlsx", table) == 2
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    head, first, second = sheet.iter_rows(values_only=True)
    assert head == ("file", "line", "number", "text", "confidence", "x", "y", "width", "height", "error")
    assert first == ("=1+1.png", 1, 1, "007", 0.75, 1, 2, 3, 4, None)
    assert (second[0], second[9]) == ("b.png", "gone")
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize("name", ["rows.csv", "rows.CSV", "rows.jsonl", "rows.xlsx"])
def test_a_place_that_is_fine_passes_the_check_and_stays_empty(tmp_path, name):
    check_rows(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_not_overwritten(tmp_path):
    (tmp_path / "why.png").touch()
    with pytest.raises(DataError, match=r"why\.png exists already, and nothing is overwritten\. Remove it, or give"):
        check_new_file(tmp_path / "why.png", PICTURES)


def test_a_name_without_a_known_ending_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"why has no ending; what is written here ends in \.png, \.jpg, "):
        check_new_file(tmp_path / "why", PICTURES)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"is a folder, but a file is needed here\. Give one that ends in \.png"):
        check_new_file(tmp_path, PICTURES)


def test_a_missing_folder_is_made_and_a_file_in_its_place_is_refused(tmp_path):
    check_folder(tmp_path / "new" / "below")
    assert (tmp_path / "new" / "below").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="file is a file, but a folder is needed here"):
        check_folder(tmp_path / "file")
    with pytest.raises(DataError, match="cannot be made"):
        check_folder(tmp_path / "file" / "below")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="no files may be added"):
        check_new_file(tmp_path / "rows.csv", (".csv",))
    with pytest.raises(DataError, match="No files may be added"):
        check_folder(tmp_path)
