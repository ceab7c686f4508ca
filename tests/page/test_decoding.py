from collections import defaultdict
from itertools import groupby, product

import numpy as np
import pytest

from inkdigits.formats import Format
from inkdigits.page import decoding
from inkdigits.page.decoding import BLANK, CLASSES, OTHER, SYMBOLS, decode, mix_digit


def along(*likeliest: int, probability: float = 0.9) -> np.ndarray:
    """Probabilities at steps at which these classes are likeliest."""
    probabilities = np.full((len(likeliest), CLASSES), (1 - probability) / (CLASSES - 1), np.float32)
    probabilities[np.arange(len(likeliest)), likeliest] = probability
    return probabilities


def says(text: str, probability: float = 0.97, apart: int = 3) -> np.ndarray:
    """Probabilities along a crop on which a text stands, each symbol at one step, blanks around them."""
    steps = [BLANK] * apart
    for symbol in text:
        steps += [SYMBOLS.index(symbol), *[BLANK] * apart]
    return along(*steps, probability=probability)


def some(rng: np.random.Generator, steps: int, symbols: str, sharpness: float = 0.6) -> np.ndarray:
    """Random probabilities of a few symbols and the blank; all others have none."""
    classes = [*map(SYMBOLS.index, symbols), BLANK]
    probabilities = np.zeros((steps, CLASSES))
    probabilities[:, classes] = rng.dirichlet(np.full(len(classes), sharpness), steps)
    return probabilities


def by_hand(probabilities: np.ndarray) -> dict[str, float]:
    """The probability of every text, a point for either decimal sign, over every way to give each step a class."""
    there = np.flatnonzero(probabilities.any(axis=0)).tolist()
    sums: dict[str, float] = defaultdict(float)
    for path in product(there, repeat=len(probabilities)):
        written = [SYMBOLS.index(".") if one == SYMBOLS.index(",") else one for one in path]
        text = "".join(SYMBOLS[one] for one, _ in groupby(written) if one != BLANK)
        sums[text] += float(np.prod(probabilities[np.arange(len(probabilities)), path]))
    return sums


def look_for_everything(monkeypatch):
    """Leave nothing out for being unlikely."""
    monkeypatch.setattr(decoding, "LEAST_PROBABILITY", 0.0)
    monkeypatch.setattr(decoding, "NEGLIGIBLE", 0.0)


def test_a_crop_without_width_holds_no_text():
    assert decode(np.zeros((0, CLASSES))) == ("", 1, 1, [], [("", 0)])
    assert decode(np.zeros((0, CLASSES)), Format()) == ("", 0, 0, [], [])


def test_an_empty_crop_has_no_symbols():
    empty = decode(along(BLANK, BLANK, BLANK, probability=0.999))
    assert (empty.text, empty.symbols, empty.mass) == ("", [], 1)
    assert empty.confidence == pytest.approx(0.999**3)


@pytest.mark.parametrize("text", ["7", "2024", "-12,5", "24/12/2026", "100%", "11:11", "1?3", "+0.5"])
def test_a_clear_text_is_read_as_it_stands(text):
    decoded = decode(says(text))
    assert decoded.text == text
    assert "".join(symbol.text for symbol in decoded.symbols) == text
    assert [symbol.step for symbol in decoded.symbols] == [3 + 4 * i for i in range(len(text))]


@pytest.mark.parametrize("seed", range(12))
def test_the_texts_are_the_likeliest_of_all_and_their_confidence_is_their_chance(seed):
    probabilities = some(np.random.default_rng(seed), 6, "12,?")
    right = sorted(by_hand(probabilities).items(), key=lambda item: -item[1])
    decoded = decode(probabilities, count=5, width=60)
    assert [text.text.replace(",", ".") for text in decoded.texts] == [text for text, _ in right[:5]]
    assert [np.exp(text.log_likelihood) for text in decoded.texts] == pytest.approx([p for _, p in right[:5]], abs=1e-6)
    assert decoded.text == right[0][0].replace(".", ",")
    assert decoded.confidence == pytest.approx(right[0][1], abs=1e-6)
    assert decoded.mass == pytest.approx(1)
    # Asked for the best alone it may take a shorter way, to the same.
    assert decode(probabilities).text == decoded.text
    assert decode(probabilities).confidence == pytest.approx(decoded.confidence)


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize(
    "form", [Format(digits=2), Format(digits=(1, 3), decimals=(0, 1)), Format(minimum=12, maximum=120, digits=(2, 3))]
)
def test_within_a_format_the_share_among_what_fits_is_the_confidence(monkeypatch, seed, form):
    look_for_everything(monkeypatch)
    probabilities = some(np.random.default_rng(seed), 6, "12.-")
    fitting = {text: p for text, p in by_hand(probabilities).items() if form.matches(text)}
    best = max(fitting, key=fitting.get)
    mass = sum(fitting.values())
    decoded = decode(probabilities, form, width=300)
    assert decoded.text == best
    assert decoded.confidence == pytest.approx(fitting[best] / mass, abs=1e-9)
    assert decoded.mass == pytest.approx(mass, abs=1e-9)


@pytest.mark.slow
def test_what_falls_off_the_beam_is_taken_to_fit_as_often_as_the_rest():
    form, errors = Format(digits=(1, 3), decimals=(0, 1)), []
    for seed in range(60):
        probabilities = some(np.random.default_rng(100 + seed), 6, "123.", 0.2)
        likelihoods = by_hand(probabilities)
        mass = sum(p for text, p in likelihoods.items() if form.matches(text))
        decoded = decode(probabilities, form)
        assert decoded.mass <= mass + 1e-9
        errors.append(decoded.confidence - likelihoods[decoded.text.replace(",", ".")] / mass)
    assert abs(np.mean(errors)) < 0.01
    assert np.abs(errors).max() < 0.1


