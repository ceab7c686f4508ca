"""What was decoded on a crop → a number of the results, each symbol in its place on the photo."""

from itertools import pairwise

import numpy as np

from inkdigits.arrays import DIGITS, Box
from inkdigits.page.crops import STEP_PX, Crop
from inkdigits.page.decoding import BLANK, Decoded, Symbol
from inkdigits.results import UNSURE, Digit, Mark, Number

# How wide the first and the last symbol are on either side of their peaks, and where symbols end above and below, as
# shares of the crop's height.
REACH, INSET = 0.3, 0.16
# What belongs to no number where it stands behind one.
BEHIND = "?.,:/+"


def to_number(decoded: Decoded, least: float, crop: Crop, scale: float) -> Number | None:
    """The number that was decoded; None where there is no digit.

    What is neither digit nor mark and stands before or behind the number (a unit, a word) is parted from it, and so is
    a mark behind it that changes no value: the full stop of a sentence, a comma in a list.

    Args:
        decoded: what stands on the crop.
        least: a symbol less likely than this is shown as `?`.
        crop: where it was cut.
        scale: pixels of the cut picture per pixel of the photo.
    """
    symbols = decoded.symbols[find_number("".join(symbol.text for symbol in decoded.symbols))]
    if not any(symbol.text.isdigit() for symbol in symbols):
        return None
    boxes = _find_boxes(symbols, crop, scale)
    return Number([_to_symbol(one, box, least) for one, box in zip(symbols, boxes, strict=True)], decoded.confidence)


def find_number(text: str) -> slice:
    """Where the number stands in a text, without what belongs to none before and behind it."""
    stop = len(text.rstrip(BEHIND))
    return slice(stop - len(text[:stop].lstrip("?")), stop)


def _to_symbol(symbol: Symbol, box: Box, least: float) -> Digit | Mark:
    each = symbol.probabilities[:DIGITS]
    if not symbol.text.isdigit():
        confidence = float(1 - symbol.probabilities[:DIGITS].sum() - symbol.probabilities[BLANK])
        return Mark(symbol.text if confidence >= least else "?", max(0.0, confidence), box)
    guess = int(symbol.text)
    confidence = float(each[guess])
    beside = each / max(float(each.sum()), 1e-9)
    is_sure = confidence >= least
    return Digit(
        guess if is_sure else None, confidence, box, tuple(map(float, beside)), guess, "" if is_sure else UNSURE
    )


def _find_boxes(symbols: list[Symbol], crop: Crop, scale: float) -> list[Box]:
    """About where symbols stand on the photo: they end halfway between their peaks."""
    peaks = [(symbol.step + 0.5) * STEP_PX / crop.scale for symbol in symbols]
    reach = REACH * crop.height
    cuts = [max(0.0, peaks[0] - reach), *((a + b) / 2 for a, b in pairwise(peaks)), peaks[-1] + reach]
    along = np.array([1, crop.slope]) / np.hypot(1, crop.slope)
    down = np.array([-along[1], along[0]])
    boxes = []
    for left, right, peak in zip(cuts, cuts[1:], peaks, strict=False):
        left, right = max(left, peak - reach), min(right, peak + reach)
        size = np.array([right - left, (1 - 2 * INSET) * crop.height])
        centre = np.array([crop.left, crop.top]) + (left + right) / 2 * along + crop.height / 2 * down
        corner, size = (centre - size / 2) / scale, np.maximum(size / scale, 1)
        boxes.append(Box(*corner.round().astype(int).tolist(), *size.round().astype(int).tolist()))
    return boxes
