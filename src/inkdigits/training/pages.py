"""Pages composed of digits with known answers, and pages of everything else without a digit.

What stands on a page is drawn by lot: numbers in lines, columns, lists beside words, table cells or boxes, in one
hand; underlines, points and dashes; words and scribbles; then the sheet is ruled, coloured and photographed by
`inkdigits.training.paper`. The same seed gives the same page.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np

from inkdigits.arrays import Ink, Photo
from inkdigits.results import Box, enclosing_box
from inkdigits.training.mnist import Images
from inkdigits.training.paper import lay_on_paper, photograph, rule
from inkdigits.training.writing import (
    Writer,
    copy_digits,
    draw_font,
    print_text,
    scribble,
    use_font,
    use_pen,
    write_word,
)

# How tall digits are, in pixels, before the camera turns the sheet: mostly these, else one number in large.
HEIGHTS_PX, LARGE_HEIGHTS_PX, LARGE_SHARE = (14, 90), (150, 700), 0.06
# Where the writing comes from: pictures of digits, the pen, fonts.
SOURCES, SOURCE_SHARES = ("mnist", "pen", "font"), (0.45, 0.4, 0.15)
KINDS = ("number", "lines", "columns", "list", "table", "boxes")
# Gaps between digits in heights: within a number, mostly and where they touch; between numbers.
GAPS, TOUCHING_GAPS, TOUCHING_SHARE, NUMBER_GAPS = (0.08, 0.35), (-0.08, 0.06), 0.12, (0.9, 2.5)
LINE_PITCHES = (1.5, 2.6)
UNDERLINE_SHARE, POINT_SHARE, SCRIBBLE_SHARE, WORDS_SHARE = 0.12, 0.12, 0.15, 0.15
MARGINS, MAX_MARGIN_PX = (0.6, 4.0), 500
# Everyday words, in letters that every font has; none of them could be read as a number by a person.
WORDS = """
milk bread paper total meter water Monday Friday rent garden telephone signature hello kitchen apples receipt amount
name street notes change price weight length school Winter Strasse Summe Datum Menge Gewicht rouge jaune voiture maison
chambre camino ventana mercado leche harina sugar butter remember tomorrow shopping measure
""".split()  # noqa: SIM905 (a list would fill a page)


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what stands on it.

    Attributes:
        photo: (H, W, 3) uint8.
        lines: the numbers on it, a tuple a line, in reading order; empty where there is no digit.
        boxes: around every digit, in reading order, in photo pixels.
        kind: of `KINDS`, or "no digits".
    """

    photo: Photo
    lines: tuple[tuple[str, ...], ...]
    boxes: tuple[Box, ...]
    kind: str

    @property
    def text(self) -> str:
        """As `inkdigits.Reading.text` should be: lines parted by a line feed, numbers on a line by a space."""
        return "\n".join(" ".join(line) for line in self.lines)


class _Placed(NamedTuple):
    """Ink and the top left corner of its box on the sheet."""

    ink: Ink
    x: int
    y: int

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.ink.shape[1], self.ink.shape[0])


@dataclass(slots=True)
class _Draft:
    """A page while it is written; `height` is the usual one of its digits."""

    height: int
    pitch: int
    write: Writer
    gaps: tuple[float, float]
    digits: list[_Placed] = field(default_factory=list)
    others: list[_Placed] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)


def compose_pages(digits: Images, count: int, seed: int) -> Iterator[Page]:
    """So many pages with digits on them, each from a seed of its own, so that any one can be had again alone.

    Args:
        digits: pictures of digits to take a part of the writing from.
        count: how many.
        seed: of the whole.
    """
    for number in range(count):
        yield compose_page(digits, np.random.default_rng([seed, number]))


def compose_page(digits: Images, rng: np.random.Generator) -> Page:
    """One page with digits on it.

    Args:
        digits: pictures of digits to take a part of the writing from.
        rng: the only source of chance.
    """
    kind = str(rng.choice(KINDS))
    low, high = np.log(HEIGHTS_PX)
    height = int(np.exp(rng.uniform(low, high)))
    if kind == "number" and rng.random() < LARGE_SHARE * len(KINDS):
        height = int(rng.integers(*LARGE_HEIGHTS_PX))
    source = rng.choice(SOURCES, p=SOURCE_SHARES)
    write = copy_digits(digits, rng) if source == "mnist" else use_pen(rng) if source == "pen" else use_font(rng)
    gaps = TOUCHING_GAPS if source != "font" and rng.random() < TOUCHING_SHARE else GAPS
    draft = _Draft(height, int(height * rng.uniform(*LINE_PITCHES)), write, gaps)
    if kind in ("number", "lines"):
        _write_lines(draft, 1 if kind == "number" else int(rng.integers(2, 8)), rng)
    elif kind == "list":
        _write_list(draft, rng)
    else:
        _write_grid(draft, kind, rng)
    if rng.random() < SCRIBBLE_SHARE:
        _add_aside(draft, scribble(int(height * rng.uniform(1, 4)), rng), rng)
    if rng.random() < WORDS_SHARE:
        _add_aside(draft, write_word(str(rng.choice(WORDS)), height, rng), rng)
    return _finish(draft, kind, rng)


