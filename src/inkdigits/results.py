"""What a reading is made of: digits and marks, the numbers they form, the lines on which these stand."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from math import prod
from typing import TYPE_CHECKING, Any

from inkdigits.arrays import Box, enclosing_box
from inkdigits.formats import to_decimal

if TYPE_CHECKING:
    from PIL.Image import Image

    from inkdigits.arrays import Photo


# Why a digit was refused that the model is not sure of.
UNSURE = "not sure enough to answer"


def to_percent(probability: float) -> str:
    """A probability, 0 to 1, as people are told it. Never 100% nor 0%: nothing that was read is certain."""
    return "under 0.1%" if probability < 0.0005 else f"{min(probability, 0.999):.1%}"


@dataclass(frozen=True, slots=True)
class Digit:
    """One digit.

    Attributes:
        value: 0 to 9, or None when it was refused: not sure enough, or not a digit.
        confidence: the chance, 0 to 1, that `guess` is right; of a refused digit too.
        box: where it stands, in photo pixels.
        probabilities: of the ten digits; they sum to 1.
        guess: the likeliest digit, refused or not; None where there is no ink at all.
        reason: why it was refused, for people to read; empty where it was not.
    """

    value: int | None
    confidence: float
    box: Box
    probabilities: tuple[float, ...]
    guess: int | None
    reason: str = ""

    @property
    def text(self) -> str:
        """The value as it is written, `?` where it was refused."""
        return "?" if self.value is None else str(self.value)

    def refuse(self) -> "Digit":
        """The same digit as one that is not sure."""
        return replace(self, value=None, reason=self.reason or UNSURE)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return {
            "value": self.value,
            "confidence": round(self.confidence, 6),
            "guess": self.guess,
            "reason": self.reason,
            "box": list(self.box),
            "probabilities": [round(p, 6) for p in self.probabilities],
        }


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands in a number beside its digits.

    Attributes:
        text: one of `. , - + / : %`, or `?` where it is not sure, or neither a digit nor a mark.
        confidence: the chance, 0 to 1, that it is right; a point and a comma count as the same: hands write them alike.
        box: where it stands, in photo pixels.
    """

    text: str
    confidence: float
    box: Box

    def refuse(self) -> "Mark":
        """The same mark as one that is not sure."""
        return replace(self, text="?")

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return {"text": self.text, "confidence": round(self.confidence, 6), "box": list(self.box)}


