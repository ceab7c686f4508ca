"""Marks as a pen writes them: points, commas, dashes, slashes, in hundredths of a digit's height, baseline at 100."""

import numpy as np

from inkdigits.arrays import Floats

MARKS = ".,-+/:%"
# Points float above the line or sit below it; a raised one stands at the waist.
RAISED_SHARE, FLOATING = 0.12, 6.0


def draw_mark(mark: str, rng: np.random.Generator) -> list[Floats]:
    """The strokes of a mark, each (N, 2) float32; of a point a stroke of almost no length.

    Args:
        mark: one of `MARKS`.
        rng: the only source of chance.
    """
    if mark == ".":
        level = rng.uniform(38, 68) if rng.random() < RAISED_SHARE else rng.normal(96, FLOATING)
        return [_dot(0, level, rng)]
    if mark == ",":
        top, length = rng.normal(88, 1.5 * FLOATING), rng.uniform(12, 62)
        lean, bulge = rng.normal(-0.35, 0.3) * length, rng.normal(3, 3)
        return [_curve([(0, top), (bulge + lean / 2, top + length / 2), (lean, top + length)])]
    if mark == ":":
        upper = rng.normal(42, 8)
        return [_dot(rng.normal(0, 2), upper, rng), _dot(0, upper + rng.uniform(28, 52), rng)]
    if mark == "-":
        length, level, slope = rng.uniform(20, 62), rng.normal(54, 8), rng.normal(-0.04, 0.1)
        return [
            _curve(
                [
                    (0, level),
                    (length / 2, level + slope * length / 2 + rng.normal(0, 2)),
                    (length, level + slope * length),
                ]
            )
        ]
    if mark == "+":
        size, level = rng.uniform(30, 62), rng.normal(56, 6)
        lean = rng.normal(0, 4)
        across = _curve([(0, level + lean), (size, level - lean)])
        return [
            across,
            _curve(
                [
                    (size / 2 + lean, level - size * rng.uniform(0.4, 0.6)),
                    (size / 2 - lean, level + size * rng.uniform(0.4, 0.6)),
                ]
            ),
        ]
    if mark == "/":
        width, top, bottom = rng.uniform(8, 62), rng.normal(-6, 8), rng.normal(106, 8)
        middle = ((0.5 + rng.normal(0, 0.08)) * width, (top + bottom) / 2)
        return [_curve([(width, top), middle, (0, bottom)])]
    size = rng.uniform(14, 24)
    slash = _curve([(rng.uniform(48, 66), rng.normal(4, 5)), (rng.uniform(0, 14), rng.normal(98, 5))])
    return [
        _ring(size * 0.6, rng.uniform(12, 26), size, rng),
        slash,
        _ring(rng.uniform(52, 66), rng.uniform(72, 88), size, rng),
    ]


def draw_filler(rng: np.random.Generator) -> list[Floats]:
    """A long dash that fills room: no minus."""
    length, level = rng.uniform(130, 400), rng.normal(54, 8)
    return [
        _curve(
            [(0, level + rng.normal(0, 4)), (length / 2, level + rng.normal(0, 5)), (length, level + rng.normal(0, 4))]
        )
    ]


def draw_void(rng: np.random.Generator) -> list[Floats]:
    """An X, a tick, a circle with a stroke, or a scribble: what stands for nothing, or strikes out."""
    lot = rng.random()
    width = rng.uniform(50, 140)
    if lot < 0.4:
        return [
            _curve([(0, rng.normal(4, 6)), (width, rng.normal(96, 6))]),
            _curve([(width, rng.normal(4, 6)), (0, rng.normal(96, 6))]),
        ]
    if lot < 0.65:
        return [
            _curve([(0, rng.normal(60, 8)), (width * 0.3, rng.normal(94, 6))]),
            _curve([(width * 0.3, 94), (width, rng.normal(2, 8))]),
        ]
    turns = int(rng.integers(4, 10))
    points = [
        (width * place / turns + rng.normal(0, 6), (place % 2) * rng.uniform(50, 100) + rng.normal(0, 8))
        for place in range(turns + 1)
    ]
    return [_curve(points)]


def _dot(x: float, y: float, rng: np.random.Generator) -> Floats:
    return np.array([(x, y), (x + rng.normal(0, 2.5), y + rng.normal(1, 2))], np.float32)


def _curve(points: list[tuple[float, float]]) -> Floats:
    """A smooth line through two points or more."""
    array = np.array(points, np.float64)
    place = np.arange(len(array), dtype=np.float64)
    fine = np.linspace(0, len(array) - 1, 6 * len(array))
    degree = min(2, len(array) - 1)
    if len(array) <= 3:
        smooth = [np.polyval(np.polyfit(place, column, degree), fine) for column in array.T]
    else:
        smooth = [np.interp(fine, place, column) for column in array.T]
    return np.stack(smooth, axis=1).astype(np.float32)


def _ring(x: float, y: float, size: float, rng: np.random.Generator) -> Floats:
    angle = np.linspace(0, 2 * np.pi * rng.uniform(0.9, 1.1), 14)
    return np.stack([x + size * 0.5 * np.cos(angle), y + size * 0.6 * np.sin(angle)], axis=1).astype(np.float32)
