"""Frames → calibrated probabilities; below the threshold a digit is refused."""

import os
from pathlib import Path

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats, check_frames
from inkdigits.onnx_files import Session, find_model

# Frames that go through the net at once on one core: few enough to stay in its cache. 10,000 frames, tiny / convnet, on
# a busy machine: 74,700 / 6,740 a second in batches of 64, 61,200 / 5,860 of 256, 57,500 / 5,850 of 1,024.
BATCH = 64


def softmax(logits: Floats, temperature: float) -> Floats:
    """Probabilities (N, 10), rows summing to 1, of logits (N, 10) divided by `temperature`."""
    scaled = logits.astype(np.float64) / temperature
    exponentials = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    probabilities: Floats = (exponentials / exponentials.sum(axis=1, keepdims=True)).astype(np.float32)
    return probabilities


class Classifier:
    """Says which digit is in a frame. One classifier serves many threads at once.

    Attributes:
        contract: name, version, calibration and refusal threshold of the model.
    """

    def __init__(self, model: str | Path | None = None) -> None:
        """Open a model.

        Args:
            model: None for the bundled net, the name of a bundled net, a run folder, or an .onnx file.

        Raises:
            ModelError: not found, not readable, or without a contract that this version can serve.
        """
        self._session = Session(find_model(model))
        self.contract = self._session.contract

    def probabilities(self, frames: npt.ArrayLike) -> Floats:
        """Calibrated probabilities of the ten digits.

        Args:
            frames: (N, 28, 28) or (28, 28) uint8, 0 = paper, 255 = full ink; see `inkdigits.to_frame`.

        Returns:
            (N, 10) float32, rows sum to 1. The largest is the probability that this digit is right.

        Raises:
            ArrayError: another shape or dtype.
        """
        frames = check_frames(frames)
        if len(frames) <= BATCH:
            return softmax(self._session.logits(frames), self.contract.temperature)
        from concurrent.futures import ThreadPoolExecutor  # 9 ms that one digit need not wait for

        batches = [frames[start : start + BATCH] for start in range(0, len(frames), BATCH)]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            logits = list(pool.map(self._session.logits, batches))
        return softmax(np.concatenate(logits), self.contract.temperature)
