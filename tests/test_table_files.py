import csv
import json

import numpy as np
import pytest
from PIL import Image

from inkdigits.arrays import Box
from inkdigits.errors import DataError
from inkdigits.table.columns import Column, Template
from inkdigits.table.results import Cell, Table
from inkdigits.table_files import NO_TABLE, Sheets, TableResult, check_output, read_table_files, to_long, write_tables
from inkdigits.table_journal import TableJournal


def build(*rows: str, names: str = "") -> Table:
    """A table of one-digit cells."""
    cells = tuple(
        tuple(
            Cell(r, c, text, None, 0.99, Box(9 * c, 9 * r, 9, 9), "sure", ((9.0 * c, 9.0 * r),) * 4)
            for c, text in enumerate(row)
        )
        for r, row in enumerate(rows)
    )
    return Table(cells, 40, 30, columns=tuple(Column(name) for name in names))


class Reading:
    """Stands in for a Reader: two tables on a white picture, none on a black one."""

    def read_tables(self, photo, _):
        return [build("12", "34"), build("567")] if photo.mean() > 128 else []


@pytest.fixture
def files(tmp_path) -> list[str]:
    """A white picture, a black one, and a file that is none."""
    for name, level in {"white.png": 255, "black.png": 0}.items():
        Image.fromarray(np.full((30, 40), level, np.uint8)).save(tmp_path / name)
    (tmp_path / "broken.jpg").write_bytes(b"no picture")
    return [str(tmp_path / name) for name in ("white.png", "black.png", "broken.jpg")]


@pytest.fixture
def journal() -> TableJournal:
    return TableJournal.beside(None, Template())


def test_no_files_give_no_results_and_an_empty_table(journal, tmp_path):
    assert list(read_table_files([], Reading(), journal)) == []
    assert to_long([]) == [["file", "table"]]
    write_tables(tmp_path / "values.jsonl", [])
    assert (tmp_path / "values.jsonl").read_bytes() == b""


def test_each_file_is_a_result_and_a_bad_one_has_its_error(files, journal):
    white, black, broken = read_table_files(files, Reading(), journal)
    assert len(white.tables) == 2
    assert white.error == ""
    assert (black.tables, black.error) == ((), NO_TABLE)
    assert "cannot be read as a picture" in broken.error


def test_pictures_are_drawn_and_files_that_were_read_are_not_read_again(files, tmp_path):
    journal = TableJournal.beside(tmp_path / "values.csv", Template())
    journal.open(resume=False)
    (tmp_path / "drawn").mkdir()
    first = list(read_table_files(files[:1], Reading(), journal, tmp_path / "drawn"))
    assert len(list((tmp_path / "drawn").iterdir())) == 1
    journal.close()
    again = TableJournal.beside(tmp_path / "values.csv", Template())
    again.open(resume=True)
    assert list(read_table_files(files[:1], None, again)) == first


def test_one_table_stands_alone_and_several_with_their_file():
    one, two = TableResult("a.jpg", (build("12", names="ab"),)), TableResult("b.jpg", (build("3"), build("45")))
    assert to_long([one]) == [["a", "b"], ["1", "2"]]
    assert to_long([TableResult("b.jpg", (build("3"),))]) == [["3"]]
    assert to_long([one, two]) == [
        ["file", "table", "a", "b"],
        ["a.jpg", "1", "1", "2"],
        ["b.jpg", "1", "3", ""],
        ["b.jpg", "2", "4", "5"],
    ]
    assert to_long([two])[0] == ["file", "table", "1", "2"]


def test_a_wider_table_than_the_names_is_whole():
    rows = to_long([TableResult("a.jpg", (build("12", names="ab"), build("3456")))])
    assert {len(row) for row in rows} == {6}
    assert rows[0] == ["file", "table", "a", "b", "3", "4"]


def test_tables_go_into_one_file_or_a_folder(tmp_path):
    results = [TableResult("scans/a.jpg", (build("12"), build("3"))), TableResult("b.jpg", (), "gone")]
    write_tables(tmp_path / "values.csv", results, bom=True)
    with (tmp_path / "values.csv").open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file))[1] == ["scans/a.jpg", "1", "1", "2"]
    assert (tmp_path / "values.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    write_tables(tmp_path / "cells.jsonl", results)
    lines = [json.loads(line) for line in (tmp_path / "cells.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(one["file"], one["table"], one["text"]) for one in lines] == [
        ("scans/a.jpg", 1, "1"),
        ("scans/a.jpg", 1, "2"),
        ("scans/a.jpg", 2, "3"),
    ]
    folder = tmp_path / "each"
    check_output(folder)
    assert [path.name for path in write_tables(folder, results)] == ["scans_a.jpg.csv", "scans_a.jpg-2.csv"]
    assert (folder / "scans_a.jpg.csv").read_text(encoding="utf-8") == "1,2\n"
    with pytest.raises(DataError, match="exists already"):
        write_tables(folder, results)


def test_a_spreadsheet_has_a_sheet_a_table(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    write_tables(tmp_path / "v.xlsx", [TableResult("a.jpg", (build("12"), build("3")))])
    assert openpyxl.load_workbook(tmp_path / "v.xlsx").sheetnames == ["a.jpg", "a.jpg-2"]
    write_tables(tmp_path / "none.xlsx", [])
    assert openpyxl.load_workbook(tmp_path / "none.xlsx").sheetnames == ["no table"]


def test_another_ending_and_a_file_that_exists_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"ends in \.txt; what is written here ends in \.csv, \.xlsx or \.jsonl"):
        check_output(tmp_path / "values.txt")
    (tmp_path / "values.csv").touch()
    with pytest.raises(DataError, match="exists already"):
        check_output(tmp_path / "values.csv")


def test_photos_of_sheets_are_loaded_when_they_are_asked_for(files):
    results = [TableResult(files[0], (build("1"), build("2"))), TableResult(files[1], (build("3"),))]
    sheets = Sheets(results)
    assert len(sheets) == 3
    name, photo, table = sheets[2]
    assert (name, photo.max(), table) == (files[1], 0, results[1].tables[0])
    assert [one[2].to_csv() for one in sheets[:2]] == ["1\n", "2\n"]
