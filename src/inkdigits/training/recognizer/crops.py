"""Crops of composed numbers with what stands on them, for the recognizer to learn."""

from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import DIGITS, Box, Ink, enclosing_box
from inkdigits.images import to_gray
from inkdigits.ink import to_ink
from inkdigits.page.components import find_components
from inkdigits.page.crops import CROP_PX, to_crop
from inkdigits.page.rulings import remove_rulings
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.compose import Part, compose_examples
from inkdigits.training.synthetic.drafts import GAPS, TRAINING_STYLE, Draft, add_aside, add_extras, write_number
from inkdigits.training.synthetic.lettering import Lettering, invent_lettering
from inkdigits.training.synthetic.pages import compose_page_without_digits, draw_writer, finish
from inkdigits.training.synthetic.writing import widen_ones

# How wide a crop is for the net to learn, with paper behind it, and how many digits stand on it at most.
WIDTH_PX, LONGEST = 160, 6
# How many numbers have one digit, two, and so on; how many end in two zeros, and begin with a 1, as in lists they do.
LENGTHS, HUNDREDS_SHARE, ONE_SHARE = (0.14, 0.26, 0.24, 0.16, 0.12, 0.08), 0.15, 0.15
# Hands whose 1s are so much wider, for their upstroke begins far to the left.
WIDE_ONES_SHARE, WIDE_ONES = 0.2, (1.1, 1.7)
HEIGHTS_PX, MARGINS = (9, 50), (0.5, 2.0)
# Numbers whose digits touch, and whose digits stand far apart (in heights), at most so many.
TOUCHING_SHARE, WIDE_SHARE, WIDE_GAPS, LONGEST_WIDE = 0.28, 0.22, (0.3, 1.0), 4
# Numbers above or below, behind, and words around.
ABOVE_SHARE, BEHIND_SHARE, WORD_SHARE = 0.22, 0.15, 0.15
# Numbers in a frame, and how far from it, in heights; a frame beside it as often as not.
FRAMED_SHARE, FRAME_GAPS = 0.4, (-0.05, 0.9)
# Numbers that are cut out before their ink is found, with so much around them, in heights; small ones are enlarged.
CUT_SHARE, CUT_MARGINS, ENLARGED = 0.6, (0.05, 1.2), ((25_000, 4), (60_000, 2))
# Each number gives so many crops. Its boxes are off by up to so much of its height: often, at times. At times the
# first or the last digit has none; what a crop shows less of than this is not read.
CROPS, OFF, FAR_OFF, FAR_SHARE, STRETCHES = 3, 0.18, 0.6, 0.2, (0.85, 1.15)
MISSED_SHARE, LEAST_SHOWN = 0.1, 0.8
TONED_SHARE, TONES = 0.3, (0.6, 1.6)
# Such a share is without digits; a page gives so many crops, of what hangs together there, alone or with the next.
# One crop in twenty: of one in five the net learnt to leave out what is hard to read.
EMPTY_SHARE, EMPTY_CROPS = 0.02, 8
# No seed of other pages begins so.
STREAM = 778


class Crops(NamedTuple):
    """Crops and what stands on them.

    Attributes:
        ink: (N, 32, 160) uint8, 0 = paper, 255 = full ink.
        digits: (N, 6) int8, from left to right, -1 where there is none.
    """

    ink: Ink
    digits: npt.NDArray[np.int8]


def compose_crops(part: Part, numbers: int, seed: int) -> Crops:
    """The crops of so many numbers, by as many processes as there are cores; a progress bar shows how far it is.

    Args:
        part: of MNIST, which a part of the digits comes from.
        numbers: how many, at least 1. 1,000 give about 3,100 crops of 5 kB, in some 10 s on 2 cores.
        seed: the same gives the same crops.
    """
    return Crops(*compose_examples(cut_crops, STREAM, part, numbers, seed, "number"))


def cut_crops(digits: Images, rng: np.random.Generator) -> Crops:
    """Compose a number, or a page without one, and cut crops from it.

    Args:
        digits: pictures of digits to take a part of the writing from.
        rng: the only source of chance.
    """
    lettering = invent_lettering(rng)
    if rng.random() < EMPTY_SHARE:
        ink = to_ink(to_gray(compose_page_without_digits(rng, lettering, TRAINING_STYLE).photo))
        rows, text = _draw_rows(ink, rng), ""
    else:
        ink, boxes, text = _write(digits, rng, lettering)
        rows = [boxes] * CROPS
    crops = np.zeros((len(rows), CROP_PX, WIDTH_PX), np.uint8)
    answers = np.full((len(rows), LONGEST), -1, np.int8)
    for crop, answer, boxes in zip(crops, answers, rows, strict=True):
        crop[:], is_shown = _take(ink, boxes, rng)
        if crop.any():
            shown = [int(character) for character, is_seen in zip(text, is_shown, strict=False) if is_seen]
            answer[: len(shown)] = shown
    return Crops(crops, answers)


