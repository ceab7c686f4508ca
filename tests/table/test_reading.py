import csv

import cv2
import numpy as np
import pytest

from inkdigits.errors import FormatError, NoTableError
from inkdigits.formats import Format
from inkdigits.images import load_photo
from inkdigits.samples import SAMPLES
from inkdigits.table.columns import Check, Column, Template

TENTHS = Format(digits=(2, 3), decimals=1, implied=True)
TEMPLATE = Template(
    (
        Column("day", Format(digits=(1, 2), minimum=1, maximum=31)),
        Column("max", TENTHS),
        Column("min", TENTHS),
        Column("range", TENTHS),
        Column("rain", Format(digits=(1, 3))),
    ),
    header_rows=1,
    checks=(Check("difference", (1, 2), 3),),
)


@pytest.fixture(scope="module")
def photo():
    return load_photo(SAMPLES / "table.jpg")


@pytest.fixture(scope="module")
def truth() -> list[list[str]]:
    """The values below the header; a dash is an empty cell."""
    with (SAMPLES / "table.csv").open(encoding="utf-8", newline="") as file:
        return [["" if text == "-" else text for text in row] for row in list(csv.reader(file))[1:]]


def plain(rows: list[list[str]]) -> list[list[str]]:
    """The digits alone."""
    return [["".join(filter(str.isdigit, text)) for text in row] for row in rows]


@pytest.fixture(scope="module")
def table(reader, photo):
    return reader.read_table(photo, TEMPLATE)


def test_a_blank_page_has_no_table(reader):
    blank = np.full((300, 400), 255, np.uint8)
    assert reader.read_tables(blank) == []
    with pytest.raises(NoTableError, match="no table on this picture"):
        reader.read_table(blank)


def test_a_template_that_contradicts_itself_is_refused(reader, photo):
    with pytest.raises(FormatError, match="must have an inkdigits"):
        reader.read_table(photo, {0: "digits"})


def test_a_sheet_is_read_cell_by_cell(table, truth):
    assert table.shape == (13, 5)
    assert plain(table.to_grid()) == plain(truth)
    assert table.names == ["day", "max", "min", "range", "rain"]


def test_decimals_that_were_left_out_are_in_the_value(table, truth):
    for row, texts in zip(table.rows[1:], truth, strict=True):
        assert [str(cell.value) for cell in row[1:3]] == [
            f"{digits[:2]}.{digits[2]}" for digits in plain([texts[1:3]])[0]
        ]


def test_most_cells_are_sure_and_a_dash_is_empty(table):
    cells = [cell for cell in table.cells if cell.row]
    assert sum(cell.status in ("sure", "empty") for cell in cells) > 0.9 * len(cells)
    assert table.rows[1][4].status == "empty"
    assert table.rows[1][4].number is None


def test_a_number_lies_in_its_cell_on_the_photo(table):
    for cell in table.cells:
        if cell.number:
            middle = cell.number.box.x + cell.number.box.width / 2, cell.number.box.y + cell.number.box.height / 2
            assert cv2.pointPolygonTest(np.array(cell.corners, np.float32), middle, False) >= 0, cell


def test_a_column_that_is_not_read_is_left_alone(reader, photo):
    table = reader.read_table(photo, Template((Column("day", read=False),)))
    assert {row[0].status for row in table.rows} == {"text"}
    assert {row[0].text for row in table.rows} == {""}
    assert table.rows[1][1].text == "344"


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_photo_may_lie_on_its_side_or_upside_down(reader, photo, truth, turn):
    turned = np.ascontiguousarray(np.rot90(photo, turn))
    table = reader.read_table(turned, TEMPLATE)
    assert (table.height, table.width) == turned.shape[:2]
    assert plain(table.to_grid()) == plain(truth)
    for cell in table.cells:
        x, y, width, height = cell.box
        assert 0 <= x < x + width <= table.width
        assert 0 <= y < y + height <= table.height
        corners = np.array(cell.corners)
        assert np.abs(corners.min(axis=0) - (x, y)).max() <= 1
    # The top left corner of the sheet, as it is read, lies where the photo was turned to.
    x, y = table.rows[0][0].corners[0]
    expected = {1: (0, 1), 2: (1, 1), 3: (1, 0)}[turn]
    assert (x > table.width / 2, y > table.height / 2) == expected
