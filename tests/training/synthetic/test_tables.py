import numpy as np
import pytest

from inkdigits.training import load_mnist
from inkdigits.training.synthetic.tables import STYLES, compose_table, compose_tables


@pytest.fixture(scope="module")
def tables():
    return list(compose_tables(load_mnist().validation, 8, seed=3))


def test_no_tables_asked_for_are_none():
    assert list(compose_tables(load_mnist().validation, 0, seed=3)) == []


def test_each_style_takes_its_turn(tables):
    assert [table.style for table in tables] == [*STYLES, *STYLES]


def test_the_corners_of_every_cell_are_on_the_photo_in_their_order(tables):
    for table in tables:
        assert table.corners.shape == (table.rows + 1, table.columns + 1, 2)
        assert (np.diff(table.corners[..., 0], axis=1) > 0).all()
        assert (np.diff(table.corners[..., 1], axis=0) > 0).all()
        height, width = table.photo.shape[:2]
        assert (table.corners > -1).all()
        assert (table.corners < (width + 1, height + 1)).all()


def test_a_cell_with_a_text_has_ink_in_it(tables):
    for table in tables:
        for row, texts in enumerate(table.texts):
            for column, text in enumerate(texts):
                if text:
                    low, high = table.corners[row, column].astype(int), table.corners[row + 1, column + 1].astype(int)
                    cell = table.photo[max(0, low[1]) : high[1], max(0, low[0]) : high[0]]
                    assert np.ptp(cell.max(axis=2)) > 8


def test_the_same_seed_composes_the_same_table():
    digits = load_mnist().validation
    first, again = (compose_table(digits, "drawn", np.random.default_rng(4)) for _ in range(2))
    assert np.array_equal(first.photo, again.photo)
    assert first.texts == again.texts