def compose_page_without_digits(rng: np.random.Generator) -> Page:
    """One page of words, drawings and rulings, and no digit.

    Args:
        rng: the only source of chance.
    """
    height = int(np.exp(rng.uniform(*np.log(HEIGHTS_PX))))
    draft = _Draft(height, int(height * rng.uniform(*LINE_PITCHES)), use_font(rng), GAPS)
    y = 0
    for _ in range(int(rng.integers(0, 9))):
        x, tallest = 0, 0
        for word in rng.choice(WORDS, int(rng.integers(1, 6))):
            ink = write_word(str(word), height, rng)
            draft.others.append(_Placed(ink, x, y))
            x, tallest = x + ink.shape[1] + int(height * rng.uniform(0.5, 1.2)), max(tallest, ink.shape[0])
        y += max(draft.pitch, tallest + height // 3)
    if not draft.others or rng.random() < 0.5:
        for _ in range(int(rng.integers(1, 5))):
            _add_aside(draft, scribble(int(height * rng.uniform(1, 6)), rng), rng)
    if rng.random() < 0.2:
        width, rows = int(height * rng.uniform(3, 8)), int(rng.integers(2, 5))
        draft.frames += [Box(c * width, y + r * 2 * height, width, 2 * height) for r in range(rows) for c in range(3)]
    return _finish(draft, "no digits", rng)


def _number(rng: np.random.Generator, longest: int = 6) -> str:
    return "".join(map(str, rng.integers(0, 10, int(rng.integers(1, longest + 1)))))


def _write_number(draft: _Draft, text: str, x: int, y: int, rng: np.random.Generator) -> int:
    """Write digits from x on, their feet about at y; gives where they end."""
    left = x
    first = len(draft.digits)
    for place, character in enumerate(text):
        ink = draft.write(int(character), max(8, round(draft.height * rng.uniform(0.88, 1.08))))
        wobble = round(draft.height * rng.normal(0, 0.03))
        draft.digits.append(_Placed(ink, x, y - ink.shape[0] + wobble))
        gap = draft.height * rng.uniform(*draft.gaps)
        if draft.gaps is GAPS and place + 1 < len(text) and rng.random() < POINT_SHARE / 4:
            gap += _add_point(draft, x + ink.shape[1], y, rng)
        x += ink.shape[1] + round(gap)
    if rng.random() < UNDERLINE_SHARE:
        below = enclosing_box([placed.box for placed in draft.digits[first:]])
        top = below.y + below.height + round(draft.height * rng.uniform(0.1, 0.25))
        thickness = max(1, round(draft.height * rng.uniform(0.03, 0.09)))
        line = np.full((thickness, x - left + draft.height // 3), 255, np.uint8)
        draft.others.append(_Placed(line, left - draft.height // 6, top))
    return x


def _add_point(draft: _Draft, x: int, y: int, rng: np.random.Generator) -> int:
    """A decimal point, a comma or a dash after a digit; gives how much room it takes."""
    sign = str(rng.choice([".", ",", "-"]))
    ink = print_text(sign, draft.height, draw_font(rng))
    top = y - draft.height // 2 if sign == "-" else y - round(0.12 * draft.height)
    draft.others.append(_Placed(ink, x + round(0.15 * draft.height), top))
    return int(ink.shape[1]) + round(0.15 * draft.height)


def _write_lines(draft: _Draft, count: int, rng: np.random.Generator) -> None:
    for line in range(count):
        x = int(draft.height * rng.uniform(0, 1.5)) if rng.random() < 0.5 else 0
        numbers = [_number(rng) for _ in range(int(rng.integers(1, 5)) if count > 1 else 1)]
        for number in numbers:
            x = _write_number(draft, number, x, line * draft.pitch, rng)
            x += int(draft.height * rng.uniform(*NUMBER_GAPS))
        draft.lines.append(tuple(numbers))


def _write_list(draft: _Draft, rng: np.random.Generator) -> None:
    """A word a line, and a number behind it."""
    column = 0
    words = []
    for _ in range(int(rng.integers(1, 7))):
        words.append(write_word(str(rng.choice(WORDS)), max(9, round(0.85 * draft.height)), rng))
        column = max(column, words[-1].shape[1])
    pitch = max(draft.pitch, max(word.shape[0] for word in words) + draft.height // 2)
    for line, ink in enumerate(words):
        draft.others.append(_Placed(ink, 0, line * pitch - ink.shape[0]))
        number = _number(rng)
        _write_number(draft, number, column + int(1.2 * draft.height), line * pitch, rng)
        draft.lines.append((number,))


def _write_grid(draft: _Draft, kind: str, rng: np.random.Generator) -> None:
    """Numbers in columns, in the cells of a table, or single digits in boxes."""
    rows, columns = int(rng.integers(1, 7)), int(rng.integers(2, 6))
    longest = 1 if kind == "boxes" else 4
    width = round(draft.height * (1.7 if longest == 1 else 1.2 + 1.1 * longest))
    draft.gaps = GAPS
    height = round(draft.height * rng.uniform(1.5, 1.9))
    for row in range(rows):
        numbers = [_number(rng, longest) for _ in range(columns)]
        for column, number in enumerate(numbers):
            x, y = column * width, row * height
            _write_number(draft, number, x + round(0.35 * draft.height), y + round(0.82 * height), rng)
            if kind != "columns":
                draft.frames.append(Box(x, y, width, height))
        draft.lines.append(tuple(numbers) if longest > 1 else ("".join(numbers),))


def _add_aside(draft: _Draft, ink: Ink, rng: np.random.Generator) -> None:
    """Put ink below, above or beside everything that stands on the page."""
    everything = [placed.box for placed in [*draft.digits, *draft.others]] + draft.frames
    around = enclosing_box(everything) if everything else Box(0, 0, 1, 1)
    away = round(draft.height * rng.uniform(0.7, 2))
    side = rng.integers(3)
    x = around.x + int(rng.integers(0, max(1, around.width)))
    if side == 0:
        place = _Placed(ink, x, around.y - away - ink.shape[0])
    elif side == 1:
        place = _Placed(ink, x, around.y + around.height + away)
    else:
        place = _Placed(ink, around.x + around.width + away, around.y)
    draft.others.append(place)


def _finish(draft: _Draft, kind: str, rng: np.random.Generator) -> Page:
    """Put everything on one sheet, and photograph it."""
    placed = [*draft.digits, *draft.others]
    around = enclosing_box([one.box for one in placed] + draft.frames)
    margins = np.minimum(draft.height * rng.uniform(*MARGINS, 4) + 6, MAX_MARGIN_PX).astype(int).tolist()
    left, top = around.x - margins[0], around.y - margins[1]
    shape = around.height + margins[1] + margins[3], around.width + margins[0] + margins[2]
    pen = np.zeros(shape, np.uint8)
    for ink, x, y in placed:
        window = pen[y - top : y - top + ink.shape[0], x - left : x - left + ink.shape[1]]
        np.maximum(window, ink, out=window)
    print_ = rule(shape, draft.height * rng.uniform(0.7, 2.0), rng) if not draft.frames else np.zeros(shape, np.uint8)
    thickness, tone = max(1, round(draft.height * rng.uniform(0.02, 0.08))), int(rng.integers(110, 256))
    for frame in draft.frames:
        x, y = frame.x - left, frame.y - top
        cv2.rectangle(print_, (x, y), (x + frame.width, y + frame.height), tone, thickness)
    shot = photograph(lay_on_paper(pen, print_, rng), draft.height, rng)
    boxes = [_moved(one.box, left, top, shot.matrix) for one in draft.digits]
    return Page(shot.photo, tuple(draft.lines), tuple(boxes), kind)


def _moved(box: Box, left: int, top: int, matrix: np.ndarray) -> Box:
    """The box on the photo around a box on the sheet."""
    x, y = box.x - left, box.y - top
    corners = [[x, y], [x + box.width, y], [x, y + box.height], [x + box.width, y + box.height]]
    points = cv2.perspectiveTransform(np.array([corners], np.float64), matrix)[0]
    low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int)
    return Box(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
