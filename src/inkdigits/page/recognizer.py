"""A strip of ink → the chances of the digits along it, as a net that reads whole numbers sees them.

It needs nothing cut: digits that touch, lie in pieces or are too small for the classifier, it reads whole.
"""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from inkdigits.arrays import Floats, Ink
from inkdigits.onnx_files import WEIGHTS, open_onnx
from inkdigits.page.ctc import NONE

WEIGHTS_FILE = WEIGHTS / "recognizer.onnx"
# So much is taken from the logit of none: on real strips the net rather leaves a digit out than invents one.
NONE_LOGIT = 1.5


class Transcriber:
    """Reads strips of ink. One transcriber serves many threads at once."""

    def __init__(self, path: Path = WEIGHTS_FILE) -> None:
        """Open the net.

        Raises:
            ModelError: the file is no ONNX model.
        """
        self._session = open_onnx(path, threads=1)

    def chances(self, strips: Iterable[Ink]) -> list[Floats]:
        """What stands at each point along strips.

        Args:
            strips: (32, W) uint8 each, W even, as `inkdigits.page.crops.cut_strip` makes them.

        Returns:
            For each (W / 2, 11) float32: the chances of the ten digits and of none, with the sum 1.
        """
        return [self._read(strip) for strip in strips]

    def _read(self, strip: Ink) -> Floats:
        logits = self._session.run(None, {"ink": strip[None]})[0][0]
        logits[:, NONE] -= NONE_LOGIT
        chances = np.exp(logits - logits.max(axis=1, keepdims=True))
        return np.asarray(chances / chances.sum(axis=1, keepdims=True), np.float32)
