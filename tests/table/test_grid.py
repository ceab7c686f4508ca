import cv2
import numpy as np
import pytest

from inkdigits.errors import ArrayError
from inkdigits.table.grid import find_grids


def draw_table(rows, columns, width=60, height=40, margin=30, thickness=2):
    """A ruled table on white paper: (H, W) uint8."""
    gray = np.full((rows * height + 2 * margin, columns * width + 2 * margin), 255, np.uint8)
    for row in range(rows + 1):
        y = margin + row * height
        cv2.line(gray, (margin, y), (margin + columns * width, y), 60, thickness)
    for column in range(columns + 1):
        x = margin + column * width
        cv2.line(gray, (x, margin), (x, margin + rows * height), 60, thickness)
    return gray


def centre(cell):
    return np.mean(cell.corners, axis=0)


def test_blank_paper_has_no_table():
    assert find_grids(np.full((300, 400), 255, np.uint8)) == []


def test_another_shape_is_refused():
    with pytest.raises(ArrayError):
        find_grids(np.zeros((10, 10, 3), np.uint8))


def test_a_ruled_table_is_found_with_every_cell_in_its_place():
    (grid,) = find_grids(draw_table(5, 4))
    assert (grid.rows, grid.columns) == (5, 4)
    for cell in grid.cells:
        assert np.abs(centre(cell) - (60 + 60 * cell.column, 50 + 40 * cell.row)).max() < 3


def test_a_table_light_on_dark_is_found():
    (grid,) = find_grids(255 - draw_table(4, 3))
    assert (grid.rows, grid.columns) == (4, 3)


@pytest.mark.parametrize("turn_deg", [-14, -5, 6, 15])
def test_a_turned_table_is_found(turn_deg):
    gray = cv2.copyMakeBorder(draw_table(5, 4), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)
    middle = gray.shape[1] / 2, gray.shape[0] / 2
    matrix = cv2.getRotationMatrix2D(middle, turn_deg, 1)
    turned = cv2.warpAffine(gray, matrix, gray.shape[::-1], borderValue=255)
    (grid,) = find_grids(turned)
    assert (grid.rows, grid.columns) == (5, 4)
    for cell in grid.cells:
        there = matrix @ [120 + 60 * cell.column, 110 + 40 * cell.row, 1]
        assert np.abs(centre(cell) - there).max() < 4
