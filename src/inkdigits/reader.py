"""The chain from a picture to digits, composed."""

import math
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, FRAME_SIZE, Box, Floats, Frame, Gray, Ink
from inkdigits.digit.classifier import Classifier
from inkdigits.digit.frame import INK_LEVEL, to_frame
from inkdigits.digit.locate import find_main
from inkdigits.images import Source, load_photo, to_gray
from inkdigits.ink import normalize_local_contrast, to_ink
from inkdigits.page.components import MIN_HEIGHT_PX, find_components, smallest_digit
from inkdigits.page.crops import to_crop
from inkdigits.page.detach import detach_digits
from inkdigits.page.detector import Detector
from inkdigits.page.layout import find_numbers
from inkdigits.page.pieces import find_pieces, line_up
from inkdigits.page.recognizer import Recognizer
from inkdigits.page.rejection import Found, Group, to_lines
from inkdigits.page.rescoring import Read, Rescored, place, rescore
from inkdigits.page.rulings import remove_rulings
from inkdigits.page.segment import Labels, Piece, choose, cut_out, find_candidates, usual_height
from inkdigits.results import UNSURE, Digit, Line, Number, Reading

# One digit needs no more pixels than this on the longer side; a phone's 4,000 would only cost time.
DIGIT_SIDE_PX = 600
# A page is read at up to this many pixels; a small cutting is enlarged, at most so many times, towards the second.
PAGE_PIXELS, CUTTING_PIXELS, MAX_ENLARGING = 6e6, 4e5, 4.0

# Beside others of a number a digit is answered from this chance on, though it would be refused alone: what else there
# is on a page was told from numbers already.
NUMBER_THRESHOLD = 0.3

# A page is a drawing of one digit where only one was found and this share of all ink is in its box.
DRAWING_SHARE = 0.9

NO_INK = "no ink was found"
SEVERAL = "the picture shows several digits"


class Reader:
    """Reads digits from pictures. Loads its net once; one Reader serves many threads at once.

    Attributes:
        classifier: the net that has the last word on each digit.
    """

    def __init__(self, model: str | Path | None = None) -> None:
        """Open a reader.

        Args:
            model: None for the bundled net, the name of a bundled net, a run folder, or an .onnx file.

        Raises:
            ModelError: not found, not readable, or without a contract that this version can serve.
        """
        self.classifier = Classifier(model)

    @cached_property
    def recognizer(self) -> Recognizer:
        """The net that reads a number as a whole; opened when the first page is read."""
        return Recognizer()

    @cached_property
    def detector(self) -> Detector:
        """The net that knows the digits on a page from all else; opened when the first page is read."""
        return Detector()

    def read_digit(self, image: Source) -> Digit:
        """Read a picture that shows one digit: the main ink near its middle.

        What is cut by the rim counts as a neighbour and is left out. Refused (value None) where there is no ink, where
        two digits stand side by side, and where the net is less sure than its threshold.

        Args:
            image: path, bytes, binary file object, PIL image, or uint8 array (H, W), (H, W, 3) or (H, W, 4).

        Raises:
            ImageError: the picture cannot be read; the message says why and what to do.
            ArrayError: an array of another shape or dtype.
        """
        return self.read_digit_and_frame(image)[0]

    def read_digit_and_frame(self, image: Source) -> tuple[Digit, Frame]:
        """The same with the (28, 28) frame that the net saw, for those who want to show or explain it."""
        frame, box, rivals = frame_digit(image)
        if not frame.any():
            return Digit(None, 0.0, box, (1 / DIGITS,) * DIGITS, None, NO_INK), frame
        probabilities = self.classifier.probabilities(frame)[0]
        return to_digit(box, probabilities, self.classifier.contract.threshold, SEVERAL if rivals else ""), frame

    def read(self, image: Source) -> Reading:
        """Read all numbers on a picture: a photo, scan or drawing of a page, a line, a cell.

        Digits that the net is too unsure about stay in a number as refused ones (`?`); words and what else
        is no number are left out.

        Args:
            image: path, bytes, binary file object, PIL image, or uint8 array (H, W), (H, W, 3) or (H, W, 4).

        Raises:
            ImageError: the picture cannot be read; the message says why and what to do.
            ArrayError: an array of another shape or dtype.
        """
        gray = to_gray(load_photo(image))
        height, width = gray.shape
        scale = _page_scale(gray)
        written = to_ink(_rescale(gray, scale))
        del gray  # of 50 megapixels: memory that the nets need
        unruled = remove_rulings(normalize_local_contrast(written))
        ink = detach_digits(unruled, lambda: self.detector.probabilities(written, MIN_HEIGHT_PX))
        # Local contrast thickens blurred strokes: what is faint is found by it, but shown to the net as it was written.
        shown = np.where(ink > 0, written, 0).astype(np.uint8)
        components = find_components(ink)
        if not len(components.numbers):
            return Reading((), width, height)
        alone = self._ask(
            cut_out(shown, components.labels, [number], components.box(place))
            for place, number in enumerate(components.numbers.tolist())
        ).max(axis=1)
        marked = self.detector.probabilities(written, smallest_digit(components, alone))
        labels, pieces = find_pieces(ink, components, alone, components.mean_over(marked))
        numbers = self._recognize(self._read_pieces(shown, labels, pieces), written, shown)
        threshold = min(NUMBER_THRESHOLD, self.classifier.contract.threshold)

        def find(one: Read) -> Found:
            box = _unscale(one.box, scale, (height, width))
            probability = _mean_over_ink(marked, written, one.box)
            return Found(to_digit(box, one.probabilities, threshold), probability)

        groups = [[Group([find(one) for one in number.digits], number.evidence) for number in line] for line in numbers]
        lone = [one for line in numbers for number in line for one in number.digits]
        is_drawing = len(lone) == 1 and _share_of_ink(written, lone[0].box) > DRAWING_SHARE
        return Reading(to_lines(groups) or (self._to_drawing(find(lone[0]).digit) if is_drawing else ()), width, height)

    def _to_drawing(self, digit: Digit) -> tuple[Line, ...]:
        """The one line of a page that shows nothing but one digit: the classifier alone decides, as in `read_digit`."""
        return (Line((Number((digit,)),)),) if digit.confidence >= self.classifier.contract.threshold else ()

    def _read_pieces(self, shown: Ink, labels: Labels, pieces: list[Piece]) -> list[list[list[Read]]]:
        """The numbers on each line, of neighbouring pieces that the classifier takes for digits, as it sees `shown`."""
        lines = []
        for line in line_up(pieces):
            usual = usual_height(line)
            proposed = find_candidates(line, usual)
            probabilities = self._ask(
                cut_out(shown, labels, [piece.label for piece in line[c.start : c.stop]], c.box) for c in proposed
            )
            chosen = [Read(proposed[i].box, probabilities[i]) for i in choose(line, proposed, probabilities, usual)]
            chosen.sort(key=lambda one: one.box.x + one.box.width / 2)
            lines.append([[chosen[i] for i in group] for group in find_numbers([one.box for one in chosen])])
        return lines

    def _recognize(self, lines: list[list[list[Read]]], written: Ink, shown: Ink) -> list[list[Rescored]]:
        """The same numbers, each as the recognizer reads it in `written` where both nets together like that better."""
        numbers = [number for line in lines for number in line]
        crops = [to_crop(written, [one.box for one in number]) for number in numbers]
        probabilities = self.recognizer.probabilities(crop.ink for crop in crops)
        placed = [
            place(number, crop, along, shown) for number, crop, along in zip(numbers, crops, probabilities, strict=True)
        ]
        answers = iter(self._ask(shown[b.y : b.y + b.height, b.x : b.x + b.width] for boxes in placed for b in boxes))
        rescored = iter(
            [
                rescore(number, [Read(box, next(answers)) for box in boxes], along)
                for number, boxes, along in zip(numbers, placed, probabilities, strict=True)
            ]
        )
        return [[next(rescored) for _ in line] for line in lines]

    def _ask(self, inks: Iterable[Ink]) -> Floats:
        """What the net says of each ink, taken as one digit: (N, 10)."""
        frames = np.reshape([to_frame(ink) for ink in inks], (-1, FRAME_SIZE, FRAME_SIZE))
        return self.classifier.probabilities(frames.astype(np.uint8))


