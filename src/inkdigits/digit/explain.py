"""Which strokes spoke for the answer: occlusion, on the light path.

Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014), section 4.2.
"""

import numpy as np

from inkdigits.arrays import FRAME_SIZE, Floats, Frame, check_frames
from inkdigits.digit.classifier import Classifier
from inkdigits.errors import ArrayError

# A patch about as wide as a stroke and a half, so that covering it takes a stroke away.
PATCH_PX = 5
SMALLEST = 1e-6


def explain(frame: Frame, classifier: Classifier | None = None, digit: int | None = None) -> Floats:
    """How much each point of a frame spoke for an answer.

    A patch of paper is laid over each place in turn; where the answer then loses probability, the ink there spoke
    for it, and where it gains, against it.

    Args:
        frame: (28, 28) uint8, 0 = paper, 255 = full ink.
        classifier: the net to ask; the bundled one if None.
        digit: the answer to explain, 0 to 9; the likeliest if None.

    Returns:
        (28, 28) float32: the mean fall of the answer's log-probability (natural) over the patches that cover a point.

    Raises:
        ArrayError: another shape or dtype, or several frames.
    """
    frames = check_frames(frame)
    if len(frames) != 1:
        raise ArrayError(f"one (28, 28) frame is explained at a time; got {len(frames)}.")
    frame = frames[0]
    classifier = classifier or Classifier()
    margin = PATCH_PX // 2
    covered = np.repeat(frame[None], FRAME_SIZE * FRAME_SIZE, axis=0)
    patches = np.zeros((FRAME_SIZE * FRAME_SIZE, FRAME_SIZE, FRAME_SIZE), bool)
    for i, (y, x) in enumerate(np.ndindex(FRAME_SIZE, FRAME_SIZE)):
        patches[i, max(0, y - margin) : y + margin + 1, max(0, x - margin) : x + margin + 1] = True
    covered[patches] = 0
    probabilities = np.log(np.maximum(classifier.probabilities(np.concatenate([frame[None], covered])), SMALLEST))
    answer = int(probabilities[0].argmax()) if digit is None else digit
    falls = probabilities[0, answer] - probabilities[1:, answer]
    heat: Floats = (np.tensordot(falls, patches, axes=1) / patches.sum(axis=0)).astype(np.float32)
    return heat
