"""The lines of a table, each known from one end of the page to the other, and where they cross."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkdigits.table.rulings import STRIP_PX, Ruling

Array = npt.NDArray[np.float64]

# Squares are as wide as tall to within this share; more of them in a row than in any puzzle are paper.
SAME, MOST_SQUARES = 0.1, 16


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line between rows (or, on the transposed page, columns) of a table.

    Attributes:
        at: along the page, ascending, from one end to the other.
        place: how far down it lies there.
        rulings: what it was made of; none where it is not drawn.
        cover: how much of it is seen between the outer lines of its table, 0 to 1.
    """

    at: Array
    place: Array
    rulings: tuple[Ruling, ...] = ()
    cover: float = 0.0

    def __call__(self, along: npt.ArrayLike) -> Array:
        """How far down it lies."""
        return np.asarray(np.interp(np.asarray(along, np.float64), self.at, self.place))

    @property
    def start(self) -> float:
        """Where it begins to be seen; the page's end where it is not drawn."""
        return min((ruling.start for ruling in self.rulings), default=float(self.at[0]))

    @property
    def end(self) -> float:
        """Where it ends to be seen."""
        return max((ruling.end for ruling in self.rulings), default=float(self.at[-1]))


@dataclass(frozen=True, slots=True, eq=False)
class Lattice:
    """The lines of one table.

    Attributes:
        rows: from top to bottom, the outer ones included; at least two.
        columns: likewise, from left to right.
    """

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]


def join(rulings: Sequence[Ruling], course: Ruling, length: int) -> Line:
    """One line of rulings that go on in one another or lie beside one another.

    Args:
        rulings: at least one.
        course: the longest of the table: where none of the rulings is seen, the line runs beside it.
        length: of the page.
    """
    at = np.arange(-STRIP_PX, length + 2.0 * STRIP_PX, STRIP_PX / 2)
    base = course(at)
    off, weight = np.zeros_like(at), np.zeros_like(at)
    for ruling in rulings:
        here = (at >= ruling.start) & (at <= ruling.end)
        off += np.where(here, ruling(at) - base, 0)
        weight += here
    known = weight > 0
    if not known.any():
        down = float(np.median([np.median(one.place - course(one.at)) for one in rulings]))
        return Line(at, base + down, tuple(rulings))
    off = off[known] / weight[known]
    place = base + np.interp(at, at[known], off)
    if known.sum() > 0.6 * known.size:
        # It may draw nearer to its neighbours all along the page.
        slope, start = np.polyfit(at[known], off, 1)
        place = np.where((at < at[known][0]) | (at > at[known][-1]), base + start + slope * at, place)
    return Line(at, place, tuple(rulings))


def blend(a: Line, b: Line, share: float | Array) -> Line:
    """A line between two others, a share of the way from the first to the second."""
    return Line(a.at, (1 - share) * a.place + share * b(a.at))


def shift(line: Line, down: float | Array) -> Line:
    """A line that is not drawn, so far below another."""
    return Line(line.at, line.place + down)


def through(points: Array, length: int) -> Line:
    """A straight line through (along, place), more or less, over a page so long."""
    at = np.arange(-STRIP_PX, length + 2.0 * STRIP_PX, STRIP_PX / 2)
    slopes = [
        (b[1] - a[1]) / (b[0] - a[0]) for i, a in enumerate(points) for b in points[i + 1 :] if abs(b[0] - a[0]) > 1
    ]
    slope = float(np.median(slopes)) if slopes else 0.0
    start = float(np.median(points[:, 1] - slope * points[:, 0]))
    return Line(at, start + slope * at)


def intersect(rows: Sequence[Line], columns: Sequence[Line]) -> Array:
    """(rows, columns, 2): where the lines of a table cross, x and y."""
    y = np.repeat(np.array([[float(np.median(row.place))] for row in rows]), len(columns), axis=1)
    x = np.zeros_like(y)
    for _ in range(4):
        x = np.stack([column(at) for column, at in zip(columns, y.T, strict=True)], axis=1)
        y = np.stack([row(at) for row, at in zip(rows, x, strict=True)])
    return np.stack([x, y], axis=-1)


def is_squared_paper(lattice: Lattice) -> bool:
    """Whether all cells are equal squares, and so numerous or so open at the sides that they are writing paper."""
    corners = intersect(lattice.rows, lattice.columns)
    # The outer cells may be cut.
    tall = np.median(np.diff(corners[..., 1], axis=0), axis=1)
    wide = np.median(np.diff(corners[..., 0], axis=1), axis=0)
    side = float(np.median(tall[1:-1])) if len(tall) > 2 else float(np.median(tall))
    inner = np.concatenate([tall[1:-1], wide[1:-1]])
    if len(inner) < 2 or (np.abs(inner / side - 1) < SAME).mean() < 0.9:
        return False
    sides = lattice.rows[0], lattice.rows[-1], lattice.columns[0], lattice.columns[-1]
    return max(len(tall), len(wide)) > MOST_SQUARES or sum(not line.rulings for line in sides) >= 3
