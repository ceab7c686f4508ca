import copy
import json
import pickle
from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from inkdigits.arrays import Box, enclosing_box
from inkdigits.results import UNSURE, Digit, Line, Mark, Number, Reading, to_percent


def digit(value: int | None, x: int = 0, confidence: float = 0.5, y: int = 0) -> Digit:
    return Digit(value, confidence, Box(x, y, 10, 20), (0.1,) * 10, 3, "" if value is not None else UNSURE)


def mark(text: str, x: int = 0, confidence: float = 0.5) -> Mark:
    return Mark(text, confidence, Box(x, 16, 3, 6))


def number(text: str, confidence: float | None = None) -> Number:
    """A number as it is written, one symbol after the other."""
    symbols = [digit(int(one), 12 * i) if one.isdigit() else mark(one, 12 * i) for i, one in enumerate(text)]
    return Number(symbols, confidence)


READING = Reading(
    lines=(
        Line((Number((digit(2), digit(0, 12), digit(2, 24), digit(4, 36))),)),
        Line((Number((digit(1, 0, y=40), digit(7, 12, y=40))), Number((digit(3, 60, y=40),)))),
    ),
    width=100,
    height=80,
)


def test_an_empty_reading_has_no_text_and_no_lines():
    assert Reading((), 10, 10).text == ""
    assert Reading((), 10, 10).to_dict() == {"text": "", "width": 10, "height": 10, "lines": []}
    assert "no digits" in Reading((), 10, 10)._repr_html_()


def test_lines_are_parted_by_line_feeds_and_numbers_by_one_space():
    assert READING.text == "2024\n17 3"


def test_a_refused_digit_is_a_question_mark_in_its_number():
    assert Number((digit(1), digit(None, 12), digit(7, 24))).text == "1?7"


def test_a_number_is_as_sure_as_all_its_digits_together():
    assert Number((digit(1, confidence=0.9), digit(2, confidence=0.5))).confidence == pytest.approx(0.45)


def test_a_number_that_was_read_as_a_whole_has_a_confidence_of_its_own():
    assert number("12,5", 0.98).confidence == 0.98
    assert number("12,5", 0.0).confidence == 0
    assert number("12,5").confidence == pytest.approx(0.5**4)


def test_a_number_is_made_of_digits_and_marks():
    temperature = number("-12,5")
    assert temperature.text == "-12,5"
    assert [type(symbol) for symbol in temperature.symbols] == [Mark, Digit, Digit, Mark, Digit]
    assert [one.value for one in temperature.digits] == [1, 2, 5]
    assert temperature.box == (0, 0, 58, 22)


def test_a_mark_that_is_not_sure_is_a_question_mark_and_no_value():
    assert number("12?5").text == "12?5"
    assert number("12?5").to_decimal() is None
    assert Number((digit(1), digit(None, 12))).to_decimal() is None


def test_a_number_is_worth_what_is_written():
    assert number("-12,5").to_decimal() == Decimal("-12.5")
    assert number("10.200").to_decimal() is None
    assert number("10.200").to_decimal(decimal=",") == 10200
    assert number("24/12/2026").to_decimal() is None


def test_a_number_without_symbols_has_no_text_and_no_value():
    assert Number(()).text == ""
    assert Number(()).to_decimal() is None


def test_numbers_can_be_copied_sent_compared_and_replaced():
    one = number("12,5", 0.9)
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(one) == one
    assert replace(one, confidence=0.5).symbols == one.symbols
    assert len({one, number("12,5", 0.9), number("12,5", 0.8)}) == 2
    with pytest.raises(FrozenInstanceError):
        one.confidence = 1


def test_json_has_marks_among_the_symbols_and_digits_alone_too():
    shown = number("2,5", 0.9).to_dict()
    assert json.loads(json.dumps(shown)) == shown
    assert (shown["text"], shown["confidence"]) == ("2,5", 0.9)
    assert shown["symbols"][1] == {"text": ",", "confidence": 0.5, "box": [12, 16, 3, 6]}
    assert shown["digits"] == [shown["symbols"][0], shown["symbols"][2]]


def test_the_least_sure_digits_of_a_number_in_doubt_are_refused():
    number = Number(tuple(digit(i, 12 * i, confidence) for i, confidence in enumerate((0.9, 0.5, 0.99, 0.8))))
    texts = {p: number.refuse(p).text for p in (0.0, 0.3, 0.5, 0.75, 0.95, 1.0)}
    assert texts == {0.0: "0123", 0.3: "0123", 0.5: "0?23", 0.75: "0?2?", 0.95: "??2?", 1.0: "????"}
    refused = number.refuse(0.5).digits[1]
    assert (refused.value, refused.guess, refused.confidence, refused.reason) == (None, 3, 0.5, UNSURE)


def test_a_reading_refuses_in_all_its_numbers_and_stays_as_it_was_for_0():
    assert READING.refuse(0.0) == READING
    assert READING.refuse(0.5).text == "???4\n?7 3"
    assert READING.text == "2024\n17 3"


def test_nothing_is_a_hundred_percent_sure():
    assert [to_percent(p) for p in (1.0, 0.9999, 0.471, 0.0006, 0.0)] == [
        "99.9%",
        "99.9%",
        "47.1%",
        "0.1%",
        "under 0.1%",
    ]


def test_a_box_encloses_what_stands_in_it():
    assert enclosing_box([Box(5, 5, 10, 10), Box(0, 8, 4, 20)]) == (0, 5, 15, 23)
    assert READING.lines[1].box == (0, 40, 70, 20)


def test_a_reading_survives_json():
    assert json.loads(json.dumps(READING.to_dict())) == READING.to_dict()
    assert READING.to_dict()["lines"][1]["numbers"][0]["digits"][1]["box"] == [12, 40, 10, 20]


def test_digits_are_listed_in_reading_order():
    assert "".join(str(d.value) for d in READING.digits) == "2024173"
    marked = Reading((Line((number("2,5"), number("-7"))),), 100, 50)
    assert "".join(symbol.text for symbol in marked.symbols) == "2,5-7"
    assert [one.value for one in marked.digits] == [2, 5, 7]
    assert marked.text == "2,5 -7"


def test_results_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        digit(1).value = 2


def test_a_notebook_shows_every_digit_with_its_value():
    html = READING._repr_html_()
    assert html.count("<rect") == 7
    assert "2024\n17 3" in html
    marked = Reading((Line((number("2,5?"),)),), 100, 50)._repr_html_()
    assert marked.count("<rect") == 4
    assert ">,</text>" in marked
    assert marked.count("#c62828") == 2