@pytest.mark.parametrize("seed", range(12))
def test_each_symbol_has_the_chances_of_all_that_could_stand_in_its_place(monkeypatch, seed):
    look_for_everything(monkeypatch)
    probabilities = some(np.random.default_rng(200 + seed), 6, "12.?", 0.3)
    likelihoods, decoded = by_hand(probabilities), decode(probabilities)
    text = decoded.text
    for place, symbol in enumerate(decoded.symbols):
        others = [text[:place] + other + text[place + 1 :] for other in [*SYMBOLS, ""]]
        right = np.array([likelihoods.get(other, 0.0) for other in others])
        assert symbol.probabilities == pytest.approx(right / right.sum(), abs=1e-6), (text, place)


def test_a_format_is_known_to_the_alternatives_too():
    probabilities = says("2024", probability=0.6)
    probabilities[3, [2, 7]] = 0.5, 0.45
    free, year = decode(probabilities), decode(probabilities, Format(digits=4, minimum=1900, maximum=2025))
    assert free.symbols[0].probabilities[7] > 0.3
    assert year.symbols[0].probabilities[7] == 0
    assert year.symbols[0].probabilities[BLANK] == 0
    assert year.symbols[0].probabilities.sum() == pytest.approx(1)


def test_the_likeliest_year_is_read_where_another_number_is_likelier():
    probabilities = says("3024", probability=0.6)
    probabilities[3, [3, 2]] = 0.6, 0.35
    assert decode(probabilities).text == "3024"
    year = decode(probabilities, Format(digits=4, minimum=1900, maximum=2025))
    assert year.text == "2024"
    assert year.mass < 0.2


def test_where_nothing_fits_hardly_any_chance_is_left():
    decoded = decode(says("12", probability=0.999), Format(digits=4))
    assert decoded.mass < 1e-3
    nothing = decode(says("12", probability=1 - 1e-9), Format(digits=4))
    assert nothing == ("", 0, 0, [], [])


def test_what_is_no_digit_and_no_mark_fits_no_format():
    decoded = decode(says("36.5?", probability=0.9), Format(digits=3, decimals=1))
    assert decoded.text == "36.5"
    assert decoded.mass < 0.1
    assert decode(says("36.5?", probability=0.9)).text == "36.5?"


def test_a_point_and_a_comma_share_their_chances_and_the_likelier_one_is_written():
    probabilities = says("12.5", probability=0.97)
    probabilities[11, [SYMBOLS.index("."), SYMBOLS.index(",")]] = 0.4, 0.55
    decoded = decode(probabilities)
    assert decoded.text == "12,5"
    assert decoded.confidence == pytest.approx(decode(says("12.5", probability=0.97)).confidence, abs=0.03)
    sign = decoded.symbols[2]
    assert (sign.text, sign.step) == (",", 11)
    assert sign.probabilities[SYMBOLS.index(",")] / sign.probabilities[SYMBOLS.index(".")] == pytest.approx(0.55 / 0.4)
    assert decode(probabilities, Format(decimals=1)).text == "12,5"


def test_two_decimal_signs_side_by_side_are_one():
    probabilities = along(BLANK, 1, BLANK, SYMBOLS.index("."), SYMBOLS.index(","), BLANK, 5, BLANK)
    assert decode(probabilities).text in ("1.5", "1,5")


def test_long_stretches_of_blank_change_nothing():
    short, long = says("2024", 0.999999, apart=2), says("2024", 0.999999, apart=25)
    assert decode(long, Format(digits=4)).text == decode(short, Format(digits=4)).text == "2024"
    assert decode(long, count=3, width=8).confidence == pytest.approx(decode(long).confidence)


def test_a_repeated_symbol_is_told_from_a_long_one():
    assert decode(along(BLANK, 1, 1, 1, BLANK)).text == "1"
    assert decode(along(BLANK, 1, BLANK, 1, BLANK), Format(digits=2)).text == "11"


@pytest.mark.slow
def test_many_formats_hold_what_is_read():
    rng = np.random.default_rng(5)
    for form in (Format(pattern="##/##"), Format(choices=["12", "1.5", "-3"]), Format(check="luhn"), Format(sign=True)):
        for _ in range(10):
            decoded = decode(rng.dirichlet(np.full(CLASSES, 0.1), 20), form)
            assert decoded.mass == 0 or form.matches(decoded.text)
            assert 0 <= decoded.confidence <= 1


def test_the_classes_are_digits_marks_anything_else_and_the_blank():
    assert SYMBOLS == "0123456789.,-+/:%?"
    assert (OTHER, BLANK, CLASSES) == (17, 18, 19)


def test_what_is_far_too_unlikely_to_count_fits_nothing():
    # 300 symbols that may all be wrong: the probability of none is less than a number can be.
    probabilities = along(*[1, BLANK] * 300, probability=1 - 1e-3)
    assert decode(probabilities, Format(digits=1)).confidence <= 1


def test_a_second_opinion_changes_the_digit_where_one_stands_and_keeps_the_sums() -> None:
    probabilities = np.zeros((3, CLASSES))
    probabilities[:, BLANK] = 1
    probabilities[1, [1, 7, BLANK]] = 0.5, 0.4, 0.1
    mixed = mix_digit(probabilities, np.eye(10)[7])
    assert np.allclose(mixed.sum(axis=1), 1)
    assert (mixed[[0, 2]] == probabilities[[0, 2]]).all()
    assert np.allclose(mixed[1, [1, 7, BLANK]], [0.25, 0.65, 0.1])
