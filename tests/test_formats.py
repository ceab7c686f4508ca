import copy
import pickle
import re
from dataclasses import FrozenInstanceError
from decimal import Decimal
from itertools import product

import numpy as np
import pytest

from inkdigits.errors import FormatError, InkDigitsError
from inkdigits.formats import ALPHABET, Format, starts_formula, to_decimal


def walks(form: Format, text: str) -> bool:
    """Whether the automaton gets from its start to a final state along a text."""
    state = form.start()
    for symbol in text:
        following = form.step(state, symbol)
        if following is None:
            return False
        state = following
    return form.is_final(state)


def all_texts(symbols: str, length: int):
    for size in range(length + 1):
        yield from map("".join, product(symbols, repeat=size))


def test_the_empty_text_is_no_number():
    for form in (Format(), Format(digits=4), Format(decimals=1), Format(pattern="#"), Format(choices=["1"])):
        assert not form.matches("")


def test_digits_are_counted_as_those_of_the_number_are():
    assert Format(digits=4).matches("2024")
    assert Format(digits=3, decimals=1).matches("36,5")
    assert not Format(digits=3, decimals=1).matches("365")
    assert [text for text in ("1", "12", "1234", "12345") if Format(digits=(2, 4)).matches(text)] == ["12", "1234"]


def test_digits_alone_mean_a_whole_number_and_without_them_decimals_are_free():
    assert not Format(digits=4).matches("20,24")
    assert Format(digits=4, decimals=(0, 2)).matches("20,24")
    assert Format().matches("20,24")
    assert Format(minimum=0, maximum=45).matches("36.5")
    assert not Format(minimum=0, maximum=45).matches("365")


def test_a_point_and_a_comma_are_the_same():
    for text in ("36,5", "36.5"):
        assert Format(decimals=1).matches(text)
        assert Format(pattern="##.#").matches(text)
        assert Format(choices=["36,5"]).matches(text)


def test_a_sign_stands_before_or_a_minus_behind_where_it_is_allowed():
    signed = Format(digits=2, sign=True)
    assert [text for text in ("12", "-12", "+12", "12-", "12+", "-12-", "--12", "-") if signed.matches(text)] == [
        "12",
        "-12",
        "+12",
        "12-",
    ]
    assert not Format(digits=2).matches("-12")


def test_what_no_net_of_inkdigits_reads_fits_nothing():
    for text in ("1?", "1 2", "a", "1\n", "١٢"):
        assert not Format().matches(text)


def test_limits_are_exact():
    temperature = Format(decimals=1, sign=True, minimum=-0.1, maximum="41.5")
    assert [t for t in ("-0,1", "0,1-", "-0.2", "41.5", "41.6", "41.50") if temperature.matches(t)] == [
        "-0,1",
        "0,1-",
        "41.5",
    ]
    year = Format(digits=4, minimum=1900, maximum=2025)
    assert sum(year.matches(f"{n:04}") for n in range(10_000)) == 126


def test_a_year_cannot_begin_with_a_three():
    year = Format(digits=4, minimum=1900, maximum=2025)
    assert year.step("", "3") is None
    assert [d for d in "0123456789" if year.step("1", d)] == ["9"]
    assert [d for d in "0123456789" if year.step("202", d)] == list("012345")


def test_a_pattern_has_a_digit_for_each_number_sign():
    date = Format(pattern="##/##/####")
    assert date.matches("24/12/2026")
    for text in ("24/12/202", "24/12/20266", "24-12-2026", "2a/12/2026"):
        assert not date.matches(text)
    assert Format(pattern="20##").matches("2024")
    assert not Format(pattern="20##").matches("1924")


def test_choices_are_the_only_texts_that_fit():
    form = Format(choices=["107", "1073", 2100])
    assert [text for text in ("107", "1073", "2100", "10", "210") if form.matches(text)] == ["107", "1073", "2100"]
    assert form.step("10", "7") == "107"
    assert form.step("10", "8") is None


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        ("luhn", "4539578763621486", "4539578763621487"),
        ("isbn", "9783161484100", "9783161484101"),
        ("isbn", "0306406152", "0306406153"),
        ("ean", "4006381333931", "4006381333932"),
        ("ean", "73513537", "73513538"),
        ("ean", "036000291452", "036000291453"),
        ("mod11", "9434765919", "9434765918"),
        ("iban", "89370400440532013000", "89370400440532013001"),
        ("iban", "611904300234573201", "611904300234573210"),
    ],
)
def test_a_check_digit_is_checked(check, right, wrong):
    assert Format(check=check).matches(right)
    assert not Format(check=check).matches(wrong)
    assert walks(Format(check=check), right)
    assert not walks(Format(check=check), wrong)


