import numpy as np
import pytest

from inkdigits.formats import Format
from inkdigits.page.decoding import BLANK, CLASSES, SYMBOLS
from inkdigits.page.recognizer import Recognizer
from inkdigits.table.answers import MISFIT, decide, find_answer
from inkdigits.table.checks import Bond


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer()


def say(*places: dict[str, float]):
    """What a recognizer says that sees these symbols with these probabilities, and nothing between and around them."""
    steps = np.zeros((2 * len(places) + 1, CLASSES), np.float32)
    steps[::2, BLANK] = 1
    for i, place in enumerate(places):
        for symbol, probability in place.items():
            steps[2 * i + 1, SYMBOLS.index(symbol)] = probability
        steps[2 * i + 1, BLANK] = 1 - sum(place.values())
    return steps


def test_a_blank_and_a_dash_are_no_number(recognizer):
    for said in (say(), say({"-": 0.99})):
        answer = find_answer(said, recognizer, None, False)
        assert (answer.text, answer.value, answer.decoded, answer.is_other) == ("", None, None, False)
        assert answer.confidence > 0.98


def test_a_word_is_something_else(recognizer):
    answer = find_answer(say({"?": 0.9}, {"?": 0.9}, {"?": 0.9, "1": 0.1}), recognizer, None, False)
    assert answer.is_other
    assert answer.text == ""
    assert answer.confidence == pytest.approx(0.9, abs=0.01)


def test_a_faint_digit_makes_an_empty_cell_less_sure(recognizer):
    assert find_answer(say({"7": 0.3}), recognizer, None, False).confidence == pytest.approx(0.7, abs=1e-6)
    assert find_answer(say({"7": 0.3}), recognizer, Format(digits=1), False).text == ""


def test_a_unit_behind_a_number_does_not_belong_to_it(recognizer):
    answer = find_answer(say({"4": 1}, {"2": 1}, {"?": 1}), recognizer, None, False)
    assert (answer.text, answer.value) == ("42", 42)


def test_what_fits_the_format_is_read(recognizer):
    said = say({"2": 1}, {"7": 0.7, "?": 0.3}, {"9": 0.4, "?": 0.6})
    assert find_answer(said, recognizer, Format(digits=3), False).text == "279"


def test_what_does_not_fit_is_told_and_not_sure(recognizer):
    answer = find_answer(say({"2": 1}, {"7": 1}), recognizer, Format(digits=3), False)
    assert (answer.text, answer.confidence, answer.notes) == ("27", 0.0, (MISFIT,))


def test_with_or_without_its_decimal_sign_a_number_is_the_same(recognizer):
    tenths = Format(digits=3, decimals=1, implied=True)
    answer = find_answer(say({"2": 1}, {"7": 1}, {".": 0.5}, {"9": 1}), recognizer, tenths, False)
    assert str(answer.value) == "27.9"
    assert answer.confidence > 0.99
    assert find_answer(say({"2": 1}, {"7": 1}, {"9": 1}), recognizer, tenths, False).value == answer.value


def test_a_check_decides_between_two_readings(recognizer):
    said = {
        (0, 0): say({"2": 1}, {"8": 1}),
        (0, 1): say({"1": 0.6, "7": 0.4}),
        (0, 2): say({"2": 1}, {"1": 1}),
    }
    alone = {place: find_answer(one, recognizer, None, True) for place, one in said.items()}
    assert alone[0, 1].text == "1"
    together = decide(alone, said, [Bond("difference", ((0, 0), (0, 1)), (0, 2), 0.0, "no")])
    assert together[0, 1].text == "7"
    assert together[0, 1].decoded.text == "7"
    assert together[0, 1].confidence > 0.95
    assert together[0, 1].notes == ()


def test_what_cannot_fit_is_told_in_each_cell(recognizer):
    said = {(0, column): say({symbol: 1}) for column, symbol in enumerate("912")}
    alone = {place: find_answer(one, recognizer, None, True) for place, one in said.items()}
    together = decide(alone, said, [Bond("difference", ((0, 0), (0, 1)), (0, 2), 0.0, "no")])
    assert [answer.notes for answer in together.values()] == [("no",)] * 3
    assert [answer.text for answer in together.values()] == ["9", "1", "2"]
