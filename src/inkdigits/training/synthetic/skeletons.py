"""Forms → matrices: what turns the points that a pen passes into the line that it draws.

A spline is linear in the points that it passes. So every form becomes one matrix, all matrices get one size, and a
batch of jittered digits of any forms is drawn by one product.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats
from inkdigits.training.synthetic.strokes import Form, parse_stroke

# Samples a digit: the longest lines, a slashed 0's and an 8's, get one every 1.5 of a frame's 20 pixels at least.
SAMPLES = 64
# How far a hurried hand cuts corners: the Gaussian along the line, in samples.
ROUNDING_SAMPLES = 2.5


class Skeletons(NamedTuple):
    """V forms, each padded to K points, as the matrices of their splines with M samples.

    Attributes:
        points: (V, K, 2) float32, (x, y) in hundredths of the digit's height.
        strokes: (V, K) intp, which stroke a point is of.
        outwards: (V, K, K) float32; times points, the direction in which each end of a stroke points; 0 within strokes.
        sharp: (V, M, K) float32; times points, the line as it is written with care.
        rounded: (V, M, K) float32; the same with every corner cut.
        lifted: (V, M) bool, true where the pen is lifted after the sample.
    """

    points: Floats
    strokes: npt.NDArray[np.intp]
    outwards: Floats
    sharp: Floats
    rounded: Floats
    lifted: npt.NDArray[np.bool_]


def build_skeletons(forms: Sequence[Form]) -> Skeletons:
    """The matrices of some forms, in their order."""
    built = [_build(form) for form in forms]
    most = max(len(skeleton.points) for skeleton in built)

    def pad(array: npt.NDArray[Any], *axes: int) -> npt.NDArray[Any]:
        missing = most - array.shape[axes[0]]
        return np.pad(array, [(0, missing if axis in axes else 0) for axis in range(array.ndim)])

    return Skeletons(
        np.stack([pad(one.points, 0) for one in built]),
        np.stack([pad(one.strokes, 0) for one in built]),
        np.stack([pad(one.outwards, 0, 1) for one in built]),
        np.stack([pad(one.sharp, 1) for one in built]),
        np.stack([pad(one.rounded, 1) for one in built]),
        np.stack([one.lifted for one in built]),
    )


def _build(form: Form) -> Skeletons:
    """The matrices of one form, without the first axis."""
    points: list[Floats] = []
    strokes: list[int] = []
    pieces: list[slice] = []  # each smooth piece, as a range of points; a corner is in two of them
    for number, stroke in enumerate(form.strokes):
        for index, passed in enumerate(parse_stroke(stroke)):
            new = passed[1:] if index else passed
            points.extend(new)
            strokes.extend([number] * len(new))
            pieces.append(slice(len(points) - len(passed), len(points)))
    stacked, stroke_of = np.stack(points), np.array(strokes)
    counts = _share_samples([_length(stacked[piece]) for piece in pieces])
    sharp = np.zeros((SAMPLES, len(points)), np.float32)
    ends = np.cumsum(counts)
    for piece, count, end in zip(pieces, counts, ends, strict=True):
        # A piece after a corner begins one sample after it: the corner itself ended the piece before.
        follows = piece.start > 0 and stroke_of[piece.start] == stroke_of[piece.start - 1]
        sharp[end - count : end, piece] = spline_weights(stacked[piece], count + follows)[int(follows) :]
    stroke_of_sample = np.repeat(stroke_of[[piece.stop - 1 for piece in pieces]], counts)
    lifted = np.append(np.diff(stroke_of_sample) > 0, True)
    rounded = _smoothing(stroke_of_sample) @ sharp
    return Skeletons(stacked, stroke_of, _outwards(stacked, stroke_of), sharp, rounded, lifted)


def spline_weights(points: Floats, count: int) -> Floats:
    """The centripetal Catmull-Rom spline through K points, as (count, K) float32 weights of these points.

    The knots lie at the square roots of the distances (Yuksel, Schaefer and Keyser, 2011), which keeps the curve from
    looping where points are unevenly spaced; the ends are parabolas.
    """
    number = len(points)
    knots = np.append(0.0, np.cumsum(np.sqrt(np.linalg.norm(np.diff(points, axis=0), axis=1))))
    identity = np.eye(number)
    slopes = np.diff(identity, axis=0) / np.diff(knots)[:, None]
    tangents = np.empty((number, number))
    tangents[1:-1] = (identity[2:] - identity[:-2]) / (knots[2:] - knots[:-2])[:, None]
    tangents[0] = 2 * slopes[0] - tangents[1] if number > 2 else slopes[0]
    tangents[-1] = 2 * slopes[-1] - tangents[-2] if number > 2 else slopes[-1]
    at = np.linspace(0, knots[-1], count)
    left = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, number - 2)
    span = (knots[left + 1] - knots[left])[:, None]
    s = (at - knots[left])[:, None] / span
    hermite = (1 + 2 * s) * (1 - s) ** 2 * identity[left] + s**2 * (3 - 2 * s) * identity[left + 1]
    hermite += span * s * (1 - s) * ((1 - s) * tangents[left] - s * tangents[left + 1])
    return np.asarray(hermite, np.float32)


def _length(points: Floats) -> float:
    return float(np.linalg.norm(np.diff(points, axis=0), axis=1).sum())


def _share_samples(lengths: list[float]) -> list[int]:
    """Samples for each piece by its length, at least 3; the longest gives or takes what rounding leaves."""
    counts = [max(3, round(SAMPLES * length / sum(lengths))) for length in lengths]
    counts[int(np.argmax(lengths))] += SAMPLES - sum(counts)
    return counts


def _smoothing(stroke_of_sample: npt.NDArray[np.intp]) -> Floats:
    """(M, M) float32: a Gaussian along each stroke; the ends of strokes stay where they are."""
    index = np.arange(SAMPLES)
    same = stroke_of_sample[:, None] == stroke_of_sample
    # Towards an end the Gaussian narrows, so that strokes are not shortened.
    to_end = np.array([np.flatnonzero(row)[[0, -1]] for row in same])
    room = np.minimum(index - to_end[:, 0], to_end[:, 1] - index)
    sigma = np.clip(room / 2, 0.1, ROUNDING_SAMPLES)[:, None]
    weights = np.where(same, np.exp(-((index[:, None] - index) ** 2) / (2 * sigma**2)), 0)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float32)


def _outwards(points: Floats, strokes: npt.NDArray[np.intp]) -> Floats:
    """(K, K) float32: for each end of a stroke, itself minus its neighbour, over their distance."""
    matrix = np.zeros((len(points), len(points)), np.float32)
    for stroke in np.unique(strokes):
        first, last = np.flatnonzero(strokes == stroke)[[0, -1]]
        for end, neighbour in ((first, first + 1), (last, last - 1)):
            distance = float(np.linalg.norm(points[end] - points[neighbour]))
            matrix[end, end], matrix[end, neighbour] = 1 / distance, -1 / distance
    return matrix
