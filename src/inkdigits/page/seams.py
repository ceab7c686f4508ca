"""Where digits that touch may be parted: the cheapest paths from top to bottom through a piece of ink.

Source: the seams of Avidan and Shamir, "Seam Carving for Content-Aware Image Resizing" (2007), here with the ink as
the cost, so that a path crosses as few strokes as it can.
"""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats, Ink

# Paths are sought on a copy of this height, pay this for a step aside (1 is a pixel of full ink), keep this share of
# the height apart, and cross at most so many stroke widths of ink.
SEAM_HEIGHT_PX = 48
ASIDE_COST = 0.1
APART = 0.12
STROKES_CROSSED = 3.5
MAX_SEAMS = 12
# Each side of a path holds at least this share of the ink of a square of the piece's height.
LEAST_SIDE = 0.04

Seams = list[npt.NDArray[np.intp]]


def find_seams(ink: Ink, stroke_px: float) -> Seams:
    """Paths that may part the digits in a piece of ink.

    Args:
        ink: (H, W) uint8, one piece alone.
        stroke_px: the usual width of its strokes.

    Returns:
        For each path, from left to right, an (H,) array: the first column right of the path, in each row.
    """
    scale = SEAM_HEIGHT_PX / ink.shape[0]
    size = max(3, round(ink.shape[1] * scale)), SEAM_HEIGHT_PX
    small = cv2.resize(ink, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    cost: Floats = (small / np.float32(255)).astype(np.float32)
    down, back_up = _cheapest(cost)
    up, back_down = _cheapest(cost[::-1])
    up, back_down = up[::-1], back_down[::-1]
    middle = SEAM_HEIGHT_PX // 2
    total = down[middle] + up[middle] - cost[middle]
    limit = STROKES_CROSSED * max(1.0, stroke_px * scale)
    seams: list[npt.NDArray[np.intp]] = []
    taken: list[int] = []
    least = LEAST_SIDE * float(cost.sum()) * min(1.0, size[1] / size[0])
    for x in np.argsort(total, kind="stable").tolist():
        if total[x] > limit or len(taken) == MAX_SEAMS:
            break
        if any(abs(x - other) < APART * SEAM_HEIGHT_PX for other in taken):
            continue
        seam = _trace(x, middle, back_up, back_down)
        left = float(cost[np.arange(size[0])[None] < seam[:, None]].sum())
        if least < left < float(cost.sum()) - least:
            taken.append(x)
            seams.append(seam)
    order = np.argsort(taken)
    rows = np.minimum((np.arange(ink.shape[0]) * scale).astype(int), SEAM_HEIGHT_PX - 1)
    return [np.round(seams[i][rows] / scale).astype(np.intp) for i in order]


def _cheapest(cost: Floats) -> tuple[Floats, npt.NDArray[np.intp]]:
    """The cost of the cheapest path from the first row to each point, and the step that it came by (-1, 0, 1)."""
    total = cost.copy()
    steps = np.zeros(cost.shape, np.intp)
    for y in range(1, len(cost)):
        before = np.pad(total[y - 1], 1, constant_values=np.inf)
        ways = np.stack([before[:-2] + ASIDE_COST, before[1:-1], before[2:] + ASIDE_COST])
        best = np.argmin(ways + np.array([[1e-4], [0], [1e-4]]), axis=0)
        steps[y] = best - 1
        total[y] += ways[best, np.arange(cost.shape[1])]
    return total, steps


def _trace(x: int, middle: int, back_up: npt.NDArray[np.intp], back_down: npt.NDArray[np.intp]) -> npt.NDArray[np.intp]:
    seam = np.full(len(back_up), x, np.intp)
    for y in range(middle, 0, -1):
        seam[y - 1] = seam[y] + back_up[y, seam[y]]
    for y in range(middle, len(back_up) - 1):
        seam[y + 1] = seam[y] + back_down[y, seam[y]]
    return seam