def _write(digits: Images, rng: np.random.Generator, lettering: Lettering) -> tuple[Ink, list[Box], str]:
    """The ink of a number and of what stands around it; the boxes of its digits; and what it is."""
    height = int(np.exp(rng.uniform(*np.log(HEIGHTS_PX))))
    _, write = draw_writer(digits, TRAINING_STYLE, rng)
    lot = rng.random()
    is_wide = lot > 1 - WIDE_SHARE
    gaps = TRAINING_STYLE.touching_gaps if lot < TOUCHING_SHARE else WIDE_GAPS if is_wide else GAPS
    if rng.random() < WIDE_ONES_SHARE:
        write = widen_ones(write, rng.uniform(*WIDE_ONES))
    draft = Draft(height, 2 * height, write, gaps, lettering)
    text = _draw_text(rng)[: LONGEST_WIDE if is_wide else None]
    write_number(draft, text, 0, 0, rng)
    around = enclosing_box([placed.box for placed in draft.digits])
    if rng.random() < ABOVE_SHARE:
        x, away = height * rng.uniform(-1.5, 1.5), height * rng.uniform(1.25, 1.9)
        write_number(draft, _draw_text(rng), int(x), int(rng.choice((away, -away))), rng)
    if rng.random() < BEHIND_SHARE:
        write_number(
            draft, str(rng.integers(DIGITS)), around.x + around.width + int(height * rng.uniform(1.2, 2)), 0, rng
        )
    if rng.random() < WORD_SHARE:
        add_aside(draft, lettering.draw(max(8, round(height * rng.uniform(0.6, 1.1))), rng), rng)
    if rng.random() < FRAMED_SHARE:
        left, top, right, bottom = (height * rng.uniform(*FRAME_GAPS, 4)).astype(int).tolist()
        frame = Box(around.x - left, around.y - top, around.width + left + right, around.height + top + bottom)
        draft.frames += [frame, frame._replace(x=frame.x - frame.width)][: int(rng.integers(1, 3))]
    add_extras(draft, "crop", TRAINING_STYLE._replace(words_share=0, behind_share=0, dotted_share=0), rng)
    page = finish(draft, "crop", rng, MARGINS)
    boxes, gray = list(page.boxes[: len(text)]), to_gray(page.photo)
    if rng.random() < CUT_SHARE:
        box = enclosing_box(boxes)
        left, top, right, bottom = (box.height * rng.uniform(*CUT_MARGINS, 4)).astype(int).tolist()
        x, y = max(0, box.x - left), max(0, box.y - top)
        gray = np.ascontiguousarray(gray[y : box.y + box.height + bottom, x : box.x + box.width + right])
        boxes = [box._replace(x=box.x - x, y=box.y - y) for box in boxes]
    scale = next((times for pixels, times in ENLARGED if gray.size < pixels), 1)
    size = gray.shape[1] * scale, gray.shape[0] * scale
    ink = to_ink(np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_CUBIC), np.uint8))
    return ink, [Box(*(side * scale for side in box)) for box in boxes], text


def _draw_text(rng: np.random.Generator) -> str:
    length = 1 + int(rng.choice(LONGEST, p=LENGTHS))
    text = "".join(map(str, rng.integers(0, DIGITS, length)))
    if length > 2 and rng.random() < HUNDREDS_SHARE:
        text = text[:-2] + "00"
    return "1" + text[1:] if rng.random() < ONE_SHARE else text


def _draw_rows(ink: Ink, rng: np.random.Generator) -> list[list[Box]]:
    """Boxes of what hangs together, alone or with the next on its right, as a reader may take them for numbers."""
    components = find_components(remove_rulings(ink))
    boxes = sorted(components.box(place) for place in range(len(components.numbers)))
    if not boxes:
        return [[Box(0, 0, ink.shape[1], ink.shape[0])]]
    rows = []
    for place in rng.integers(len(boxes), size=min(EMPTY_CROPS, 2 * len(boxes))).tolist():
        box = boxes[place]
        near = [o for o in boxes[place:] if abs(o.y - box.y) < box.height and o.x < box.x + box.width + box.height]
        rows.append(near[: int(rng.integers(1, 5))])
    return rows


def _take(ink: Ink, boxes: list[Box], rng: np.random.Generator) -> tuple[Ink, npt.NDArray[np.bool_]]:
    """The crop (32, 160) of boxes that are a bit off, paler or fuller at times; and which boxes it shows."""
    row = boxes
    if len(boxes) > 1 and rng.random() < MISSED_SHARE:
        row = boxes[1:] if rng.random() < 0.5 else boxes[:-1]
    height = enclosing_box(row).height
    most = np.where(rng.random(4) < FAR_SHARE, FAR_OFF, OFF)
    left, top, right, bottom = (height * most * rng.uniform((-0.1, 0, -0.1, 0), 1)).astype(int).tolist()
    row = [Box(box.x, box.y - top, box.width, box.height + top + bottom) for box in row]
    row[0] = row[0]._replace(x=row[0].x - left, width=max(1, row[0].width + left))
    row[-1] = row[-1]._replace(width=max(1, row[-1].width + right))
    part, start, scale = to_crop(ink, row, rng.uniform(*STRETCHES))
    sides = np.array([(box.x, box.x + box.width) for box in boxes])
    inside = np.clip(sides, start, start + part.shape[1] / scale)
    is_shown = np.ptp(inside, axis=1) >= LEAST_SHOWN * np.ptp(sides, axis=1)
    if part.shape[1] > WIDTH_PX:
        part = np.asarray(cv2.resize(part, (WIDTH_PX, CROP_PX), interpolation=cv2.INTER_AREA), np.uint8)
    crop = np.zeros((CROP_PX, WIDTH_PX), np.uint8)
    x = int(rng.integers(0, WIDTH_PX - part.shape[1] + 1)) if rng.random() < 0.5 else 0
    crop[:, x : x + part.shape[1]] = part
    if rng.random() < TONED_SHARE:
        crop = (255 * (crop / 255.0) ** rng.uniform(*TONES)).astype(np.uint8)
    return crop, is_shown
