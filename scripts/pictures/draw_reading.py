"""Draw docs/pictures/reading.png and table.jpg: a photographed page and a table beside what is read on them.

python scripts/pictures/draw_reading.py
"""

from pathlib import Path

from PIL import Image

import inkdigits
from inkdigits.samples import SAMPLES

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
MAX_WIDTH_PX, COLORS = 1420, 128


def write_beside(photo: Image.Image, drawn: Image.Image, name: str) -> None:
    """Write both beside each other."""
    both = Image.new("RGB", (2 * photo.width + 20, photo.height), "white")
    both.paste(photo, (0, 0))
    both.paste(drawn, (photo.width + 20, 0))
    both.thumbnail((MAX_WIDTH_PX, MAX_WIDTH_PX))
    if name.endswith(".png"):
        both = both.quantize(COLORS)
    both.save(PICTURES / name, optimize=True, quality=82)
    print(f"wrote {PICTURES / name}")


if __name__ == "__main__":
    reader = inkdigits.Reader()
    page, sheet = SAMPLES / "page.jpg", SAMPLES / "table.jpg"
    write_beside(Image.open(page), reader.read(page).draw(page), "reading.png")
    write_beside(Image.open(sheet), reader.read_table(sheet).draw(sheet), "table.jpg")