def test_only_an_ean_for_books_is_an_isbn():
    assert Format(check="ean").matches("4006381333931")
    assert not Format(check="isbn").matches("4006381333931")
    assert Format(check="isbn", digits=13).step("97", "7") is None


def test_a_check_goes_with_a_pattern():
    form = Format(pattern="###-###-####", check="mod11")
    assert form.matches("943-476-5919")
    assert not form.matches("943-476-5918")
    assert form.step("943-476-591", "8") is None


FORMS = [
    Format(),
    Format(digits=(1, 3)),
    Format(digits=2, decimals=1),
    Format(digits=(2, 3), decimals=(0, 2), sign=True),
    Format(sign=True, minimum=-1, maximum=11),
    Format(minimum="0.11", maximum="0.2"),
    Format(digits=(1, 4), decimals=(0, 2), minimum="1.1", maximum=20),
    Format(digits=4, decimals=(0, 3), minimum=2),
    Format(digits=3, minimum=12, maximum=120, sign=True),
    Format(maximum=0, sign=True, decimals=1),
    Format(pattern="1#.#"),
    Format(choices=["1", "12", "1.2", "-2"]),
    Format(check="luhn", digits=(2, 4)),
    Format(check="mod11", digits=(2, 4)),
]


@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_the_automaton_takes_what_matches_and_no_state_is_a_dead_end(form):
    texts = list(all_texts("012.-+", 5))
    fitting = {text for text in texts if form.matches(text)}
    assert fitting
    assert {text for text in texts if walks(form, text)} == fitting
    # What could still be completed is never given up; what is kept can be completed, a few symbols on.
    begun = {text[:n] for text in fitting for n in range(len(text) + 1)}
    for state in begun:
        for symbol in "012.-+":
            assert (state + symbol in begun) <= (form.step(state, symbol) is not None)


@pytest.mark.parametrize("form", [form for form in FORMS if form.check is None], ids=repr)
def test_every_state_can_be_completed(form):
    rng = np.random.default_rng(0)
    for _ in range(200):
        state, steps = form.start(), 0
        while not form.is_final(state) or rng.random() < 0.5:
            onward = [s for s in ALPHABET if form.step(state, s) is not None]
            if not onward:
                break
            state, steps = form.step(state, rng.choice(onward)), steps + 1
            if steps > 30:
                break
        assert form.is_final(state) or steps > 30
        assert form.matches(state) == form.is_final(state)


def test_limits_agree_with_decimal_on_random_texts():
    rng = np.random.default_rng(1)
    for _ in range(300):
        low, high = sorted(Decimal(int(n)) / 100 for n in rng.integers(-3000, 3000, 2))
        form = Format(digits=(1, 4), decimals=(0, 3), sign=True, minimum=low, maximum=high)
        for _ in range(30):
            whole, part = rng.integers(0, 40), rng.integers(0, 100)
            text = rng.choice(["", "-", "+"]) + rng.choice([f"{whole}", f"{whole}.{part}", f".{part}", f"0{whole}"])
            digits = sum(symbol.isdigit() for symbol in text)
            assert form.matches(text) == walks(form, text) == (digits <= 4 and low <= Decimal(text) <= high), text


def test_decimals_agree_with_a_regular_expression():
    form, expression = (
        Format(digits=(1, 3), decimals=(0, 2), sign=True),
        r"[+-]?\d{0,3}([.,]\d{1,2})?|\d{0,3}([.,]\d{1,2})?-",
    )
    for text in all_texts("05.,-", 6):
        digits = sum(symbol.isdigit() for symbol in text)
        assert form.matches(text) == bool(re.fullmatch(expression, text) and 1 <= digits <= 3), text


