"""Ink → a photo of it on paper: colours, rulings, stains, a camera held askew, light, blur, noise and JPEG."""

import io
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image

from inkdigits.arrays import Floats, Gray, Ink, Photo

Colour = tuple[int, int, int]

# Paper and what writes on it, RGB. A pencil is what is left of a grey's contrast.
PAPERS: tuple[Colour, ...] = (
    *((250, 250, 248), (242, 240, 235), (235, 228, 205), (246, 240, 170), (205, 220, 235), (240, 205, 205)),
    *((200, 200, 198), (170, 165, 155), (190, 160, 120)),
)
PENS: tuple[Colour, ...] = ((20, 20, 25), (25, 40, 130), (40, 70, 180), (160, 25, 30), (20, 95, 50), (95, 95, 98))
BOARDS: tuple[Colour, ...] = ((25, 28, 30), (18, 45, 35), (40, 42, 60), (0, 0, 0))
CHALKS: tuple[Colour, ...] = ((235, 235, 235), (250, 240, 150), (160, 200, 250), (250, 170, 160))
DARK_SHARE = 0.12
# How much of the pen's colour its strokes carry: pencil and faint copies to ink.
STRENGTH = (0.4, 1.0)
# Rulings carry so much of theirs, and are this many digits apart (times the line pitch of the writing, one by default).
RULED_SHARE, SQUARED_SHARE, RULING_STRENGTH = 0.25, 0.2, (0.15, 0.6)
# The camera: turned by up to this many degrees, each corner moved by this share of the picture.
MAX_TURN_DEG, MAX_PERSPECTIVE = 15.0, 0.04
TURNED_SHARE, DESK_SHARE = 0.5, 0.4
SHADOW_SHARE, SHADOW_DEPTH, FALL_OFF = 0.35, (0.55, 0.85), 0.3
STAIN_SHARE = 0.15
# Blur as a share of the digits' height, noise in grey levels, JPEG quality.
MAX_BLUR, MAX_NOISE, QUALITY = 0.035, 5.0, (35, 96)


class Shot(NamedTuple):
    """A photographed sheet.

    Attributes:
        photo: (H, W, 3) uint8.
        matrix: (3, 3), from points on the sheet to points on the photo.
    """

    photo: Photo
    matrix: npt.NDArray[np.float64]


def rule(shape: tuple[int, int], pitch_px: float, rng: np.random.Generator) -> Ink:
    """The printed lines of a sheet (H, W), `pitch_px` apart: ruled, squared, or none."""
    lines = np.zeros(shape, np.uint8)
    lot, strength = rng.random(), round(255 * rng.uniform(*RULING_STRENGTH))
    thickness = max(1, round(pitch_px * rng.uniform(0.01, 0.035)))
    first = rng.uniform(0, pitch_px)
    if lot < RULED_SHARE + SQUARED_SHARE:
        for y in np.arange(first, shape[0], pitch_px).astype(int).tolist():
            cv2.line(lines, (0, y), (shape[1], y), strength, thickness)
    if RULED_SHARE <= lot < RULED_SHARE + SQUARED_SHARE:
        for x in np.arange(first, shape[1], pitch_px).astype(int).tolist():
            cv2.line(lines, (x, 0), (x, shape[0]), strength, thickness)
    return lines


def lay_on_paper(pen: Ink, print_: Ink, rng: np.random.Generator) -> Photo:
    """A sheet (H, W, 3) that carries what a pen wrote and what was printed on it, both (H, W)."""
    dark = rng.random() < DARK_SHARE
    papers, pens = (BOARDS, CHALKS) if dark else (PAPERS, PENS)
    paper, colour = papers[rng.integers(len(papers))], pens[rng.integers(len(pens))]
    print_colour = pens[rng.integers(len(pens))]
    strength = rng.uniform(*STRENGTH)
    if np.ptp([np.mean(paper), np.mean(colour)]) < 120:
        strength = 1.0  # a pen that is pale on this paper is at least pressed
    sheet = np.empty((*pen.shape, 3), np.float32)
    sheet[:] = np.array(paper, np.float32) + rng.normal(0, 4, 3)
    sheet *= 1 + 0.02 * _clouds(pen.shape, rng)[:, :, None]
    if rng.random() < STAIN_SHARE:
        sheet *= 1 - 0.25 * _stain(pen.shape, rng)[:, :, None] * np.array([0.6, 0.8, 1.0], np.float32)
    for ink, tone, weight in ((print_, print_colour, 1.0), (pen, colour, strength)):
        cover = (ink.astype(np.float32) * (weight / 255))[:, :, None]
        sheet += cover * (np.array(tone, np.float32) - sheet)
    return np.clip(sheet, 0, 255).astype(np.uint8)


