"""A cell of a table → a picture that its number fills."""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Gray, check_plane
from inkdigits.table.grid import GridCell

# How far beyond its sides a cell is shown, over its height: digits reach over lines.
MARGIN = 0.12


def cut_cell(gray: Gray, cell: GridCell) -> Gray:
    """The picture of a cell, made rectangular, with a margin so that digits that reach over a line stay whole.

    Args:
        gray: (H, W) uint8, the page that the cell was found on.
        cell: of `inkdigits.table.grid.find_grids`.

    Returns:
        (H, W) uint8, at least 8 pixels a side, as large as the cell is on the photo.

    Raises:
        ArrayError: another shape or dtype.
    """
    gray = check_plane(gray, "gray")
    matrix, size = find_mapping(cell)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpPerspective(gray, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def find_mapping(cell: GridCell) -> tuple[npt.NDArray[np.float64], tuple[int, int]]:
    """From the pixels of a cell's picture to those of the page, a homography (3, 3); and its width and height.

    OpenCV counts from the middle of the first pixel.
    """
    corners = np.array(cell.corners, np.float64)
    top, right, bottom, left = (np.hypot(*(corners[i] - corners[i - 3])) for i in range(4))
    width, height = max(8.0, (top + bottom) / 2), max(8.0, (left + right) / 2)
    margin = MARGIN * min(width, height)
    size = round(width + 2 * margin), round(height + 2 * margin)
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + margin - 0.5
    matrix = cv2.getPerspectiveTransform(flat.astype(np.float32), corners.astype(np.float32))
    return np.asarray(matrix, np.float64), size
