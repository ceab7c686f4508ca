import cv2
import numpy as np
import pytest
from conftest import draw_seven, seven_at

from inkdigits.page.rulings import remove_rulings


def sevens(height: int = 400, width: int = 600) -> np.ndarray:
    """The ink of eight 7s on two rows."""
    ink = np.zeros((height, width), np.uint8)
    for y in (60, 220):
        for x in range(60, 560, 130):
            ink[y : y + 80, x : x + 60] = 255 - draw_seven(80, 60, 6)
    ink[ink < 60] = 0
    return ink


def test_no_ink_stays_no_ink():
    assert not remove_rulings(np.zeros((100, 200), np.uint8)).any()


def test_digits_alone_are_left_alone():
    np.testing.assert_array_equal(remove_rulings(sevens()), sevens())


@pytest.mark.parametrize("lean", [0, 25, -60])
def test_squared_paper_is_wiped_out_and_the_digits_stay(lean):
    digits = sevens()
    ink = digits.copy()
    for y in range(10, 400, 80):
        cv2.line(ink, (0, y), (599, y + lean), 160, 2)
    for x in range(30, 600, 130):
        cv2.line(ink, (x, 0), (x - lean // 4, 399), 160, 2)
    cleaned = remove_rulings(ink)
    assert (cleaned[digits == 0] > 60).mean() < 0.01
    assert (cleaned[digits > 128] > 60).mean() > 0.9


def test_strokes_that_hang_between_ruled_lines_are_no_sides_of_cells():
    strokes = np.zeros((600, 1000), np.uint8)
    for row, y in enumerate(range(100, 500, 100)):
        for x in range(100 + 20 * row, 950, 90):
            cv2.line(strokes, (x, y - 4), (x - 8, y + 104), 255, 9, cv2.LINE_AA)
    ink = strokes.copy()
    for y in range(0, 600, 100):
        cv2.line(ink, (0, y), (999, y), 200, 2)
    cleaned = remove_rulings(ink)
    assert (cleaned[strokes > 128] > 60).mean() > 0.97
    assert (cleaned[(ink > 0) & (strokes == 0)] > 60).mean() < 0.05


def test_the_border_of_a_cell_is_wiped_out():
    cell = np.zeros((136, 240), np.uint8)
    cell[30:110, 90:150] = 255 - draw_seven(80, 60, 6)
    digits = cell > 128
    cv2.rectangle(cell, (6, 5), (233, 130), 255, 4)
    cleaned = remove_rulings(cell)
    assert (cleaned[~digits] > 128).sum() < 100
    assert (cleaned[digits] > 128).mean() > 0.95


@pytest.mark.parametrize("lean", [0, 15])
def test_boxes_far_from_the_rim_are_wiped_out_and_the_digits_stay(lean):
    digits = np.zeros((500, 900), np.uint8)
    boxes = np.zeros_like(digits)
    for x in (300, 420, 540):
        seven_at(digits, 210, x + 25)
        corners = np.array([[x, 190], [x + 120, 190 + lean], [x + 120 - lean, 320 + lean], [x - lean, 320]])
        cv2.polylines(boxes, [corners], True, 255, 3)
    cleaned = remove_rulings(np.maximum(digits, boxes))
    assert (cleaned[(boxes > 0) & (digits == 0)] > 80).mean() < 0.05
    assert (cleaned[digits > 128] > 80).mean() > 0.95


def test_where_rulings_crossed_no_dots_are_left():
    ink = sevens()
    for x, y in zip(range(20, 600, 65), range(12, 400, 43), strict=False):
        cv2.line(ink, (x, 0), (x - 8, 399), 160, 2)
        cv2.line(ink, (0, y), (599, y + 10), 160, 2)
    cleaned = remove_rulings(ink)
    assert (cleaned[sevens() == 0] > 60).mean() < 0.005
    assert (cleaned[sevens() > 128] > 60).mean() > 0.9


def test_a_stroke_that_runs_along_a_ruling_stays():
    digits = np.zeros((300, 600), np.uint8)
    for x in (100, 260, 420):
        cv2.line(digits, (x + 50, 100), (x, 180), 255, 6)
        cv2.line(digits, (x, 180), (x + 60, 180), 255, 6)
    ink = digits.copy()
    for y in (30, 130, 181, 230):
        cv2.line(ink, (0, y), (599, y), 120, 2)
    cleaned = remove_rulings(ink)
    assert (cleaned[digits > 128] > 80).mean() > 0.95
    assert (cleaned[cv2.dilate(digits, np.ones((9, 9), np.uint8)) == 0] > 60).mean() < 0.005


def test_a_0_is_no_box():
    ink = np.zeros((300, 400), np.uint8)
    cv2.ellipse(ink, (200, 150), (60, 90), 0, 0, 360, 255, 8)
    np.testing.assert_array_equal(remove_rulings(ink), ink)


def test_a_tall_1_is_no_ruling():
    ink = np.zeros((200, 300), np.uint8)
    cv2.line(ink, (150, 40), (140, 160), 255, 6)
    np.testing.assert_array_equal(remove_rulings(ink), ink)


def test_the_tops_of_digits_that_stand_in_line_are_no_ruling():
    ink = np.zeros((160, 400), np.uint8)
    cv2.putText(ink, "5755577", (20, 110), cv2.FONT_HERSHEY_SIMPLEX, 2.4, 255, 8)
    np.testing.assert_array_equal(remove_rulings(ink), ink)
