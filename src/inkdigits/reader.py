"""The chain from a picture to numbers, composed."""

import math
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inkdigits.arrays import DIGITS, Box, Floats, Frame, Gray
from inkdigits.digit.classifier import Classifier
from inkdigits.digit.frame import to_frame
from inkdigits.digit.framing import find_digit, to_digit
from inkdigits.digit.locate import find_main
from inkdigits.documents import load_gray
from inkdigits.formats import Format
from inkdigits.images import Source, rescale, unscale
from inkdigits.ink import to_ink
from inkdigits.page.crops import STEP_PX, to_crop
from inkdigits.page.decoding import decode_middle, mix_digit
from inkdigits.page.detector import Detector
from inkdigits.page.groups import Group, find_groups, join_groups
from inkdigits.page.orientation import UPRIGHT, choose_turn, needs_a_second_look, score, turn_box
from inkdigits.page.placing import to_number
from inkdigits.page.recognizer import Recognizer
from inkdigits.page.rejection import Evidence, find_kept, weigh
from inkdigits.results import UNSURE, Digit, Line, Number, Reading

if TYPE_CHECKING:
    from inkdigits.table.columns import Columns
    from inkdigits.table.results import Table

# One number fills a picture of this many pixels.
NUMBER_PIXELS = 2e5
# How far from the middle of its picture a digit among neighbours may stand, in steps of the recognizer.
MIDDLE_STEPS = 2.8
# A page is read at up to this many pixels; a small cutting is enlarged, at most this many times, towards the second.
PAGE_PIXELS, CUTTING_PIXELS, MAX_ENLARGING = 6e6, 4e5, 4.0

NO_INK = "no ink was found"
SEVERAL = "the picture shows several digits"

# Lines of groups of digits, each with what the recognizer says of it.
Lines = list[list[tuple[Group, Floats]]]