def _mean_over_ink(probabilities: npt.NDArray[np.uint8], ink: Ink, box: Box) -> float:
    """The mean of what the detector says of the ink in a box, 0 to 1."""
    window = slice(box.y, box.y + box.height), slice(box.x, box.x + box.width)
    inked = probabilities[window][ink[window] >= INK_LEVEL]
    return float(inked.mean()) / 255 if inked.size else 0.0


def _share_of_ink(ink: Ink, box: Box) -> float:
    """How much of a page's ink, 0 to 1, stands in a box."""
    inked = ink >= INK_LEVEL
    within = inked[box.y : box.y + box.height, box.x : box.x + box.width]
    return float(within.sum()) / max(float(inked.sum()), 1.0)


def to_digit(box: Box, probabilities: Floats, threshold: float, reason: str = "") -> Digit:
    """What the net says of one digit; refused for `reason`, or where it is less sure than the threshold."""
    guess = int(probabilities.argmax())
    confidence = float(probabilities[guess])
    reason = reason or (UNSURE if confidence < threshold else "")
    return Digit(None if reason else guess, confidence, box, tuple(map(float, probabilities)), guess, reason)


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
    gray = to_gray(load_photo(image))
    size = gray.shape
    scale = min(1.0, DIGIT_SIDE_PX / max(size))
    main = find_main(to_ink(_rescale(gray, scale)))
    box = _unscale(main.box, scale, size) if main.box else Box(0, 0, size[1], size[0])
    return to_frame(main.ink), box, main.rivals


def _page_scale(gray: Gray) -> float:
    """By how much to scale a page so that it is read well and fast."""
    if gray.size < CUTTING_PIXELS:
        return min(MAX_ENLARGING, math.sqrt(CUTTING_PIXELS / gray.size))
    return min(1.0, math.sqrt(PAGE_PIXELS / gray.size))


def _rescale(gray: Gray, scale: float) -> Gray:
    if scale == 1.0:
        return gray
    size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), np.uint8)


def _unscale(box: Box, scale: float, shape: tuple[int, int]) -> Box:
    """A box of the scaled picture in the pixels of the photo (its height and width), inside it, at least one a side."""
    left, top = min(int(box.x / scale), shape[1] - 1), min(int(box.y / scale), shape[0] - 1)
    right, bottom = round((box.x + box.width) / scale), round((box.y + box.height) / scale)
    return Box(left, top, max(1, min(right, shape[1]) - left), max(1, min(bottom, shape[0]) - top))
