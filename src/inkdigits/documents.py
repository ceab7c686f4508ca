"""The pages of a PDF → photos; needs the extra `pdf`."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from inkdigits.arrays import Photo
from inkdigits.errors import ImageFormatError, ImageNotFoundError, MissingExtraError
from inkdigits.images import load_photo

# A page is rendered so fine: digits of 3 mm are then 24 pixels high, and an A4 page has 3.9 megapixels.
PDF_DPI = 200
# A poster is rendered coarser, so that it stays within what is read.
PDF_MAX_PIXELS = 24e6


def load_pages(file: str) -> Iterator[Photo]:
    """The pages of a PDF as photos.

    Raises:
        ImageNotFoundError: no file there.
        ImageFormatError: no PDF, a broken one, or one with a password.
        MissingExtraError: the extra `pdf` is not installed.
    """
    try:
        import pypdfium2
    except ImportError as error:
        raise MissingExtraError.of("pdf", f"{file} is a PDF; reading it") from error
    if not Path(file).is_file():
        raise ImageNotFoundError(f"There is no file at {file}. Check the path.")
    try:
        with pypdfium2.PdfDocument(file) as document:
            for page in document:
                width, height = page.get_size()  # in points, 72 an inch
                scale = min(PDF_DPI / 72, (PDF_MAX_PIXELS / (width * height)) ** 0.5)
                yield load_photo(np.asarray(page.render(scale=scale, rev_byteorder=True).to_pil().convert("RGB")))
    except pypdfium2.PdfiumError as error:
        raise ImageFormatError(
            f"{file} is no PDF that can be read: {error}. Save it again, without a password."
        ) from error
