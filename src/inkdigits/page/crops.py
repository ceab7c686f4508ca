"""Pictures and pages → the crops that the recognizer reads: the ink of one number and around it, 32 pixels tall."""

from collections.abc import Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Gray, Ink
from inkdigits.ink import to_contrast

CROP_PX = 32
# The recognizer answers for time steps along the crop, this many pixels apart.
STEP_PX = 2
# A crop narrower than this shows no digit; a wider one is squeezed.
WIDTHS_PX = (16, 640)
# Foreground from this contrast on. The box around it is widened by these shares of its height, and it is never lower
# than this share of its width or of the picture: a dash alone is not blown up to the height of digits.
FOREGROUND, ABOVE, ASIDE = 90, 0.18, 0.35
LEAST_HEIGHT, LEAST_OF_WIDTH = 0.15, 0.1
# Connected components that do not tell where the number stands: what the picture's edge cuts and this outer share of
# the height or the width holds (rows above and below, the next cell); rulings as long as this share of the width, so
# much thinner than long; a frame of so much of both sides that is so empty; specks smaller than this share of the
# height.
OUTER_ROWS, OUTER_COLUMNS, LONG, THIN, FRAME, EMPTY, SPECK = 0.3, 0.08, 0.6, 0.15, 0.75, 0.35, 0.1
# Straight lines of these shares of the width and the height, there and in this outer share of the width, are sides.
SIDE_LEVEL, SIDE_UPRIGHT, OUTER_SIDES = 0.35, 0.6, 0.15

# Of a row on a page: how much more than its digits a crop shows above and below, and at most on either side, in their
# height; from this height on it is shrunk before its contrast is measured; how steep it may be, and how much speaks for
# the page's own slope: this many digits a height from the middle.
ROW_ABOVE, ROW_ASIDE, SHARP_PX, MAX_SLOPE, LEVEL = 0.22, 0.9, 64.0, 0.32, 1.0
# A vertical line has at least this contrast over so much of a row's height, is no broader than this share of it, and
# may lean by so much (x per y) on a page in perspective.
RULING_LEVEL, RULING, RULING_WIDTH, LEANS = 50, 0.96, 0.3, (-0.12, -0.06, 0.0, 0.06, 0.12)


class Crop(NamedTuple):
    """What the recognizer reads.

    Attributes:
        ink: (32, W) uint8, 0 = paper, 255 = full ink; W is a multiple of 8.
        left: where it begins in the picture, in the picture's pixels.
        top: likewise.
        scale: pixels of the crop per pixel of the picture, across.
        height: how much of the picture it shows, in the picture's pixels.
        slope: how much its rows fall on the page (y per x).
        rulings: where vertical lines crossed it, which were wiped, in the picture's pixels, from left to right.
    """

    ink: Ink
    left: float
    top: float
    scale: float
    height: float
    slope: float = 0.0
    rulings: tuple[float, ...] = ()


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
    return np.where(np.maximum(lines, sides) > 0, 0, mask).astype(np.uint8)


def cut_row(gray: Gray, boxes: Sequence[Box], room: tuple[float, float], slope: float = 0.0) -> Crop:
    """The crop of a row of digits on a page, turned level.

    Args:
        gray: (H, W) uint8, the page.
        boxes: about around its digits, at least one, left to right.
        room: how far the crop may reach beyond the first and behind the last box, in pixels of the page.
        slope: how much the page's rows fall (y per x, positive: down to the right).
    """
    array = np.asarray(boxes, np.float64)
    slope = find_row_slope(array, slope)
    along = np.array([1, slope]) / np.hypot(1, slope)
    down = np.array([-along[1], along[0]])
    centres = array[:, :2] + array[:, 2:] / 2
    across, height = centres @ along, centres @ down
    left, right = float((across - array[:, 2] / 2).min()), float((across + array[:, 2] / 2).max())
    top, bottom = float((height - array[:, 3] / 2).min()), float((height + array[:, 3] / 2).max())
    tall = bottom - top
    left, right = left - min(room[0], ROW_ASIDE * tall), right + min(room[1], ROW_ASIDE * tall)
    top, tall = top - ROW_ABOVE * tall, (1 + 2 * ROW_ABOVE) * tall
    corner = left * along + top * down
    scale = min(1.0, SHARP_PX / tall)
    size = max(1, round((right - left) * scale)), max(1, round(tall * scale))
    ends = corner + np.array([[0, 0], (right - left) * along, tall * down, (right - left) * along + tall * down])
    small, start = _shrink(gray, ends.min(axis=0), ends.max(axis=0), scale)
    # From a pixel of the crop to one of the shrunk part; OpenCV counts from the middle of the first pixel.
    matrix = np.stack([along, down, (corner - start) * scale + 0.5 * (along + down) - 0.5], axis=1)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    # Beyond the page there is paper: strokes that its edge cuts do not go on there.
    paper = float(np.median(small))
    patch = cv2.warpAffine(small, matrix, size, flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=paper)
    contrast, rulings = _wipe_rulings(to_contrast(np.asarray(patch, np.uint8)))
    ink = _scale(contrast)
    middle = corner + 0.5 * tall * down
    found = tuple(float(middle[0] + x / scale * along[0]) for x in rulings)
    return Crop(ink, float(corner[0]), float(corner[1]), ink.shape[1] / (right - left), tall, slope, found)


