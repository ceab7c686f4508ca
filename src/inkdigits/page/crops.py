"""Pictures and pages → the crops that the recognizer reads: the ink of one number and around it, 32 pixels tall."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Gray, Ink
from inkdigits.ink import to_contrast

CROP_PX = 32
# The recognizer answers for time steps along the crop, so many pixels apart.
STEP_PX = 2
# A crop narrower than this shows no digit; a wider one is squeezed.
WIDTHS_PX = (16, 640)
# Foreground from this contrast on. The box around it is widened by these shares of its height, and it is never lower
# than this share of its width or of the picture: a dash alone is not blown up to the height of digits.
FOREGROUND, ABOVE, ASIDE = 90, 0.18, 0.35
LEAST_HEIGHT, LEAST_OF_WIDTH = 0.3, 0.1
# Connected components that do not tell where the number stands: what the picture's edge cuts and this outer share of
# the height or the width holds (rows above and below, the next cell); rulings as long as this share of the width, so
# much thinner than long; a frame of so much of both sides that is so empty; specks smaller than this share of the height.
OUTER_ROWS, OUTER_COLUMNS, LONG, THIN, FRAME, EMPTY, SPECK = 0.3, 0.08, 0.6, 0.15, 0.75, 0.35, 0.1
# Straight lines of these shares of the width and the height, there and in this outer share of the width, are sides.
SIDE_LEVEL, SIDE_UPRIGHT, OUTER_SIDES = 0.35, 0.6, 0.15

# Of a row on a page: how much more than its digits a crop shows above and below, and at most on either side, in their
# height; from this height on it is shrunk before its contrast is measured; how steep it may be, and how much speaks for
# a level one: so many digits a height from the middle.
ROW_ABOVE, ROW_ASIDE, SHARP_PX, MAX_SLOPE, LEVEL = 0.22, 0.9, 64.0, 0.32, 1.0


class Crop(NamedTuple):
    """What the recognizer reads.

    Attributes:
        ink: (32, W) uint8, 0 = paper, 255 = full ink; W is a multiple of 8.
        left: where it begins in the picture, in the picture's pixels.
        top: likewise.
        scale: pixels of the crop per pixel of the picture, across.
        height: how much of the picture it shows, in the picture's pixels.
        slope: how much its rows fall on the page (y per x).
    """

    ink: Ink
    left: float
    top: float
    scale: float
    height: float
    slope: float = 0.0


def to_crop(gray: Gray) -> Crop:
    """The crop of a picture that one number fills: a table's cell, a form's field, a part of a page.

    Remains of rulings, of the frame and of the rows above and below do not count when the writing is located; they
    stay in the crop where they stand near it, and the recognizer knows them.

    Args:
        gray: (H, W) uint8, dark on light or light on dark.
    """
    contrast = to_contrast(gray)
    left, top, right, bottom = _find_writing(contrast)
    height, width = contrast.shape
    least = max(LEAST_HEIGHT * height, LEAST_OF_WIDTH * (right - left))
    missing = max(0.0, least - (bottom - top)) / 2
    tall = max(bottom - top, least)
    top, bottom = max(0.0, top - missing - ABOVE * tall), min(float(height), bottom + missing + ABOVE * tall)
    left, right = max(0.0, left - ASIDE * tall), min(float(width), right + ASIDE * tall)
    shown = np.ascontiguousarray(contrast[int(top) : int(np.ceil(bottom)), int(left) : int(np.ceil(right))])
    ink = _scale(shown)
    return Crop(ink, int(left), int(top), ink.shape[1] / shown.shape[1], float(shown.shape[0]))


def _without_sides(mask: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """A mask less the straight lines near its edges: a cell's sides, so that digits which touch them stand alone."""
    height, width = mask.shape
    level, upright = (max(3, int(share * side)) for share, side in ((SIDE_LEVEL, width), (SIDE_UPRIGHT, height)))
    # Broadened first: a line that is a bit aslant goes on in the next row.
    broad = cv2.dilate(mask, np.ones((3, 1), np.uint8))
    lines = cv2.morphologyEx(broad, cv2.MORPH_OPEN, np.ones((1, level), np.uint8))
    lines[int(OUTER_ROWS * height) : int(np.ceil((1 - OUTER_ROWS) * height))] = 0
    broad = cv2.dilate(mask, np.ones((1, 3), np.uint8))
    sides = cv2.morphologyEx(broad, cv2.MORPH_OPEN, np.ones((upright, 1), np.uint8))
    sides[:, int(OUTER_SIDES * width) : int(np.ceil((1 - OUTER_SIDES) * width))] = 0
    return np.asarray(mask * (1 - (lines | sides)), np.uint8)


