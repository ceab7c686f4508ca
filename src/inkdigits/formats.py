"""What a number may look like, so that the likeliest text that fits is read, and what a text is worth."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from inkdigits.check_digits import CHECKS
from inkdigits.errors import FormatError
from inkdigits.grammars import Choices, Either, Grammar, Numeric, Pattern, Span

DIGITS, MARKS = "0123456789", ".,-+/:%"
# What can stand in a text, besides the `?` of a symbol that is not sure.
ALPHABET = DIGITS + MARKS
# No number of an unlimited count of digits has more.
MAX_DIGITS = 40
# A sign, digits with points and commas among them, a percent sign; or a minus behind where there is no sign before.
_NUMBER = re.compile(r"([+-])?((?=[.,]*[0-9])[0-9.,]+)((?(1)%?|[-%]?))", re.ASCII)
# What a spreadsheet takes for the start of a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, repr=False)
class Format:
    """What a number may look like. What is not named is not there: no sign, and with `digits` no decimal sign.

    A point and a comma are the same: hands write them alike. No mark parts thousands.

    Attributes:
        digits: how many there are in all, as in `number.digits`: one count, or the least and the most; as a text `4` or
            `1:3`. None: any.
        decimals: how many of them stand behind a decimal sign, likewise. None: none where `digits` are given, any
            number where they are not.
        sign: whether a plus or a minus may stand before it, or a minus behind, as some write.
        minimum: the least value; an int, a Decimal, a text or a float, which counts as it is printed.
        maximum: the greatest value.
        pattern: `#` for each digit, every other symbol as it is: `"##/##/####"`. Instead of all of the above.
        choices: the only texts that there are: ids, room numbers. Instead of all else.
        check: the digits end in a check digit: `luhn`, `isbn`, `ean`, `mod11` (NHS numbers) or `iban` (the digits
            after its two letters). Goes with `digits` and `pattern`.
        implied: the decimal sign may be left out: with `decimals=1`, 279 is 27.9, which may be written in full, too.
            Least and greatest value are those of 27.9. Goes with one count of decimals.

    Raises:
        FormatError: what contradicts itself, or what no number fits.
    """

    digits: int | tuple[int, int] | str | None = None
    decimals: int | tuple[int, int] | str | None = None
    sign: bool = False
    minimum: Decimal | float | str | None = None
    maximum: Decimal | float | str | None = None
    pattern: str | None = None
    choices: Iterable[str | int] | None = None
    check: str | None = None
    implied: bool = False

    def __post_init__(self) -> None:
        # Kept in one form, so that formats that mean the same are equal and can be hashed.
        tidy = {
            "digits": _to_span("digits", self.digits, 1),
            "decimals": _to_span("decimals", self.decimals, 0),
            "minimum": _to_limit("minimum", self.minimum),
            "maximum": _to_limit("maximum", self.maximum),
            "choices": _to_choices(self.choices),
        }
        for name, value in tidy.items():
            object.__setattr__(self, name, value)
        self._refuse_contradictions()
        if not self._grammar.is_viable(""):
            raise FormatError(f"no number fits {self}. Allow more digits, or a wider range.")

    def __repr__(self) -> str:
        given = {field.name: getattr(self, field.name) for field in fields(self)}
        shown = (f"{name}={value}" for name, value in given.items() if value is not None and value is not False)
        return f"Format({', '.join(shown)})"

    def matches(self, text: str) -> bool:
        """Whether a text fits."""
        return self._grammar.is_final(text.replace(",", "."))

    def to_decimal(self, text: str) -> Decimal | None:
        """What a text is worth in this format: a point and a comma both stand before decimals, 279 may be 27.9."""
        value = to_decimal(text.replace(",", "."), ".")
        span: Any = self.decimals
        return value.scaleb(-span[0]) if self.implied and value is not None and not re.search("[.,]", text) else value

    def start(self) -> str:
        """The state in which nothing has been read."""
        return ""

    def step(self, state: str, symbol: str) -> str | None:
        """The state after one more symbol of `ALPHABET`; None where no text that fits goes on like this."""
        following = state + symbol.replace(",", ".")
        return following if self._grammar.is_viable(following) else None

    def is_final(self, state: str) -> bool:
        """Whether what has been read fits as it is."""
        return self._grammar.is_final(state)

    @cached_property
    def _grammar(self) -> Grammar:
        settings: Any = self
        if self.choices is not None:
            return Choices(tuple(sorted(choice.replace(",", ".") for choice in settings.choices)))
        if self.pattern is not None:
            return Pattern(self.pattern.replace(",", "."), self.check)
        digits = Span(*(settings.digits or (1, MAX_DIGITS)))
        decimals = Span(*(settings.decimals or (0, 0 if self.digits or self.check else MAX_DIGITS)))
        written = Numeric.of(digits, decimals, self.sign, settings.minimum, settings.maximum, self.check)
        if not self.implied:
            return written
        low, high = (None if one is None else one.scaleb(decimals.most) for one in (settings.minimum, settings.maximum))
        return Either(written, Numeric.of(digits, Span(0, 0), self.sign, low, high, None))

    def _refuse_contradictions(self) -> None:
        numeric = [name for name in ("digits", "decimals", "minimum", "maximum") if getattr(self, name) is not None]
        numeric += ["sign"] * self.sign
        if self.check is not None and self.check not in CHECKS:
            raise FormatError(f"there is no check {self.check!r}. There are {', '.join(CHECKS)}.")
        if self.choices is not None and (numeric or self.check or self.pattern is not None):
            raise FormatError("choices name every text that there is: give nothing else besides.")
        if self.pattern is not None:
            if numeric:
                raise FormatError(
                    f"a pattern says all: {self.pattern!r} and {', '.join(numeric)} cannot both be given."
                )
            _refuse_others("a pattern", self.pattern, ALPHABET + "#")
            if "#" not in self.pattern:
                raise FormatError(f"the pattern {self.pattern!r} has no digit. Write # for each: '##/##/####'.")
        span: Any = self.decimals
        if self.implied and (span is None or span[0] != span[1] or not span[0]):
            raise FormatError(f"implied needs one count of decimals, as in decimals=1, got {self.decimals!r}.")
        if self.check and set(numeric) - {"digits"}:
            raise FormatError(f"a check goes with digits or a pattern alone, got {', '.join(numeric)}. Leave it out.")
        limits: Any = (self.minimum, self.maximum)
        if None not in limits and limits[0] > limits[1]:
            raise FormatError(f"minimum {limits[0]} is greater than maximum {limits[1]}. Exchange them.")
        if limits[0] is not None and limits[0] < 0 and not self.sign:
            raise FormatError(f"minimum is {limits[0]}, but no minus is allowed. Allow a sign.")


def _to_span(name: str, value: Any, least: int) -> tuple[int, int] | None:
    """A count as the least and the most."""
    if value is None:
        return None
    given = value
    if isinstance(value, str) and re.fullmatch(r"\d+(:\d+)?", value, re.ASCII):
        counts = [int(count) for count in value.split(":")]
        value = (counts[0], counts[-1])
    span = (value, value) if isinstance(value, int) else tuple(value) if isinstance(value, tuple | list) else ()
    if len(span) != 2 or not all(type(count) is int for count in span) or not least <= span[0] <= span[1] <= MAX_DIGITS:
        raise FormatError(
            f"{name} must be a count of {least} to {MAX_DIGITS}, or the least and the most, as in (1, 3) or '1:3', "
            f"got {given!r}."
        )
    return span


def _to_limit(name: str, value: Any) -> Decimal | None:
    if value is None:
        return None
    try:
        limit = Decimal(str(value))
    except InvalidOperation:
        limit = Decimal("nan")
    if not limit.is_finite():
        raise FormatError(f"{name} must be a number, got {value!r}.")
    return limit


def _to_choices(value: Any) -> tuple[str, ...] | None:
    if value is None:
        return None
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise FormatError(f"choices must be texts, as in ['107', '108'], got {value!r}.")
    choices = tuple(map(str, value))
    if not all(choices):
        raise FormatError("choices hold an empty text. Leave it out.")
    if not choices:
        raise FormatError("choices are empty. Name at least one text.")
    for choice in choices:
        _refuse_others("a choice", choice, ALPHABET)
    return choices


def _refuse_others(what: str, text: str, allowed: str) -> None:
    others = re.sub(f"[{re.escape(allowed)}]", "", text)
    if others:
        raise FormatError(
            f"{what} may hold digits and {' '.join(MARKS)} only, but {text!r} has {others!r}, which is not read."
        )


def to_decimal(text: str, decimal: str = "auto") -> Decimal | None:
    """What a text is worth, or None where it is no one number: a date, a time, a fraction, a `?`.

    A sign may stand before, a minus also behind; 50% is 0.5; a point or a comma before groups of three digits parts
    thousands. "5,-" is a price and no negative number, and is None.

    Args:
        text: as it was written.
        decimal: which sign stands before decimals where both could: `.` or `,`. With `auto` 10.200 is None, as it could
            be either; 12,5 is 12.5 with any, and 1.234,5 is 1234.5.

    Raises:
        FormatError: another `decimal`.
    """
    if decimal not in ("auto", ".", ","):
        raise FormatError(f"decimal must be 'auto', '.' or ',', got {decimal!r}.")
    found = _NUMBER.fullmatch(text)
    if not found:
        return None
    before, body, behind = found.groups(default="")
    if behind == "-" and not body[-1].isdigit():
        return None
    values = {sign: value for sign in ".," if (value := _to_value(body, sign)) is not None}
    value = values.get(decimal) if len(set(values.values())) > 1 else next(iter(values.values()), None)
    if value is None:
        return None
    value = value.scaleb(-2) if behind == "%" else value
    return -value if "-" in (before, behind) else value


def _to_value(body: str, sign: str) -> Decimal | None:
    """The value where this sign, if it is there, stands before decimals, and the other one parts thousands."""
    other = "," if sign == "." else "."
    whole, _, decimals = body.partition(sign)
    is_grouped = re.fullmatch(rf"[1-9]\d{{0,2}}({re.escape(other)}\d{{3}})+", whole, re.ASCII)
    if not (is_grouped or re.fullmatch(r"\d*", whole, re.ASCII)) or not re.fullmatch(r"\d*", decimals, re.ASCII):
        return None
    return Decimal(f"{whole.replace(other, '')}.{decimals}")


def starts_formula(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula; a number with its sign is none."""
    return text.startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text)