def photograph(sheet: Photo, height_px: int, rng: np.random.Generator) -> Shot:
    """Take a photo of a sheet, or scan it.

    Args:
        sheet: (H, W, 3) uint8.
        height_px: the usual height of its digits: what the blur is measured by.
        rng: the only source of chance.
    """
    matrix = np.eye(3)
    photo = sheet
    if rng.random() < TURNED_SHARE:
        photo, matrix = _hold_askew(sheet, rng)
    lit = photo.astype(np.float32) * _light(photo.shape[:2], rng)[:, :, None]
    blurred = cv2.GaussianBlur(lit, (0, 0), max(0.3, height_px * rng.uniform(0, MAX_BLUR)))
    noise = rng.standard_normal(blurred.shape, np.float32) * np.float32(rng.uniform(0.5, MAX_NOISE))
    seen = Image.fromarray(np.clip(blurred + noise, 0, 255).astype(np.uint8))
    stored = io.BytesIO()
    seen.save(stored, "JPEG", quality=int(rng.integers(*QUALITY)))
    return Shot(np.asarray(Image.open(stored)), matrix)


def _hold_askew(sheet: Photo, rng: np.random.Generator) -> Shot:
    height, width = sheet.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = np.deg2rad(rng.uniform(-MAX_TURN_DEG, MAX_TURN_DEG))
    turned = corners @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]], np.float32)
    turned += rng.uniform(-MAX_PERSPECTIVE, MAX_PERSPECTIVE, (4, 2)) * [width, height]
    turned = (turned - turned.min(axis=0)).astype(np.float32)
    size = turned.max(axis=0).astype(int) + 1
    matrix = cv2.getPerspectiveTransform(corners, turned)
    desk = tuple(int(v) for v in rng.integers(30, 230, 3))
    border = cv2.BORDER_CONSTANT if rng.random() < DESK_SHARE else cv2.BORDER_REPLICATE
    photo = cv2.warpPerspective(
        sheet, matrix, (int(size[0]), int(size[1])), flags=cv2.INTER_LINEAR, borderMode=border, borderValue=desk
    )
    return Shot(np.asarray(photo, np.uint8), np.asarray(matrix, np.float64))


def _light(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """How much light falls on each point: it falls off to one side, and a shadow may lie over a part."""
    height, width = shape[:2]
    y, x = np.mgrid[:height, :width].astype(np.float32)
    y, x = y / height - 0.5, x / width - 0.5
    along = rng.uniform(0, 2 * np.pi)
    light = 1 - rng.uniform(0, FALL_OFF) * (0.5 + x * np.cos(along) + y * np.sin(along))
    if rng.random() < SHADOW_SHARE:
        along, edge = rng.uniform(0, 2 * np.pi), rng.uniform(0.01, 0.15)
        side = (x * np.cos(along) + y * np.sin(along) - rng.uniform(-0.3, 0.3)) / edge
        light *= 1 - (1 - rng.uniform(*SHADOW_DEPTH)) / (1 + np.exp(-np.clip(side, -30, 30)))
    return np.asarray(light, np.float32)


def _clouds(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """Slow unevenness of paper, about -1 to 1."""
    small = rng.normal(0, 0.5, (8, 8)).astype(np.float32)
    return np.asarray(cv2.resize(small, (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _stain(shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
    """A spilt drop, or the ring of a cup: 0 to 1."""
    mask: Gray = np.zeros(shape[:2], np.uint8)
    size = min(shape[:2])
    centre = int(rng.integers(shape[1])), int(rng.integers(shape[0]))
    axes = int(size * rng.uniform(0.05, 0.3)) + 2, int(size * rng.uniform(0.05, 0.3)) + 2
    thickness = -1 if rng.random() < 0.7 else max(2, min(axes) // 8)
    cv2.ellipse(mask, centre, axes, float(rng.uniform(0, 180)), 0, 360, 255, thickness)
    soft = cv2.GaussianBlur(mask, (0, 0), size * rng.uniform(0.004, 0.03))
    return np.asarray(soft.astype(np.float32) / np.float32(255))
