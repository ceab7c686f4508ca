"""Uploads → photos → the JSON of their answers; plain functions for the worker threads."""

import json
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from inkdigits.arrays import Box, Photo
from inkdigits.digit.explain import explain
from inkdigits.documents import Document, is_pdf
from inkdigits.errors import ImageError, ImageSizeError, InkDigitsError, MissingExtraError
from inkdigits.formats import Format
from inkdigits.images import MIN_SIDE_PX, open_picture
from inkdigits.reader import SEVERAL, Reader
from inkdigits.results import UNSURE, Digit, Line, Number, Reading
from inkdigits.web.problems import Kind, Refusal, refusal_of
from inkdigits.web.reviews import Reviews
from inkdigits.web.uploads import Upload
from inkdigits.web.workers import LARGE_PIXELS

# What a page is shown with where a browser cannot show it: as many pixels as a large screen has.
SHOWN_SIDE_PX = 2000
SHOWN_QUALITY = 85
FORMATS = "PNG, JPEG, WebP, AVIF, BMP, TIFF, GIF, HEIC or PDF"
# What the text of a reading consists of where there is no mark, such as a comma, in its numbers.
PLAIN = frozenset("0123456789? \n")
# The reader's reason, for somebody who sends pictures over HTTP.
REASONS = {SEVERAL: "several digits stand side by side; /v1/read reads them"}


def measure(upload: Upload, max_pixels: int, page: int = 1) -> int:
    """How many pixels a picture has, by its header alone; of a later page or a PDF's it is taken to be a large one.

    Raises:
        Refusal: no picture, one of an unsupported format, or of more than `max_pixels`.
    """
    if is_pdf(upload.data) or page > 1:
        return LARGE_PIXELS + 1
    name = _name_of(upload)
    try:
        with open_picture(upload.data, name) as image:
            width, height = image.size
    except MissingExtraError as error:
        raise Refusal(
            Kind.unsupported_format, f"{name} is HEIC, which this server cannot read. Send a JPEG."
        ) from error
    except ImageSizeError as error:
        raise Refusal(Kind.picture_size, str(error)) from error
    except ImageError as error:
        message = f"{name} cannot be read as a picture. Send a {FORMATS} file."
        raise Refusal(Kind.not_a_picture, message) from error
    return _check_size(name, width, height, max_pixels)


