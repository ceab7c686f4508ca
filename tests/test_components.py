import cv2
import numpy as np
import pytest
from conftest import seven_at

from inkdigits.components import find_components, sort_out


def boxes(ink: np.ndarray, confidence: float = 0.0, sure_of: int = 10**6) -> set[tuple[int, ...]]:
    """The boxes of what is left where the net is as sure of all as told, and surely none taller than `sure_of`."""
    components = find_components(ink)
    confidences = np.where(components.stats[:, 3] > sure_of, 0.0, confidence)
    left, _, _ = sort_out(components, confidences)
    return {tuple(box) for box in left.stats[:, :4].tolist()}


def two_sevens() -> np.ndarray:
    ink = np.zeros((400, 600), np.uint8)
    seven_at(ink, 100, 100)
    seven_at(ink, 100, 200)
    return ink


def test_no_ink_has_no_components():
    components = find_components(np.zeros((50, 60), np.uint8))
    assert len(components.numbers) == 0
    left, sure, fragments = sort_out(components, np.zeros(0))
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


@pytest.mark.parametrize("width", [1, 6])
def test_a_bar_thinner_than_the_pen_is_a_ruling(width):
    ink = two_sevens()
    cv2.line(ink, (330, 110), (330, 160), 255, width)
    components = find_components(ink)
    is_bar = components.stats[:, 2] < 10
    left, _, _ = sort_out(components, np.where(is_bar, 0.5, 0.99))
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
