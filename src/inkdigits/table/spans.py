"""Cells of a table that were merged: where a line of the table is left out between two of them."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.table.lattice import Cover, measure_cover
from inkdigits.table.lines import Lattice, intersect
from inkdigits.table.rulings import Evidence

# A line is left out where less than this share of it is seen, if over the rest of the table at least so much is.
ABSENT, PRESENT = 0.08, 0.85

Flags = npt.NDArray[np.bool_]


class Span(NamedTuple):
    """A cell: its first row and column, and how many of both it fills."""

    row: int
    column: int
    rows: int
    columns: int


def find_spans(lattice: Lattice, level: Evidence, upright: Evidence) -> list[Span]:
    """The cells of a table, merged ones once, in reading order; none is merged where rows are not drawn.

    Args:
        lattice: the lines of the table.
        level: what speaks for lines from left to right on the straight page.
        upright: what speaks for such lines on the transposed page.
    """
    rows, columns = len(lattice.rows) - 1, len(lattice.columns) - 1
    if not all(row.rulings for row in lattice.rows[1:-1]):
        return one_each(lattice)
    # Where a digit stands on the line, the line is not left out.
    level, upright = (one._replace(boxes=np.zeros((0, 4))) for one in (level, upright))
    corners = intersect(lattice.rows, lattice.columns)
    below = _find_open(measure_cover(list(lattice.rows), corners[..., 0], level), columns)[1:-1]
    beside = _find_open(measure_cover(list(lattice.columns), corners[..., 1].T, upright), rows)[1:-1].T
    taken = np.zeros((rows, columns), bool)
    spans = []
    for row in range(rows):
        for column in range(columns):
            if taken[row, column]:
                continue
            across, down = 1, 1
            while column + across < columns and beside[row, column + across - 1] and not taken[row, column + across]:
                across += 1
            if across == 1:
                # Downwards only in one column: a table whose row lines all end is read row by row.
                while row + down < rows and below[row + down - 1, column] and not taken[row + down, column]:
                    down += 1
            taken[row : row + down, column : column + across] = True
            spans.append(Span(row, column, down, across))
    return spans


def _find_open(covers: list[Cover], parts: int) -> Flags:
    """(lines, parts): where a line that is else clear is left out."""
    found = np.zeros((len(covers), parts), bool)
    for number, measure in enumerate(covers):
        cover = measure(range(parts + 1))
        absent = cover < ABSENT
        seen = cover[~absent & ~np.isnan(cover)]
        if len(seen) > parts / 2 and seen.mean() >= PRESENT:
            found[number] = absent
    return found


def one_each(lattice: Lattice) -> list[Span]:
    """The cells of a table of which none is merged, in reading order."""
    rows, columns = len(lattice.rows) - 1, len(lattice.columns) - 1
    return [Span(row, column, 1, 1) for row in range(rows) for column in range(columns)]
