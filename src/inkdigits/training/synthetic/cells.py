"""What a number stands in: a table's cell with its rulings, on paper in some light, seen by a camera or a scanner."""

from typing import NamedTuple

import cv2
import numpy as np

from inkdigits.arrays import Floats, Gray, Ink

# Rulings: at the sides of a cell, below the digits; how thick over the digits' height, how dark.
SIDE_SHARE, BASE_SHARE, THICK, TONES = 0.45, 0.22, (0.02, 0.1), (0.15, 1.0)
# Ruled or squared paper below it, its lines this many heights apart.
PAPER_SHARE, PAPER_PITCH = 0.08, (0.5, 2.2)


class Light(NamedTuple):
    """How uneven light may be at most, and how faint ink beside its paper, 0 to 1."""

    fall_off: float
    faintest: float


# What a scanner of two tones makes something of is not as faint.
LIGHT, BINARY_LIGHT = Light(0.12, 0.15), Light(0.03, 0.4)


def draw_rulings(shape: tuple[int, ...], height: float, base: float, rng: np.random.Generator) -> Floats:
    """Sides of a cell and lines to write on: (H, W) float32, 0 to 1."""
    lines = np.zeros(shape, np.float32)
    tone = rng.uniform(*TONES)
    has_sides = rng.random() < SIDE_SHARE

    def thickness() -> int:
        return max(1, round(height * rng.uniform(*THICK)))

    if has_sides:
        kept = rng.random(4) < 0.65
        inset = rng.uniform(-0.05, 0.14, 4) * np.array([shape[1] * 0.7, shape[0], shape[1] * 0.7, shape[0]])
        tilt = rng.normal(0, 0.012, 4)
        for side in np.flatnonzero(kept).tolist():
            line = np.zeros(shape, np.uint8)
            if side % 2 == 0:
                x = inset[side] if side == 0 else shape[1] - 1 - inset[side]
                _line(line, (x, -2), (x + tilt[side] * shape[0], shape[0] + 2), thickness())
            else:
                y = inset[side] if side == 1 else shape[0] - 1 - inset[side]
                _line(line, (-2, y), (shape[1] + 2, y + tilt[side] * shape[1]), thickness())
            lines = np.maximum(lines, _wear(line, height, side % 2 == 1, rng) * tone * rng.uniform(0.5, 1))
    if rng.random() < BASE_SHARE:
        line = np.zeros(shape, np.uint8)
        y, slope = base + height * rng.uniform(-0.05, 0.3), rng.normal(0, 0.01) * shape[1]
        _line(line, (-2, y), (shape[1] + 2, y + slope), thickness())
        lines = np.maximum(lines, _wear(line, height, True, rng) * tone)
    if rng.random() < PAPER_SHARE:
        pitch = height * rng.uniform(*PAPER_PITCH)
        slope = rng.normal(0, 0.01) * shape[1]
        for y in np.arange(rng.uniform(0, pitch), shape[0], pitch).tolist():
            line = np.zeros(shape, np.uint8)
            _line(line, (-2, y), (shape[1] + 2, y + slope), thickness())
            lines = np.maximum(lines, line.astype(np.float32) / 255 * tone)
        if rng.random() < 0.5:
            columns = np.arange(rng.uniform(0, pitch), shape[1], pitch).tolist()
            lines = np.maximum(lines, draw_upright(shape, columns, height, rng))
    return lines


def draw_upright(shape: tuple[int, ...], columns: list[float], height: float, rng: np.random.Generator) -> Floats:
    """Vertical rulings at some columns: the boxes of a comb, squared paper."""
    lines = np.zeros(shape, np.uint8)
    thickness, tilt = max(1, round(height * rng.uniform(*THICK))), rng.normal(0, 0.012) * shape[0]
    top, bottom = (-2, shape[0] + 2) if rng.random() < 0.7 else (shape[0] * rng.uniform(0.3, 0.7), shape[0] + 2)
    for x in columns:
        _line(lines, (x, top), (x + tilt, bottom), thickness)
    return np.asarray(lines / np.float32(255) * np.float32(rng.uniform(*TONES)), np.float32)


def _line(canvas: Ink, start: tuple[float, float], end: tuple[float, float], thickness: int) -> None:
    points = np.array([start, end]) * 16
    cv2.line(canvas, points[0].astype(int).tolist(), points[1].astype(int).tolist(), 255, thickness, cv2.LINE_AA, 4)


