"""Tables that several tests draw."""

import cv2
import numpy as np

from inkdigits.arrays import Gray

WIDTH, HEIGHT, MARGIN = 70, 44, 30


def draw_table(
    rows: int, columns: int, level: bool = True, upright: bool = True, without: tuple[int, int] | None = None
) -> Gray:
    """A table on white paper, its cells 70×44 pixels, a number in each.

    Args:
        rows: how many.
        columns: how many.
        level: whether lines part its rows.
        upright: whether lines part its columns.
        without: the column line and the row where that line is left out.
    """
    gray = np.full((rows * HEIGHT + 2 * MARGIN, columns * WIDTH + 2 * MARGIN), 255, np.uint8)
    right, bottom = MARGIN + columns * WIDTH, MARGIN + rows * HEIGHT
    for row in range(rows + 1 if level else 0):
        cv2.line(gray, (MARGIN, MARGIN + row * HEIGHT), (right, MARGIN + row * HEIGHT), 60, 2)
    for column in range(columns + 1 if upright else 0):
        x = MARGIN + column * WIDTH
        cv2.line(gray, (x, MARGIN), (x, bottom), 60, 2)
        if without is not None and without[0] == column:
            gray[MARGIN + without[1] * HEIGHT + 3 : MARGIN + (without[1] + 1) * HEIGHT - 2, x - 3 : x + 4] = 255
    for row in range(rows):
        for column in range(columns):
            if without is not None and row == without[1]:
                continue
            text = str((37 * row + 11 * column) % 90 + 10)
            place = MARGIN + column * WIDTH + 16, MARGIN + row * HEIGHT + 33
            cv2.putText(gray, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, 30, 2, cv2.LINE_AA)
    return gray


def middle_of(row: int, column: int) -> tuple[float, float]:
    """Where the middle of a cell is, x and y."""
    return MARGIN + (column + 0.5) * WIDTH, MARGIN + (row + 0.5) * HEIGHT
