"""Text as ink: in the fonts that matplotlib brings, letters to be refused and digits to be read; in others, which
imitate a hand, letters alone.
"""

from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from inkdigits.arrays import Ink
from inkdigits.digit.frame import crop_to_ink

# Upright, oblique, bold, serif, sans and typewriter faces with the letters, digits and signs of Europe. Computer
# Modern, which matplotlib brings too, is left for measuring on fonts that no net has seen.
FAMILIES = ("DejaVu*.ttf", "STIXGeneral*.ttf")
# Where Unicode has its alphabets of script, bold script, fraktur and bold fraktur, and which of their letters are used:
# left out are those that are written like a digit, see `inkdigits.training.synthetic.letter_strokes`.
ORNATE = (0x1D49C, 0x1D4D0, 0x1D504, 0x1D56C)
UPPER, LOWER = "AEFHKMNPRTVWX", "adefhkmnprtuvwx"
# Families of PyPI's `fontpkg-*` that imitate a hand, each with its letters that could be a digit: a barred 7, a 6.
HAND_FAMILIES = {
    "Caveat": "",
    "Dancing Script": "",
    "Delius": "",
    "Indie Flower": "",
    "Kalam": "",
    "Permanent Marker": "",
    "Satisfy": "F",
    "Shadows Into Light": "",
    "Yellowtail": "Ff",
    "Zeyada": "f",
}
HAND_LETTERS = "AEFHKMNPRTVWXaefhkmnprtvwx@#%=+*&€"


@cache
def find_fonts() -> tuple[Path, ...]:
    """The files of the fonts, in a fixed order."""
    import matplotlib

    folder = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    found = {path for family in FAMILIES for path in folder.glob(family) if "Display" not in path.name}
    return tuple(sorted(found))


@cache
def find_ornate() -> tuple[tuple[str, Path], ...]:
    """Letters in script and fraktur, each with a font that has it: nearer to a hand than print is."""
    from matplotlib.ft2font import FT2Font

    letters = [chr(start + ord(letter) - ord("A")) for start in ORNATE for letter in UPPER]
    letters += [chr(start + 26 + ord(letter) - ord("a")) for start in ORNATE for letter in LOWER]
    charmaps = {path: FT2Font(str(path)).get_charmap() for path in find_fonts()}
    return tuple((letter, path) for letter in letters for path, held in charmaps.items() if ord(letter) in held)


@cache
def find_hands() -> tuple[tuple[str, Path], ...]:
    """Letters and signs, each with a font that imitates a hand."""
    import fontpkg

    held = [
        (family, letter)
        for family, not_used in HAND_FAMILIES.items()
        for letter in HAND_LETTERS
        if letter not in not_used
    ]
    return tuple((letter, fontpkg.path(family)) for family, letter in held)


@cache
def load_font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    """A font in a size, opened once."""
    return ImageFont.truetype(path, size_px)


def draw_text(text: str, font: ImageFont.FreeTypeFont) -> Ink:
    """A line of text.

    Args:
        text: without line breaks.
        font: as `load_font` gives it.

    Returns:
        (H, W) uint8 ink, cropped to the text; (1, 1) of 0 where the text leaves no ink.
    """
    left, top, right, bottom = font.getbbox(text)
    canvas = Image.new("L", (int(right - left) + 4, int(bottom - top) + 4))
    ImageDraw.Draw(canvas).text((2 - left, 2 - top), text, fill=255, font=font)
    ink = crop_to_ink(np.asarray(canvas))
    return np.zeros((1, 1), np.uint8) if ink is None else ink
