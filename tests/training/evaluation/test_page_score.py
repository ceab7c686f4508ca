import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.results import Digit, Line, Number, Reading
from inkdigits.training.evaluation.page_score import PageScore, edit_distance, overlap, score_page
from inkdigits.training.synthetic.pages import Page


def digit(value: int | None, x: int) -> Digit:
    return Digit(value, 0.9, Box(x, 0, 20, 40), (0.1,) * 10, value)


def read(*digits: Digit) -> Reading:
    return Reading((Line((Number(digits),)),) if digits else (), 300, 60)


def page(text: str) -> Page:
    boxes = tuple(Box(25 * place, 0, 20, 40) for place in range(len(text)))
    photo, marks = np.zeros((60, 300, 3), np.uint8), np.zeros((60, 300), np.uint16)
    return Page(photo, ((text,),) if text else (), boxes, marks, "number")


def test_an_empty_reading_of_an_empty_page_is_exact():
    assert score_page(page(""), read()) == PageScore(0, 0, 0, True)


def test_what_is_read_right_is_exact():
    assert score_page(page("17"), read(digit(1, 0), digit(7, 25))) == PageScore(2, 0, 0, True)


def test_a_digit_where_none_stands_is_invented_and_wrong():
    assert score_page(page("17"), read(digit(1, 0), digit(7, 25), digit(1, 200))) == PageScore(2, 1, 1, False)


def test_a_second_digit_in_one_place_is_invented():
    assert score_page(page("1"), read(digit(1, 0), digit(1, 2))).invented == 1


def test_a_misread_digit_is_wrong_but_not_invented():
    assert score_page(page("17"), read(digit(1, 0), digit(4, 25))) == PageScore(2, 1, 0, False)


def test_a_refused_digit_is_missing():
    assert score_page(page("17"), read(digit(1, 0), digit(None, 25))) == PageScore(2, 1, 0, False)


@pytest.mark.parametrize(("a", "b", "distance"), [("", "", 0), ("12", "", 2), ("1234", "124", 1), ("12", "21", 2)])
def test_the_edit_distance_counts_insertions_deletions_and_replacements(a, b, distance):
    assert edit_distance(a, b) == edit_distance(b, a) == distance


def test_the_overlap_is_the_share_of_what_both_boxes_cover():
    assert overlap(Box(0, 0, 10, 10), Box(0, 0, 10, 10)) == 1
    assert overlap(Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert overlap(Box(0, 0, 10, 10), Box(20, 0, 10, 10)) == 0
