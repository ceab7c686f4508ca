"""A picture of one digit → its frame and its place, and what a classifier says of it as a result."""

from inkdigits.arrays import Box, Floats, Frame, Gray
from inkdigits.digit.frame import to_frame
from inkdigits.digit.locate import MainInk, find_main
from inkdigits.documents import load_gray
from inkdigits.images import Source, rescale, unscale
from inkdigits.ink import to_ink
from inkdigits.results import UNSURE, Digit

# One digit needs no more pixels than this on the longer side; a phone's 4,000 would only cost time.
SIDE_PX = 600


def frame_digit(image: Source) -> tuple[Frame, Box, int]:
    """The frame of the main ink on a picture of one digit; all 0 where there is no ink.

    Args:
        image: as `Reader.read_digit` takes it.

    Returns:
        The (28, 28) frame; where its ink stands, in photo pixels (without ink, the whole picture); and how many rivals
        as large as a digit stand beside it.

    Raises:
        ImageError: the picture cannot be read.
        ArrayError: an array of another shape or dtype.
    """
    frame, box, main = find_digit(load_gray(image))
    return frame, box, main.rivals


def find_digit(gray: Gray) -> tuple[Frame, Box, MainInk]:
    """The same of a grey picture (H, W), with the main ink itself."""
    size = gray.shape
    scale = min(1.0, SIDE_PX / max(size))
    main = find_main(to_ink(rescale(gray, scale)))
    box = unscale(main.box, scale, size) if main.box else Box(0, 0, size[1], size[0])
    return to_frame(main.ink), box, main


def to_digit(box: Box, probabilities: Floats, threshold: float, reason: str = "") -> Digit:
    """What the model says of one digit; refused for `reason`, or where it is less sure than the threshold."""
    guess = int(probabilities.argmax())
    confidence = float(probabilities[guess])
    reason = reason or (UNSURE if confidence < threshold else "")
    return Digit(None if reason else guess, confidence, box, tuple(map(float, probabilities)), guess, reason)
