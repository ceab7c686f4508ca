"""A pen that writes digits in the hands of the world, as many as are asked for.

Every digit is one of the forms of `strokes`, written as a hand would: no point twice in the same
place, a slant, a hurry that cuts corners, a pressure, a pen. It is then framed by `digit.frame.to_frame`, as in
serving. Measured: 4,000 frames a second on one core.
"""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, FRAME_SIZE, Floats, Frames, Ink, Labels
from inkdigits.digit.frame import to_frame
from inkdigits.errors import ArrayError
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.hand import load_skeletons, normal, smooth_noise, write_lines
from inkdigits.training.synthetic.letter_strokes import LETTERS
from inkdigits.training.synthetic.skeletons import SAMPLES
from inkdigits.training.synthetic.strokes import FORMS

# The pen's width over the digit's longer side: a ballpoint on a large digit to a marker on a small one. In the frame,
# by `frame.stroke_width`, 96% of them lie between 0.15 and 0.28, as MNIST's do.
WIDTHS = (0.05, 0.23)
# Who holds a broad pen writes larger: the ink, line times width, covers no more than this share of the digit's room.
# Without it slashed zeros and lightning fours become blots; at 0.8 they stay open.
CROWDING = 0.8
# How much a pen widens where it is pressed, as standard deviations over its width: a nib on downstrokes, and any pen.
DOWNSTROKE_PRESSURE, UNEVEN_PRESSURE = 0.15, 0.12
# The share of digits whose pen skips, and how many of the samples it skips.
GAP_SHARE, GAP_SAMPLES = 0.06, 3
# A digit's longer side where it is drawn: mostly four times a frame's 20, so that shrinking makes the antialiasing;
# else as on a canvas of 28 to 50 pixels, where a line of one pixel stays thin in the frame.
SIDE_PX, MARGIN_PX = 80, 12
SMALL_SHARE, SMALL_SIDES_PX = 0.3, (18, 40)
# How many are prepared at once: the matrices of 500 take 5 MB.
BATCH = 500
# Coordinates are given to OpenCV in 16ths of a pixel.
SHIFT_BITS = 4


def draw_digits(digits: int | npt.ArrayLike, rng: np.random.Generator) -> Images:
    """Write digits, each in a form of its own.

    Args:
        digits: how many, of random digits; or (N,) integers, the digits to write.
        rng: the only source of chance: the same state gives the same pictures.

    Returns:
        `Images` of (N, 28, 28) uint8 frames and (N,) uint8 labels, in the order asked for.

    Raises:
        ArrayError: digits that are not 0 to 9, or no list of integers.
    """
    labels = rng.integers(DIGITS, size=digits, dtype=np.uint8) if isinstance(digits, int) else _check_digits(digits)
    first = np.searchsorted([form.digit for form in FORMS], np.arange(DIGITS + 1))
    return Images(draw_forms(rng.integers(first[labels], first[labels.astype(int) + 1]), rng), labels)


def draw_letters(count: int, rng: np.random.Generator) -> Frames:
    """Write (count, 28, 28) uint8 letters and signs that are no digits, each one of `LETTERS` at random."""
    return draw_forms(len(FORMS) + rng.integers(len(LETTERS), size=count), rng)


def draw_forms(forms: npt.NDArray[np.integer], rng: np.random.Generator) -> Frames:
    """Write digits or letters in given forms.

    Args:
        forms: (N,) integers, places in `FORMS + LETTERS`.
        rng: the only source of chance.

    Returns:
        (N, 28, 28) uint8 frames.
    """
    frames = np.empty((len(forms), FRAME_SIZE, FRAME_SIZE), np.uint8)
    for start in range(0, len(forms), BATCH):
        lines, widths, drawn = _write(forms[start : start + BATCH], rng)
        for place in range(len(lines)):
            frames[start + place] = to_frame(_draw(lines[place], widths[place], drawn[place]))
    return frames