def _wear(line: Ink, height: float, is_level: bool, rng: np.random.Generator) -> Floats:
    """A line as it is printed: whole, dotted, dashed, or broken."""
    drawn = np.asarray(line / np.float32(255), np.float32)
    lot = rng.random()
    along = np.arange(line.shape[1] if is_level else line.shape[0])
    if lot < 0.3:
        step = max(2.0, height * rng.uniform(0.06, 0.35))
        seen = ((along + rng.uniform(0, step)) % step < step * rng.uniform(0.3, 0.7)).astype(np.float32)
    elif lot < 0.5:
        knots = np.clip(rng.normal(0.6, 0.6, 3 + len(along) // max(3, int(height / 3))), 0, 1).astype(np.float32)
        seen = cv2.resize(knots[None], (len(along), 1), interpolation=cv2.INTER_LINEAR)[0]
    else:
        return drawn
    return np.asarray(drawn * (seen[None] if is_level else seen[:, None]), np.float32)


def lay_on_paper(
    ink: Floats, print_: Floats, ghost: Floats | None, height: float, light: Light, rng: np.random.Generator
) -> Gray:
    """Ink and print in some light, as a camera sees them, (H, W) uint8.

    Args:
        ink: (H, W), 0 to 1.
        print_: the rulings, likewise.
        ghost: writing that shines through, likewise; None: none.
        height: of digits, in pixels.
        light: how uneven it is, how faint the ink.
        rng: the only source of chance.
    """
    shape = ink.shape
    paper = rng.uniform(70, 255)
    contrast = float(np.exp(rng.uniform(np.log(light.faintest), np.log(0.95))))
    uneven = _field(shape, (2, 3), rng)
    pressed = 1 - 0.35 * rng.random() * np.clip(_field(shape, (2, 6), rng), 0, 1)
    cover = np.clip(ink * rng.uniform(0.9, 1.3), 0, 1) * pressed * contrast
    # Rulings are printed darker than a faint pen, but not so dark that nothing is left to read.
    cover = np.maximum(cover, print_ * min(max(contrast, rng.uniform(0.15, 0.8)), 1.7 * contrast))
    if ghost is not None:
        cover = np.maximum(cover, ghost * contrast * rng.uniform(0.1, 0.3))
    gray = paper * (1 + rng.uniform(0, light.fall_off) * uneven) * (1 - cover)
    gray = cv2.GaussianBlur(gray.astype(np.float32), (0, 0), max(0.25, height * rng.uniform(0, 0.05)))
    span = paper * contrast
    noise = min(6.0, span * rng.uniform(0.005, 0.11))
    grain = rng.standard_normal(shape, np.float32) * np.float32(noise)
    if rng.random() < 0.4:
        grain = cv2.GaussianBlur(grain, (0, 0), 0.8) * 1.6
    seen = np.clip(gray + grain, 0, 255).astype(np.uint8)
    if rng.random() < 0.45:
        seen = _store_as_jpeg(seen, rng)
    return np.asarray(seen, np.uint8)


def _store_as_jpeg(gray: Gray, rng: np.random.Generator) -> Gray:
    stored = cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(30, 96))])[1]
    return np.asarray(cv2.imdecode(stored, cv2.IMREAD_GRAYSCALE), np.uint8)


def _field(shape: tuple[int, ...], knots: tuple[int, int], rng: np.random.Generator) -> Floats:
    """Smooth noise over a picture, of deviation 1 at its knots."""
    coarse = rng.standard_normal(knots, np.float32)
    return np.asarray(cv2.resize(coarse, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def to_black_and_white(gray: Gray, height: float, rng: np.random.Generator) -> Gray:
    """As a scanner of two tones stores it: strokes thick or thin, their edges rough, specks."""
    side = int(min(gray.shape) * 0.9) | 1
    # Smoothed first: the lightest grain of the paper is not its tone.
    smooth = cv2.GaussianBlur(gray, (0, 0), 1.5)
    paper = cv2.GaussianBlur(cv2.dilate(smooth, np.ones((side, side), np.uint8)), (0, 0), side / 4).astype(np.float32)
    darkest = float(np.percentile(gray / np.maximum(paper, 1), 2))
    rough = cv2.GaussianBlur(
        rng.standard_normal(gray.shape, np.float32), (0, 0), max(0.6, height * rng.uniform(0.01, 0.05))
    )
    rough = rough * np.float32(rng.uniform(0.02, 0.1) / max(float(rough.std()), 1e-6))
    level = (1 - gray / np.maximum(paper, 1)) / max(1 - darkest, 0.02) + rough
    mask = (level > rng.uniform(0.25, 0.6)).astype(np.uint8)
    lot = rng.random()
    if lot < 0.3:
        thin = lot < 0.2 or height < 24
        pen = np.ones((2, 2), np.uint8) if thin else cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))
        mask = np.asarray(cv2.dilate(mask, pen), np.uint8)
    if rng.random() < 0.2:
        specks = rng.random((gray.shape[0] // 2 + 1, gray.shape[1] // 2 + 1)) < rng.uniform(0.0005, 0.006)
        large = cv2.resize(specks.astype(np.uint8), gray.shape[::-1], interpolation=cv2.INTER_NEAREST)
        mask = np.asarray(np.maximum(mask, large), np.uint8)
    return np.where(mask > 0, 0, 255).astype(np.uint8)
