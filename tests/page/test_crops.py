import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.page.crops import WIDTHS_PX, to_crop


def page_with_bar(box: Box, shape: tuple[int, int] = (400, 1200)) -> np.ndarray:
    """A page with a full block of ink in a box."""
    ink = np.zeros(shape, np.uint8)
    ink[box.y : box.y + box.height, box.x : box.x + box.width] = 255
    return ink


@pytest.mark.parametrize("height", [6, 20, 33, 100, 300])
def test_the_box_stands_at_the_same_place_in_every_crop_however_large_it_was(height):
    box = Box(2 * height, 20, 3 * height // 2, height)
    crop, _, scale = to_crop(page_with_bar(box), [box])
    assert crop.shape[0] == 32
    assert crop.dtype == np.uint8
    rows, columns = np.flatnonzero(crop.max(axis=1) > 127), np.flatnonzero(crop.max(axis=0) > 127)
    # 32 px for 1.36 heights: 0.18 above, then 1 of ink; 0.35 on the left.
    assert rows[0] == pytest.approx(4.2, abs=1)
    assert rows[-1] == pytest.approx(26.8, abs=1)
    assert columns[0] == pytest.approx(0.35 * height * scale, abs=1)
    assert columns[-1] == pytest.approx((0.35 * height + box.width) * scale - 1, abs=1)
    assert scale == pytest.approx(32 / 1.36 / height, rel=0.1)
    assert crop[10:20, 20:30].min() == 255


@pytest.mark.parametrize("stretch", [0.8, 1.0, 1.3])
def test_a_crop_knows_where_on_the_page_it_lies(stretch):
    box = Box(100, 50, 200, 60)
    crop = to_crop(page_with_bar(Box(220, 50, 10, 60)), [box], stretch)
    columns = np.flatnonzero(crop.ink.max(axis=0) > 127)
    assert crop.left + (columns.mean() + 0.5) / crop.scale == pytest.approx(225, abs=2)


def test_beyond_the_page_there_is_paper():
    ink = np.full((40, 60), 255, np.uint8)
    crop = to_crop(ink, [Box(0, 0, 60, 40)]).ink
    assert crop[:3].max() == crop[:, :6].max() == crop[:, -6:].max() == 0
    assert crop[8:24, 16:36].min() == 255


@pytest.mark.parametrize("box", [Box(0, 0, 1, 1), Box(5, 5, 1, 300), Box(0, 0, 800, 2), Box(1199, 399, 1, 1)])
def test_any_box_gives_a_crop_of_bounded_width(box):
    crop = to_crop(page_with_bar(box), [box]).ink
    assert WIDTHS_PX[0] <= crop.shape[1] <= WIDTHS_PX[1]
    assert crop.shape[1] % 8 == 0


@pytest.mark.parametrize("slope", [-0.25, 0.0, 0.25])
def test_a_slanted_row_becomes_level(slope):
    boxes = [Box(200 + 40 * place, round(150 + 40 * slope * place), 24, 30) for place in range(8)]
    ink = np.zeros((400, 1200), np.uint8)
    for box in boxes:
        ink[box.y : box.y + box.height, box.x : box.x + box.width] = 255
    crop, left, scale = to_crop(ink, boxes)
    for box in boxes:
        column = crop[:, round((box.x + box.width / 2 - left) * scale)]
        rows = np.flatnonzero(column > 127)
        assert rows.mean() == pytest.approx(15.5, abs=1.5)
        assert len(rows) > 17


def test_two_digits_that_only_stand_a_little_apart_in_height_are_hardly_turned():
    ink = page_with_bar(Box(0, 200, 1200, 4))
    crop, _, _ = to_crop(ink, [Box(100, 170, 30, 60), Box(150, 176, 30, 60)])
    rows = np.array([np.flatnonzero(column > 127).mean() for column in crop.T])
    assert np.ptp(rows) < 2


def test_a_hairline_stays_black_however_much_the_page_is_shrunk():
    ink = page_with_bar(Box(300, 100, 1, 200))
    crop = to_crop(ink, [Box(200, 100, 200, 200)]).ink
    assert crop[16].max() > 120
