"""Readings and explanations as pictures for people to check."""

from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkdigits.arrays import FRAME_SIZE, Floats, Frame, check_frames
from inkdigits.errors import ArrayError, ImageFormatError
from inkdigits.images import Source, load_photo

if TYPE_CHECKING:
    from inkdigits.results import Digit, Mark, Reading

# Colour-blind safe (Okabe and Ito, 2008): read, refused; spoke for, spoke against.
READ, REFUSED = (0, 114, 178), (213, 94, 0)
FOR, AGAINST = (0, 114, 178), (230, 159, 0)
# A symbol's text is written so high, in heights of its number, and never smaller than can be read.
TEXT_HEIGHT, MIN_TEXT_PX = 0.45, 11
# What is less high than this, in heights of its number, is small.
SMALL = 0.5
# Smaller pictures are enlarged to this longer side, so that boxes and texts leave the ink visible.
MIN_SIDE_PX = 320
# Each pixel of an explained frame becomes a square of this side.
CELL_PX = 12


def draw_reading(reading: "Reading", photo: Source) -> Image.Image:
    """The photo with a box and the text on every digit and mark; those that are not sure in vermilion, with a `?`.

    What is small in its number, as a comma is, has its text below, and all else above: both have room.

    Args:
        reading: what was read.
        photo: the picture that it was read from: anything that `Reader.read` takes.

    Returns:
        An RGB picture of the photo's size; smaller photos are enlarged to 320 pixels on the longer side.

    Raises:
        ArrayError: the photo has another size than the one that was read.
        ImageError: the photo cannot be read.
    """
    image = Image.fromarray(load_photo(photo))
    if image.size != (reading.width, reading.height):
        raise ArrayError(
            f"the reading is of a picture of {reading.width}×{reading.height} pixels; got one of "
            f"{image.width}×{image.height}. Give the picture that was read."
        )
    scale = max(1.0, MIN_SIDE_PX / max(image.size))
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    for number in (number for line in reading.lines for number in line.numbers):
        highest = scale * max(symbol.box.height for symbol in number.symbols)
        for symbol in number.symbols:
            _draw_symbol(draw, symbol, scale, highest, image.height)
    return image


def write_picture(image: Image.Image, path: Path) -> None:
    """Save a picture in the format of its ending; it appears whole or not at all.

    Raises:
        ImageFormatError: an ending that is no picture's, or a place that cannot be written to.
    """
    part = path.with_name(f".part-{path.name}")
    try:
        image.save(part)
        part.replace(path)
    except (OSError, ValueError) as error:
        raise ImageFormatError(
            f"{path} cannot be written: {error}. Give a .png file in a folder that exists."
        ) from error
    finally:
        part.unlink(missing_ok=True)


def _draw_symbol(draw: ImageDraw.ImageDraw, symbol: "Digit | Mark", scale: float, highest: float, bottom: int) -> None:
    left, top, width, height = (side * scale for side in symbol.box)
    color = REFUSED if symbol.text == "?" else READ
    size, is_small = max(MIN_TEXT_PX, TEXT_HEIGHT * highest), height < SMALL * highest
    line = max(1, round(size / 10))
    draw.rectangle((left - line, top - line, left + width + line, top + height + line), outline=color, width=line)
    font = ImageFont.load_default(size)
    # Above the box, where the next line's digits are farther than the neighbours; below where the rim is too near.
    is_above = top > 1.2 * size and not is_small
    y = top - line - 1.1 * size if is_above else min(top + height + line, bottom - 1.1 * size)
    x = left + (width - draw.textlength(symbol.text, font=font)) / 2 if is_small else left
    label = draw.textbbox((x, y), symbol.text, font=font)
    # As high as a digit's: the label of a comma alone would be a speck.
    _, digit_top, _, digit_bottom = draw.textbbox((x, y), "0", font=font)
    upper, lower = min(label[1], digit_top) - line - 1, max(label[3], digit_bottom) + line + 1
    draw.rectangle((label[0] - line - 1, upper, label[2] + line + 1, lower), fill=color)
    draw.text((x, y), symbol.text, fill="white", font=font)


def draw_explanation(frame: Frame, heat: Floats) -> Image.Image:
    """A frame with what spoke for the answer in blue and what spoke against it in orange.

    Args:
        frame: (28, 28) uint8, 0 = paper, 255 = full ink.
        heat: (28, 28) float32 of `inkdigits.digit.explain`: above 0 where the ink spoke for the answer.

    Returns:
        An RGB picture of 336×336 pixels: ink is dark, and the colour is the stronger the more it spoke.

    Raises:
        ArrayError: a frame or heat map of another shape or dtype.
    """
    frame = check_frames(frame)[0]
    if heat.shape != frame.shape:
        raise ArrayError(
            f"heat must have the shape (28, 28); got {heat.shape}. inkdigits.digit.explain.explain makes it."
        )
    # Square roots: what spoke a quarter as much as the strongest still shows, and that is often all that spoke against.
    strength = np.sqrt(np.abs(heat)[:, :, None] / max(float(np.abs(heat).max()), 1e-9))
    color = np.where(heat[:, :, None] > 0, np.array(FOR), np.array(AGAINST))
    paper = 255 * (1 - strength) + color * strength
    side = FRAME_SIZE * CELL_PX
    smooth = cv2.resize(paper.astype(np.float32), (side, side), interpolation=cv2.INTER_CUBIC)
    ink = np.kron(frame, np.ones((CELL_PX, CELL_PX), np.uint8))[:, :, None].astype(np.float32) / 255
    # The ink is made paler than it is, so that the colour shows on it too.
    return Image.fromarray(np.clip(smooth * (1 - 0.4 * ink), 0, 255).astype(np.uint8))
