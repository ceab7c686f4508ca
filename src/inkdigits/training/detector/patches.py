"""Patches of composed pages: parts of their ink at some size, and what is marked on them, for the detector to learn."""

from typing import Any, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats, Gray, Ink
from inkdigits.images import to_gray
from inkdigits.ink import to_ink
from inkdigits.page.detector import halve
from inkdigits.training.data.compose import Part, compose_examples
from inkdigits.training.data.mnist import Images
from inkdigits.training.detector.targets import Patches, beside, mark_patch
from inkdigits.training.synthetic.drafts import TRAINING_STYLE
from inkdigits.training.synthetic.lettering import invent_lettering
from inkdigits.training.synthetic.pages import Page, compose_page, compose_page_without_digits

SIDE_PX = 192
# The share of pages without digits, and of patches that show a random place; the others show one near a digit.
BLANK_SHARE, ANYWHERE_SHARE = 0.14, 0.15
# How tall the usual digit of a page becomes in its patches, in pixels: mostly, else.
SHOWN_PX, SHOWN_SHARE, ODDLY_SHOWN_PX = (12, 38), 0.8, (8, 56)
# The share of patches that show a page halved as in reading, without other scaling; cutouts that may be enlarged first.
EXACT_SHARE, ENLARGED_PX = 0.5, 400
# Where a page has no digits, they are taken to be this tall, and it gives this many patches; others give one for this
# many digits, up to a limit.
TAKEN_PX, BLANK_WINDOWS, DIGITS_A_WINDOW, MOST_WINDOWS = (14, 60), 3, 5, 5
# Patches with paler or fuller ink, between these powers, and patches where ink is all or nothing, from these levels.
TONED_SHARE, TONES, BINARY_SHARE, BINARY_LEVELS = 0.3, (0.6, 1.6), 0.12, (60, 140)
# Patches with cloth, grass or a keyboard beside the paper: over this share of a side, its grain as broad as e to these.
TEXTURED_SHARE, COVERED, GRAINS = 0.08, (0.1, 0.5), (-0.5, 1.5)
# No seed of other pages begins so.
STREAM = 777


def compose_patches(part: Part, pages: int, seed: int) -> Patches:
    """The patches of a number of pages, by as many processes as there are cores; a progress bar shows how far it is.

    Args:
        part: of MNIST, which a part of the digits comes from.
        pages: how many, at least 1. 1,000 give about 4,000 patches of 83 kB, in some 80 s on 2 cores.
        seed: the same gives the same patches.
    """
    return Patches(*compose_examples(cut_patches, STREAM, part, pages, seed, "page"))


def cut_patches(digits: Images, rng: np.random.Generator) -> Patches:
    """Compose a page and cut patches from it.

    Args:
        digits: pictures of digits to take a part of the writing from.
        rng: the only source of chance.

    Returns:
        One to six patches of `SIDE_PX`. Where there are digits the last is put together from four small pictures of
        numbers, cut tightly and each with its ink found by itself: as people cut them from a page.
    """
    lettering = invent_lettering(rng)
    if rng.random() < BLANK_SHARE:
        page = compose_page_without_digits(rng, lettering, TRAINING_STYLE)
    else:
        page = compose_page(digits, rng, lettering, TRAINING_STYLE)
    sheet = _Sheet.of(page)
    if not page.boxes:
        usual = _draw_size(TAKEN_PX, rng)
        return beside([_take_from_page(sheet, usual, rng) for _ in range(BLANK_WINDOWS)], axis=0)
    usual = float(np.median([box.height for box in page.boxes]))
    count = int(np.clip(round(len(page.boxes) / DIGITS_A_WINDOW), 1, MOST_WINDOWS))
    patches = [_take_from_page(sheet, usual, rng) for _ in range(count)]
    upper, lower = ([_take_cutting(page, sheet, usual, rng) for _ in range(2)] for _ in range(2))
    quarters = beside([beside(upper, axis=2), beside(lower, axis=2)], axis=1)
    return beside([*patches, quarters], axis=0)


class _Sheet(NamedTuple):
    """What is cut from: ink and marks (H, W), and of each digit its box x, y, width, height, and its pixels."""

    ink: Ink
    marks: npt.NDArray[np.uint16]
    boxes: Floats
    pixels: npt.NDArray[np.intp]

    @classmethod
    def of(cls, page: Page) -> "_Sheet":
        """The whole page."""
        boxes = np.array(page.boxes, np.float32).reshape(-1, 4)
        pixels = np.bincount(page.marks.ravel(), minlength=len(boxes) + 1)[1:]
        return cls(to_ink(to_gray(page.photo)), page.marks, boxes, pixels)


def _draw_size(between_px: tuple[int, int], rng: np.random.Generator) -> float:
    return float(np.exp(rng.uniform(*np.log(between_px))))


def _draw_scale(usual_px: float, rng: np.random.Generator) -> float:
    return _draw_size(SHOWN_PX if rng.random() < SHOWN_SHARE else ODDLY_SHOWN_PX, rng) / usual_px


def _take_from_page(sheet: _Sheet, usual_px: float, rng: np.random.Generator) -> Patches:
    scale = _draw_scale(usual_px, rng)
    if not len(sheet.boxes) or rng.random() < ANYWHERE_SHARE:
        y, x = rng.uniform((0, 0), sheet.ink.shape)
    else:
        box = sheet.boxes[rng.integers(len(sheet.boxes))]
        x, y = box[:2] + rng.uniform(-0.4, 0.4, 2) * SIDE_PX / scale
    return _take(sheet, scale, x, y, SIDE_PX, rng)


