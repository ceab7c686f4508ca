import numpy as np

from inkdigits.table.cells import cut_cell
from inkdigits.table.grid import GridCell


def a_cell(corners):
    return GridCell(0, 0, 1, 1, tuple(corners))


def test_a_cell_without_extent_is_still_a_picture():
    gray = np.full((40, 40), 200, np.uint8)
    cut = cut_cell(gray, a_cell([(5, 5), (5, 5), (5, 5), (5, 5)]))
    assert min(cut.shape) >= 8


def test_an_upright_cell_is_cut_with_a_margin():
    gray = np.full((100, 200), 255, np.uint8)
    gray[40:60, 80:120] = 0
    cut = cut_cell(gray, a_cell([(80, 40), (120, 40), (120, 60), (80, 60)]))
    assert 20 < cut.shape[0] < 30
    assert 40 < cut.shape[1] < 50
    inside = cut[4:-4, 4:-4]
    assert inside.mean() < 10
    assert cut[0].mean() > 245


def test_a_turned_cell_is_made_upright():
    turned = np.full((200, 200), 255, np.uint8)
    # A line along the diagonal from (60, 60) to (140, 140): the cell around it shows it level.
    for i in range(60, 141):
        turned[i - 1 : i + 2, i] = 0
    corners = [(70, 50), (150, 130), (130, 150), (50, 70)]
    cut = cut_cell(turned, a_cell(corners))
    dark = np.argmin(cut[:, 10:-10], axis=0)
    assert np.ptp(dark) <= 2
    assert abs(dark.mean() - cut.shape[0] / 2) < 2
