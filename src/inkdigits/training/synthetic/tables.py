"""Photos of filled-in tables with known cells, to measure how well tables are found.

A hand fills cells of one size a column; lines are printed, drawn by hand, between columns alone, dotted, or absent;
the sheet is bent a little and photographed by `inkdigits.training.synthetic.paper`. The same seed gives the same table.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Ink, Photo
from inkdigits.digit.frame import crop_to_ink
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.glyphs import HEIGHT_PX
from inkdigits.training.synthetic.hands import Canvas, Hand, draw_hand
from inkdigits.training.synthetic.number_texts import draw_text
from inkdigits.training.synthetic.paper import lay_on_paper, photograph

# How a table's lines look: printed, drawn by hand along a ruler or without, between columns alone, dotted or absent.
STYLES = ("ruled", "drawn", "columns", "faint")
ROWS, COLUMNS, LONGEST = (3, 15), (3, 8), 6
DIGIT_HEIGHTS_PX = (18, 42)
# A row's height, and the room on both sides of the longest number of a column, in heights of digits.
# Without lines people leave more.
PITCHES, ROOM, UNRULED_ROOM = (1.5, 2.4), (0.5, 1.6), (1.2, 2.6)
EMPTY_SHARE, DOUBLE_SHARE, HEAD_SHARE, DOTTED_SHARE = 0.08, 0.2, 0.4, 0.5
# How far a drawn line leaves its place, in heights of digits; how far the sheet is bent, over its height.
WOBBLE, MAX_BEND = 0.08, 0.012
MARGINS = (1.0, 5.0)

Points = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ComposedTable:
    """A photo of a table and what is in it.

    Attributes:
        photo: (H, W, 3) uint8.
        corners: (rows + 1, columns + 1, 2), where lines between rows and columns cross, x and y in pixels of the photo.
        texts: a tuple a row of the texts in its cells; empty where nothing is written.
        style: of `STYLES`.
    """

    photo: Photo
    corners: Points
    texts: tuple[tuple[str, ...], ...]
    style: str

    @property
    def rows(self) -> int:
        """How many."""
        return len(self.texts)

    @property
    def columns(self) -> int:
        """How many."""
        return len(self.texts[0])


def compose_tables(digits: Images, count: int, seed: int, fonts: Sequence[Path] = ()) -> Iterator[ComposedTable]:
    """This many tables, each style in turn, each from a seed of its own.

    Args:
        digits: pictures of MNIST to take a part of the writing from.
        count: how many.
        seed: of the whole.
        fonts: further fonts that imitate a hand.
    """
    for number in range(count):
        yield compose_table(digits, STYLES[number % len(STYLES)], np.random.default_rng([seed, number]), fonts)


def compose_table(digits: Images, style: str, rng: np.random.Generator, fonts: Sequence[Path] = ()) -> ComposedTable:
    """One table.

    Args:
        digits: pictures of MNIST to take a part of the writing from.
        style: of `STYLES`.
        rng: the only source of chance.
        fonts: further fonts that imitate a hand.
    """
    height = int(rng.integers(*DIGIT_HEIGHTS_PX))
    has_lines = style != "faint" or rng.random() < DOTTED_SHARE
    rows, columns = int(rng.integers(*ROWS)), int(rng.integers(*COLUMNS))
    empty = EMPTY_SHARE if style != "faint" else EMPTY_SHARE / 2
    texts = [["" if rng.random() < empty else _draw_short(rng) for _ in range(columns)] for _ in range(rows)]
    hand = draw_hand(digits, fonts, rng)
    inks = [[_write(hand, text, height) for text in row] for row in texts]
    widest = [max(inks[row][column].shape[1] for row in range(rows)) for column in range(columns)]
    widths = np.array([broad + height * rng.uniform(*(ROOM if has_lines else UNRULED_ROOM)) for broad in widest])
    pitch = height * rng.uniform(*PITCHES)
    margins = height * rng.uniform(*MARGINS, 4)
    x = margins[0] + np.concatenate([[0], np.cumsum(widths)])
    y = margins[1] + pitch * np.arange(rows + 1)
    shape = int(y[-1] + margins[3]), int(x[-1] + margins[2])
    pen, print_ = np.zeros(shape, np.uint8), np.zeros(shape, np.uint8)
    align = rng.uniform(0.1, 0.9)
    for row in range(rows):
        for column in range(columns):
            ink = inks[row][column]
            left = x[column] + (widths[column] - ink.shape[1]) * align + height * rng.normal(0, 0.06)
            top = y[row] + (pitch - ink.shape[0]) / 2 + height * rng.normal(0, 0.05)
            _lay(pen, ink, round(top), round(left))
    if has_lines:
        _draw_lines(pen if style == "drawn" else print_, x, y, height, style, rng)
    bend = _draw_bend(shape, rng)
    pen, print_ = (_bent(layer, bend) for layer in (pen, print_))
    shot = photograph(lay_on_paper(pen, print_, rng), height, rng)
    points = np.stack(np.meshgrid(x, y), axis=-1)
    points[..., 1] += np.interp(points[..., 0], np.arange(shape[1]), bend)
    corners = cv2.perspectiveTransform(points.reshape(1, -1, 2), shot.matrix).reshape(points.shape)
    return ComposedTable(shot.photo, np.asarray(corners, np.float64), tuple(map(tuple, texts)), style)


def _draw_short(rng: np.random.Generator) -> str:
    while len(text := draw_text(rng)) > LONGEST:
        pass
    return text


def _write(hand: Hand, text: str, height: int) -> Ink:
    """A text in ink, its digits about `height` tall; a pixel without ink where there is none."""
    canvas = Canvas(np.zeros((4 * HEIGHT_PX, (8 + 2 * len(text)) * HEIGHT_PX), np.uint8), 2.5 * HEIGHT_PX)
    hand.write(canvas, text, 3.0 * HEIGHT_PX, canvas.baseline)
    if crop_to_ink(canvas.ink) is None:
        return np.zeros((1, 1), np.uint8)
    # Not cut at the ink's top and foot: a minus stands in the middle.
    across = np.flatnonzero(canvas.ink.any(axis=0))
    cut = canvas.ink[int(1.4 * HEIGHT_PX) : int(2.6 * HEIGHT_PX), across[0] : across[-1] + 1]
    scale = height / HEIGHT_PX
    size = max(1, round(cut.shape[1] * scale)), max(1, round(cut.shape[0] * scale))
    return np.asarray(cv2.resize(cut, size, interpolation=cv2.INTER_AREA), np.uint8)


def _lay(page: Ink, ink: Ink, top: int, left: int) -> None:
    top, left = max(0, top), max(0, left)
    window = page[top : top + ink.shape[0], left : left + ink.shape[1]]
    np.maximum(window, ink[: window.shape[0], : window.shape[1]], out=window)


def _draw_lines(page: Ink, x: Points, y: Points, height: int, style: str, rng: np.random.Generator) -> None:
    tone, thickness = int(rng.integers(110, 256)), max(1, round(height * rng.uniform(0.03, 0.09)))
    wobble = WOBBLE * height if style == "drawn" else 0.0
    dots = height * rng.uniform(0.08, 0.4) if style == "faint" else 0.0
    double = float(thickness * rng.uniform(2.5, 4)) if rng.random() < DOUBLE_SHARE else 0.0
    level: list[float] = y.tolist()
    if style == "columns":
        level = [float(place) for place in (y[0], y[1]) if rng.random() < HEAD_SHARE]
    for number, place in enumerate(level):
        twice = [place, place + double] if double and number == 1 else [place]
        for one in twice:
            _draw_line(page, (float(x[0]), one), (float(x[-1]), one), thickness, tone, wobble, dots, rng)
    for number, place in enumerate(x.tolist()):
        twice = [place, place + double] if double and number == 1 else [place]
        for one in twice:
            _draw_line(page, (one, float(y[0])), (one, float(y[-1])), thickness, tone, wobble, dots, rng)


def _draw_line(
    page: Ink,
    start: tuple[float, float],
    end: tuple[float, float],
    thickness: int,
    tone: int,
    wobble: float,
    dots: float,
    rng: np.random.Generator,
) -> None:
    """A line; `wobble`: how far a hand leaves it, in pixels; `dots`: how far apart they are, 0 for a whole line."""
    first, last = np.array(start), np.array(end)
    length = float(np.hypot(*(last - first)))
    knots = 2 + int(length / 60) if wobble else 2
    points = first + np.linspace(0, 1, knots)[:, None] * (last - first)
    if wobble:
        along = (last - first) / length
        drift = np.cumsum(rng.normal(0, 0.5 * wobble, knots))
        drift += np.linspace(0, 1, knots) * (rng.normal(0, wobble) - drift[-1])
        points += (np.clip(drift, -1.5 * wobble, 1.5 * wobble))[:, None] * np.array([-along[1], along[0]])
        points[0] -= along * rng.uniform(-0.5, 3) * wobble
        points[-1] += along * rng.uniform(-0.5, 3) * wobble
    layer = np.zeros_like(page)
    cv2.polylines(layer, [np.round(points * 16).astype(np.int32)], False, tone, thickness, cv2.LINE_AA, 4)
    if dots:
        is_level = start[1] == end[1]
        gaps = np.arange(layer.shape[int(is_level)]) % max(3.0, dots) > 0.6 * max(3.0, dots)
        (layer.T if is_level else layer)[gaps] = 0
    np.maximum(page, layer, out=page)


def _draw_bend(shape: tuple[int, int], rng: np.random.Generator) -> Points:
    """How far down each column of a sheet is moved by a bend, in pixels."""
    knots = rng.uniform(-MAX_BEND, MAX_BEND, 4) * shape[0]
    along = np.linspace(0, 3, shape[1])
    return np.asarray(np.polyval(np.polyfit(np.arange(4), knots, 3), along), np.float64)


def _bent(ink: Ink, bend: Points) -> Ink:
    y, x = np.mgrid[: ink.shape[0], : ink.shape[1]].astype(np.float32)
    moved = cv2.remap(ink, x, (y - bend[None]).astype(np.float32), cv2.INTER_LINEAR)
    return np.asarray(moved, np.uint8)
