"""One digit's ink → the 28×28 frame that MNIST would have made of it."""

import cv2
import numpy as np

from inkdigits.arrays import FRAME_SIZE, Frame, Ink, check_plane, percentile

# MNIST's own normalisation (LeCun et al., 1998): the digit's box is scaled into 20×20 keeping its aspect, and placed in
# 28×28 so that its centre of mass is in the middle.
DIGIT_SIDE = 20
INK_LEVEL = 48
MIN_STROKE = 2.0


def to_frame(ink: Ink) -> Frame:
    """Frame the ink of one digit as MNIST framed its own.

    Args:
        ink: (H, W) uint8, 0 = paper, 255 = full ink; see `inkdigits.ink.to_ink`.

    Returns:
        (28, 28) uint8; all 0 where there is no ink.

    Raises:
        ArrayError: another shape or dtype.
    """
    digit = crop_to_ink(check_plane(ink, "ink"))
    if digit is None:
        return np.zeros((FRAME_SIZE, FRAME_SIZE), np.uint8)
    return center(shrink(thicken(digit)))


def crop_to_ink(ink: Ink) -> Ink | None:
    """The part of the picture that has ink; None where it has none."""
    mask = ink >= INK_LEVEL
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if rows.size == 0:
        return None
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def thicken(digit: Ink) -> Ink:
    """Widen strokes so thin that shrinking would wash them out."""
    scale = DIGIT_SIDE / max(digit.shape)
    missing_px = MIN_STROKE / scale - stroke_width(digit)
    side = round(missing_px) + 1
    if side < 2:
        return digit
    padded = cv2.copyMakeBorder(digit, side, side, side, side, cv2.BORDER_CONSTANT, value=0)
    wide = cv2.dilate(padded, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))
    cropped = crop_to_ink(np.asarray(wide, np.uint8))
    assert cropped is not None
    return cropped


def stroke_width(ink: Ink) -> float:
    """The usual width of the strokes in pixels: across a stroke of width w, the mean distance to its edge is w / 4."""
    mask = cv2.copyMakeBorder((ink >= 128).astype(np.uint8), 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    distance = cv2.distanceTransform(mask, cv2.DIST_L2, 5)
    inside = distance[mask > 0]
    return max(1.0, 4 * float(inside.mean()) - 1) if inside.size else 1.0


def shrink(digit: Ink) -> Ink:
    """Scale a digit so that its longer side is 20 pixels, and bring its strokes back to full ink."""
    height, width = digit.shape
    scale = DIGIT_SIDE / max(height, width)
    size = max(1, round(width * scale)), max(1, round(height * scale))
    interpolation = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    small = np.asarray(cv2.resize(digit, size, interpolation=interpolation), np.uint8)
    full = max(percentile(small[small >= INK_LEVEL], 80), 1.0) if (small >= INK_LEVEL).any() else 255.0
    brightened: Ink = np.clip(small * (255 / full), 0, 255).astype(np.uint8)
    return brightened


def center(digit: Ink) -> Frame:
    """Put a digit of up to 20×20 into a frame, its centre of mass in the middle, none of it outside."""
    height, width = digit.shape
    weights = digit.astype(np.float64)
    total = max(weights.sum(), 1.0)
    middle_y = float((weights.sum(axis=1) * np.arange(height)).sum()) / total
    middle_x = float((weights.sum(axis=0) * np.arange(width)).sum()) / total
    top = int(np.clip(round(FRAME_SIZE / 2 - middle_y), 0, FRAME_SIZE - height))
    left = int(np.clip(round(FRAME_SIZE / 2 - middle_x), 0, FRAME_SIZE - width))
    frame = np.zeros((FRAME_SIZE, FRAME_SIZE), np.uint8)
    frame[top : top + height, left : left + width] = digit
    return frame
