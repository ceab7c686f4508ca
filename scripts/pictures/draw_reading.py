"""Draw docs/pictures/reading.png: a photographed page beside what is read on it.

python scripts/pictures/draw_reading.py
"""

from pathlib import Path

from PIL import Image

import inkdigits
from inkdigits.samples import SAMPLES

TARGET = Path(__file__).parents[2] / "docs" / "pictures" / "reading.png"

if __name__ == "__main__":
    path = SAMPLES / "page.jpg"
    photo = Image.open(path)
    drawn = inkdigits.Reader().read(path).draw(photo)
    both = Image.new("RGB", (2 * photo.width + 20, photo.height), "white")
    both.paste(photo, (0, 0))
    both.paste(drawn, (photo.width + 20, 0))
    both.quantize(128).save(TARGET, optimize=True)
    print(f"wrote {TARGET}")
