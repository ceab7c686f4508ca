import numpy as np

from inkdigits.table.lines import intersect
from inkdigits.table.unruled import find_unruled
from inkdigits.table.writing import Writing

SIZE = (600, 400)


def write(rows, columns, lean=0.0):
    places = [(60 + 110 * c + lean * (40 + 45 * r), 40 + 45 * r) for r in range(rows) for c in range(columns)]
    return Writing(np.array([[x - 8, y - 12, x + 8, y + 12] for x, y in places], np.float64).reshape(-1, 4), 24.0)


def test_no_writing_is_no_table():
    assert find_unruled(Writing(np.zeros((0, 4)), 0.0), SIZE) == []


def test_a_list_in_two_columns_is_no_table():
    assert find_unruled(write(7, 2), SIZE) == []


def test_rows_and_columns_are_found_though_columns_lean():
    (lattice,) = find_unruled(write(6, 4, lean=0.15), SIZE)
    assert len(lattice.rows) == 7
    assert len(lattice.columns) == 5
    corners = intersect(lattice.rows, lattice.columns)
    middle = corners[2:4, 1:3].reshape(-1, 2).mean(axis=0)
    assert np.abs(middle - (170 + 0.15 * 130, 130)).max() < 15


def test_words_of_prose_do_not_form_columns():
    rng = np.random.default_rng(0)
    boxes = []
    for row in range(8):
        x = 20.0
        while x < 560:
            width = rng.uniform(30, 90)
            boxes += [[x + i, 40 + 45 * row, x + i + 11, 60 + 45 * row] for i in np.arange(0, width, 13)]
            x += width + 22
    assert find_unruled(Writing(np.array(boxes), 20.0), SIZE) == []
