"""A crop of ink → the probabilities of the digits along it, as a net that reads whole numbers sees them.

It needs nothing cut: digits that touch, lie in pieces or are too small for the classifier, it reads whole.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from inkdigits.arrays import Floats, Ink
from inkdigits.onnx_files import WEIGHTS, open_onnx
from inkdigits.page.ctc import BLANK

WEIGHTS_FILE = WEIGHTS / "recognizer.onnx"
# So much is taken from the logit of the blank: on real crops the net rather leaves a digit out than invents one.
BLANK_LOGIT = 1.5


class Recognizer:
    """Reads crops of ink. One recognizer serves many threads at once."""

    def __init__(self, path: Path = WEIGHTS_FILE) -> None:
        """Open the net.

        Raises:
            ModelError: the file is no ONNX model.
        """
        self._session = open_onnx(path, threads=1)

    def probabilities(self, crops: Iterable[Ink]) -> list[Floats]:
        """What stands at each point along crops.

        Args:
            crops: (32, W) uint8 each, W even, as `inkdigits.page.crops.to_crop` makes them.

        Returns:
            For each (W / 2, 11) float32: the probabilities of the ten digits and of the blank, with the sum 1.
        """
        return [self._read(crop) for crop in crops]

    def _read(self, crop: Ink) -> Floats:
        logits = self._session.run(None, {"ink": crop[None]})[0][0]
        logits[:, BLANK] -= BLANK_LOGIT
        probabilities = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(probabilities / probabilities.sum(axis=1, keepdims=True), np.float32)
