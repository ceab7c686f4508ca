import csv
import json

import pytest

from inkdigits.arrays import Box
from inkdigits.batch import FileResult
from inkdigits.bulk import row_files
from inkdigits.bulk.paths import Key
from inkdigits.bulk.row_files import Row, RowFile, check_rows, rows
from inkdigits.errors import DataError
from inkdigits.results import Digit, Line, Mark, Number, Reading

HEAD = ["file", "line", "number", "text", "confidence", "x", "y", "width", "height", "error"]
BAD = FileResult("b.png", None, "gone")


def result(file: str = "a.png", text: str = "203") -> FileResult:
    """A picture with one number, 75% sure."""
    box, even = Box(1, 2, 3, 4), (0.1,) * 10
    symbols = [Digit(int(c), 0.9, box, even, int(c)) if c.isdigit() else Mark(c, 0.9, box) for c in text]
    return FileResult(file, Reading((Line((Number(symbols, 0.75),)),), 10, 10))


def write(path, *results: FileResult) -> str:
    with RowFile(path) as file:
        for one in results:
            file.put(Key(one.file), [one])
        file.finish()
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    return path.read_text(encoding="utf-8") if path.suffix in (".csv", ".jsonl") else ""


def test_no_results_give_no_rows_and_a_file_with_a_head(tmp_path):
    assert list(rows([])) == []
    assert write(tmp_path / "rows.csv") == ",".join(HEAD) + "\n"


def test_a_picture_without_digits_has_no_row_and_an_error_has_one():
    assert list(rows([FileResult("a.png", Reading((), 10, 10)), BAD])) == [Row("b.png", error="gone")]


def test_rows_stand_in_a_table_that_can_be_read_before_the_end(tmp_path):
    with RowFile(tmp_path / "rows.csv") as file:
        file.put(Key("a.png"), [result()])
        with (tmp_path / "rows.part.csv").open(encoding="utf-8", newline="") as part:
            assert [row["text"] for row in csv.DictReader(part)] == ["203"]


def test_csv_and_jsonl_hold_the_same(tmp_path):
    (tmp_path / "1").mkdir()
    from_csv = list(csv.DictReader(write(tmp_path / "1" / "rows.csv", result(), BAD).splitlines()))
    (tmp_path / "2").mkdir()
    from_jsonl = [json.loads(line) for line in write(tmp_path / "2" / "rows.jsonl", result(), BAD).splitlines()]
    assert list(from_csv[0]) == list(from_jsonl[0]) == HEAD
    for left, right in zip(from_csv, from_jsonl, strict=True):
        assert left == {key: "" if value is None else str(value) for key, value in right.items()}


@pytest.mark.parametrize("name", ["=1+1.png", "+a.png", "-a.png", "@a.png"])
def test_a_name_is_no_formula_in_a_spreadsheet(tmp_path, name):
    with RowFile(tmp_path / "rows.csv") as table, RowFile(tmp_path / "rows.jsonl") as lines:
        table.put(Key(name), [FileResult(name, None, "gone")])
        lines.put(Key(name), [FileResult(name, None, "gone")])
    assert f"\n'{name}," in (tmp_path / "rows.part.csv").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "rows.part.jsonl").read_text(encoding="utf-8"))["file"] == name


@pytest.mark.parametrize("text", ["-7", "+12,5", "-0.5%"])
def test_a_number_with_its_sign_stays_as_it_is_in_a_spreadsheet(tmp_path, text):
    table = csv.DictReader(write(tmp_path / "rows.csv", result(text=text)).splitlines())
    assert [row["text"] for row in table] == [text]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_a_name_that_is_no_text_is_written_too(tmp_path, ending):
    name = b"caf\xe9.png".decode(errors="surrogateescape")
    assert "caf\\udce9.png" in write(tmp_path / f"rows.{ending}", FileResult(name, None, "gone"))


def test_a_spreadsheet_keeps_numbers_as_they_are_written_and_runs_no_formula(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    write(tmp_path / "rows.xlsx", result("=1+1.png", "007"), FileResult("b\x07.png", None, "gone"))
    sheet = openpyxl.load_workbook(tmp_path / "rows.xlsx").active
    head, first, second = sheet.iter_rows(values_only=True)
    assert list(head) == HEAD
    assert first == ("=1+1.png", 1, 1, "007", 0.75, 1, 2, 3, 4, None)
    assert (second[0], second[9]) == ("b.png", "gone")
    assert sheet["A2"].data_type == "s"


@pytest.mark.parametrize(("count", "sheets"), [(0, [1]), (2, [3]), (3, [3, 2]), (4, [3, 3])])
def test_what_one_sheet_does_not_hold_stands_on_the_next(tmp_path, monkeypatch, count, sheets):
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setattr(row_files, "SHEET_ROWS", 3)
    write(tmp_path / "rows.xlsx", *(result() for _ in range(count)))
    book = openpyxl.load_workbook(tmp_path / "rows.xlsx")
    assert [sheet.max_row for sheet in book] == sheets


def test_a_parquet_file_keeps_what_is_missing_and_its_types(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    write(tmp_path / "rows.parquet", result(), BAD)
    table = parquet.read_table(tmp_path / "rows.parquet")
    assert table.column_names == HEAD
    assert [str(kind) for kind in table.schema.types][:5] == ["string", "int32", "int32", "string", "double"]
    assert table.to_pylist() == [
        dict(zip(HEAD, ("a.png", 1, 1, "203", 0.75, 1, 2, 3, 4, ""), strict=True)),
        dict(zip(HEAD, ("b.png", None, None, "", None, None, None, None, None, "gone"), strict=True)),
    ]


def test_a_run_that_fails_before_anything_is_read_leaves_nothing(tmp_path):
    with pytest.raises(KeyError), RowFile(tmp_path / "rows.csv"):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("ending", "part"), [("csv", "rows.part.csv"), ("xlsx", "rows.xlsx.part.jsonl")])
def test_a_run_is_gone_on_with(tmp_path, ending, part):
    path = tmp_path / f"rows.{ending}"
    with RowFile(path, {"model": "x"}) as file:
        file.put(Key("b.png", 1, 1), [BAD])
    assert (tmp_path / part).exists()
    with RowFile(path, {"model": "x"}, resume=True) as file:
        assert (file.has(Key("a.png")), file.has(Key("b.png", 1, 1))) == (False, True)
        file.put(Key("a.png"), [result()])
        file.put(Key("b.png", 1, 1), None)
        assert (file.journal.rows, file.journal.errors) == (2, 1)
        file.finish()
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("name", ["rows.csv", "rows.CSV", "rows.jsonl", "rows.xlsx"])
def test_a_place_that_is_fine_passes_the_check_and_stays_empty(tmp_path, name):
    check_rows(tmp_path / name)
    assert list(tmp_path.iterdir()) == []


def test_another_ending_is_refused(tmp_path):
    with pytest.raises(
        DataError, match=r"rows\.ods ends in \.ods; what is written here ends in \.csv, \.jsonl, \.xlsx or \.parquet"
    ):
        RowFile(tmp_path / "rows.ods")
