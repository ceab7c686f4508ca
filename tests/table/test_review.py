import base64
import hashlib
import json
import re
from dataclasses import replace

import numpy as np
import pytest
from sheets import COLUMNS, draw_sheet

from inkdigits.arrays import Box
from inkdigits.errors import DataError
from inkdigits.images import load_photo
from inkdigits.table.results import Cell, Table
from inkdigits.table.review import write_review


def data_of(page):
    """What the page's script is told."""
    return json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', page.read_text())[1])


def test_no_sheets_are_refused(tmp_path):
    with pytest.raises(DataError, match="no sheets"):
        write_review(tmp_path, [])


def test_a_table_without_cells_has_a_page_and_no_crops(tmp_path):
    page = write_review(tmp_path, [("blank.png", np.full((90, 80, 3), 255, np.uint8), Table((), 80, 90))])
    assert data_of(page)["sheets"][0]["cells"] == []
    assert list((tmp_path / "crops").iterdir()) == []


def test_every_cell_below_the_header_has_its_crop_beside_the_page(tmp_path):
    photo, table = draw_sheet(3)
    page = write_review(tmp_path / "new", [("a.png", photo, replace(table, header_rows=1))])
    cells = data_of(page)["sheets"][0]["cells"]
    assert [(cell["row"], cell["column"]) for cell in cells] == [(r, c) for r in (1, 2) for c in range(4)]
    names = {cell["file"] for cell in cells}
    assert {f"crops/{path.name}" for path in (tmp_path / "new" / "crops").iterdir()} == names
    first = load_photo(tmp_path / "new" / cells[0]["file"])
    assert first.shape[1] > first.shape[0] > 50
    assert first.min() < 100 < 200 < first.max()  # ink and paper


def test_a_merged_cell_stands_there_once(tmp_path):
    wide = Cell(0, 0, "12", None, 0.9, Box(10, 10, 200, 50), "sure", column_span=2)
    page = write_review(tmp_path, [("a.png", np.full((90, 240, 3), 255, np.uint8), Table(((wide, wide),), 240, 90))])
    (cell,) = data_of(page)["sheets"][0]["cells"]
    assert cell["columnSpan"] == 2
    assert cell["corners"] == [10, 10, 210, 10, 210, 60, 10, 60]  # of its box, where it has no corners


def test_a_large_photo_is_shown_smaller_with_its_cells_in_place(tmp_path):
    cell = Cell(0, 0, "1", None, 0.9, Box(2600, 520, 520, 260), "sure")
    photo = np.full((1300, 5200, 3), 255, np.uint8)
    page = write_review(tmp_path, [("a.png", photo, Table(((cell,),), 5200, 1300))])
    (sheet,) = data_of(page)["sheets"]
    assert (sheet["width"], sheet["height"]) == (2600, 650)
    assert sheet["cells"][0]["corners"] == [1300, 260, 1560, 260, 1560, 390, 1300, 390]


def test_nothing_is_overwritten(tmp_path):
    sheets = [("a.png", *draw_sheet(1))]
    page = write_review(tmp_path, sheets)
    before = page.read_bytes()
    with pytest.raises(DataError, match=r"review\.html exists already"):
        write_review(tmp_path, sheets)
    assert page.read_bytes() == before


def test_only_the_scripts_and_styles_of_the_page_may_run(tmp_path):
    text = write_review(tmp_path, [("a.png", *draw_sheet(1))]).read_text()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)[1]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert "http" not in policy
    for kind, tag in (("script", "<script>"), ("style", "<style>")):
        content = text.split(tag)[1].split(f"</{kind}>")[0]
        told = re.search(rf"{kind}-src 'sha256-([^']+)'", policy)[1]
        assert told == base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()


def test_names_and_texts_cannot_end_the_script_that_they_stand_in(tmp_path):
    hostile = "</script><img src=x onerror=alert(1)><!--"
    photo, table = draw_sheet(1)
    first = replace(table.rows[0][0], text=hostile)
    page = write_review(tmp_path, [(hostile, photo, replace(table, rows=((first, *table.rows[0][1:]),)))])
    assert hostile not in page.read_text()
    assert page.read_text().count("<img src=x") == 0
    (sheet,) = data_of(page)["sheets"]
    assert sheet["name"] == sheet["cells"][0]["text"] == hostile


def test_answers_belong_to_one_reading(tmp_path):
    photo, table = draw_sheet(2)
    keys = [
        data_of(write_review(tmp_path / str(place), [("a.png", photo, each)]))["key"]
        for place, each in enumerate((table, table, table.check(0, 0, "99")))
    ]
    assert keys[0] == keys[1] != keys[2]


def test_the_formats_of_the_columns_are_told(tmp_path):
    (sheet,) = data_of(write_review(tmp_path, [("a.png", *draw_sheet(1))]))["sheets"]
    assert [column["name"] for column in sheet["columns"]] == [column.name for column in COLUMNS]
    assert sheet["columns"][0]["format"] is None
    assert sheet["columns"][1]["format"]["maximum"] == "45"
