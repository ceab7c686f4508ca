"""Files of several pages → photos: PDFs (extra `pdf`), TIFFs of several pages, animated pictures."""

import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from PIL import Image

from inkdigits.arrays import Gray, Photo
from inkdigits.errors import ImageFormatError, ImageNotFoundError, ImageSizeError, MissingExtraError
from inkdigits.images import Source, load_bytes, load_photo, open_picture, to_gray

# A page is rendered so fine: digits of 3 mm are then 24 pixels high, and an A4 page has 3.9 megapixels.
PDF_DPI = 200
# A poster is rendered coarser, so that it stays within what is read.
PDF_MAX_PIXELS = 24_000_000
PDF_START = b"%PDF-"
# Readers forgive some bytes before the start of a PDF, and so do its makers.
PDF_START_WITHIN = 1024

# PDFium must not be called by two threads at once.
_pdfium = threading.Lock()


def is_pdf(data: bytes) -> bool:
    """Whether the bytes of a file claim to be a PDF."""
    return PDF_START in data[:PDF_START_WITHIN]


def load_pages(source: Source) -> Iterator[Photo]:
    """Every page of a document as a photo, one after the other; of a picture, the one that it is.

    Args:
        source: as `inkdigits.images.load_photo` takes it, and a PDF too.

    Raises:
        ImageError: the file or one of its pages cannot be read; the message says why and what to do.
        MissingExtraError: a PDF without the extra `pdf`.
    """
    with Document(source) as document:
        for number in range(1, len(document) + 1):
            yield document.load(number)


class Document:
    """A file of one or more pages, opened; its length is their number. To be closed, or used in a `with`."""

    def __init__(self, source: Source) -> None:
        """Open a document; no page is decoded yet.

        Args:
            source: as `inkdigits.images.load_photo` takes it, and a PDF too.

        Raises:
            ImageNotFoundError: no file there.
            ImageTypeError: what can never be a document: None, a number, a list.
            ImageFormatError: neither a PDF nor a picture, a broken PDF, or one with a password.
            ImageSizeError: a picture of far more than 64 megapixels.
            MissingExtraError: a PDF without the extra `pdf`, or a HEIC picture without `heic`.
        """
        self._name = str(source) if isinstance(source, str | Path) else "This document"
        self._pdf: Any = None
        self._source = source
        self._pages = 1
        if isinstance(source, Image.Image | np.ndarray):
            return
        data = load_bytes(source)
        if not isinstance(source, str | Path):  # what is at a path is named in errors
            self._source = data
        if is_pdf(data):
            self._pdf = _open_pdf(data, self._name)
            with _pdfium:
                self._pages = len(self._pdf)
        else:
            self._image = open_picture(data, self._name)
            with suppress(Exception):  # a file that is broken behind its first page: that page may still be read
                self._pages = getattr(self._image, "n_frames", 1)

    def __len__(self) -> int:
        return self._pages

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def load(self, number: int = 1, max_pixels: int = PDF_MAX_PIXELS) -> Photo:
        """One page as an upright photo.

        Args:
            number: of the page, from 1.
            max_pixels: a PDF's page is rendered with as many at most.

        Raises:
            ImageNotFoundError: no page of that number.
            ImageFormatError: the page is broken.
            ImageSizeError: it has more than 64 megapixels, or a side under 4 pixels.
        """
        if not 1 <= number <= self._pages:
            raise ImageNotFoundError(f"{self._name} has {self._pages} pages, no page {number}. Ask for one of them.")
        if self._pdf is not None:
            return self._render(number, max_pixels)
        if self._pages == 1:
            return load_photo(self._source)
        try:
            self._image.seek(number - 1)
            return load_photo(self._image)
        except ImageSizeError:
            raise
        except Exception as error:  # on broken files Pillow's readers raise whatever they stumble over
            raise ImageFormatError(f"Page {number} of {self._name} is broken. Save or send it again.") from error

    def close(self) -> None:
        """Let go of a PDF."""
        if self._pdf is not None:
            with _pdfium:
                self._pdf.close()

    def _render(self, number: int, max_pixels: int) -> Photo:
        import pypdfium2

        try:
            with _pdfium:
                page = self._pdf[number - 1]
                width, height = page.get_size()  # in points, 72 an inch
                scale = min(PDF_DPI / 72, (min(max_pixels, PDF_MAX_PIXELS) / max(width * height, 1)) ** 0.5)
                bitmap = page.render(scale=scale, rev_byteorder=True)
                photo = np.asarray(bitmap.to_pil().convert("RGB"))
                # Closed here, under the lock, and not whenever Python lets go of them.
                bitmap.close()
                page.close()
        except (pypdfium2.PdfiumError, ValueError) as error:
            raise ImageFormatError(f"Page {number} of {self._name} is broken: {error}. Save it again.") from error
        return load_photo(photo)


def _open_pdf(data: bytes, name: str) -> Any:
    try:
        import pypdfium2
    except ImportError as error:
        raise MissingExtraError.of("pdf", f"{name} is a PDF; reading it") from error
    try:
        with _pdfium:
            return pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ImageFormatError(
            f"{name} cannot be read as a PDF: {error}. Save it again, without a password."
        ) from error


def load_gray(source: Source) -> Gray:
    """The first page of a document, or the picture that it is, in grey: (H, W) uint8.

    Raises:
        ImageError: it cannot be read.
        ArrayError: an array of another shape or dtype.
    """
    with Document(source) as document:
        return to_gray(document.load())
