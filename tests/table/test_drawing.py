import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.drawing import READ, REFUSED
from inkdigits.errors import ArrayError
from inkdigits.table.drawing import draw_tables
from inkdigits.table.results import Cell, Table


def build(status: str, text: str = "7") -> Table:
    corners = ((100.0, 80.0), (200.0, 80.0), (200.0, 160.0), (100.0, 160.0))
    return Table(((Cell(0, 0, text, None, 0.9, Box(100, 80, 100, 80), status, corners),),), 400, 300)


def count(picture, color) -> int:
    return int((np.asarray(picture) == color).all(axis=2).sum())


def test_no_tables_leave_the_photo_as_it_is():
    photo = np.full((300, 400, 3), 255, np.uint8)
    assert np.array_equal(np.asarray(draw_tables([], photo)), photo)


def test_a_cell_has_its_outline_and_its_text():
    photo = np.full((300, 400, 3), 255, np.uint8)
    picture = build("sure").draw(photo)
    assert count(picture, READ) > 300
    assert count(picture, REFUSED) == 0
    assert np.asarray(picture)[200:, :].min() == 255, "nothing outside"


def test_what_is_not_sure_is_vermilion_with_a_question_mark_where_nothing_was_read():
    photo = np.full((300, 400, 3), 255, np.uint8)
    assert count(build("unsure").draw(photo), REFUSED) > 300
    assert count(build("unsure", "").draw(photo), REFUSED) > count(build("empty", "").draw(photo), REFUSED) == 0


def test_small_cells_are_enlarged_and_another_photo_is_refused():
    photo = np.full((300, 400, 3), 255, np.uint8)
    corners = ((0.0, 0.0), (40.0, 0.0), (40.0, 28.0), (0.0, 28.0))
    small = Table(((Cell(0, 0, "7", None, 0.9, Box(0, 0, 40, 28), "sure", corners),),), 400, 300)
    assert small.draw(photo).size == (800, 600)
    with pytest.raises(ArrayError, match="400×300 pixels; got one of 300×400"):
        small.draw(photo.transpose(1, 0, 2))
