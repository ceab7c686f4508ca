"""Pages composed of digits with known answers, and pages of everything else without a digit.

What stands on a page is drawn by lot: numbers in lines, columns, lists beside words, table cells or boxes, in one
hand; underlines, points and dashes; words and scribbles; then the sheet is ruled, coloured and photographed by
`inkdigits.training.synthetic.paper`. The same seed gives the same page.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Photo, enclosing_box
from inkdigits.digit.frame import INK_LEVEL
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.drafts import (
    EVALUATION_STYLE,
    GAPS,
    WIDE_GAPS,
    Draft,
    Style,
    add_aside,
    add_extras,
    happens,
    write_grid,
    write_lines,
    write_list,
    write_words,
)
from inkdigits.training.synthetic.lettering import EVERYDAY, Lettering
from inkdigits.training.synthetic.paper import lay_on_paper, photograph, rule
from inkdigits.training.synthetic.writing import Writer, copy_digits, scribble, use_font, use_pen

# How tall one number in large is, in pixels.
LARGE_HEIGHTS_PX = (150, 700)
# Where the writing comes from: pictures of digits, the pen, fonts.
SOURCES, SOURCE_SHARES = ("mnist", "pen", "font"), (0.45, 0.4, 0.15)
KINDS = ("number", "lines", "columns", "list", "table", "boxes")
LINE_PITCHES = (1.5, 2.6)
SCRIBBLE_SHARE, WORDS_SHARE = 0.15, 0.15
MARGINS, MAX_MARGIN_PX = (0.6, 4.0), 500


@dataclass(frozen=True, slots=True)
class Page:
    """A page and what stands on it.

    Attributes:
        photo: (H, W, 3) uint8.
        lines: the numbers on it, a tuple a line, in reading order; empty where there is no digit.
        boxes: around every digit, in reading order, in photo pixels.
        marks: (H, W) uint16, which digit's ink each pixel is: 1 for the first; 0 for everything else.
        kind: of `KINDS`, or "no digits".
    """

    photo: Photo
    lines: tuple[tuple[str, ...], ...]
    boxes: tuple[Box, ...]
    marks: npt.NDArray[np.uint16]
    kind: str

    @property
    def text(self) -> str:
        """As `inkdigits.Reading.text` should be: lines parted by a line feed, numbers on a line by a space."""
        return "\n".join(" ".join(line) for line in self.lines)


def compose_pages(digits: Images, count: int, seed: int) -> Iterator[Page]:
    """This many pages with digits on them, each from a seed of its own, so that any one can be had again alone.

    Args:
        digits: pictures of digits to take a part of the writing from.
        count: how many.
        seed: of the whole.
    """
    for number in range(count):
        yield compose_page(digits, np.random.default_rng([seed, number]))


def compose_page(
    digits: Images, rng: np.random.Generator, lettering: Lettering = EVERYDAY, style: Style = EVALUATION_STYLE
) -> Page:
    """One page with digits on it.

    Args:
        digits: pictures of digits to take a part of the writing from.
        rng: the only source of chance.
        lettering: the words beside the numbers.
        style: what the page is like.
    """
    kind = str(rng.choice(KINDS))
    height = _draw_height(style, rng)
    if kind == "number" and rng.random() < style.large_share * len(KINDS):
        height = int(rng.integers(*LARGE_HEIGHTS_PX))
    source, write = draw_writer(digits, style, rng)
    gaps = style.touching_gaps if source != "font" and rng.random() < style.touching_share else GAPS
    gaps = WIDE_GAPS if happens(style.wide_share, rng) else gaps
    draft = Draft(height, int(height * rng.uniform(*LINE_PITCHES)), write, gaps, lettering)
    if kind in ("number", "lines"):
        write_lines(draft, 1 if kind == "number" else int(rng.integers(2, 8)), rng)
    elif kind == "list":
        write_list(draft, rng)
    else:
        write_grid(draft, kind, rng)
    if rng.random() < SCRIBBLE_SHARE:
        add_aside(draft, scribble(int(height * rng.uniform(1, 4)), rng), rng)
    if rng.random() < WORDS_SHARE:
        add_aside(draft, lettering.draw(height, rng), rng)
    add_extras(draft, kind, style, rng)
    return finish(draft, kind, rng)


def compose_page_without_digits(
    rng: np.random.Generator, lettering: Lettering = EVERYDAY, style: Style = EVALUATION_STYLE
) -> Page:
    """One page of words, drawings and rulings, and no digit.

    Args:
        rng: the only source of chance.
        lettering: the words on it.
        style: of which the heights alone count.
    """
    height = _draw_height(style, rng)
    draft = Draft(height, int(height * rng.uniform(*LINE_PITCHES)), use_font(rng), GAPS, lettering)
    below = write_words(draft, rng)
    if not draft.others or rng.random() < 0.5:
        for _ in range(int(rng.integers(1, 5))):
            add_aside(draft, scribble(int(height * rng.uniform(1, 6)), rng), rng)
    if rng.random() < 0.2:
        width, rows = int(height * rng.uniform(3, 8)), int(rng.integers(2, 5))
        corners = [(column * width, below + row * 2 * height) for row in range(rows) for column in range(3)]
        draft.frames += [Box(*corner, width, 2 * height) for corner in corners]
    return finish(draft, "no digits", rng)


def draw_writer(digits: Images, style: Style, rng: np.random.Generator) -> tuple[str, Writer]:
    """A writer drawn by lot, and which of `SOURCES` it takes its digits from."""
    source = str(rng.choice(SOURCES, p=SOURCE_SHARES))
    if source == "mnist":
        return source, copy_digits(digits, rng)
    return source, use_pen(rng, style.pen_widths) if source == "pen" else use_font(rng)


def _draw_height(style: Style, rng: np.random.Generator) -> int:
    return int(np.exp(rng.uniform(*np.log(style.heights_px))))


def finish(draft: Draft, kind: str, rng: np.random.Generator, margins_heights: tuple[float, float] = MARGINS) -> Page:
    """Put everything on one sheet, with margins of this many heights around it, and photograph it."""
    placed = [*draft.digits, *draft.others]
    around = enclosing_box([one.box for one in placed] + draft.frames)
    margins = np.minimum(draft.height * rng.uniform(*margins_heights, 4) + 6, MAX_MARGIN_PX).astype(int).tolist()
    left, top = around.x - margins[0], around.y - margins[1]
    shape = around.height + margins[1] + margins[3], around.width + margins[0] + margins[2]
    pen, owners = np.zeros(shape, np.uint8), np.zeros(shape, np.uint16)
    for number, (ink, x, y) in enumerate(placed, start=1):
        window = slice(y - top, y - top + ink.shape[0]), slice(x - left, x - left + ink.shape[1])
        np.maximum(pen[window], ink, out=pen[window])
        if number <= len(draft.digits):
            owners[window][ink >= INK_LEVEL] = number
    print_ = rule(shape, draft.height * rng.uniform(0.7, 2.0), rng) if not draft.frames else np.zeros(shape, np.uint8)
    thickness, tone = max(1, round(draft.height * rng.uniform(0.02, 0.08))), int(rng.integers(110, 256))
    for frame in draft.frames:
        x, y = frame.x - left, frame.y - top
        cv2.rectangle(print_, (x, y), (x + frame.width, y + frame.height), tone, thickness)
    shot = photograph(lay_on_paper(pen, print_, rng), draft.height, rng)
    boxes = [_moved(one.box, left, top, shot.matrix) for one in draft.digits]
    size = shot.photo.shape[1], shot.photo.shape[0]
    marks = cv2.warpPerspective(owners, shot.matrix, size, flags=cv2.INTER_NEAREST)
    return Page(shot.photo, tuple(draft.lines), tuple(boxes), np.asarray(marks, np.uint16), kind)


def _moved(box: Box, left: int, top: int, matrix: np.ndarray) -> Box:
    """The box on the photo around a box on the sheet."""
    x, y = box.x - left, box.y - top
    corners = [[x, y], [x + box.width, y], [x, y + box.height], [x + box.width, y + box.height]]
    points = cv2.perspectiveTransform(np.array([corners], np.float64), matrix)[0]
    low, high = np.floor(points.min(axis=0)).astype(int), np.ceil(points.max(axis=0)).astype(int)
    return Box(int(low[0]), int(low[1]), int(high[0] - low[0]), int(high[1] - low[1]))
