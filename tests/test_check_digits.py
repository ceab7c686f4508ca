import pytest

from inkdigits.check_digits import CHECKS, IBAN_LENGTHS

RIGHT = {
    "luhn": "79927398713",
    "isbn": "9783161484100",
    "ean": "4006381333931",
    "mod11": "9434765919",
    "iban": "89370400440532013000",
}


def test_no_digits_are_no_number():
    for check in CHECKS.values():
        assert not check.allows("", 0)


@pytest.mark.parametrize("name", ["luhn", "isbn", "ean", "mod11"])
def test_any_one_wrong_digit_is_found(name):
    right = RIGHT[name]
    for place, digit in enumerate(right):
        for other in set("0123456789") - {digit}:
            wrong = right[:place] + other + right[place + 1 :]
            assert not CHECKS[name].allows(wrong, len(right)), wrong


def test_of_wrong_digits_in_an_iban_few_pass():
    # Of those with 20 digits there are three countries: three chances in 97.
    right = RIGHT["iban"]
    passed = [CHECKS["iban"].allows(f"{right[:-2]}{n:02}", 20) for n in range(100)]
    assert 1 <= sum(passed) <= 5


@pytest.mark.parametrize("name", CHECKS)
def test_every_beginning_of_a_right_number_can_be_completed(name):
    right = RIGHT[name]
    assert all(CHECKS[name].allows(right[:n], len(right)) for n in range(len(right) + 1))
    assert CHECKS[name].allows(right, len(right))


def test_only_lengths_that_there_are_count():
    assert not CHECKS["ean"].allows("400638", 10)
    assert not CHECKS["ean"].allows("40063813339310", 13)


def test_an_isbn_of_13_digits_begins_as_books_do():
    assert CHECKS["isbn"].allows("97", 13)
    assert not CHECKS["isbn"].allows("977", 13)
    assert CHECKS["isbn"].allows("977", 10)


@pytest.mark.parametrize(
    ("country", "digits"),
    [("DE", "89370400440532013000"), ("AT", "611904300234573201"), ("BE", "68539007547034"), ("NO", "9386011117947")],
)
def test_ibans_of_several_countries_are_known(country, digits):
    assert IBAN_LENGTHS[country] == len(digits)
    assert CHECKS["iban"].allows(digits, len(digits))
