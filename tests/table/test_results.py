import json
from decimal import Decimal

import pytest

import inkdigits
from inkdigits.arrays import Box
from inkdigits.errors import DataError
from inkdigits.formats import Format
from inkdigits.table.columns import Column
from inkdigits.table.results import Cell, Table

TENTHS = Format(digits=(2, 3), decimals=1, implied=True)


def cell(row: int, column: int, text: str = "", value: str | None = None, **more) -> Cell:
    """A sure one, or an empty one, of 10 pixels a side."""
    place = Box(10 * column, 10 * row, 10, 10)
    corners = ((place.x, place.y), (place.x + 10, place.y), (place.x + 10, place.y + 10), (place.x, place.y + 10))
    more = {"confidence": 0.999, "status": "sure" if text else "empty"} | more
    worth = Decimal(value) if value is not None else None
    return Cell(row, column, text, None, box=place, corners=corners, value=worth, **more)


@pytest.fixture
def table() -> Table:
    """A merged head over two columns, and two days."""
    head = cell(0, 0, status="text", column_span=2)
    return Table(
        (
            (head, head),
            (cell(1, 0, "007", "7"), cell(1, 1, "279", "27.9", confidence=0.6, status="unsure", notes=("too warm",))),
            (cell(2, 0, "8", "8", confidence=0.97), cell(2, 1, confidence=0.9)),
        ),
        20,
        30,
        header_rows=1,
        columns=(Column("day"), Column("max", TENTHS)),
    )


def test_an_empty_table_has_no_cells_and_an_empty_file():
    empty = Table((), 10, 10)
    assert (empty.shape, list(empty.cells), empty.unsure(), empty.to_csv()) == ((0, 0), [], [], "")
    assert Table.from_dict(empty.to_dict()) == empty


def test_the_names_are_public():
    assert (inkdigits.Cell, inkdigits.Table) == (Cell, Table)


def test_a_merged_cell_stands_in_every_place_and_counts_once(table):
    assert table.shape == (3, 2)
    assert table.rows[0][1] is table.rows[0][0]
    assert len(list(table.cells)) == 5


def test_unsure_cells_are_the_least_sure_first_without_the_header(table):
    assert [(one.row, one.column) for one in table.unsure(0.01)] == [(1, 1), (2, 1), (2, 0)]
    assert [(one.row, one.column) for one in table.unsure(0.2)] == [(1, 1)]


def test_what_a_person_checked_is_right(table):
    checked = table.check(1, 1, "281")
    assert checked.rows[1][1].status == "checked"
    assert checked.rows[1][1].value == Decimal("28.1")
    assert (1, 1) not in [(one.row, one.column) for one in checked.unsure(0.01)]
    assert checked.rows[2] == table.rows[2]


def test_a_csv_has_what_a_person_would_have_typed(table, tmp_path):
    assert table.to_csv(tmp_path / "values.csv") == "day,max\n007,27.9\n8,\n"
    assert (tmp_path / "values.csv").read_bytes() == b"day,max\n007,27.9\n8,\n"
    table.to_csv(tmp_path / "bom.csv", bom=True)
    assert (tmp_path / "bom.csv").read_bytes().startswith(b"\xef\xbb\xbfday")


def test_a_text_stays_as_it_is_where_nothing_is_known_of_its_column():
    table = Table(((cell(0, 0, "27,9", "27.9"), cell(0, 1, "-7", "-7"), cell(0, 2, "+-", status="unsure")),), 30, 10)
    assert table.to_csv() == '"27,9",-7,\'+-\n'


def test_columns_without_a_name_have_their_number():
    table = Table(((cell(0, 0), cell(0, 1), cell(0, 2)),), 30, 10, columns=(Column("day"), Column()))
    assert table.names == ["day", "2", "3"]
    assert Table(table.rows, 30, 10).names == []


def test_json_lines_have_every_cell_and_give_the_table_back(table, tmp_path):
    lines = [json.loads(line) for line in table.to_jsonl(tmp_path / "cells.jsonl").splitlines()]
    assert len(lines) == 5
    assert lines[2]["value"] == "27.9"
    assert {"row", "column", "text", "value", "confidence", "box", "status"} <= set(lines[0])
    assert Table.from_dict(json.loads(json.dumps(table.to_dict())), table.columns) == table


def test_a_table_with_a_hole_is_refused(table):
    data = table.to_dict()
    data["cells"].pop()
    with pytest.raises(DataError, match="must cover all"):
        Table.from_dict(data)


def test_a_data_frame_has_numbers_where_all_are_numbers(table):
    pytest.importorskip("pandas")
    frame = table.to_dataframe()
    assert list(frame.columns) == ["day", "max"]
    assert frame["day"].tolist() == [7.0, 8.0]
    assert frame["max"].isna().tolist() == [False, True]
    words = Table(((cell(0, 0, "1/2"),), (cell(1, 0, "3", "3"),)), 10, 20).to_dataframe()
    assert words[0].tolist() == ["1/2", "3"]


def test_a_notebook_shows_the_table_with_what_is_not_sure(table):
    page = table._repr_html_()
    assert "<th>max</th>" in page
    assert "60.0% sure; too warm" in page
    assert page.count("title=") == 1
