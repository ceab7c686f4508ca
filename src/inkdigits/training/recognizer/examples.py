"""Crops with their text, composed while the recognizer learns, and batches of crops of like width."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Ink
from inkdigits.errors import DataError, DataNotFoundError
from inkdigits.page.crops import CROP_PX, cut_row, to_crop
from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.data.mnist import Images
from inkdigits.training.synthetic.cutouts import Cutout, compose_cutout

# Crops are padded with paper to the next of these widths; a batch has as many pixels whatever its width.
WIDTHS_PX, USUAL_PX = (64, 96, 128, 192, 256), 96
# Crops wider than the widest are squeezed, up to so much; texts longer than this are left out.
MOST_PX, LONGEST = 330, 16
# Crops that are paler or fuller, by these powers; that are narrower or broader, by these factors, in steps of 8 pixels;
# and that do not begin at the left.
TONED_SHARE, TONES, STRETCHED_SHARE, STRETCHES, SHIFTED_SHARE = 0.3, (0.6, 1.6), 0.15, (0.8, 1.25), 0.3
# Crops that are cut as those of a page are, around boxes that a detector would be off by so much of their height, where
# the picture goes on by so much of it.
ROW_SHARE, OFF, ROOMS, RIM = 0.5, 0.07, (0.1, 1.5), 0.25
# How wide crops are that only tell the range of a net's numbers.
RANGES_PX = 128
# No seed of other examples begins so.
STREAM = 779
FONTS = (".ttf", ".otf", ".woff2")


class Example(NamedTuple):
    """A crop and what stands on it.

    Attributes:
        ink: (32, W) uint8, W a multiple of 8, at most 256.
        text: in the recognizer's alphabet, at most 16 symbols; empty where there is no number.
    """

    ink: Ink
    text: str


class Crops(NamedTuple):
    """A batch of crops of one width.

    Attributes:
        ink: (N, 32, W) uint8, W one of `WIDTHS_PX`.
        classes: (N, 16) int8, the places of the symbols in the alphabet, -1 behind the last one.
    """

    ink: Ink
    classes: npt.NDArray[np.int8]


def compose_example(fonts: Sequence[Path], digits: Images, rng: np.random.Generator) -> Example | None:
    """Compose a picture that one number fills, and take its crop as a cell's or a page's; None where it is too wide.

    Args:
        fonts: further fonts that imitate a hand.
        digits: pictures of MNIST to take a part of the writing from.
        rng: the only source of chance.
    """
    cutout = compose_cutout(digits, fonts, rng)
    if len(cutout.text) > LONGEST:
        return None
    if rng.random() < ROW_SHARE and _stands_free(cutout):
        boxes, (before, behind) = [_displace(box, rng) for box in cutout.boxes], rng.uniform(*ROOMS, 2)
        ink = squeeze(cut_row(cutout.gray, boxes, (before * boxes[0].height, behind * boxes[0].height)).ink)
    else:
        ink = squeeze(to_crop(cutout.gray).ink)
    return None if ink is None else Example(vary(ink, rng), cutout.text)


def _stands_free(cutout: Cutout) -> bool:
    """Whether a picture shows enough around its digits, at least one, to be a part of a page."""
    rows = [(box.y - RIM * box.height, box.y + (1 + RIM) * box.height) for box in cutout.boxes]
    return bool(rows) and min(top for top, _ in rows) >= 0 and max(foot for _, foot in rows) <= len(cutout.gray)


def _displace(box: Box, rng: np.random.Generator) -> Box:
    """A box as a detector may find it."""
    x, y, wider, taller = np.round(rng.normal(0, OFF * box.height, 4)).astype(int).tolist()
    return Box(box.x + x, box.y + y, max(2, box.width + wider), max(4, box.height + taller))


def squeeze(ink: Ink) -> Ink | None:
    """A crop that is a bit wider than the widest batch, made as narrow as that; None where it is far wider."""
    if ink.shape[1] > MOST_PX:
        return None
    return _to_width(ink, min(ink.shape[1], WIDTHS_PX[-1]))


def vary(ink: Ink, rng: np.random.Generator) -> Ink:
    """A crop (32, W) as another pen, hand or photo would have it: paler or fuller, narrower or broader."""
    if rng.random() < TONED_SHARE:
        ink = (255 * (ink / 255.0) ** rng.uniform(*TONES)).astype(np.uint8)
    if rng.random() < STRETCHED_SHARE:
        ink = _to_width(ink, int(np.clip(ink.shape[1] * rng.uniform(*STRETCHES) // 8 * 8, 16, WIDTHS_PX[-1])))
    return ink


def _to_width(ink: Ink, width: int) -> Ink:
    if width == ink.shape[1]:
        return ink
    interpolation = cv2.INTER_AREA if width < ink.shape[1] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(ink, (width, CROP_PX), interpolation=interpolation), np.uint8)


def to_batches(
    examples: Iterable[Example], batch_size: int, rng: np.random.Generator | None = None, keep_rest: bool = False
) -> Iterator[Crops]:
    """Batches of crops of one width each, as they become full.

    Args:
        examples: as they come.
        batch_size: of crops 96 pixels wide; fewer where they are wider.
        rng: decides where in their padding crops stand; None: at the left.
        keep_rest: whether batches that did not become full come in the end.
    """
    waiting: dict[int, list[Example]] = defaultdict(list)
    for example in examples:
        width = next(width for width in WIDTHS_PX if width >= example.ink.shape[1])
        waiting[width].append(example)
        if len(waiting[width]) == max(1, batch_size * USUAL_PX // width):
            yield _stack(waiting.pop(width), width, rng)
    if keep_rest:
        for width, rest in sorted(waiting.items()):
            yield _stack(rest, width, rng)


def _stack(examples: Sequence[Example], width: int, rng: np.random.Generator | None) -> Crops:
    ink = np.zeros((len(examples), CROP_PX, width), np.uint8)
    classes = np.full((len(examples), LONGEST), -1, np.int8)
    for row, symbols, example in zip(ink, classes, examples, strict=True):
        own = example.ink.shape[1]
        x = int(rng.integers(0, width - own + 1)) if rng and rng.random() < SHIFTED_SHARE else 0
        row[:, x : x + own] = example.ink
        symbols[: len(example.text)] = [SYMBOLS.index(symbol) for symbol in example.text]
    return Crops(ink, classes)


def to_ranges(examples: Sequence[Example]) -> Ink:
    """Crops (N, 32, 128), cut or padded, that tell a net in 8 bits the range of its numbers."""
    ink = np.zeros((len(examples), CROP_PX, RANGES_PX), np.uint8)
    for row, example in zip(ink, examples, strict=True):
        part = example.ink[:, :RANGES_PX]
        row[:, : part.shape[1]] = part
    return ink


def find_fonts(folder: Path | None) -> list[Path]:
    """The fonts in a folder, in a fixed order; none without a folder.

    Raises:
        DataNotFoundError: there is no such folder.
        DataError: there is no font in it.
    """
    if folder is None:
        return []
    if not folder.is_dir():
        raise DataNotFoundError(f"There is no folder of fonts {folder}.")
    found = sorted(path for path in folder.iterdir() if path.suffix.lower() in FONTS)
    if not found:
        raise DataError(f"{folder} holds no font. Fonts end in {', '.join(FONTS)}.")
    return found