@dataclass(frozen=True, slots=True, init=False)
class Number:
    """A number as it is written.

    Attributes:
        symbols: digits and marks, left to right.
        confidence: the chance, 0 to 1, that the whole text is right, what may be missing included.
    """

    symbols: tuple[Digit | Mark, ...]
    confidence: float

    def __init__(self, symbols: Iterable[Digit | Mark], confidence: float | None = None) -> None:
        """A number of these symbols; without a confidence of its own it has the product of theirs."""
        object.__setattr__(self, "symbols", tuple(symbols))
        each = prod(symbol.confidence for symbol in self.symbols)
        object.__setattr__(self, "confidence", each if confidence is None else confidence)

    @property
    def digits(self) -> tuple[Digit, ...]:
        """The digits alone, left to right."""
        return tuple(symbol for symbol in self.symbols if isinstance(symbol, Digit))

    @property
    def text(self) -> str:
        """The symbols without spaces, a `?` for each that is not sure."""
        return "".join(symbol.text for symbol in self.symbols)

    @property
    def box(self) -> Box:
        """Around all symbols, in photo pixels."""
        return enclosing_box([symbol.box for symbol in self.symbols])

    def refuse(self, min_confidence: float) -> "Number":
        """The same number where it is as sure as that, 0 to 1; else with the symbols refused that make it less sure.

        The least sure symbol is refused, and the next, until those that stay are together as sure as that.
        """
        symbols, left = list(self.symbols), self.confidence
        for i in sorted(range(len(symbols)), key=lambda i: symbols[i].confidence):
            if left >= min_confidence:
                break
            left /= max(symbols[i].confidence, 1e-9)
            symbols[i] = symbols[i].refuse()
        return Number(symbols, self.confidence)

    def move(self, to_photo: Callable[[Box], Box]) -> "Number":
        """The same number with each symbol's box moved, as from a scaled picture to the photo."""
        symbols = (replace(symbol, box=to_photo(symbol.box)) for symbol in self.symbols)
        return Number(symbols, self.confidence)

    def to_decimal(self, decimal: str = "auto") -> Decimal | None:
        """What the number is worth, or None where it has a `?`, or is a date, a time, a fraction.

        A sign may stand before, a minus also behind; 50% is 0.5; a point or a comma before groups of three digits parts
        thousands.

        Args:
            decimal: which sign stands before decimals where both could: `.` or `,`. With `auto` 10.200 is None, as it
                could be either.

        Raises:
            FormatError: another `decimal`.
        """
        return to_decimal(self.text, decimal)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON; digits stand among the symbols, and alone."""
        symbols = [symbol.to_dict() for symbol in self.symbols]
        return {
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "box": list(self.box),
            "symbols": symbols,
            "digits": [one for one, symbol in zip(symbols, self.symbols, strict=True) if isinstance(symbol, Digit)],
        }


@dataclass(frozen=True, slots=True)
class Line:
    """Numbers that stand on one line, left to right."""

    numbers: tuple[Number, ...]

    @property
    def text(self) -> str:
        """The numbers, separated by one space."""
        return " ".join(number.text for number in self.numbers)

    @property
    def box(self) -> Box:
        """Around all numbers, in photo pixels."""
        return enclosing_box([number.box for number in self.numbers])

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return {"text": self.text, "box": list(self.box), "numbers": [number.to_dict() for number in self.numbers]}


@dataclass(frozen=True, slots=True)
class Reading:
    """All numbers on a picture, in reading order; no lines where no digit was found.

    Attributes:
        lines: top to bottom.
        width: of the upright photo, in pixels.
        height: of the upright photo, in pixels.
    """

    lines: tuple[Line, ...]
    width: int
    height: int

    @property
    def text(self) -> str:
        """The numbers: lines separated by a line feed, numbers on a line by one space."""
        return "\n".join(line.text for line in self.lines)

    @property
    def symbols(self) -> tuple[Digit | Mark, ...]:
        """Every digit and mark in reading order."""
        return tuple(symbol for line in self.lines for number in line.numbers for symbol in number.symbols)

    @property
    def digits(self) -> tuple[Digit, ...]:
        """Every digit in reading order."""
        return tuple(symbol for symbol in self.symbols if isinstance(symbol, Digit))

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return {
            "text": self.text,
            "width": self.width,
            "height": self.height,
            "lines": [line.to_dict() for line in self.lines],
        }

    def refuse(self, min_confidence: float) -> "Reading":
        """The same reading with the symbols refused (`?`) that make a number less sure than this.

        Args:
            min_confidence: what the confidence of a number must be at least, 0 to 1; 0 changes nothing.
        """
        lines = tuple(Line(tuple(number.refuse(min_confidence) for number in line.numbers)) for line in self.lines)
        return replace(self, lines=lines)

    def draw(self, photo: "Photo") -> "Image":
        """The photo with a box and the text on every digit and mark; those that are not sure in red, with a `?`.

        Args:
            photo: the picture that was read: anything that `Reader.read` takes.
        """
        from inkdigits.drawing import draw_reading

        return draw_reading(self, photo)

    def _repr_html_(self) -> str:
        """For notebooks: each symbol at its place on an outline of the photo."""
        shapes = "".join(map(_to_svg, self.symbols))
        style = "max-width:24em;border:1px solid #888"
        outline = f'<svg viewBox="0 0 {self.width} {self.height}" style="{style}">{shapes}</svg>'
        return f"{outline}<pre>{escape(self.text) or '(no digits)'}</pre>"


def _to_svg(symbol: Digit | Mark) -> str:
    """A symbol at its place, with what it may be and how sure that is."""
    x, y, width, height = symbol.box
    color = "#c62828" if symbol.text == "?" else "#00695c"
    meant = symbol.guess if isinstance(symbol, Digit) else symbol.text
    # Marks are small: their text is as large as their longer side.
    size = height if isinstance(symbol, Digit) else max(width, height)
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" stroke="{color}"'
        f' vector-effect="non-scaling-stroke"><title>{meant}, {to_percent(symbol.confidence)} sure</title></rect>'
        f'<text x="{x + width / 2}" y="{y + 0.85 * height}" font-size="{size}"'
        f' text-anchor="middle" fill="{color}">{symbol.text}</text>'
    )
