"""Ink → pieces: what hangs together, cut where digits may touch."""

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Ink, enclosing_box
from inkdigits.digit.frame import stroke_width
from inkdigits.page.components import Components, sort_out
from inkdigits.page.layout import find_lines
from inkdigits.page.seams import find_seams
from inkdigits.page.segment import Labels, Piece

# Wider than this share of its height, ink may be several digits that touch; the second one for what looks like a digit.
CUT_ASPECT, SURE_CUT_ASPECT = 0.6, 0.95


def find_pieces(
    ink: Ink, components: Components, confidences: npt.NDArray[np.floating], marked: npt.NDArray[np.floating]
) -> tuple[Labels, list[Piece]]:
    """The pieces of ink that may be digits or parts of digits.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink, without rulings.
        components: what hangs together in it.
        confidences: (N,) how sure the net is that each of them is one digit, 0 to 1.
        marked: (N,) how sure the detector is that the ink of each is that of digits, 0 to 1.

    Returns:
        A map (H, W) of int32 labels, 0 where there is no piece, and the pieces.
    """
    (labels, numbers, stats), sure, fragments = sort_out(components, confidences, marked)
    pieces: list[Piece] = []
    next_label = int(labels.max()) + 1
    for component, (x, y, width, height, area), is_sure, is_fragment in zip(
        numbers.tolist(), stats.tolist(), sure.tolist(), fragments.tolist(), strict=True
    ):
        if is_fragment or width <= (SURE_CUT_ASPECT if is_sure else CUT_ASPECT) * height:
            pieces.append(Piece(component, component, Box(x, y, width, height), area, is_fragment, is_sure))
            continue
        window = labels[y : y + height, x : x + width]
        for part in _cut(np.where(window == component, ink[y : y + height, x : x + width], 0).astype(np.uint8)):
            rows, columns = np.flatnonzero(part.any(axis=1)), np.flatnonzero(part.any(axis=0))
            box = Box(x + int(columns[0]), y + int(rows[0]), int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1)
            window[part] = next_label
            pieces.append(Piece(next_label, component, box, int(part.sum()), False, is_sure))
            next_label += 1
    return labels, pieces


def line_up(pieces: list[Piece]) -> list[list[Piece]]:
    """The pieces of each line, left to right; the lines from top to bottom.

    Parts of what hangs together stay on one line, and a fragment goes to that of the nearest whole piece.
    """
    components: dict[int, list[Piece]] = {}
    for piece in pieces:
        if not piece.is_fragment:
            components.setdefault(piece.component, []).append(piece)
    groups = list(components.values())
    boxes = [enclosing_box([piece.box for piece in group]) for group in groups]
    lines = find_lines(boxes)
    result = [[piece for i in line for piece in groups[i]] for line in lines]
    home = {i: n for n, line in enumerate(lines) for i in line}
    for piece in pieces:
        if piece.is_fragment:
            nearest = min(range(len(boxes)), key=lambda i: _distance(piece.box, boxes[i]))
            result[home[nearest]].append(piece)
    for line in result:
        line.sort(key=lambda piece: piece.box.x + piece.box.width / 2)
    return result


def _distance(a: Box, b: Box) -> float:
    gap_x = max(0, a.x - b.x - b.width, b.x - a.x - a.width)
    gap_y = max(0, a.y - b.y - b.height, b.y - a.y - a.height)
    return float(np.hypot(gap_x, gap_y))


def _cut(ink: Ink) -> list[npt.NDArray[np.bool_]]:
    """The parts of a piece between the seams, as masks, left to right."""
    number = np.zeros(ink.shape, np.intp)
    for seam in find_seams(ink, stroke_width(ink)):
        number += np.arange(ink.shape[1])[None] >= seam[:, None]
    parts = [(number == n) & (ink > 0) for n in range(int(number.max()) + 1)]
    return [part for part in parts if part.any()]
