"""The ways to say what a number may look like, each as an automaton whose states are the texts read so far.

Texts hold a point for either decimal sign. `is_viable` says whether a text is the beginning of one that fits, or all of
it; `is_final` whether it fits.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple, Protocol

from inkdigits.check_digits import CHECKS

_NUMBER = re.compile(r"([+-]?)([0-9]*)(?:(\.)([0-9]*))?(-?)", re.ASCII)


class Span(NamedTuple):
    """A count: the least and the most."""

    least: int
    most: int


class Grammar(Protocol):
    """Which texts fit."""

    def is_viable(self, text: str) -> bool: ...

    def is_final(self, text: str) -> bool: ...


class Choices(NamedTuple):
    """One of several texts.

    Attributes:
        texts: sorted.
    """

    texts: tuple[str, ...]

    def is_viable(self, text: str) -> bool:
        place = bisect_left(self.texts, text)
        return place < len(self.texts) and self.texts[place].startswith(text)

    def is_final(self, text: str) -> bool:
        place = bisect_left(self.texts, text)
        return place < len(self.texts) and self.texts[place] == text


class Either(NamedTuple):
    """What fits one grammar or the other."""

    one: Grammar
    other: Grammar

    def is_viable(self, text: str) -> bool:
        return self.one.is_viable(text) or self.other.is_viable(text)

    def is_final(self, text: str) -> bool:
        return self.one.is_final(text) or self.other.is_final(text)


class Pattern(NamedTuple):
    """A digit for each `#`, and all other symbols as they are.

    Attributes:
        symbols: the pattern.
        check: the kind of check digit that its digits end in, or None.
    """

    symbols: str
    check: str | None

    def is_viable(self, text: str) -> bool:
        if len(text) > len(self.symbols) or not all(map(_fits, text, self.symbols)):
            return False
        digits = "".join(filter(str.isdigit, text))
        length = sum(symbol == "#" or symbol.isdigit() for symbol in self.symbols)
        return self.check is None or CHECKS[self.check].allows(digits, length)

    def is_final(self, text: str) -> bool:
        return len(text) == len(self.symbols) and self.is_viable(text)


def _fits(symbol: str, place: str) -> bool:
    return symbol in "0123456789" if place == "#" else symbol == place


class Numeric(NamedTuple):
    """A number within limits. All are integers, so that nothing is rounded and states are looked up fast.

    Attributes:
        digits: how many in all.
        decimals: how many behind the decimal sign.
        has_sign: whether a sign may stand before it, or a minus behind.
        scale: how many decimals the limits have.
        minimum: the least value, times 10 to the power of the scale; None: no limit.
        maximum: the greatest value, likewise.
        check: the kind of check digit, or None.
    """

    digits: Span
    decimals: Span
    has_sign: bool
    scale: int
    minimum: int | None
    maximum: int | None
    check: str | None

    @classmethod
    def of(
        cls,
        digits: Span,
        decimals: Span,
        has_sign: bool,
        minimum: Decimal | None,
        maximum: Decimal | None,
        check: str | None,
    ) -> "Numeric":
        """The same from limits as they are given."""
        limits = [limit for limit in (minimum, maximum) if limit is not None]
        scale = max([0, *(-int(limit.as_tuple().exponent) for limit in limits)])

        def scaled(limit: Decimal | None) -> int | None:
            return None if limit is None else int(limit.scaleb(scale))

        return cls(digits, decimals, has_sign, scale, scaled(minimum), scaled(maximum), check)

    def is_viable(self, text: str) -> bool:
        return _can_fit(self, text, may_grow=True)

    def is_final(self, text: str) -> bool:
        return _can_fit(self, text, may_grow=False)

    @property
    def reach(self) -> int:
        """By how many digits a number may have to grow until it lies within the limits, if it ever does."""
        limits = [abs(limit) for limit in (self.minimum, self.maximum) if limit is not None]
        return len(str(max(limits))) + 1 if limits else 0

    def can_lie_within(self, value: int, digits: int, decimals: int, is_negative: bool) -> bool:
        """Whether a number with these last digits to come, some of them decimals, can lie within the limits.

        Args:
            value: that of the digits that are there, without a decimal sign.
            digits: how many are to come.
            decimals: how many it will have.
            is_negative: whether it has a minus.
        """
        # In units of the last decimal, whatever is to come makes a value of this range.
        room, unit, limit_unit = int(10**digits), int(10**decimals), int(10**self.scale)
        least, most = value * room, (value + 1) * room - 1
        if is_negative:
            least, most = -most, -least
        if self.minimum is not None:
            least = max(least, -(-self.minimum * unit // limit_unit))
        if self.maximum is not None:
            most = min(most, self.maximum * unit // limit_unit)
        return least <= most


@lru_cache(maxsize=1 << 15)
def _can_fit(number: Numeric, text: str, may_grow: bool) -> bool:
    """Whether a text fits, or may once more symbols have come."""
    found = _NUMBER.fullmatch(text)
    if not found:
        return False
    before, whole, point, after, behind = found.groups(default="")
    if ((before or behind) and not number.has_sign) or (behind and (before or not whole + after)):
        return False
    may_grow = may_grow and not behind
    if number.check is not None:
        check, lengths = CHECKS[number.check], range(number.digits.least, number.digits.most + 1)
        return not point and any(check.allows(whole, n) for n in lengths if may_grow or n == len(whole))
    minuses = [bool(behind) or before == "-"]
    if may_grow and number.has_sign and not before:
        minuses.append(True)
    value = int(whole + after or "0")
    return any(
        number.can_lie_within(value, digits, decimals, is_negative)
        for digits, decimals in _endings(number, len(whole), len(after), bool(point), may_grow)
        for is_negative in minuses
    )


def _endings(number: Numeric, whole: int, after: int, has_point: bool, may_grow: bool) -> Iterator[tuple[int, int]]:
    """How many digits may still come, and how many decimals there are then."""
    there, least = whole + after, max(number.decimals.least, after, int(has_point))
    shortest = max(number.digits.least, whole + least)
    longest = shortest + number.reach if may_grow else there
    for count in range(shortest, min(number.digits.most, longest) + 1):
        # Behind the decimal sign only decimals come.
        fewest = max(least, count - whole) if has_point or not may_grow else least
        for decimals in range(fewest, min(number.decimals.most, count - whole) + 1):
            yield count - there, decimals