def _check_digits(digits: npt.ArrayLike) -> Labels:
    array = np.asarray(digits)
    if array.ndim != 1 or (array.size and not np.issubdtype(array.dtype, np.integer)):
        raise ArrayError(f"digits must be how many to write, or (N,) integers; got {array.shape} {array.dtype}.")
    if array.size and (array.min() < 0 or array.max() >= DIGITS):
        raise ArrayError(f"digits must be 0 to 9; got {array.min()} to {array.max()}.")
    return array.astype(np.uint8)


def _write(
    forms: npt.NDArray[np.integer], rng: np.random.Generator
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """The lines (n, M, 2) in 16ths of a pixel, their widths (n, M) in pixels, and (n, M) whether the pen draws on."""
    lines = write_lines(forms, rng)
    low, high = lines.min(axis=1, keepdims=True), lines.max(axis=1, keepdims=True)
    longer = (high - low).max(axis=2, keepdims=True)
    is_small = rng.random(len(forms)) < SMALL_SHARE
    side = np.where(is_small, rng.uniform(*SMALL_SIDES_PX, len(forms)), SIDE_PX)
    pixels = MARGIN_PX + (lines - low) / longer * side[:, None, None]
    widths = np.maximum((_widths(lines, rng) * side[:, None]).round(), 1)
    drawn = ~load_skeletons().lifted[forms] & ~_gaps(len(forms), rng)
    return (pixels * 2**SHIFT_BITS).astype(np.int32), widths.astype(np.int32), drawn


def _widths(lines: Floats, rng: np.random.Generator) -> npt.NDArray[np.float64]:
    """(n, M) the pen's width at each sample over the digit's longer side: one pen, pressed unevenly."""
    count = len(lines)
    low, high = np.log(WIDTHS)
    steps = np.gradient(lines, axis=1)
    longer = np.ptp(lines, axis=1).max(axis=1)
    centred = lines - lines.mean(axis=1, keepdims=True)
    covariance = centred.transpose(0, 2, 1) @ centred / SAMPLES
    # Eight times the root of the determinant is the box of a ring, however slanted. That of a bar is as narrow as its
    # pen: it counts as 0.3 of a square.
    room = np.maximum(8 * np.sqrt(np.maximum(np.linalg.det(covariance), 0)), 0.3 * longer**2)
    length = np.linalg.norm(np.diff(lines, axis=1), axis=2).sum(axis=1)
    broadest = CROWDING * room / (length * longer)
    pen = np.minimum(np.exp(rng.uniform(low, high, count)), broadest)[:, None]
    down = steps[:, :, 1] / (np.linalg.norm(steps, axis=2) + 1e-3)
    pressure = np.abs(normal(rng, (count, 1), DOWNSTROKE_PRESSURE)) * down
    pressure += normal(rng, (count, 1), UNEVEN_PRESSURE) * smooth_noise(rng, count, 1, 8.0)[:, :, 0]
    return np.asarray(np.minimum(pen * (1 + np.clip(pressure, -0.5, 0.6)), 2 * MARGIN_PX / SIDE_PX))


def _gaps(count: int, rng: np.random.Generator) -> npt.NDArray[np.bool_]:
    """(n, M) bool, true where the pen skips."""
    start = np.where(rng.random((count, 1)) < GAP_SHARE, rng.integers(SAMPLES, size=(count, 1)), SAMPLES)
    index = np.arange(SAMPLES)
    return np.asarray((index >= start) & (index < start + GAP_SAMPLES))


def _draw(line: npt.NDArray[np.int32], widths: npt.NDArray[np.int32], drawn: npt.NDArray[np.bool_]) -> Ink:
    """One digit's ink: a polyline for every run of samples with the same width and the pen down."""
    canvas = np.zeros((SIDE_PX + 2 * MARGIN_PX, SIDE_PX + 2 * MARGIN_PX), np.uint8)
    ends = np.append(np.flatnonzero((widths[1:] != widths[:-1]) | ~drawn[:-1]), SAMPLES - 1)
    start = 0
    for end in ends.tolist():
        # A run goes on to the first sample of the next one, unless the pen is lifted between them.
        run = line[start : end + 1 + int(drawn[end])]
        cv2.polylines(canvas, [run], False, 255, int(widths[start]), cv2.LINE_AA, SHIFT_BITS)
        start = end + 1
    return canvas