def test_a_format_cannot_be_changed_and_can_be_copied_sent_and_compared():
    form = Format(digits=4, choices=None)
    with pytest.raises(FrozenInstanceError):
        form.digits = 3
    form.matches("2024")
    assert pickle.loads(pickle.dumps(form)) == copy.deepcopy(form) == form == Format(digits=(4, 4))
    assert len({form, Format(digits=[4, 4]), Format(digits="4"), Format(digits="4:4")}) == 1


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"digits": 0}, "digits"),
        ({"digits": (4, 1)}, r"\(4, 1\)"),
        ({"digits": "four"}, "four"),
        ({"digits": ""}, "digits"),
        ({"digits": "4:1"}, "got '4:1'"),
        ({"decimals": "1:2:3"}, "decimals"),
        ({"digits": True}, "True"),
        ({"digits": (1, 2, 3)}, "digits"),
        ({"decimals": -1}, "decimals"),
        ({"digits": 2, "decimals": 3}, "decimals"),
        ({"minimum": 5, "maximum": 4}, "5.*4"),
        ({"minimum": "much"}, "much"),
        ({"maximum": float("nan")}, "nan"),
        ({"minimum": -5}, "Allow a sign"),
        ({"digits": 2, "minimum": 100}, "no number"),
        ({"pattern": ""}, "pattern"),
        ({"pattern": "##.##.#### AD"}, "AD"),
        ({"pattern": "//"}, "#"),
        ({"pattern": "##", "digits": 2}, "pattern"),
        ({"choices": []}, "choices"),
        ({"choices": ["12", "A7"]}, "A7"),
        ({"choices": "123"}, "choices"),
        ({"choices": 7}, "choices"),
        ({"choices": ["1"], "check": "luhn"}, "choices"),
        ({"check": "mod12"}, "luhn, isbn, ean, mod11, iban"),
        ({"check": "luhn", "decimals": 1}, "check"),
        ({"check": "isbn", "digits": 8}, "isbn"),
        ({"check": "ean", "pattern": "####"}, "ean"),
    ],
)
def test_what_contradicts_itself_is_refused_in_plain_words(settings, message):
    with pytest.raises(FormatError, match=message) as caught:
        Format(**settings)
    assert isinstance(caught.value, InkDigitsError | ValueError)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("7", "7"),
        ("007", "7"),
        ("12,5", "12.5"),
        ("12.50", "12.50"),
        (",5", "0.5"),
        ("5.", "5"),
        ("-7", "-7"),
        ("7-", "-7"),
        ("+7", "7"),
        ("-12,5", "-12.5"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1.234.567", "1234567"),
        ("1,234,567.89", "1234567.89"),
        ("0.200", "0.200"),
        ("1234.567", "1234.567"),
        ("50%", "0.5"),
        ("-2,5%", "-0.025"),
        ("10.200", None),
        ("10,200", None),
        ("1?", None),
        ("?", None),
        ("24/12/2026", None),
        ("12:30", None),
        ("2024-12-24", None),
        ("1/2", None),
        ("5.-", None),
        ("5,-", None),
        ("-7-", None),
        ("7+", None),
        ("--7", None),
        ("12.34.56", None),
        ("1,23,456", None),
        ("1.2345,6", None),
        (".", None),
        ("-", None),
        ("%", None),
        ("5%-", None),
    ],
)
def test_a_text_has_the_value_that_its_writer_meant(text, value):
    assert to_decimal(text) == (None if value is None else Decimal(value))


def test_who_knows_the_decimal_sign_decides_what_could_be_either():
    assert to_decimal("10.200", decimal=".") == Decimal("10.2")
    assert to_decimal("10.200", decimal=",") == Decimal(10200)
    assert to_decimal("10,200", decimal=".") == Decimal(10200)
    assert to_decimal("10,200", decimal=",") == Decimal("10.2")
    # What can only be one thing is that: hands write both signs alike.
    assert to_decimal("12,5", decimal=".") == Decimal("12.5")
    with pytest.raises(FormatError, match="point"):
        to_decimal("1", decimal="point")


def test_written_decimals_are_kept():
    assert str(to_decimal("12,50")) == "12.50"


@pytest.mark.parametrize("text", ["-7", "+7", "-12,5", "-1.234,5", "-7%", "7-", "12", "", "24/12/2026", "-.5"])
def test_a_signed_number_is_no_formula(text):
    assert not starts_formula(text)


@pytest.mark.parametrize(
    "text", ["=1+1", "-1+1", "+A1", "-?", "-", "@x", "\t=1", "\r=1", "-2-", "-1/2", "-7\n=1", "--7"]
)
def test_a_formula_is_one(text):
    assert starts_formula(text)


def test_a_format_says_what_was_given():
    assert repr(Format(digits=4, minimum=0)) == "Format(digits=(4, 4), minimum=0)"
