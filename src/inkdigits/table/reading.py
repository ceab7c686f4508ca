"""A picture of tables → their cells, read: upright, cut into crops, recognized in batches, decided together."""

import math
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Floats, Gray
from inkdigits.errors import NoTableError
from inkdigits.formats import Format
from inkdigits.images import rescale
from inkdigits.page.crops import Crop, to_crop
from inkdigits.page.orientation import UPRIGHT, choose_turn, needs_a_second_look, score, turn_box, turn_points
from inkdigits.page.placing import to_number
from inkdigits.page.recognizer import Recognizer
from inkdigits.table.answers import Answer, decide, find_answer
from inkdigits.table.cells import cut_cell, find_mapping
from inkdigits.table.checks import find_bonds
from inkdigits.table.columns import Columns, Template, to_template
from inkdigits.table.grid import Grid, GridCell, find_grids
from inkdigits.table.results import EMPTY, SURE, TEXT, UNSURE, Cell, Table

Points = npt.NDArray[np.float64]

# A cell is read at up to this many pixels.
CELL_PIXELS = 2e5
# This many cells tell which way is up.
SAMPLE = 120
# What is less sure than this is unsure.
LEAST_SURE = 0.95


class Seen(NamedTuple):
    """A cell as the recognizer sees it.

    Attributes:
        crop: what it read.
        scale: pixels of the picture that the crop was cut from per pixel of the cell's picture.
        said: (T, 19) probabilities.
    """

    crop: Crop
    scale: float
    said: Floats


def find_largest(tables: list[Table]) -> Table:
    """The table with most cells.

    Raises:
        NoTableError: there is none.
    """
    if not tables:
        raise NoTableError("There is no table on this picture. Is all of it in view, sharp, and near enough?")
    return max(tables, key=lambda table: math.prod(table.shape))


def read_tables(gray: Gray, recognizer: Recognizer, columns: Columns) -> list[Table]:
    """The tables on a picture, top to bottom; none where there is none.

    Args:
        gray: (H, W) uint8, the photo, in any of the four turns.
        recognizer: reads the cells.
        columns: what is known of the tables; see `inkdigits.table.columns.to_template`.

    Raises:
        FormatError: a template that contradicts itself.
    """
    template = to_template(columns)
    grids, turn = _find_upright(gray, recognizer)
    upright = np.ascontiguousarray(np.rot90(gray, turn))
    return [_read_table(upright, grid, recognizer, template, turn) for grid in grids]


def _find_upright(gray: Gray, recognizer: Recognizer) -> tuple[list[Grid], int]:
    """The tables on a picture, and by how many quarters, counter-clockwise, it was turned for them."""
    grids: dict[int, list[Grid]] = {}
    scores: dict[int, list[float]] = {}
    for turn in (UPRIGHT, 1):
        turned = np.ascontiguousarray(np.rot90(gray, turn))
        grids[turn] = find_grids(turned)
        cells = [cell for grid in grids[turn] for cell in grid.cells]
        seen = _see(turned, cells[:: math.ceil(len(cells) / SAMPLE) or 1], recognizer)
        upside_down = recognizer.probabilities([one.crop.ink[::-1, ::-1] for one in seen])
        scores[turn] = score([[(None, one.said) for one in seen]])
        scores[turn + 2] = score([[(None, said) for said in upside_down]])
        if not needs_a_second_look(scores):
            break
    turn = choose_turn(scores)
    return grids[turn] if turn in grids else find_grids(np.ascontiguousarray(np.rot90(gray, turn))), turn


def _see(gray: Gray, cells: Sequence[GridCell], recognizer: Recognizer) -> list[Seen]:
    """Cells as the recognizer sees them, by as many threads as there are cores: most of the work leaves Python."""

    def see(some: Sequence[GridCell]) -> list[Seen]:
        pictures = [cut_cell(gray, cell) for cell in some]
        scales = [min(1.0, math.sqrt(CELL_PIXELS / picture.size)) for picture in pictures]
        crops = [to_crop(rescale(picture, scale)) for picture, scale in zip(pictures, scales, strict=True)]
        said = recognizer.probabilities([crop.ink for crop in crops])
        return [Seen(*one) for one in zip(crops, scales, said, strict=True)]

    threads = os.cpu_count() or 1
    share = math.ceil(len(cells) / threads) or 1
    with ThreadPoolExecutor(threads) as pool:
        parts = pool.map(see, [cells[start : start + share] for start in range(0, len(cells), share)])
        return [one for part in parts for one in part]