def cut_row(gray: Gray, boxes: Sequence[Box], room: tuple[float, float]) -> Crop:
    """The crop of a row of digits on a page, levelled.

    Args:
        gray: (H, W) uint8, the page.
        boxes: about around its digits, at least one, left to right.
        room: how far the crop may reach beyond the first and behind the last box, in pixels of the page.
    """
    array = np.asarray(boxes, np.float64)
    slope = find_row_slope(array)
    left, right = float(array[0, 0]), float((array[:, 0] + array[:, 2]).max())
    below = slope * (array[:, 0] + array[:, 2] / 2 - left)
    top, bottom = float((array[:, 1] - below).min()), float((array[:, 1] + array[:, 3] - below).max())
    height = bottom - top
    # Where the crop begins on the page, and one of its columns in pixels of the page.
    begin = left - min(room[0], ROW_ASIDE * height)
    length = right + min(room[1], ROW_ASIDE * height) - begin
    top, height = top - ROW_ABOVE * height + slope * (begin - left), (1 + 2 * ROW_ABOVE) * height
    scale = min(1.0, SHARP_PX / height)
    size = max(1, round(length * scale)), max(1, round(height * scale))
    if scale < 1:
        # Shrunk by areas first: thin strokes must not fall between the points that are looked up.
        gray, shrunk = _shrink(gray, begin, top, length, height, slope, scale)
    else:
        shrunk = (0.0, 0.0, 1.0)
    x0, y0, by = shrunk
    matrix = np.array([[1 / scale, 0, begin], [slope / scale, 1 / scale, top]], np.float64)
    matrix[:, 2] += [0.5 / scale - 0.0, 0.5 * slope / scale + 0.5 / scale]
    matrix = matrix * by - [[0, 0, x0 * by + 0.5], [0, 0, y0 * by + 0.5]]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    patch = cv2.warpAffine(gray, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    ink = _scale(to_contrast(np.asarray(patch, np.uint8)))
    return Crop(ink, begin, top, ink.shape[1] / length, height, slope)


def _shrink(
    gray: Gray, begin: float, top: float, length: float, height: float, slope: float, scale: float
) -> tuple[Gray, tuple[float, float, float]]:
    """The part of a page that a crop needs, shrunk; where it begins on the page, and by how much it was shrunk."""
    low, high = sorted((top, top + slope * length))
    x0, y0 = max(0, int(begin) - 1), max(0, int(low) - 1)
    x1, y1 = min(gray.shape[1], int(begin + length) + 2), min(gray.shape[0], int(high + height) + 2)
    part = gray[y0 : max(y0 + 1, y1), x0 : max(x0 + 1, x1)]
    size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8), (x0, y0, scale)


def find_row_slope(boxes: npt.NDArray[np.float64]) -> float:
    """How much a row of boxes falls (y per x, positive: down to the right); the fewer there are, the less it may."""
    x, y = (boxes[:, axis] + boxes[:, 2 + axis] / 2 for axis in (0, 1))
    x, y = x - x.mean(), y - y.mean()
    slope = (x * y).sum() / ((x**2).sum() + LEVEL * np.median(boxes[:, 3]) ** 2)
    return float(np.clip(slope, -MAX_SLOPE, MAX_SLOPE))


def _scale(contrast: Ink) -> Ink:
    """Scaled to the height of a crop, its width to a multiple of 8."""
    across = contrast.shape[1] * CROP_PX / contrast.shape[0]
    size = int(np.clip(-(-across // 8) * 8, *WIDTHS_PX)), CROP_PX
    interpolation = cv2.INTER_AREA if contrast.shape[0] > CROP_PX else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(contrast, size, interpolation=interpolation), np.uint8)


def _find_writing(contrast: Ink) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of what may be the number; the whole picture where nothing stands out."""
    height, width = contrast.shape
    mask = _without_sides((contrast >= FOREGROUND).astype(np.uint8))
    stats = np.asarray(cv2.connectedComponentsWithStats(mask, connectivity=8)[2], np.float64)[1:]
    if not len(stats):
        return 0.0, 0.0, float(width), float(height)
    x, y, w, h, area = stats.T
    is_rest = ((y <= 1) & (y + h < OUTER_ROWS * height)) | ((y + h >= height - 1) & (y > (1 - OUTER_ROWS) * height))
    is_ruling = (w > LONG * width) & (area < THIN * w * w) & (h < OUTER_ROWS * height)
    is_frame = (w > FRAME * width) & (h > FRAME * height) & (area < EMPTY * w * h)
    is_speck = np.maximum(w, h) < SPECK * height
    is_beside = ((x <= 1) | (x + w >= width - 1)) & (w < OUTER_COLUMNS * width)
    rows = stats[~(is_rest | is_ruling | is_frame | is_speck | is_beside)]
    # A digit that touches the frame or stands high in the cell must not be left out: across, only specks and what
    # belongs to the next cell do not count.
    columns = stats[~(is_speck | is_beside)]
    (x, _, w, _, _), (_, y, _, h, _) = (columns if len(columns) else stats).T, (rows if len(rows) else stats).T
    return float(x.min()), float(y.min()), float((x + w).max()), float((y + h).max())
