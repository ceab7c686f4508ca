import numpy as np
import pytest

from inkdigits.page.crops import Crop
from inkdigits.page.decoding import CLASSES, SYMBOLS, decode
from inkdigits.page.placing import to_number
from inkdigits.results import Digit, Mark

CROP = Crop(np.zeros((32, 160), np.uint8), 100.0, 50.0, 0.5, 64.0)


def says(text: str, probability: float = 0.98) -> np.ndarray:
    found = np.full((80, CLASSES), 1e-6)
    found[:, -1] = 1
    for place, symbol in enumerate(text):
        found[10 * place + 5, [SYMBOLS.index(symbol), CLASSES - 1]] = probability, 1 - probability
    return found / found.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("text", ["", "-", "?", "??", ".,"])
def test_without_a_digit_there_is_no_number(text):
    assert to_number(decode(says(text)), 0.5, CROP, 1.0) is None


def test_digits_and_marks_stand_left_to_right_inside_the_crop():
    number = to_number(decode(says("12,5")), 0.5, CROP, 1.0)
    assert number.text == "12,5"
    assert [type(symbol) for symbol in number.symbols] == [Digit, Digit, Mark, Digit]
    lefts = [symbol.box.x for symbol in number.symbols]
    assert lefts == sorted(lefts)
    for box in (symbol.box for symbol in number.symbols):
        assert 50 <= box.y < box.y + box.height <= 50 + 64
        assert box.width > 0
        assert box.height > 0


def test_boxes_are_in_the_pixels_of_the_photo():
    small, large = (to_number(decode(says("12")), 0.5, CROP, scale) for scale in (1.0, 0.5))
    assert large.box.x == pytest.approx(2 * small.box.x, abs=2)
    assert large.box.height == pytest.approx(2 * small.box.height, abs=2)


def test_what_is_less_likely_than_the_least_is_a_question_mark():
    number = to_number(decode(says("12", 0.8)), 0.9, CROP, 1.0)
    assert number.text == "??"
    assert [digit.guess for digit in number.digits] == [1, 2]


def test_a_unit_is_parted_from_the_number_and_lowers_nothing_silently():
    decoded = decode(says("?12?"))
    number = to_number(decoded, 0.5, CROP, 1.0)
    assert number.text == "12"
    assert number.confidence == decoded.confidence


def test_what_is_unknown_inside_stays_a_question_mark():
    assert to_number(decode(says("1?2")), 0.5, CROP, 1.0).text == "1?2"


def test_on_a_row_that_falls_boxes_fall():
    number = to_number(decode(says("1111")), 0.5, CROP._replace(slope=0.2), 1.0)
    tops = [digit.box.y for digit in number.digits]
    assert tops == sorted(tops)
    assert tops[-1] > tops[0]