def _wipe_rulings(contrast: Ink) -> tuple[Ink, list[float]]:
    """A row without the vertical lines that cross all of it, which no digit does; and where these were.

    Args:
        contrast: (H, W) uint8.
    """
    height, width = contrast.shape
    mask = (contrast >= RULING_LEVEL).astype(np.uint8)
    wiped, found = contrast, np.zeros(width, bool)
    for tried in LEANS:
        # Upright in the sheared mask; a line as thin as a pixel must not slip between two columns.
        shear = np.array([[1, tried, -tried * height / 2], [0, 1, 0]], np.float32)
        flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
        upright = cv2.dilate(cv2.warpAffine(mask, shear, (width, height), flags=flags), np.ones((1, 3), np.uint8))
        is_line = upright.mean(axis=0) >= RULING
        is_line[_broad_runs(is_line, RULING_WIDTH * height)] = False
        if is_line.any():
            lines = np.repeat(is_line[None].astype(np.uint8), height, axis=0)
            back = cv2.warpAffine(lines, shear, (width, height), flags=cv2.INTER_NEAREST)
            wiped = np.where(cv2.dilate(back, np.ones((1, 3), np.uint8)) > 0, 0, wiped).astype(np.uint8)
            found |= is_line
    starts, ends = _to_runs(found)
    return wiped, ((starts + ends) / 2).tolist()


def _to_runs(flags: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where runs of true values begin, and where they have ended."""
    edges = np.flatnonzero(np.diff(flags, prepend=False, append=False))
    return edges[::2], edges[1::2]


def _broad_runs(flags: npt.NDArray[np.bool_], limit: float) -> npt.NDArray[np.intp]:
    """The places in runs of true values that are longer than a limit."""
    runs = [np.arange(a, b) for a, b in zip(*_to_runs(flags), strict=True) if b - a > limit]
    return np.concatenate([np.zeros(0, np.intp), *runs])


def _shrink(
    gray: Gray, low: npt.NDArray[np.float64], high: npt.NDArray[np.float64], scale: float
) -> tuple[Gray, npt.NDArray[np.float64]]:
    """The part of a page between two corners (x, y), shrunk by areas so that thin strokes stay; and where it begins."""
    x0, y0 = np.maximum(low.astype(int) - 1, 0).tolist()
    x1, y1 = (high.astype(int) + 2).tolist()
    part = gray[min(y0, gray.shape[0] - 1) : max(y0 + 1, y1), min(x0, gray.shape[1] - 1) : max(x0 + 1, x1)]
    if scale < 1:
        size = max(1, round(part.shape[1] * scale)), max(1, round(part.shape[0] * scale))
        part = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    return part, np.array([x0, y0], np.float64)


def find_row_slope(boxes: npt.NDArray[np.float64], expected: float) -> float:
    """How much a row of boxes falls; the fewer there are, the nearer to what the page lets expect."""
    x, y = (boxes[:, axis] + boxes[:, 2 + axis] / 2 for axis in (0, 1))
    x, y = x - x.mean(), y - y.mean()
    prior = LEVEL * float(np.median(boxes[:, 3])) ** 2
    slope = ((x * y).sum() + prior * expected) / ((x**2).sum() + prior)
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