class Reader:
    """Reads digits and numbers from pictures. One Reader serves many threads at once.

    Attributes:
        classifier: the model that knows single digits.
    """

    def __init__(self, model: str | Path | None = None, recognizer: str | Path | None = None) -> None:
        """Open a reader.

        Args:
            model: the classifier: None for the bundled one, the name of a bundled one, a run folder, or an .onnx file.
            recognizer: None for the bundled one, a run folder, or an .onnx file.

        Raises:
            ModelError: not found, not readable, or without a contract that this version can serve.
        """
        self.classifier = Classifier(model)
        if recognizer is not None:
            self.recognizer = Recognizer(recognizer)

    @cached_property
    def recognizer(self) -> Recognizer:
        """The model that reads a number as a whole; the bundled one is opened when the first number is read."""
        return Recognizer()

    @cached_property
    def detector(self) -> Detector:
        """The model that finds the digits on a page; opened when the first page is read."""
        return Detector()

    def read_digit(self, image: Source) -> Digit:
        """Read a picture that shows one digit: the main ink near its middle.

        What is cut by the rim counts as a neighbour and is left out. Where the classifier is not sure, or something was
        left out, the recognizer is asked, too: it knows digits among their neighbours. Refused (value None) where there
        is no ink, and where neither is sure.

        Args:
            image: path, bytes, binary file object, PIL image, or uint8 array (H, W), (H, W, 3) or (H, W, 4). Of a
                document (PDF, TIFF) the first page is read; `inkdigits.load_pages` gives them all.

        Raises:
            ImageError: the picture cannot be read; the message says why and what to do.
            ArrayError: an array of another shape or dtype.
        """
        return self.read_digit_and_frame(image)[0]

    def read_digit_and_frame(self, image: Source) -> tuple[Digit, Frame]:
        """The same with the (28, 28) frame that the classifier saw, for those who want to show or explain it."""
        gray = load_gray(image)
        frame, box, main = find_digit(gray)
        if not frame.any():
            return Digit(None, 0.0, box, (1 / DIGITS,) * DIGITS, None, NO_INK), frame
        threshold = self.classifier.contract.threshold
        digit = to_digit(box, self.classifier.probabilities(frame)[0], threshold, SEVERAL if main.rivals else "")
        if not main.rivals and (digit.value is None or main.left_out):
            second = self._read_middle(gray, box)
            if second.value is not None and (digit.value is None or second.confidence > digit.confidence):
                return second, frame
        return digit, frame

    def _read_middle(self, gray: Gray, box: Box) -> Digit:
        """The digit in the middle of a picture, as the recognizer sees it, which knows what stands beside a digit."""
        scale = min(1.0, math.sqrt(NUMBER_PIXELS / gray.size))
        crop = to_crop(rescale(gray, scale))
        (probabilities,) = self.recognizer.probabilities([crop.ink])
        step = (gray.shape[1] * scale / 2 - crop.left) * crop.scale / STEP_PX
        found = decode_middle(probabilities, step, MIDDLE_STEPS)
        beside = found[:DIGITS] / max(float(found[:DIGITS].sum()), 1e-9)
        confidence, guess = float(found[:DIGITS].max()), int(found[:DIGITS].argmax())
        is_sure = confidence >= self.recognizer.contract.numbers["least_alone"]
        return Digit(
            guess if is_sure else None, confidence, box, tuple(map(float, beside)), guess, "" if is_sure else UNSURE
        )

    def read_number(self, image: Source, format: Format | None = None) -> Number | None:
        """Read a picture that one number fills: a table's cell, a form's field.

        Args:
            image: as `read_digit` takes it.
            format: what the writer could have meant: the likeliest text that fits is read, or `?` where none does.

        Returns:
            The number, symbols that are not sure as `?`; None where there is none: an empty cell, a dash, a word.

        Raises:
            ImageError: the picture cannot be read; the message says why and what to do.
            ArrayError: an array of another shape or dtype.
        """
        return self.read_numbers([image], format)[0]

    def read_numbers(self, images: Iterable[Source], format: Format | None = None) -> list[Number | None]:
        """Read pictures that one number fills each, together, which takes less time. See `read_number`."""
        grays = [load_gray(image) for image in images]
        scales = [min(1.0, math.sqrt(NUMBER_PIXELS / gray.size)) for gray in grays]
        crops = [to_crop(rescale(gray, scale)) for gray, scale in zip(grays, scales, strict=True)]
        found = zip(self.recognizer.probabilities([crop.ink for crop in crops]), crops, scales, strict=True)
        return [to_number(*self.recognizer.decode(said, format), crop, scale) for said, crop, scale in found]

    def read(self, image: Source, format: Format | None = None) -> Reading:
        """Read all numbers on a picture: a photo, scan or drawing of a page, a line, a cell.

        A page on its side or upside down is turned first. Symbols that are not sure stay in a number as `?`; words and
        what else is not a number are left out.

        Args:
            image: as `read_digit` takes it.
            format: what each number must be like: the likeliest text that fits is read, or `?` where none does.

        Raises:
            ImageError: the picture cannot be read; the message says why and what to do.
            ArrayError: an array of another shape or dtype.
        """
        gray = load_gray(image)
        height, width = gray.shape
        scale = _page_scale(gray)
        gray = rescale(gray, scale)
        found, turn = self._find_upright(gray)
        read = [[self._to_number(group, said, format) for group, said in line] for line in found]
        kept = iter(find_kept([one for line in read for _, one in line if one], self.recognizer.contract.numbers))

        def to_photo(place: Box) -> Box:
            return unscale(turn_box(place, turn, gray.shape), scale, (height, width))

        rows = [[number.move(to_photo) for number, _ in line if number and next(kept)] for line in read]
        lines = [Line(tuple(row)) for row in rows if row]
        return Reading(tuple(lines) or self._read_drawing(gray, scale, format), width, height)

    def read_table(self, image: Source, columns: "Columns" = None) -> "Table":
        """Read the table on a picture; the one with most cells, if there are several.

        Args:
            image: as `read_digit` takes it.
            columns: a `Format` for each that is known, by index (from 0) or name, in order; or a template, a TOML file.

        Raises:
            NoTableError: there is none.
            ImageError: the picture cannot be read.
            FormatError: a template that contradicts itself.
        """
        from inkdigits.table.reading import find_largest

        return find_largest(self.read_tables(image, columns))

    def read_tables(self, image: Source, columns: "Columns" = None) -> "list[Table]":
        """Read every table on a picture, top to bottom; none where there is none. See `read_table`."""
        from inkdigits.table.reading import read_tables

        return read_tables(load_gray(image), self.recognizer, columns)

    def _read_drawing(self, gray: Gray, scale: float, form: Format | None) -> tuple[Line, ...]:
        """The one line of a page that shows nothing but one digit, which the classifier is sure of."""
        frame, box, main = find_digit(gray)
        if main.left_out or not frame.any():
            return ()
        box = unscale(box, scale, (round(gray.shape[0] / scale), round(gray.shape[1] / scale)))
        digit = to_digit(box, self.classifier.probabilities(frame)[0], self.classifier.contract.threshold)
        if digit.value is None:
            return ()
        number = Number((digit,))
        return (Line((number if form is None or form.matches(number.text) else number.refuse(1.0),)),)

    def _to_number(self, group: Group, said: Floats, form: Format | None) -> tuple[Number | None, Evidence | None]:
        """The number in a group, and what speaks for its being one, whether it fits or not: nothing is left out."""
        number = free = to_number(*self.recognizer.decode(said, form), group.crop, 1.0)
        if number and form:
            free = to_number(*self.recognizer.decode(said), group.crop, 1.0) or number
        return number, weigh(free, group.detections) if free else None

    def _find_upright(self, gray: Gray) -> tuple[Lines, int]:
        """The lines of a page, and by how many quarters it was turned for them."""
        lines = self._find_lines(gray)
        scores = {UPRIGHT: score(lines), 2: score(self._turn_crops(lines))}
        if needs_a_second_look(scores):
            aside = self._find_lines(np.ascontiguousarray(np.rot90(gray)))
            scores |= {1: score(aside), 3: score(self._turn_crops(aside))}
        turn = choose_turn(scores)
        if turn == UPRIGHT:
            return lines, turn
        return aside if turn == 1 else self._find_lines(np.ascontiguousarray(np.rot90(gray, turn))), turn

    def _find_lines(self, gray: Gray) -> Lines:
        """The lines of a page that is taken to be upright."""
        lines = self._recognize(find_groups(self.detector.find(to_ink(gray)), gray))
        joined = [join_groups(line, gray) for line in lines]
        return (
            self._recognize(joined)
            if any(map(len, joined)) and [len(line) for line in joined] != [len(line) for line in lines]
            else lines
        )

    def _recognize(self, lines: list[list[Group]]) -> Lines:
        found = iter(self.recognizer.probabilities([group.crop.ink for line in lines for group in line]))
        return [[(group, self._ask_classifier(group, next(found))) for group in line] for line in lines]

    def _ask_classifier(self, group: Group, probabilities: Floats) -> Floats:
        """What stands on the crop of a group; of a digit that stands alone the classifier is heard as well."""
        if len(group.detections) > 1:
            return probabilities
        frame = to_frame(find_main(group.crop.ink).ink)
        return mix_digit(probabilities, self.classifier.probabilities(frame)[0]) if frame.any() else probabilities

    def _turn_crops(self, lines: Lines) -> Lines:
        """The same groups as they look upside down."""
        turned = [
            [group._replace(crop=group.crop._replace(ink=group.crop.ink[::-1, ::-1])) for group, _ in line]
            for line in lines
        ]
        return self._recognize(turned)


def _page_scale(gray: Gray) -> float:
    """By how much to scale a page so that it is read well and fast."""
    if gray.size < CUTTING_PIXELS:
        return min(MAX_ENLARGING, math.sqrt(CUTTING_PIXELS / gray.size))
    return min(1.0, math.sqrt(PAGE_PIXELS / gray.size))
