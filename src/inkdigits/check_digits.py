"""Check digits: which numbers carry one, how long they are, and whether it is right."""

from collections.abc import Callable, Container, Mapping
from types import MappingProxyType
from typing import NamedTuple

# Countries whose IBAN has digits only after its two letters, and how many: the letters are printed on most forms, and
# not among the digits. Source: the IBAN registry of SWIFT (ISO 13616).
IBAN_LENGTHS = {
    "AE": 21, "AT": 18, "BA": 18, "BE": 14, "CH": 19, "CR": 20, "CZ": 22, "DE": 20, "DK": 16, "EE": 18,
    "ES": 22, "FI": 16, "FO": 16, "GL": 16, "HR": 19, "HU": 26, "IL": 21, "IS": 24, "LI": 19, "LT": 18,
    "ME": 20, "MR": 25, "NO": 13, "PL": 26, "PT": 23, "RS": 20, "SE": 22, "SI": 17, "SK": 22, "TL": 21,
    "TN": 22, "XK": 18,
}  # fmt: skip


def _weighted(digits: str, *weights: int) -> int:
    """The sum of the digits, from the right, each times its weight; the weights begin again where they end."""
    return sum(int(digit) * weights[place % len(weights)] for place, digit in enumerate(reversed(digits)))


def _is_luhn(digits: str) -> bool:
    """Cards, many customer numbers: every second digit doubled, and its own digits added (ISO/IEC 7812)."""
    doubled = sum(int(digit) * 2 - 9 * (digit > "4") for digit in digits[-2::-2])
    return (doubled + sum(map(int, digits[::-2]))) % 10 == 0


def _is_ean(digits: str) -> bool:
    """Barcodes: EAN-8, UPC-A, EAN-13 and GTIN-14 (GS1)."""
    return _weighted(digits, 1, 3) % 10 == 0


def _is_mod11(digits: str) -> bool:
    """Weights 1, 2, 3 … from the right: NHS numbers, ISBN-10 without an X."""
    return _weighted(digits, *range(1, len(digits) + 1)) % 11 == 0


def _is_isbn(digits: str) -> bool:
    """ISBN-13, or an ISBN-10 that does not end in X, whose check digit is ten."""
    return _is_mod11(digits) if len(digits) == 10 else _is_ean(digits)


def _is_iban(digits: str) -> bool:
    """The digits of an IBAN after its letters, of any country whose IBANs have as many (ISO 7064, MOD 97-10)."""
    letters = [country for country, length in IBAN_LENGTHS.items() if length == len(digits)]
    return any(int(f"{digits[2:]}{int(a, 36)}{int(b, 36)}{digits[:2]}") % 97 == 1 for a, b in map(tuple, letters))


class Check(NamedTuple):
    """A kind of check digit.

    Attributes:
        is_right: whether a number of one of the lengths passes.
        lengths: how many digits such numbers have.
        starts: three digits that those of a length must begin with.
    """

    is_right: Callable[[str], bool]
    lengths: Container[int]
    starts: Mapping[int, tuple[str, ...]] = MappingProxyType({})

    def allows(self, begun: str, length: int) -> bool:
        """Whether digits are the beginning of a number of this length that passes, or all of it.

        With two digits or more to come this is taken to be so: they can make up for any others.
        """
        missing = length - len(begun)
        if length not in self.lengths or missing < 0:
            return False
        starts = self.starts.get(length)
        if starts and not any(start.startswith(begun[:3]) for start in starts):
            return False
        if missing == 0:
            return self.is_right(begun)
        return missing > 1 or any(self.is_right(begun + digit) for digit in "0123456789")


MAX_LENGTH = 40
CHECKS = {
    "luhn": Check(_is_luhn, range(2, MAX_LENGTH + 1)),
    "isbn": Check(_is_isbn, (10, 13), {13: ("978", "979")}),
    "ean": Check(_is_ean, (8, 12, 13, 14)),
    "mod11": Check(_is_mod11, range(2, MAX_LENGTH + 1)),
    "iban": Check(_is_iban, frozenset(IBAN_LENGTHS.values())),
}
