import cv2
import numpy as np
import pytest
from conftest import seven_at

from inkdigits.page.components import MIN_HEIGHT_PX, find_components, smallest_digit, sort_out


def boxes(ink: np.ndarray, confidence: float = 0.0, sure_of: int = 10**6, marked: float = 0.5) -> set[tuple[int, ...]]:
    """The boxes of what is left where both nets are as sure of all as told, and one of none taller than `sure_of`."""
    components = find_components(ink)
    confidences = np.where(components.stats[:, 3] > sure_of, 0.0, confidence)
    left, _, _ = sort_out(components, confidences, np.full(len(confidences), marked))
    return {tuple(box) for box in left.stats[:, :4].tolist()}


def two_sevens() -> np.ndarray:
    ink = np.zeros((400, 600), np.uint8)
    seven_at(ink, 100, 100)
    seven_at(ink, 100, 200)
    return ink


def test_no_ink_has_no_components():
    components = find_components(np.zeros((50, 60), np.uint8))
    assert len(components.numbers) == 0
    left, sure, fragments = sort_out(components, np.zeros(0), np.zeros(0))
    assert len(left.numbers) == len(sure) == len(fragments) == 0


def test_specks_stains_dashes_and_frames_are_left_out():
    ink = two_sevens()
    alone = boxes(ink)
    assert len(alone) == 2
    ink[30:33, 30:33] = 255
    ink[300:380, 300:380] = 255
    ink[200:204, 400:450] = 255
    cv2.rectangle(ink, (300, 20), (580, 280), 255, 2)
    assert boxes(ink) == alone


def test_a_desk_beside_the_paper_does_not_hide_what_is_surely_a_digit():
    ink = two_sevens()
    alone = boxes(ink)
    cv2.fillPoly(ink, [np.array([[0, 0], [90, 0], [0, 399]])], 255)
    assert boxes(ink, confidence=0.99, sure_of=200) == alone


def test_a_small_digit_is_left_where_it_is_sure():
    ink = two_sevens()
    seven_at(ink, 300, 400, 22, 18)
    assert len(boxes(ink)) == 2
    assert len(boxes(ink, confidence=0.99)) == 3


def test_what_the_detector_is_sure_of_is_left_unless_it_is_tiny_or_cut_by_the_rim():
    ink = two_sevens()
    alone = boxes(ink)
    seven_at(ink, 300, 400, 22, 18)
    seven_at(ink, 330, 500, 8, 6)
    ink[380:, 20:40] = 255
    assert boxes(ink) == alone
    (left,) = boxes(ink, marked=0.95) - alone
    assert 400 <= left[0] < left[0] + left[2] <= 418
    assert 300 <= left[1] < left[1] + left[3] <= 322


def test_corners_of_a_frame_that_look_like_digits_do_not_set_the_size():
    ink = np.zeros((400, 600), np.uint8)
    for x in (100, 300):
        cv2.polylines(ink, [np.array([[x, 5], [x + 60, 5], [x + 20, 150]])], False, 255, 12)
    ink[350:375, 500:509] = 255
    components = find_components(ink)
    is_corner = components.stats[:, 3] < 50
    sure = np.full(3, 0.95)
    (left, _, _), (with_detector, _, _) = (
        sort_out(components, sure, marked) for marked in (np.ones(3), np.where(is_corner, 0.0, 0.8))
    )
    assert left.stats[:, 3].max() < 50
    assert with_detector.stats[:, 3].max() > 100


def test_the_smallest_digit_is_the_smallest_that_is_sure():
    ink = two_sevens()
    seven_at(ink, 300, 400, 22, 18)
    components = find_components(ink)
    heights = components.stats[:, 3]
    assert smallest_digit(components, np.full(3, 0.95)) == heights.min()
    assert smallest_digit(components, np.where(heights == heights.min(), 0.5, 0.95)) == heights.max()
    assert smallest_digit(components, np.zeros(3)) == MIN_HEIGHT_PX


def test_a_mean_is_taken_over_the_ink_of_each_component_alone():
    ink = two_sevens()
    components = find_components(ink)
    plane = np.where(np.arange(ink.shape[1]) < 150, 51, 255).astype(np.uint8) * np.ones_like(ink)
    plane[ink == 0] = 7
    left, right = components.mean_over(plane)[np.argsort(components.stats[:, 0])]
    assert left == pytest.approx(0.2)
    assert right == pytest.approx(1.0)
    assert find_components(np.zeros_like(ink)).mean_over(plane).shape == (0,)


@pytest.mark.parametrize("width", [1, 6])
def test_a_bar_thinner_than_the_pen_is_a_ruling(width):
    ink = two_sevens()
    cv2.line(ink, (330, 110), (330, 160), 255, width)
    components = find_components(ink)
    is_bar = components.stats[:, 2] < 10
    left, _, _ = sort_out(components, np.where(is_bar, 0.5, 0.99), np.full(len(is_bar), 0.5))
    assert len(left.numbers) == (3 if width == 6 else 2)


def test_the_strokes_of_a_broken_digit_are_one():
    ink = np.zeros((300, 500), np.uint8)
    for x in (50, 150, 250, 350):
        seven_at(ink, 100, x)
    ink[128:134, 350:410] = 0
    assert len(boxes(ink)) == 4


def test_an_underline_is_no_stroke_of_the_digit_above():
    ink = two_sevens()
    alone = boxes(ink)
    ink[174:178, 205:260] = 255
    assert alone <= boxes(ink)
