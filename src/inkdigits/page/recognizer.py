"""Crops → the probabilities of the symbols along them, as a net that reads whole numbers sees them.

It needs nothing cut: digits that touch, lie in pieces, or are too small for the classifier, it reads in one.
"""

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from inkdigits.arrays import Floats, Ink
from inkdigits.formats import Format
from inkdigits.onnx_files import WEIGHTS, find_file, open_net
from inkdigits.page.crops import STEP_PX
from inkdigits.page.decoding import SYMBOLS, Decoded, decode

WEIGHTS_FILE = WEIGHTS / "recognizer.onnx"
GEOMETRY = "ink (N, 32, W) uint8, W even; output (N, W / 2, symbols + 1): one time step for two pixels, the blank last"
# What is fitted to the net's probabilities, see recipes/: by what its logits are divided; the least that a symbol needs
# to be shown, that a digit alone needs, and that all that fits a format needs; and the weights of a logistic
# regression that separates a page's numbers from what else was detected.
NUMBERS = (
    *("temperature", "least_symbol", "least_alone", "least_mass"),
    *("keep_bias", "keep_detected", "keep_read", "keep_page"),
)
# Crops of like widths go through the net together: this many pixels of width at a time, padded to a multiple.
BATCH_PX, MULTIPLE_PX = 2048, 32


class Recognizer:
    """Reads crops. One recognizer serves many threads at once.

    Attributes:
        contract: what the file promises.
    """

    def __init__(self, model: str | Path = WEIGHTS_FILE) -> None:
        """Open the net.

        Args:
            model: a run folder, or an .onnx file.

        Raises:
            ModelNotFoundError: there is nothing.
            ModelError: the file is not an ONNX model.
            ContractError: it is one, but not a recognizer that this version can serve.
        """
        self._session, self.contract = open_net(find_file(model), "recognizer", GEOMETRY, SYMBOLS, NUMBERS, threads=1)

    def probabilities(self, crops: Sequence[Ink]) -> list[Floats]:
        """What stands at each time step along crops.

        Args:
            crops: (32, W) uint8 each, W even, as `inkdigits.page.crops` makes them.

        Returns:
            For each (W / 2, 19) float32: the probabilities of `inkdigits.page.decoding.SYMBOLS` and of the blank.
        """
        by_width = defaultdict(list)
        for place, crop in enumerate(crops):
            by_width[-(-crop.shape[1] // MULTIPLE_PX) * MULTIPLE_PX].append(place)
        found: dict[int, Floats] = {}
        for width, places in by_width.items():
            count = max(1, BATCH_PX // width)
            for start in range(0, len(places), count):
                some = places[start : start + count]
                batch = np.zeros((len(some), crops[some[0]].shape[0], width), np.uint8)
                for row, place in zip(batch, some, strict=True):
                    row[:, : crops[place].shape[1]] = crops[place]
                logits = self._session.run(None, {"ink": batch})[0]
                for row, place in zip(logits, some, strict=True):
                    found[place] = self._to_probabilities(row[: crops[place].shape[1] // STEP_PX])
        return [found[place] for place in range(len(crops))]

    def decode(self, probabilities: Floats, form: Format | None = None, count: int = 1) -> tuple[Decoded, float]:
        """What stands on a crop, and the least that its symbols need to be shown: all are `?` where nothing fits.

        Args:
            probabilities: (T, 19), of the crop.
            form: what the writer could have meant.
            count: how many of the likeliest texts are wanted.
        """
        decoded = decode(probabilities, form, count)
        if decoded.mass >= self.contract.numbers["least_mass"]:
            return decoded, self.contract.numbers["least_symbol"]
        return decode(probabilities)._replace(confidence=0.0), math.inf

    def _to_probabilities(self, logits: Floats) -> Floats:
        powers = logits / self.contract.numbers["temperature"]
        powers = np.exp(powers - powers.max(axis=1, keepdims=True))
        return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
