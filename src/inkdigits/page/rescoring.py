"""Two readings of a number → the one that both nets together find likelier, and how sure they are of each digit.

The one comes from pieces of ink that the classifier knows as digits, the other from the recognizer, which reads the
number as a whole. Each is judged by both nets: the recognizer says how likely its digits stand on the crop, the
classifier how likely each one is what was cut out for it. The nets are taken to be wrong independently.
"""

from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np

from inkdigits.arrays import DIGITS, Box, Floats, Ink, enclosing_box
from inkdigits.digit.frame import INK_LEVEL
from inkdigits.page.crops import POINT_PX, Crop
from inkdigits.page.ctc import Symbol, decode, log_likelihoods
from inkdigits.page.segment import MAX_WIDTH

# The classifier's probabilities count as no less than this: what was cut out may hold more than the digit.
MIN_PROBABILITY = 1e-3
# How much the recognizer's log-likelihoods count beside the classifier's: it is surer of its mistakes.
TRUST = 0.5
# How far the first and the last digit reach beyond their middles, and all above and below the number's box, in heights.
REACH, ABOVE = 0.4, 0.15


class Read(NamedTuple):
    """A digit of a reading.

    Attributes:
        box: around it, in the pixels of the page.
        probabilities: (10,) what is said of it.
    """

    box: Box
    probabilities: Floats

    @property
    def guess(self) -> int:
        """The likeliest digit."""
        return int(self.probabilities.argmax())


class Rescored(NamedTuple):
    """A number as both nets read it.

    Attributes:
        digits: with the probabilities that both give them.
        evidence: by how much the recognizer finds these digits likelier than none, as a logarithm.
    """

    digits: list[Read]
    evidence: float


def place(number: list[Read], crop: Crop, probabilities: Floats, ink: Ink) -> list[Box]:
    """Where the digits stand that the recognizer reads; none where it reads the same ones.

    None either where one would be wider than digits are: it has left out ink, as of the letters of a word.

    Args:
        number: the reading from pieces.
        crop: around it.
        probabilities: (T, 11), what the recognizer says along the crop.
        ink: (H, W) uint8, that of the page.
    """
    symbols = decode(probabilities)
    if [symbol.digit for symbol in symbols] == [one.guess for one in number] or not symbols:
        return []
    box = enclosing_box([one.box for one in number])
    middles = [crop.left + POINT_PX * (symbol.point + 0.5) / crop.scale for symbol in symbols]
    reach = REACH * box.height
    cuts = [
        min(box.x, middles[0] - reach),
        *(crop.left + (_gap(crop.ink, a, b) + 0.5) / crop.scale for a, b in pairwise(symbols)),
        max(box.x + box.width, middles[-1] + reach),
    ]
    # The crop shows paper beyond the page, too.
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
    """The column with the least ink between two symbols of a crop; of several the one nearest to the middle."""
    columns = np.arange(POINT_PX * a.point, POINT_PX * (b.point + 1))
    weight = ink[:, columns].sum(axis=0, dtype=np.int64)
    least = columns[weight == weight.min()]
    return int(least[np.abs(least - columns.mean()).argmin()])


def rescore(number: list[Read], other: list[Read], probabilities: Floats) -> Rescored:
    """The better one of two readings.

    Args:
        number: the reading from pieces.
        other: that of the recognizer, as the classifier sees what was cut out for its digits, or none.
        probabilities: (T, 11), what the recognizer says along the crop.
    """
    symbols = [symbol.digit for symbol in decode(probabilities)]
    reading, digits = number, [one.guess for one in number]
    if other and _score(other, symbols, probabilities) > _score(number, digits, probabilities):
        reading, digits = other, symbols
    evidence = _log_likelihood(probabilities, digits) - _log_likelihood(probabilities, [])
    return Rescored(_weigh(reading, digits, probabilities), evidence)


def _log_likelihood(probabilities: Floats, digits: list[int]) -> float:
    return TRUST * float(log_likelihoods(probabilities, np.array([digits], np.intp))[0])


def _score(reading: list[Read], digits: list[int], probabilities: Floats) -> float:
    """How likely a reading is, as a logarithm."""
    seen = [max(MIN_PROBABILITY, float(one.probabilities[digit])) for one, digit in zip(reading, digits, strict=True)]
    return _log_likelihood(probabilities, digits) + float(np.log(seen).sum())


def _weigh(reading: list[Read], digits: list[int], probabilities: Floats) -> list[Read]:
    """A reading with new probabilities: of each digit those of all ten in its place, the others as they are."""
    variants = np.repeat(np.array([digits]), DIGITS * len(digits), axis=0)
    places = np.arange(len(digits)).repeat(DIGITS)
    variants[np.arange(len(variants)), places] = np.tile(np.arange(DIGITS), len(digits))
    likely = TRUST * log_likelihoods(probabilities, variants).reshape(len(digits), DIGITS)
    weighed = []
    for one, logs in zip(reading, likely, strict=True):
        both = np.exp(logs - logs.max()) * np.maximum(one.probabilities, MIN_PROBABILITY)
        weighed.append(one._replace(probabilities=np.asarray(both / both.sum(), np.float32)))
    return weighed