def _take_cutting(page: Page, sheet: _Sheet, usual_px: float, rng: np.random.Generator) -> Patches:
    """A quarter of a patch: some digits of a page that were cut out before their ink was found."""
    box = page.boxes[rng.integers(len(page.boxes))]
    more = usual_px * rng.uniform(0, (3.5, 1.2))
    before = usual_px * rng.uniform(0.05, 1.2, 2) + more * rng.random(2)
    behind = usual_px * rng.uniform(0.05, 1.2, 2) + more * rng.random(2)
    left, top = np.maximum(0, (box.x, box.y) - before).astype(int).tolist()
    right, bottom = np.add((box.x + box.width, box.y + box.height), behind).astype(int).tolist()
    cut = slice(top, bottom), slice(left, right)
    ink, marks = np.zeros_like(sheet.ink), np.zeros_like(sheet.marks)
    ink[cut] = _read_enlarged(to_gray(page.photo[cut]), rng)
    marks[cut] = sheet.marks[cut]
    x = (left + min(right, ink.shape[1])) / 2 + rng.uniform(-0.3, 0.3) * usual_px
    y = (top + min(bottom, ink.shape[0])) / 2 + rng.uniform(-0.3, 0.3) * usual_px
    return _take(sheet._replace(ink=ink, marks=marks), _draw_scale(usual_px, rng), x, y, SIDE_PX // 2, rng)


def _read_enlarged(gray: Gray, rng: np.random.Generator) -> Ink:
    """The ink of a cutting, found as small ones are read: enlarged, then halved as often."""
    doublings = int(rng.integers(0, 3)) if max(gray.shape) <= ENLARGED_PX else 0
    size = gray.shape[1] << doublings, gray.shape[0] << doublings
    ink = to_ink(np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC), np.uint8))
    for _ in range(doublings):
        ink = halve(ink)
    return ink


def _take(sheet: _Sheet, scale: float, x: float, y: float, side_px: int, rng: np.random.Generator) -> Patches:
    """The patch around a point of the sheet, halved as in reading; its ink is paler, fuller or harder in some."""
    halvings = max(0, round(-np.log2(scale)))
    if rng.random() < EXACT_SHARE:
        scale = 2.0**-halvings
    side = max(1, round(side_px / scale) >> halvings) << halvings
    left, top = round(x - side / 2), round(y - side / 2)
    ink, marks = _crop(sheet.ink, left, top, side), _crop(sheet.marks, left, top, side)
    shown = np.bincount(marks.ravel(), minlength=len(sheet.boxes) + 1)[1:] / np.maximum(sheet.pixels, 1)
    for _ in range(halvings):
        ink, marks = halve(ink), halve(marks)
    scale = side_px / side
    shrink = cv2.INTER_AREA if len(ink) > side_px else cv2.INTER_CUBIC
    ink = np.asarray(cv2.resize(ink, (side_px, side_px), interpolation=shrink), np.uint8)
    marks = np.asarray(cv2.resize(marks, (side_px, side_px), interpolation=cv2.INTER_NEAREST), np.uint16)
    if rng.random() < TONED_SHARE:
        ink = (255 * (ink / 255.0) ** rng.uniform(*TONES)).astype(np.uint8)
    if rng.random() < BINARY_SHARE:
        ink = np.where(ink > rng.uniform(*BINARY_LEVELS), 255, 0).astype(np.uint8)
    if rng.random() < TEXTURED_SHARE:
        shown = shown * _cover(ink, marks, len(shown), rng)
    boxes = np.asarray((sheet.boxes - (left, top, 0, 0)) * scale, np.float32)
    return mark_patch(ink, marks, boxes, shown.astype(np.float32))


def _cover(ink: Ink, marks: npt.NDArray[np.uint16], digits: int, rng: np.random.Generator) -> Floats:
    """Lay something with a texture over one side of a patch; gives which share of each digit is still seen."""
    before = np.bincount(marks.ravel(), minlength=digits + 1)[1:]
    grain = cv2.GaussianBlur(rng.standard_normal(ink.shape, np.float32), (0, 0), float(np.exp(rng.uniform(*GRAINS))))
    texture = np.clip(255 * (rng.uniform(0.3, 2) * grain / grain.std() - rng.uniform(-0.5, 1)), 0, 255)
    edge = int(len(ink) * rng.uniform(*COVERED))
    turns = int(rng.integers(4))
    np.rot90(ink, turns)[:edge] = texture[:edge].astype(np.uint8)
    np.rot90(marks, turns)[:edge] = 0
    after = np.bincount(marks.ravel(), minlength=digits + 1)[1:]
    return np.asarray(after / np.maximum(before, 1), np.float32)


def _crop(plane: npt.NDArray[Any], left: int, top: int, side: int) -> npt.NDArray[Any]:
    """A square of a plane, with nothing where it reaches beyond the plane."""
    crop = np.zeros((side, side), plane.dtype)
    y, x = max(0, top), max(0, left)
    part = plane[y : max(0, top + side), x : max(0, left + side)]
    crop[y - top : y - top + part.shape[0], x - left : x - left + part.shape[1]] = part
    return crop