def load_page(upload: Upload, max_pixels: int, page: int = 1, turn: int = 0) -> tuple[Photo, int]:
    """A page of an upload as an upright photo, and how many pages there are.

    Args:
        upload: a picture or a PDF.
        max_pixels: that the page may have.
        page: its number, from 1.
        turn: by how many degrees it is turned clockwise, a multiple of 90.

    Raises:
        Refusal: no such page, or it cannot be read.
    """
    name = _name_of(upload)
    try:
        with Document(upload.data) as document:
            pages = len(document)
            if page > pages:
                count = "1 page" if pages == 1 else f"{pages} pages"
                raise Refusal(Kind.no_such_page, f"{name} has {count}; there is no page {page}.")
            photo = document.load(page, max_pixels)
    except MissingExtraError as error:
        message = f"{name} is a PDF, which this server cannot read. Send its pages as pictures."
        raise Refusal(Kind.unsupported_format, message) from error
    except ImageSizeError as error:
        raise Refusal(Kind.picture_size, str(error)) from error
    except ImageError as error:
        where = name if page == 1 else f"Page {page} of {name}"
        advice = "Save it again, without a password." if is_pdf(upload.data) else "Save it again, or send it again."
        raise Refusal(Kind.broken_picture, f"{where} is damaged or cut off. {advice}") from error
    _check_size(name, photo.shape[1], photo.shape[0], max_pixels)
    return np.ascontiguousarray(np.rot90(photo, -turn // 90)), pages


def read_drawing(reader: Reader, photo: Photo) -> Reading:
    """What a drawing shows: one digit, as `Reader.read_digit` reads it, or several, as `Reader.read` does.

    It is one digit where at most one is found, and where all that are found lie in the one, as the parts of a broken 8
    do. A drawing without ink is an empty reading.
    """
    reading, digit = reader.read(photo), reader.read_digit(photo)
    if digit.guess is None:
        return Reading((), reading.width, reading.height)
    if digit.reason == SEVERAL:
        if reading.lines:
            return reading
        digit = replace(digit, reason=UNSURE)
    has_marks = not set(reading.text) <= PLAIN
    is_part = digit.value is not None and all(_lies_in(other.box, digit.box) for other in reading.digits)
    if has_marks or (len(reading.digits) > 1 and not is_part):
        return reading
    return replace(reading, lines=(Line((Number((digit,)),)),))


def answer_digit(
    reader: Reader, upload: Upload, max_pixels: int, explained: bool = False, digit: int | None = None
) -> bytes:
    """The answer of `/v1/digit`; `digit` is the one that the heat map is about, the likeliest if None."""
    photo, _ = load_page(upload, max_pixels)
    found, frame = reader.read_digit_and_frame(photo)
    answer = _digit_to_dict(found)
    if explained:
        answer["frame"] = frame.tolist()
        answer["heat"] = explain(frame, reader.classifier, digit).round(4).tolist()
    return to_json(answer)


def answer_reading(
    reader: Reader, upload: Upload, max_pixels: int, page: int, turn: int, is_drawing: bool
) -> tuple[bytes, int]:
    """The answer of `/v1/read`, and how many pages there are."""
    photo, pages = load_page(upload, max_pixels, page, turn)
    reading = read_drawing(reader, photo) if is_drawing else reader.read(photo)
    return to_json(reading.to_dict()), pages


def answer_number(reader: Reader, upload: Upload, max_pixels: int, form: Format | None) -> bytes:
    """The answer of `/v1/number`: null where there is no number."""
    photo, _ = load_page(upload, max_pixels)
    number = reader.read_number(photo, form)
    return to_json(number.to_dict() if number else None)


def answer_tables(
    reader: Reader, upload: Upload, max_pixels: int, page: int, turn: int, reviews: Reviews | None
) -> tuple[bytes, int]:
    """The answer of `/v1/table`, and how many pages there are; `reviews` keeps a page to check the tables, if given."""
    photo, pages = load_page(upload, max_pixels, page, turn)
    tables = reader.read_tables(photo)
    review = None
    if tables and reviews:
        name = upload.name or "sheet"
        names = [name] if len(tables) == 1 else [f"{name}, table {place}" for place in range(1, len(tables) + 1)]
        review = f"/reviews/{reviews.add([(each, photo, table) for each, table in zip(names, tables, strict=True)])}"
    return to_json({"tables": [table.to_dict() for table in tables], "review": review}), pages


def answer_page(upload: Upload, max_pixels: int, page: int, turn: int) -> tuple[bytes, int]:
    """The answer of `/v1/picture`, a JPEG, and how many pages there are."""
    photo, pages = load_page(upload, max_pixels, page, turn)
    scale = min(1.0, SHOWN_SIDE_PX / max(photo.shape))
    if scale < 1:
        size = max(1, round(photo.shape[1] * scale)), max(1, round(photo.shape[0] * scale))
        photo = np.asarray(cv2.resize(photo, size, interpolation=cv2.INTER_AREA), np.uint8)
    bgr = cv2.cvtColor(photo, cv2.COLOR_RGB2BGR)
    return cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, SHOWN_QUALITY])[1].tobytes(), pages


def answer_picture(reader: Reader, upload: Upload, max_pixels: int, request_id: str) -> dict[str, Any]:
    """One row of the answer of `/v1/digits`; a bad picture is a row with its error."""
    try:
        photo, _ = load_page(upload, max_pixels)
        digit = _digit_to_dict(reader.read_digit(photo))
    except (Refusal, InkDigitsError) as error:
        return bad_picture(upload, error if isinstance(error, Refusal) else refusal_of(error), request_id)
    return {"name": upload.name, "digit": digit, "error": None}


def bad_picture(upload: Upload, refusal: Refusal, request_id: str) -> dict[str, Any]:
    """The row of a picture that cannot be read."""
    problem = {"kind": refusal.kind, "message": refusal.detail, "request_id": request_id}
    return {"name": upload.name, "digit": None, "error": problem}


def to_json(answer: dict[str, Any] | None) -> bytes:
    """As compact UTF-8."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()


def _name_of(upload: Upload) -> str:
    return upload.name or "This file"


def _check_size(name: str, width: int, height: int, max_pixels: int) -> int:
    has = f"{name} has {width}×{height} pixels"
    if width * height > max_pixels:
        raise Refusal(Kind.picture_size, f"{has}; up to {max_pixels:,} are read. Send a smaller picture.")
    if min(width, height) < MIN_SIDE_PX:
        raise Refusal(Kind.picture_size, f"{has}; at least {MIN_SIDE_PX} a side are needed. Send a larger picture.")
    return width * height


def _digit_to_dict(digit: Digit) -> dict[str, Any]:
    return replace(digit, reason=REASONS.get(digit.reason, digit.reason)).to_dict()


def _lies_in(inner: Box, outer: Box) -> bool:
    x, y = inner.x + inner.width / 2, inner.y + inner.height / 2
    return outer.x <= x <= outer.x + outer.width and outer.y <= y <= outer.y + outer.height
