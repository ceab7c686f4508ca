"""A photo or a scan of a page → the cells of the tables on it."""

from typing import NamedTuple

import cv2
import numpy as np

from inkdigits.arrays import Gray, check_plane
from inkdigits.table.lattice import find_lattices
from inkdigits.table.lines import Lattice, intersect, is_squared_paper
from inkdigits.table.plane import Plane, straighten, to_photo
from inkdigits.table.rows import split_rows
from inkdigits.table.rulings import find_evidence
from inkdigits.table.spans import Span, find_spans, one_each
from inkdigits.table.unruled import find_unruled
from inkdigits.table.writing import find_writing

# Tables are looked for on a copy of this size.
SIDE_PX = 1600
# Fewer rows or columns are no table.
LEAST_SIDE = 2
# A grid of which this share lies in a larger one is a part of it.
INNER = 0.4


class GridCell(NamedTuple):
    """A cell of a table.

    Attributes:
        row: its first row, from 0.
        column: its first column, from 0.
        row_span: how many rows it fills.
        column_span: how many columns it fills.
        corners: four points (x, y) in pixels of the photo: top left, top right, bottom right, bottom left.
    """

    row: int
    column: int
    row_span: int
    column_span: int
    corners: tuple[tuple[float, float], ...]


class Grid(NamedTuple):
    """A table.

    Attributes:
        rows: how many.
        columns: how many.
        cells: in reading order; together they cover every place of the table once.
    """

    rows: int
    columns: int
    cells: tuple[GridCell, ...]


def find_grids(gray: Gray) -> list[Grid]:
    """The tables on a page, from top to bottom.

    Args:
        gray: (H, W) uint8, dark on light or light on dark, upright up to 45 degrees.

    Returns:
        One grid a table; none where there is no table.

    Raises:
        ArrayError: another shape or dtype.
    """
    gray = check_plane(gray, "gray")
    if min(gray.shape) < 24:
        return []
    scale = min(1.0, SIDE_PX / max(gray.shape))
    size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
    small = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8) if scale < 1 else gray
    plane = straighten(small)
    writing = find_writing(plane.gray, ~plane.valid)
    level = find_evidence(plane.gray, plane.valid, writing.boxes)
    upright = find_evidence(
        np.ascontiguousarray(plane.gray.T), np.ascontiguousarray(plane.valid.T), writing.transposed().boxes
    )
    ruled = find_lattices(level, upright)
    lattices = [split_rows(lattice, writing) for lattice in ruled if not is_squared_paper(lattice)]
    lattices = [one for one in lattices if min(len(one.rows), len(one.columns)) > LEAST_SIDE]
    spans = [find_spans(lattice, level, upright) for lattice in lattices]
    if not ruled:
        lattices = find_unruled(writing, (plane.gray.shape[1], plane.gray.shape[0]))
        spans = [one_each(lattice) for lattice in lattices]
    scale_xy = gray.shape[1] / size[0], gray.shape[0] / size[1]
    grids = [_to_grid(one, some, plane, scale_xy) for one, some in zip(lattices, spans, strict=True)]
    return _without_inner(grids)


def _without_inner(grids: list[Grid]) -> list[Grid]:
    """The grids that do not lie in a larger one, from top to bottom."""
    outlines = [np.array([corner for cell in grid.cells for corner in cell.corners], np.float32) for grid in grids]
    hulls = [cv2.convexHull(outline) for outline in outlines]
    areas = [cv2.contourArea(hull) for hull in hulls]
    kept: list[int] = []
    for i in sorted(range(len(grids)), key=lambda i: -areas[i]):
        shared = [cv2.intersectConvexConvex(hulls[i], hulls[j])[0] for j in kept]
        if areas[i] > 0 and max(shared, default=0.0) < INNER * areas[i]:
            kept.append(i)
    return [grids[i] for i in sorted(kept, key=lambda i: float(outlines[i][:, 1].min()))]


def _to_grid(lattice: Lattice, spans: list[Span], plane: Plane, scale_xy: tuple[float, float]) -> Grid:
    """The cells with their corners on the photo, of which the straight page was a copy this many times smaller."""
    points = intersect(lattice.rows, lattice.columns)
    # The middle of the first pixel is 0.
    photo = ((to_photo(points.reshape(-1, 2), plane.matrix) + 0.5) * scale_xy - 0.5).reshape(points.shape)
    cells = []
    for row, column, rows, columns in spans:
        ends = (0, 0), (0, columns), (rows, columns), (rows, 0)
        corners = tuple((float(x), float(y)) for x, y in (photo[row + down, column + right] for down, right in ends))
        cells.append(GridCell(row, column, rows, columns, corners))
    return Grid(len(lattice.rows) - 1, len(lattice.columns) - 1, tuple(cells))
