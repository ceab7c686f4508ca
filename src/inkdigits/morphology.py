"""The closing of a grey picture with an ellipse: equal to OpenCV's, and many times as fast where it is broad.

OpenCV looks at every point of the ellipse around each point of the picture, which grows with the square of its side.
Here the rows of the ellipse are runs, and from its tip to its middle each run grows out of the one before.
"""

import cv2
import numpy as np

from inkdigits.arrays import Gray, check_plane


def close(gray: Gray, side: int) -> Gray:
    """Fill up what is darker than its surroundings and has no room for an ellipse of `side` pixels.

    Args:
        gray: (H, W) uint8.
        side: an odd number; what lies outside the picture counts neither as dark nor as bright.

    Returns:
        (H, W) uint8, nowhere darker than `gray`; equal to OpenCV's `MORPH_CLOSE` with `MORPH_ELLIPSE`.

    Raises:
        ArrayError: another shape or dtype.
    """
    ellipse = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    reaches = [int(row.sum()) // 2 for row in ellipse[: side // 2 + 1]]
    brightest = _sweep(check_plane(gray, "gray"), reaches, np.maximum, 0)
    return _sweep(brightest, reaches, np.minimum, 255)


def _sweep(gray: Gray, reaches: list[int], most: np.ufunc, outside: int) -> Gray:
    """The most (brightest or darkest) within an ellipse around each point.

    Args:
        gray: (H, W) uint8.
        reaches: how far the rows of the ellipse reach to both sides, from its tip to its middle.
        most: `np.maximum` or `np.minimum`.
        outside: the least that there is of it.
    """
    (height, width), margin = gray.shape, len(reaches) - 1
    # Laid out with a margin as one long row, a step to any side is a slice; what it takes from the row above or below
    # stays in the margin.
    stride = width + 2 * margin
    points = cv2.copyMakeBorder(gray, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=outside).ravel()
    runs, found = points.copy(), np.full(height * stride, outside, np.uint8)
    reached = 0
    for row, reach in enumerate(reaches):
        for step in range(reached + 1, reach + 1):
            most(runs[step:], points[:-step], out=runs[step:])
            most(runs[:-step], points[step:], out=runs[:-step])
        reached = reach
        for start in {row * stride, (2 * margin - row) * stride}:
            most(found, runs[start : start + found.size], out=found)
    return found.reshape(height, stride)[:, margin : margin + width]
