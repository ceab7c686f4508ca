"""Sheets of numbers in ruled cells, drawn, with the table that was read from them."""

import cv2
import numpy as np

from inkdigits.arrays import Box, Photo
from inkdigits.formats import Format
from inkdigits.table.columns import Column
from inkdigits.table.results import Cell, Table

# Of a cell, and of the rim around the table.
WIDTH_PX, HEIGHT_PX, RIM_PX = 150, 56, 40
COLUMNS = (
    Column("day"),
    Column("max", Format(digits=(2, 3), decimals=1, maximum=45)),
    Column("min", Format(digits=(2, 3), decimals=1, sign=True)),
    Column("rain", Format(digits=(1, 3))),
)


def draw_sheet(rows: int, seed: int = 0) -> tuple[Photo, Table]:
    """A photo of a month's weather, and what was read: three cells in ten less sure, some of them wrong.

    What is written is what was read, but for a cell less sure than 0.5: its first symbol was read as a 7.
    """
    rng = np.random.default_rng(seed)
    size = 2 * RIM_PX + rows * HEIGHT_PX, 2 * RIM_PX + len(COLUMNS) * WIDTH_PX
    photo = np.full((*size, 3), (236, 232, 220), np.uint8)
    lines = []
    for row in range(rows):
        written = (
            str(row + 1),
            f"{rng.uniform(15, 40):.1f}",
            f"{rng.uniform(-9, 15):.1f}",
            str(rng.integers(0, 99)) if rng.random() < 0.6 else "",
        )
        lines.append(tuple(_draw_cell(photo, row, column, text, rng) for column, text in enumerate(written)))
    return photo, Table(tuple(lines), size[1], size[0], 0, COLUMNS)


def _draw_cell(photo: Photo, row: int, column: int, text: str, rng: np.random.Generator) -> Cell:
    x, y = RIM_PX + column * WIDTH_PX, RIM_PX + row * HEIGHT_PX
    cv2.rectangle(photo, (x, y), (x + WIDTH_PX, y + HEIGHT_PX), (150, 150, 145), 1)
    place = (x + 14 + int(rng.integers(20)), y + 42)
    cv2.putText(photo, text, place, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.2, (35, 45, 110), 2, cv2.LINE_AA)
    confidence = float(rng.uniform(0.2, 0.97) if text and rng.random() < 0.3 else rng.uniform(0.995, 1))
    read = text.replace(text[0], "7", 1) if text and confidence < 0.5 else text
    status = "empty" if not read else "sure" if confidence > 0.99 else "unsure"
    corners = ((x, y), (x + WIDTH_PX, y), (x + WIDTH_PX, y + HEIGHT_PX), (x, y + HEIGHT_PX))
    return Cell(row, column, read, None, confidence, Box(x, y, WIDTH_PX, HEIGHT_PX), status, corners)
