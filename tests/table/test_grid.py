import cv2
import numpy as np
import pytest
from drawings import draw_table, middle_of

from inkdigits.errors import ArrayError
from inkdigits.table.grid import find_grids


def shape_of(grid):
    return grid.rows, grid.columns


def off(grid, matrix=None):
    """How far the middle of a cell is from where it should be, at most; the drawing was moved by a matrix (2, 3)."""
    matrix = np.eye(2, 3) if matrix is None else matrix
    there = [matrix @ [*middle_of(cell.row, cell.column), 1] for cell in grid.cells]
    return max(
        np.abs(np.mean(cell.corners, axis=0) - place).max() for cell, place in zip(grid.cells, there, strict=True)
    )


@pytest.mark.parametrize("shape", [(1, 1), (5, 400), (300, 400)])
def test_blank_paper_has_no_table(shape):
    assert find_grids(np.full(shape, 255, np.uint8)) == []


def test_another_shape_is_refused():
    with pytest.raises(ArrayError):
        find_grids(np.zeros((10, 10, 3), np.uint8))


def test_a_ruled_table_is_found_with_every_cell_in_its_place_in_reading_order():
    (grid,) = find_grids(draw_table(5, 4))
    assert [(cell.row, cell.column) for cell in grid.cells] == [(r, c) for r in range(5) for c in range(4)]
    assert off(grid) < 3


def test_a_table_light_on_dark_is_found():
    (grid,) = find_grids(255 - draw_table(4, 3))
    assert shape_of(grid) == (4, 3)


@pytest.mark.parametrize("turn_deg", [-14, -5, 6, 15])
def test_a_turned_table_is_found(turn_deg):
    gray = cv2.copyMakeBorder(draw_table(6, 4), 60, 60, 60, 60, cv2.BORDER_CONSTANT, value=255)
    matrix = cv2.getRotationMatrix2D((gray.shape[1] / 2, gray.shape[0] / 2), turn_deg, 1)
    (grid,) = find_grids(cv2.warpAffine(gray, matrix, gray.shape[::-1], borderValue=255))
    assert shape_of(grid) == (6, 4)
    assert off(grid, np.column_stack([matrix[:, :2], matrix @ [60, 60, 1]])) < 4


def test_rows_between_column_lines_alone_are_found_from_the_writing():
    (grid,) = find_grids(draw_table(7, 4, level=False))
    assert shape_of(grid) == (7, 4)
    assert off(grid) < 20


def test_a_table_without_lines_is_found_from_the_writing():
    (grid,) = find_grids(draw_table(5, 4, level=False, upright=False))
    assert shape_of(grid) == (5, 4)


def test_two_tables_on_a_page_are_two_from_top_to_bottom():
    page = np.full((900, 700), 255, np.uint8)
    for top, rows, columns in ((40, 6, 3), (500, 4, 5)):
        table = draw_table(rows, columns)
        page[top : top + table.shape[0], 50 : 50 + table.shape[1]] = table
    assert [shape_of(grid) for grid in find_grids(page)] == [(6, 3), (4, 5)]


def test_where_a_line_is_left_out_two_cells_are_one():
    (grid,) = find_grids(draw_table(6, 4, without=(2, 0)))
    assert shape_of(grid) == (6, 4)
    merged = [cell for cell in grid.cells if cell.column_span > 1 or cell.row_span > 1]
    assert [cell[:4] for cell in merged] == [(0, 1, 1, 2)]
    assert sum(cell.row_span * cell.column_span for cell in grid.cells) == 24


def test_ruled_and_squared_paper_is_no_table():
    ruled = np.full((700, 600), 255, np.uint8)
    ruled[40::40] = 170
    squared = ruled.copy()
    squared[:, 40::40] = 170
    for paper in (ruled, squared):
        assert find_grids(paper) == []


def test_one_large_frame_is_no_table():
    gray = np.full((500, 700), 255, np.uint8)
    cv2.rectangle(gray, (40, 40), (660, 460), 0, 3)
    assert find_grids(gray) == []


def test_noise_is_no_table():
    noise = np.random.default_rng(0).integers(0, 256, (700, 900)).astype(np.uint8)
    assert find_grids(noise) == []
