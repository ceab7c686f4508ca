import numpy as np

from inkdigits.table.lines import Lattice, Line
from inkdigits.table.rows import find_peaks, split_rows
from inkdigits.table.writing import Writing

AT = np.arange(0.0, 401.0, 10)


def line(place, cover=1.0):
    return Line(AT, np.full(len(AT), float(place)), (), cover)


def write(levels, columns=(50, 150, 250, 350)):
    """Digits 20 pixels tall in every column, their middles on these levels."""
    return np.array([[x - 6, y - 10, x + 6, y + 10] for y in levels for x in columns], np.float64).reshape(-1, 4)


def lattice(rows):
    return Lattice(tuple(line(y) for y in rows), tuple(line(x) for x in (0, 100, 200, 300, 400)))


def test_without_writing_rows_stay_as_they_are():
    table = lattice([0, 100, 200])
    assert split_rows(table, Writing(np.zeros((0, 4)), 0.0)) is table


def test_rows_are_parted_in_the_middle_between_the_writing():
    parted = split_rows(lattice([0, 160]), Writing(write([20, 60, 100, 140]), 20.0))
    places = [float(row(200)) for row in parted.rows]
    assert np.allclose(places, [0, 40, 80, 120, 160], atol=3)


def test_a_head_of_two_lines_is_no_two_rows():
    table = lattice([0, 80, 120, 160])
    assert split_rows(table, Writing(write([20, 60, 100, 140]), 20.0)) is table


def test_a_row_in_which_nothing_is_written_is_counted():
    parted = split_rows(lattice([0, 200]), Writing(write([20, 60, 140, 180]), 20.0))
    assert len(parted.rows) == 6


def test_peaks_of_nothing_are_none():
    assert find_peaks(np.zeros(50), 5) == []
