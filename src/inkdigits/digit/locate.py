"""Ink → where the digits are."""

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Ink, enclosing_box, shared_columns

# Ink at least this strong joins what it touches into one piece.
JOIN_LEVEL = 80
# How strongly the main piece is sought near the middle: a piece in a corner weighs e^-2 of one in the centre.
CENTRE_PULL = 4.0
# Shares of the main piece: smaller area is a speck, a nearer gap (of its longer side) belongs to the digit, and below
# it one that is not so near: the dot of a question mark, which is a 7 without it.
SPECK_AREA = 0.01
JOIN_GAP, DOT_GAP = 0.2, 0.45
# A piece beside the main one is a digit of its own if it is this tall, this large and this far off.
RIVAL_HEIGHT, RIVAL_AREA, RIVAL_GAP = 0.6, 0.35, 0.08
# A piece cut by the rim is part of the digit only if this much of its width lies above or below it (a 5's flying top).
RIM_OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class MainInk:
    """The one digit that a picture shows.

    Attributes:
        ink: (H, W) uint8, the digit alone: its neighbours have become paper.
        box: around it, in the pixels of `ink`; None where there is no ink.
        rivals: how many other pieces beside it are as large as a digit.
        left_out: how many pieces larger than specks were dropped: rivals, neighbours, rulings.
    """

    ink: Ink
    box: Box | None
    rivals: int
    left_out: int


@dataclass(frozen=True, slots=True)
class _Piece:
    """A connected component of the ink."""

    label: int
    box: Box
    area: float
    weight: float  # its area, less where it is far from the middle or cut by the rim
    is_cut: bool


def find_main(ink: Ink) -> MainInk:
    """Find the main ink near the middle of a picture that shows one digit.

    Pieces cut by the rim are neighbours and dropped, unless nothing else is there; specks and what is far off are
    dropped too; near pieces (broken strokes, a 5's flying top) belong to the digit.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink.
    """
    labels, pieces = _find_pieces(ink)
    if not pieces:
        return MainInk(np.zeros_like(ink), None, 0, 0)
    main = max(pieces, key=lambda piece: piece.weight)
    others = [piece for piece in pieces if piece is not main and piece.area >= SPECK_AREA * main.area]
    rivals = [piece for piece in others if _is_rival(piece, main)]
    kept = [main, *(piece for piece in others if piece not in rivals and _belongs(piece, main))]
    kept_mask = np.isin(labels, [piece.label for piece in kept])
    # The soft edge of a stroke is fainter than JOIN_LEVEL: it stays, with whatever else is fainter, beside kept ink.
    around = cv2.dilate(kept_mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    alone = np.where(around & (kept_mask | (labels == 0)), ink, 0).astype(np.uint8)
    left_out = 1 + len(others) - len(kept)
    return MainInk(alone, enclosing_box([piece.box for piece in kept]), len(rivals), left_out)


def _find_pieces(ink: Ink) -> tuple[npt.NDArray[np.int32], list[_Piece]]:
    mask = (ink >= JOIN_LEVEL).astype(np.uint8)
    count, labels, stats, centres = cv2.connectedComponentsWithStats(mask, connectivity=8)
    height, width = ink.shape
    pieces = []
    for label in range(1, count):
        box, area = Box(*(int(value) for value in stats[label, :4])), float(stats[label, 4])
        is_cut = box.x == 0 or box.y == 0 or box.x + box.width == width or box.y + box.height == height
        x, y = centres[label, 0] / width - 0.5, centres[label, 1] / height - 0.5
        weight = area * float(np.exp(-CENTRE_PULL * (x * x + y * y))) * (0.5 if is_cut else 1.0)
        pieces.append(_Piece(label, box, area, weight, is_cut))
    return np.asarray(labels, np.int32), pieces


def _is_rival(piece: _Piece, main: _Piece) -> bool:
    gap = -shared_columns(piece.box, main.box)
    return (
        not piece.is_cut
        and piece.box.height > RIVAL_HEIGHT * main.box.height
        and piece.area > RIVAL_AREA * main.area
        and gap > RIVAL_GAP * max(main.box.width, main.box.height)
    )


def _belongs(piece: _Piece, main: _Piece) -> bool:
    if piece.is_cut and shared_columns(piece.box, main.box) < RIM_OVERLAP * piece.box.width:
        return False
    gap_x = max(0, -shared_columns(piece.box, main.box))
    below, above = piece.box.y - main.box.y - main.box.height, main.box.y - piece.box.y - piece.box.height
    gap = float(np.hypot(gap_x, max(0, below, above)))
    reach = DOT_GAP if below > 0 and gap_x == 0 and not piece.is_cut else JOIN_GAP
    return gap <= reach * max(main.box.width, main.box.height)
