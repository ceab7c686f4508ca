"""Tables drawn on their photo, for people to check: the grid, and what was read in each cell."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkdigits.drawing import READ, REFUSED
from inkdigits.errors import ArrayError
from inkdigits.images import Source, load_photo

if TYPE_CHECKING:
    from inkdigits.table.results import Cell, Table

# Photos are enlarged until cells are about so high, at most this many times; a text is so high, in heights of its cell.
CELL_PX, MAX_ENLARGING, TEXT_HEIGHT = 56, 3.0, 0.3
MIN_TEXT_PX, MAX_TEXT_PX = 10, 40
# As `inkdigits.table.results` has it.
UNSURE = "unsure"


def draw_tables(tables: "Sequence[Table]", photo: Source) -> Image.Image:
    """The photo with each cell's outline and text; those that are not sure in vermilion.

    Args:
        tables: what was read.
        photo: the picture that it was read from: anything that `Reader.read_table` takes.

    Returns:
        An RGB picture of the photo's size; photos with small cells are enlarged.

    Raises:
        ArrayError: the photo has another size than the one that was read.
        ImageError: the photo cannot be read.
    """
    image = Image.fromarray(load_photo(photo))
    for table in tables:
        if image.size != (table.width, table.height):
            raise ArrayError(
                f"the table is of a picture of {table.width}×{table.height} pixels; got one of "
                f"{image.width}×{image.height}. Give the picture that was read."
            )
    heights = [_height(cell) for table in tables for cell in table.cells]
    scale = min(MAX_ENLARGING, max(1.0, CELL_PX / float(np.median(heights)))) if heights else 1.0
    image = image.resize((round(image.width * scale), round(image.height * scale)), Image.Resampling.BICUBIC)
    draw = ImageDraw.Draw(image)
    line = max(1, round(max(image.size) / 1500))
    cells = [cell for table in tables for cell in table.cells]
    # What is not sure lies on top.
    for cell in sorted(cells, key=lambda cell: cell.status == UNSURE):
        color = REFUSED if cell.status == UNSURE else READ
        corners = [(x * scale, y * scale) for x, y in cell.corners]
        draw.line([*corners, corners[0]], fill=color, width=line * (2 if cell.status == UNSURE else 1))
        text = cell.text or ("?" if cell.status == UNSURE else "")
        if text:
            size = min(MAX_TEXT_PX, max(MIN_TEXT_PX, TEXT_HEIGHT * _height(cell) * scale))
            font = ImageFont.load_default(size)
            # In the corner where little is written; upright, also where the table is not.
            x, y = min(x for x, _ in corners) + 2 * line, min(y for _, y in corners) + line
            left, top, right, bottom = draw.textbbox((x, y), text, font=font)
            draw.rectangle((left - line, top - line, right + line, bottom + line), fill=color)
            draw.text((x, y), text, fill="white", font=font)
    return image


def _height(cell: "Cell") -> float:
    top_left, _, _, bottom_left = cell.corners
    return max(1.0, math.dist(top_left, bottom_left) / cell.row_span)
