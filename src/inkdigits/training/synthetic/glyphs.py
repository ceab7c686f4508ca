"""Characters of fonts and of MNIST as other hands would write them: slanted, stretched, with another pen.

A font has one form of each character. Drawn anew for every hand, a hundred fonts are many more hands.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from PIL import ImageFont

from inkdigits.arrays import Ink
from inkdigits.training.synthetic.letters import HAND_FAMILIES, find_fonts, load_font

# Digits are this tall on the canvas.
HEIGHT_PX = 48
# A hand in a font: how much it leans beside the font, in degrees; its width over the font's; how broad its pen is: the
# level, 0 to 255, at which its blurred strokes end, and how sharply.
SLANTS_DEG, SLANT_RANGE_DEG, WIDTHS, WIDTH_RANGE = (4.0, 10.0), (-14.0, 36.0), (-0.06, 0.2), (0.55, 1.5)
PEN_LEVELS, PEN_BLUR_PX, PEN_SHARPNESS, OWN_PEN_SHARE = (35.0, 125.0), 1.2, 4.0, 0.3
# From character to character.
SLANT_JITTER_DEG, TURN_JITTER_DEG, WIDTH_JITTER = 2.5, 3.0, 0.06


class Glyph(NamedTuple):
    """A character's ink.

    Attributes:
        ink: (H, W) uint8; of a digit about `HEIGHT_PX` tall.
        top: where it begins, in pixels below the baseline; above it is negative.
    """

    ink: Ink
    top: float


class Manner(NamedTuple):
    """How a hand writes the characters that it has from elsewhere.

    Attributes:
        slant_deg: how much further they lean to the right.
        width: by how much they are broader.
        pen: the level at which blurred strokes end, 0 to 255: the higher, the thinner; 0: as they are.
    """

    slant_deg: float
    width: float
    pen: float


def draw_manner(rng: np.random.Generator) -> Manner:
    """A manner drawn by lot."""
    return Manner(
        float(np.clip(rng.normal(*SLANTS_DEG), *SLANT_RANGE_DEG)),
        float(np.clip(np.exp(rng.normal(*WIDTHS)), *WIDTH_RANGE)),
        0.0 if rng.random() < OWN_PEN_SHARE else float(rng.uniform(*PEN_LEVELS)),
    )


def rewrite(glyph: Glyph, manner: Manner, size: float, rng: np.random.Generator) -> Glyph:
    """A character as a hand writes it, a bit otherwise each time.

    Args:
        glyph: as it is in its font.
        manner: of the hand.
        size: by how much it is larger.
        rng: the only source of chance.
    """
    slant = np.tan(np.deg2rad(manner.slant_deg + rng.normal(0, SLANT_JITTER_DEG)))
    turn = np.deg2rad(rng.normal(0, TURN_JITTER_DEG))
    width = size * manner.width * float(np.exp(rng.normal(0, WIDTH_JITTER)))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    matrix = rotation @ np.array([[width, -slant * size], [0, size]])
    height, broad = glyph.ink.shape
    corners = np.array([[0, glyph.top], [broad, glyph.top], [0, glyph.top + height], [broad, glyph.top + height]])
    moved = corners @ matrix.T
    low, high = np.floor(moved.min(axis=0)) - 2, np.ceil(moved.max(axis=0)) + 2
    shift = matrix @ np.array([0, glyph.top]) - low
    cut = np.concatenate([matrix, shift[:, None]], axis=1).astype(np.float32)
    ink = cv2.warpAffine(glyph.ink, cut, (int(high[0] - low[0]), int(high[1] - low[1])), flags=cv2.INTER_LINEAR)
    if manner.pen:
        soft = cv2.GaussianBlur(ink, (0, 0), PEN_BLUR_PX).astype(np.float32)
        ink = np.clip((soft - manner.pen) * PEN_SHARPNESS + 128, 0, 255).astype(np.uint8)
        ink[soft < 8] = 0
    columns = np.flatnonzero(ink.max(axis=0) > 60)
    if not len(columns):
        return Glyph(np.asarray(ink, np.uint8), float(low[1]))
    return Glyph(np.ascontiguousarray(ink[:, columns[0] : columns[-1] + 1]), float(low[1]))


def enlarge(small: Ink) -> Glyph:
    """A digit of MNIST, cut to its ink, as sharp as a pen writes."""
    scale = HEIGHT_PX / small.shape[0]
    rim = cv2.copyMakeBorder(small, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    size = max(4, round(rim.shape[1] * scale)), round(rim.shape[0] * scale)
    large = cv2.resize(rim, size, interpolation=cv2.INTER_CUBIC)
    pale = np.asarray(cv2.subtract(large, np.full_like(large, 60)), np.uint8)
    sharp = np.asarray(cv2.convertScaleAbs(pale, alpha=min(8.0, 0.7 * scale)), np.uint8)
    return Glyph(sharp, float(scale - sharp.shape[0]))


def draw_font(is_print: bool, fonts: Sequence[Path], rng: np.random.Generator) -> Path:
    """A font drawn by lot: of print, or one that imitates a hand; `fonts` are further ones of these."""
    some = find_fonts() if is_print else [*_own_hands(), *fonts]
    return some[int(rng.integers(len(some)))]


@cache
def _own_hands() -> tuple[Path, ...]:
    import fontpkg

    return tuple(Path(fontpkg.path(family)) for family in HAND_FAMILIES)


@cache
def load_glyph(font: Path, character: str) -> Glyph | None:
    """A character of a font whose 0 is `HEIGHT_PX` tall; None where it has no ink."""
    loaded = load_font(font, _font_size(font))
    _, top, _, _ = loaded.getbbox(character, anchor="ls")
    mask = loaded.getmask(character, anchor="ls")
    ink = np.asarray(mask, np.uint8).reshape(mask.size[::-1])
    return Glyph(ink, round(top)) if ink.size >= 4 and ink.any() else None


@cache
def _font_size(font: Path) -> int:
    box = ImageFont.truetype(font, 200).getbbox("0")
    return max(8, round(200 * HEIGHT_PX / max(1.0, float(box[3] - box[1]))))
