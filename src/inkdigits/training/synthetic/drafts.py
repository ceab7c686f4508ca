"""What stands on a composed page, before it is laid on paper: numbers, and everything around them."""

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from inkdigits.arrays import Box, Ink, enclosing_box
from inkdigits.training.synthetic.lettering import Lettering
from inkdigits.training.synthetic.writing import PEN_WIDTHS, Writer, draw_font, print_text

# Gaps between digits of a number and between numbers, in heights.
GAPS, NUMBER_GAPS = (0.08, 0.35), (0.9, 2.5)
UNDERLINE_SHARE, POINT_SHARE = 0.12, 0.12
# How thick the dots of a rule below numbers are, and how far below, in heights.
DOT_THICKNESS, DOT_DISTANCE = 0.05, 0.1


class Style(NamedTuple):
    """What pages are like. Shares are of all pages, where nothing else is said.

    Attributes:
        heights_px: how tall digits are, before the camera turns the sheet.
        large_share: with one number in large.
        touching_share: of what is not printed, in digits so close that many touch.
        touching_gaps: between these, in heights.
        pen_widths: of the pen over the height of what it writes.
        wide_share: in digits that stand far apart.
        faint_share: with digits, some of them paler than others.
        words_share: with digits, and one to four words around them all.
        behind_share: with digits, and a word behind the numbers of a line.
        dotted_share: with digits, and dotted lines below them.
        framed_share: of numbers in lines, with a frame around them all.
    """

    heights_px: tuple[int, int]
    large_share: float
    touching_share: float
    touching_gaps: tuple[float, float]
    pen_widths: tuple[float, float] = PEN_WIDTHS
    wide_share: float = 0.0
    faint_share: float = 0.0
    words_share: float = 0.0
    behind_share: float = 0.0
    dotted_share: float = 0.0
    framed_share: float = 0.0


# What reading is measured on.
EVALUATION_STYLE = Style((14, 90), 0.06, 0.12, (-0.08, 0.06))
# What the detector learns from: it sees all sizes alike, so small pages do, and more often what it finds hard.
TRAINING_STYLE = Style(
    heights_px=(13, 90),
    large_share=0.0,
    touching_share=0.22,
    touching_gaps=(-0.13, 0.07),
    pen_widths=(0.02, 0.14),
    wide_share=0.35,
    faint_share=0.25,
    words_share=0.35,
    behind_share=0.12,
    dotted_share=0.06,
    framed_share=0.12,
)
# Digits far apart, in heights; how pale the palest is beside the others, and how often the pen changes.
WIDE_GAPS, PALEST, CHANGE_SHARE = (0.4, 2.0), 0.4, 0.3


class Placed(NamedTuple):
    """Ink and the top left corner of its box on the sheet."""

    ink: Ink
    x: int
    y: int

    @property
    def box(self) -> Box:
        return Box(self.x, self.y, self.ink.shape[1], self.ink.shape[0])


@dataclass(slots=True)
class Draft:
    """A page while it is written.

    Attributes:
        height: the usual one of its digits, in pixels.
        pitch: from line to line, in pixels.
        write: the hand.
        gaps: between digits, in heights.
        lettering: the words.
        digits: in reading order.
        others: everything else that the pen wrote.
        frames: printed around cells, boxes or numbers.
        lines: the numbers.
    """

    height: int
    pitch: int
    write: Writer
    gaps: tuple[float, float]
    lettering: Lettering
    digits: list[Placed] = field(default_factory=list)
    others: list[Placed] = field(default_factory=list)
    frames: list[Box] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)


def write_lines(draft: Draft, count: int, rng: np.random.Generator) -> None:
    """Numbers in this many lines; one alone is a single number."""
    for line in range(count):
        x = int(draft.height * rng.uniform(0, 1.5)) if rng.random() < 0.5 else 0
        numbers = [_draw_number(rng) for _ in range(int(rng.integers(1, 5)) if count > 1 else 1)]
        for number in numbers:
            x = write_number(draft, number, x, line * draft.pitch, rng)
            x += int(draft.height * rng.uniform(*NUMBER_GAPS))
        draft.lines.append(tuple(numbers))


