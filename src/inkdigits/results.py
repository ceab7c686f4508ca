"""What a reading is made of: digits, the numbers they form, the lines on which these stand."""

from dataclasses import dataclass, replace
from html import escape
from typing import TYPE_CHECKING, Any

from inkdigits.arrays import Box, enclosing_box

if TYPE_CHECKING:
    from PIL.Image import Image

    from inkdigits.arrays import Photo


# Why a digit was refused that the model is not sure of.
UNSURE = "not sure enough"


def to_percent(probability: float) -> str:
    """A probability, 0 to 1, as people are told it. Never 100%: nothing that was read is certain."""
    return f"{min(probability, 0.999):.1%}"


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
class Number:
    """Digits that stand together, left to right; a refused one is a `?` in the text."""

    digits: tuple[Digit, ...]

    @property
    def text(self) -> str:
        """The digits without spaces, a `?` for each refused one."""
        return "".join("?" if digit.value is None else str(digit.value) for digit in self.digits)

    @property
    def confidence(self) -> float:
        """The chance that every digit is right, taken as independent: the product of theirs."""
        product = 1.0
        for digit in self.digits:
            product *= digit.confidence
        return product

    @property
    def box(self) -> Box:
        """Around all digits, in photo pixels."""
        return enclosing_box([digit.box for digit in self.digits])

    def refuse(self, min_confidence: float) -> "Number":
        """The same number where it is as sure as that, 0 to 1; else with the digits refused that make it less sure.

        The least sure digit is refused, and the next, until those that stay are together as sure as that.
        """
        if self.confidence >= min_confidence:
            return self
        digits, left = list(self.digits), self.confidence
        for i in sorted(range(len(digits)), key=lambda i: digits[i].confidence):
            left /= max(digits[i].confidence, 1e-9)
            digits[i] = replace(digits[i], value=None, reason=digits[i].reason or UNSURE)
            if left >= min_confidence:
                break
        return Number(tuple(digits))

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return {
            "text": self.text,
            "confidence": round(self.confidence, 6),
            "box": list(self.box),
            "digits": [digit.to_dict() for digit in self.digits],
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
    def digits(self) -> tuple[Digit, ...]:
        """Every digit in reading order."""
        return tuple(digit for line in self.lines for number in line.numbers for digit in number.digits)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return {
            "text": self.text,
            "width": self.width,
            "height": self.height,
            "lines": [line.to_dict() for line in self.lines],
        }

    def refuse(self, min_confidence: float) -> "Reading":
        """The same reading with the digits refused (`?`) that make a number less sure than this.

        Args:
            min_confidence: what the confidence of a number must be at least, 0 to 1; 0 changes nothing.
        """
        lines = tuple(Line(tuple(number.refuse(min_confidence) for number in line.numbers)) for line in self.lines)
        return replace(self, lines=lines)

    def draw(self, photo: "Photo") -> "Image":
        """The photo with a box and the value on every digit; those that are not sure in vermilion, with a `?`.

        Args:
            photo: the picture that was read: anything that `Reader.read` takes.
        """
        from inkdigits.drawing import draw_reading

        return draw_reading(self, photo)

    def _repr_html_(self) -> str:
        """For notebooks: each digit at its place on an outline of the photo."""
        shapes = "".join(
            f'<rect x="{d.box.x}" y="{d.box.y}" width="{d.box.width}" height="{d.box.height}" fill="none" stroke="{c}"'
            f' vector-effect="non-scaling-stroke"><title>{d.guess}, {to_percent(d.confidence)} sure</title></rect>'
            f'<text x="{d.box.x + d.box.width / 2}" y="{d.box.y + 0.85 * d.box.height}" font-size="{d.box.height}"'
            f' text-anchor="middle" fill="{c}">{"?" if d.value is None else d.value}</text>'
            for d in self.digits
            for c in ["#c62828" if d.value is None else "#00695c"]
        )
        style = "max-width:24em;border:1px solid #888"
        outline = f'<svg viewBox="0 0 {self.width} {self.height}" style="{style}">{shapes}</svg>'
        return f"{outline}<pre>{escape(self.text) or '(no digits)'}</pre>"
