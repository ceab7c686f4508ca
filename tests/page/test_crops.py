import cv2
import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.page.crops import CROP_PX, WIDTHS_PX, cut_row, to_crop


def write(text: str, size: int = 40, margin: int = 20, paper: int = 230) -> np.ndarray:
    """Grey digits on paper with a margin."""
    (width, height), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_SIMPLEX, size / 21, max(1, size // 10))
    gray = np.full((height + 2 * margin, width + 2 * margin), paper, np.uint8)
    at = (margin, margin + height)
    cv2.putText(gray, text, at, cv2.FONT_HERSHEY_SIMPLEX, size / 21, 40, max(1, size // 10), cv2.LINE_AA)
    return gray


@pytest.mark.parametrize("shape", [(4, 4), (4, 900), (900, 4), (60, 200)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_one_colour_gives_a_crop_without_ink(shape, level):
    crop = to_crop(np.full(shape, level, np.uint8))
    assert crop.ink.shape[0] == CROP_PX
    assert crop.ink.shape[1] % 8 == 0
    assert WIDTHS_PX[0] <= crop.ink.shape[1] <= WIDTHS_PX[1]
    assert crop.ink.max() == 0


@pytest.mark.parametrize("size", [20, 40, 120])
@pytest.mark.parametrize("margin", [2, 20, 45])
def test_digits_are_as_tall_in_the_crop_whatever_their_size_and_margin(size, margin):
    rows = np.flatnonzero(to_crop(write("2035", size, margin)).ink.max(axis=1) > 127)
    assert 14 <= rows[-1] - rows[0] + 1 <= CROP_PX


def test_light_on_dark_gives_the_same_crop():
    gray = write("2035")
    assert np.abs(to_crop(gray).ink.astype(int) - to_crop(255 - gray).ink).mean() < 25


def test_a_frame_does_not_make_the_number_smaller():
    gray = write("2035", 30, 40)
    framed = gray.copy()
    cv2.rectangle(framed, (4, 4), (gray.shape[1] - 5, gray.shape[0] - 5), 60, 2)
    assert to_crop(framed).height == pytest.approx(to_crop(gray).height, rel=0.1)


def test_remains_of_the_rows_above_and_below_do_not_count():
    gray = write("2035", 30, 40)
    cut = gray.copy()
    cut[:8, 60:90] = cut[-8:, 30:50] = 40
    assert to_crop(cut).height == pytest.approx(to_crop(gray).height, rel=0.1)


def page_with_row(turn_deg: float, size: int = 40) -> tuple[np.ndarray, list[Box]]:
    """A page with four bars as digits along a row that is turned, and the boxes around them."""
    page = np.full((600, 600), 230, np.uint8)
    along = np.array([np.cos(np.deg2rad(turn_deg)), np.sin(np.deg2rad(turn_deg))])
    boxes = []
    for place in range(4):
        x, y = (np.array([200, 250]) + place * size * along).astype(int).tolist()
        cv2.rectangle(page, (x, y), (x + size // 3, y + size), 40, -1)
        boxes.append(Box(x, y, size // 3, size))
    return page, boxes


@pytest.mark.parametrize("turn_deg", [-14, 0, 14])
def test_a_row_is_turned_level(turn_deg):
    page, boxes = page_with_row(turn_deg)
    crop = cut_row(page, boxes, (40, 40), float(np.tan(np.deg2rad(turn_deg))))
    centres = cv2.connectedComponentsWithStats((crop.ink > 127).astype(np.uint8))[3][1:]
    assert len(centres) == 4
    assert np.ptp(centres[:, 1]) <= 2


def test_a_crop_ends_at_its_neighbours():
    page, boxes = page_with_row(0)
    wide, tight = (cut_row(page, boxes, room) for room in ((80.0, 80.0), (2.0, 2.0)))
    assert tight.left > wide.left
    assert tight.ink.shape[1] < wide.ink.shape[1]


def test_a_vertical_line_between_digits_is_wiped_and_remembered():
    page, boxes = page_with_row(0)
    cv2.line(page, (206 + 23, 0), (206 + 23, 599), 120, 2)
    crop = cut_row(page, boxes, (10, 10))
    assert len(crop.rulings) == 1
    assert crop.rulings[0] == pytest.approx(229, abs=3)
    column = round((crop.rulings[0] - crop.left) * crop.scale)
    assert crop.ink[:, column].max() < 100
    assert cut_row(*page_with_row(0), (10, 10)).rulings == ()


def test_boxes_at_the_rim_of_a_page_are_cut_from_paper():
    page, _ = page_with_row(0)
    crop = cut_row(page, [Box(-5, 590, 20, 40), Box(590, 595, 20, 40)], (50, 50))
    assert crop.ink.shape[0] == CROP_PX
