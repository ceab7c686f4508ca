"""Two readings of a number → the one that both nets together find likelier, and how sure they are of each digit.

The one comes from pieces of ink that the classifier knows as digits, the other from the transcriber, which reads the
number as a whole. Each is judged by both nets: the transcriber says how likely its digits stand on the strip, the
classifier how likely each one is what was cut out for it. The nets are taken to be wrong independently.
"""

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from inkdigits.arrays import DIGITS, Floats, Ink
from inkdigits.digit.frame import INK_LEVEL
from inkdigits.page.crops import POINT_PX, Strip
from inkdigits.page.ctc import Symbol, decode, log_likelihoods
from inkdigits.page.segment import MAX_WIDTH
from inkdigits.results import Box, enclosing_box

# The classifier's chances count as no less than this: what was cut out may hold more than the digit.
LEAST_CHANCE = 1e-3
# How much the transcriber's log-likelihoods count beside the classifier's: it is surer of its mistakes.
TRUST = 0.5
# How far the first and the last digit reach beyond their middles, and all above and below the number's box, in heights.
REACH, ABOVE = 0.4, 0.15


class Read(NamedTuple):
    """A digit of a reading.

    Attributes:
        box: around it, in the pixels of the page.
        chances: (10,) what is said of it.
    """

    box: Box
    chances: Floats

    @property
    def guess(self) -> int:
        """The likeliest digit."""
        return int(self.chances.argmax())


class Agreed(NamedTuple):
    """A number as both nets read it.

    Attributes:
        digits: with the chances that both give them.
        evidence: by how much the transcriber finds these digits likelier than none, as a logarithm.
    """

    digits: list[Read]
    evidence: float


def place(number: list[Read], strip: Strip, chances: Floats, ink: Ink) -> list[Box]:
    """Where the digits stand that the transcriber reads; none where it reads the same ones.

    None either where one would be wider than digits are: it has left out ink, as of the letters of a word.

    Args:
        number: the reading from pieces.
        strip: around it.
        chances: (T, 11), what the transcriber says along the strip.
        ink: (H, W) uint8, that of the page.
    """
    symbols = decode(chances)
    if [symbol.digit for symbol in symbols] == [one.guess for one in number] or not symbols:
        return []
    box = enclosing_box([one.box for one in number])
    middles = [strip.left + POINT_PX * (symbol.point + 0.5) / strip.scale for symbol in symbols]
    reach = REACH * box.height
    cuts = [
        min(box.x, middles[0] - reach),
        *(strip.left + (_gap(strip.ink, a, b) + 0.5) / strip.scale for a, b in pairwise(symbols)),
        max(box.x + box.width, middles[-1] + reach),
    ]
    # The strip shows paper beyond the page, too.
    columns = np.clip(np.round(cuts), 0, ink.shape[1] - 1).astype(int).tolist()
    top, bottom = max(0, round(box.y - ABOVE * box.height)), round(box.y + (1 + ABOVE) * box.height)
    boxes = [_tighten(Box(a, top, max(1, b - a), min(bottom, ink.shape[0]) - top), ink) for a, b in pairwise(columns)]
    has_left_out = any(one.width > MAX_WIDTH * box.height for one in boxes)
    return [] if has_left_out else boxes


def _tighten(box: Box, ink: Ink) -> Box:
    """The smallest box around the ink in a box; the box itself where there is none."""
    is_inked = (ink[box.y : box.y + box.height, box.x : box.x + box.width] >= INK_LEVEL).astype(np.uint8)
    x, y, width, height = cv2.boundingRect(is_inked)
    return Box(box.x + x, box.y + y, width, height) if width else box


def _gap(ink: Ink, a: Symbol, b: Symbol) -> int:
    """The column with the least ink between two symbols of a strip; of several the one nearest to the middle."""
    columns = np.arange(POINT_PX * a.point, POINT_PX * (b.point + 1))
    weight = ink[:, columns].sum(axis=0, dtype=np.int64)
    least = columns[weight == weight.min()]
    return int(least[np.abs(least - columns.mean()).argmin()])


def agree(number: list[Read], other: list[Read], chances: Floats) -> Agreed:
    """The better one of two readings.

    Args:
        number: the reading from pieces.
        other: that of the transcriber, as the classifier sees what was cut out for its digits, or none.
        chances: (T, 11), what the transcriber says along the strip.
    """
    symbols = [symbol.digit for symbol in decode(chances)]
    reading, digits = number, [one.guess for one in number]
    if other and _score(other, symbols, chances) > _score(number, digits, chances):
        reading, digits = other, symbols
    evidence = _log_likelihood(chances, digits) - _log_likelihood(chances, [])
    return Agreed(_weigh(reading, digits, chances), evidence)


def _log_likelihood(chances: Floats, digits: list[int]) -> float:
    return TRUST * float(log_likelihoods(chances, np.array([digits], np.intp))[0])


def _score(reading: list[Read], digits: list[int], chances: Floats) -> float:
    """How likely a reading is, as a logarithm."""
    seen = [max(LEAST_CHANCE, float(one.chances[digit])) for one, digit in zip(reading, digits, strict=True)]
    return _log_likelihood(chances, digits) + float(np.log(seen).sum())


def _weigh(reading: list[Read], digits: list[int], chances: Floats) -> list[Read]:
    """A reading with new chances: of each digit those of all ten in its place, the others as they are."""
    variants = np.repeat(np.array([digits]), DIGITS * len(digits), axis=0)
    places = np.arange(len(digits)).repeat(DIGITS)
    variants[np.arange(len(variants)), places] = np.tile(np.arange(DIGITS), len(digits))
    likely = TRUST * log_likelihoods(chances, variants).reshape(len(digits), DIGITS)
    weighed = []
    for one, logs in zip(reading, likely, strict=True):
        both = np.exp(logs - logs.max()) * np.maximum(one.chances, LEAST_CHANCE)
        weighed.append(one._replace(chances=np.asarray(both / both.sum(), np.float32)))
    return weighed