def write_list(draft: Draft, rng: np.random.Generator) -> None:
    """A word a line, and a number behind it."""
    column = 0
    words = []
    for _ in range(int(rng.integers(1, 7))):
        words.append(draft.lettering.draw(max(9, round(0.85 * draft.height)), rng))
        column = max(column, words[-1].shape[1])
    pitch = max(draft.pitch, max(word.shape[0] for word in words) + draft.height // 2)
    for line, ink in enumerate(words):
        draft.others.append(Placed(ink, 0, line * pitch - ink.shape[0]))
        number = _draw_number(rng)
        write_number(draft, number, column + int(1.2 * draft.height), line * pitch, rng)
        draft.lines.append((number,))


def write_grid(draft: Draft, kind: str, rng: np.random.Generator) -> None:
    """Numbers in columns, in the cells of a table, or single digits in boxes."""
    rows, columns = int(rng.integers(1, 7)), int(rng.integers(2, 6))
    longest = 1 if kind == "boxes" else 4
    width = round(draft.height * (1.7 if longest == 1 else 1.2 + 1.1 * longest))
    draft.gaps = GAPS
    height = round(draft.height * rng.uniform(1.5, 1.9))
    for row in range(rows):
        numbers = [_draw_number(rng, longest) for _ in range(columns)]
        for column, number in enumerate(numbers):
            x, y = column * width, row * height
            write_number(draft, number, x + round(0.35 * draft.height), y + round(0.82 * height), rng)
            if kind != "columns":
                draft.frames.append(Box(x, y, width, height))
        draft.lines.append(tuple(numbers) if longest > 1 else ("".join(numbers),))


def write_words(draft: Draft, rng: np.random.Generator) -> int:
    """Some lines of words, maybe none; gives where the next line would stand."""
    y = 0
    for _ in range(int(rng.integers(0, 9))):
        x, tallest = 0, 0
        for word in rng.choice(draft.lettering.words, int(rng.integers(1, 6))):
            ink = draft.lettering.write(str(word), draft.height, rng)
            draft.others.append(Placed(ink, x, y))
            x, tallest = x + ink.shape[1] + int(draft.height * rng.uniform(0.5, 1.2)), max(tallest, ink.shape[0])
        y += max(draft.pitch, tallest + draft.height // 3)
    return y


def add_aside(draft: Draft, ink: Ink, rng: np.random.Generator) -> None:
    """Put ink below, above or beside everything that stands on the page."""
    everything = [placed.box for placed in [*draft.digits, *draft.others]] + draft.frames
    around = enclosing_box(everything) if everything else Box(0, 0, 1, 1)
    away = round(draft.height * rng.uniform(0.7, 2))
    side = rng.integers(3)
    x = around.x + int(rng.integers(0, max(1, around.width)))
    if side == 0:
        place = Placed(ink, x, around.y - away - ink.shape[0])
    elif side == 1:
        place = Placed(ink, x, around.y + around.height + away)
    else:
        place = Placed(ink, around.x + around.width + away, around.y)
    draft.others.append(place)


def add_extras(draft: Draft, kind: str, style: Style, rng: np.random.Generator) -> None:
    """What some styles have in numbers and around them."""
    if happens(style.faint_share, rng):
        _make_paler(draft, rng)
    if happens(style.words_share, rng):
        for _ in range(int(rng.integers(1, 5))):
            add_aside(draft, draft.lettering.draw(max(8, round(draft.height * rng.uniform(0.6, 1.3))), rng), rng)
    if happens(style.behind_share, rng):
        _add_word_behind(draft, rng)
    if happens(style.dotted_share, rng):
        _add_dotted_lines(draft, rng)
    if kind in ("number", "lines") and happens(style.framed_share, rng):
        around = enclosing_box([placed.box for placed in draft.digits])
        gap = round(draft.height * rng.uniform(0.15, 0.6))
        draft.frames.append(Box(around.x - gap, around.y - gap, around.width + 2 * gap, around.height + 2 * gap))


def _make_paler(draft: Draft, rng: np.random.Generator) -> None:
    """Some digits paler: the pen runs dry, or is another one."""
    tone = 1.0
    for place, (ink, x, y) in enumerate(draft.digits):
        if rng.random() < CHANGE_SHARE:
            tone = rng.uniform(PALEST, 1)
        draft.digits[place] = Placed((ink * tone).astype(np.uint8), x, y)


def happens(share: float, rng: np.random.Generator) -> bool:
    """Draw a lot, but none for what never happens: a style without extras draws what it drew before there were any."""
    return share > 0 and rng.random() < share


def _add_word_behind(draft: Draft, rng: np.random.Generator) -> None:
    """A word that stands on the same line as a digit, behind all that is near this line."""
    boxes = [placed.box for placed in draft.digits]
    box = boxes[rng.integers(len(boxes))]
    near = [other for other in boxes + draft.frames if abs(other.y - box.y) < 2 * draft.height]
    ink = draft.lettering.draw(max(8, round(draft.height * rng.uniform(0.7, 1.1))), rng)
    x = max(other.x + other.width for other in near) + round(draft.height * rng.uniform(0.3, 1))
    draft.others.append(Placed(ink, x, box.y + box.height - ink.shape[0]))


def _add_dotted_lines(draft: Draft, rng: np.random.Generator) -> None:
    """Dotted or dashed lines as wide as the numbers, below every third digit."""
    boxes = [placed.box for placed in draft.digits]
    around = enclosing_box(boxes)
    thickness = max(1, round(DOT_THICKNESS * draft.height))
    for bottom in sorted({box.y + box.height for box in boxes[::3]}):
        step = max(3, round(draft.height * rng.uniform(0.1, 0.3)))
        dots = (np.arange(around.width + 1) % step < step // 2).astype(np.uint8) * np.uint8(255)
        line = np.tile(dots, (thickness, 1))
        draft.others.append(Placed(line, around.x, bottom + round(DOT_DISTANCE * draft.height)))


def _draw_number(rng: np.random.Generator, longest: int = 6) -> str:
    return "".join(map(str, rng.integers(0, 10, int(rng.integers(1, longest + 1)))))


def write_number(draft: Draft, text: str, x: int, y: int, rng: np.random.Generator) -> int:
    """Write digits from x on, their feet about at y; gives where they end."""
    left = x
    first = len(draft.digits)
    for place, character in enumerate(text):
        ink = draft.write(int(character), max(8, round(draft.height * rng.uniform(0.88, 1.08))))
        wobble = round(draft.height * rng.normal(0, 0.03))
        draft.digits.append(Placed(ink, x, y - ink.shape[0] + wobble))
        gap = draft.height * rng.uniform(*draft.gaps)
        if draft.gaps is GAPS and place + 1 < len(text) and rng.random() < POINT_SHARE / 4:
            gap += _add_point(draft, x + ink.shape[1], y, rng)
        x += ink.shape[1] + round(gap)
    if rng.random() < UNDERLINE_SHARE:
        below = enclosing_box([placed.box for placed in draft.digits[first:]])
        top = below.y + below.height + round(draft.height * rng.uniform(0.1, 0.25))
        thickness = max(1, round(draft.height * rng.uniform(0.03, 0.09)))
        line = np.full((thickness, x - left + draft.height // 3), 255, np.uint8)
        draft.others.append(Placed(line, left - draft.height // 6, top))
    return x


def _add_point(draft: Draft, x: int, y: int, rng: np.random.Generator) -> int:
    """A decimal point, a comma or a dash after a digit; gives how much room it takes."""
    sign = str(rng.choice([".", ",", "-"]))
    ink = print_text(sign, draft.height, draw_font(rng))
    top = y - draft.height // 2 if sign == "-" else y - round(0.12 * draft.height)
    draft.others.append(Placed(ink, x + round(0.15 * draft.height), top))
    return int(ink.shape[1]) + round(0.15 * draft.height)