def _read_table(gray: Gray, grid: Grid, recognizer: Recognizer, template: Template, turn: int) -> Table:
    columns = template.columns[: grid.columns]
    header = min(template.header_rows, grid.rows)
    unread = {place for place, column in enumerate(columns) if not column.read}
    cells = [cell for cell in grid.cells if cell.column not in unread]
    seen = {(cell.row, cell.column): one for cell, one in zip(cells, _see(gray, cells, recognizer), strict=True)}

    def form_of(row: int, column: int) -> Format | None:
        return columns[column].format if row >= header and column < len(columns) else None

    answers = {
        place: find_answer(one.said, recognizer, form_of(*place), bool(template.checks)) for place, one in seen.items()
    }
    if template.checks:
        names = [column.name for column in columns]
        body = {(row - header, column): answer for (row, column), answer in answers.items() if row >= header}
        bonds = find_bonds(
            template.checks,
            grid.rows - header,
            lambda place: (place < len(names) and names[place]) or f"column {place + 1}",
        )
        said = {(row - header, column): one.said for (row, column), one in seen.items()}
        answers |= {(row + header, column): answer for (row, column), answer in decide(body, said, list(bonds)).items()}
    shape = np.rot90(gray, -turn).shape
    places: dict[tuple[int, int], Cell] = {}
    for cell in grid.cells:
        start = (cell.row, cell.column)
        made = _to_cell(cell, seen.get(start), answers.get(start), turn, shape)
        for row in range(cell.row, cell.row + cell.row_span):
            for column in range(cell.column, cell.column + cell.column_span):
                places[row, column] = made
    rows = tuple(tuple(places[row, column] for column in range(grid.columns)) for row in range(grid.rows))
    return Table(rows, shape[1], shape[0], header, columns)


def _to_cell(cell: GridCell, seen: Seen | None, answer: Answer | None, turn: int, shape: tuple[int, ...]) -> Cell:
    """A cell in its place on the photo, of the height and width `shape`, which was turned to be read."""
    corners = turn_points(np.array(cell.corners, np.float64), turn, shape)
    box = _enclose(corners, shape)
    number = None
    if seen and answer and answer.decoded:
        matrix, _ = find_mapping(cell)
        placed = to_number(answer.decoded, answer.least, seen.crop, seen.scale)
        if placed:
            number = placed.move(lambda part: turn_box(_map_box(part, matrix), turn, shape))
            number = type(number)(number.symbols, answer.confidence)
    if answer is None:
        status = TEXT
    elif answer.confidence < LEAST_SURE or answer.notes or "?" in answer.text:
        status = UNSURE
    else:
        status = SURE if answer.text else TEXT if answer.is_other else EMPTY
    return Cell(
        cell.row,
        cell.column,
        answer.text if answer else "",
        number,
        answer.confidence if answer else 1.0,
        box,
        status,
        tuple((float(x), float(y)) for x, y in corners),
        answer.value if answer else None,
        cell.row_span,
        cell.column_span,
        answer.notes if answer else (),
    )


def _map_box(box: Box, matrix: Points) -> Box:
    """A box of a cell's picture on the page."""
    x, y, width, height = box
    points = np.array([[[x, y], [x + width, y], [x + width, y + height], [x, y + height]]], np.float64) - 0.5
    left_top, size = _bounds(cv2.perspectiveTransform(points, matrix)[0] + 0.5)
    return Box(*left_top, *size)


def _bounds(points: Points) -> tuple[list[int], list[int]]:
    low, high = points.min(axis=0), points.max(axis=0)
    return low.round().astype(int).tolist(), np.maximum(1, (high - low).round()).astype(int).tolist()


def _enclose(points: Points, shape: tuple[int, ...]) -> Box:
    """The box around points, inside the photo."""
    (x, y), (width, height) = _bounds(points)
    left, top = min(max(0, x), shape[1] - 1), min(max(0, y), shape[0] - 1)
    right, bottom = min(x + width, shape[1]), min(y + height, shape[0])
    return Box(left, top, max(1, right - left), max(1, bottom - top))
