"""Uploads → the JSON of their answers; plain functions for the worker threads."""

import json
from typing import Any

from inkdigits.digit.explain import explain
from inkdigits.errors import ImageSizeError, InkDigitsError
from inkdigits.images import open_picture
from inkdigits.reader import Reader
from inkdigits.web.uploads import Upload


def measure(upload: Upload, max_pixels: int) -> int:
    """How many pixels a picture has, by its header alone.

    Raises:
        ImageFormatError: no picture.
        ImageSizeError: more than `max_pixels`.
    """
    name = upload.name or "the picture"
    with open_picture(upload.data, name) as image:
        width, height = image.size
    if width * height > max_pixels:
        raise ImageSizeError(f"{name} has {width}×{height} pixels; up to {max_pixels:,} are read. Make it smaller.")
    return width * height


def answer_digit(reader: Reader, upload: Upload, with_explanation: bool) -> bytes:
    """The answer of `/v1/digit`."""
    digit, frame = reader.read_digit_and_frame(upload.data)
    answer = digit.to_dict()
    if with_explanation:
        answer["frame"] = frame.tolist()
        answer["heat"] = explain(frame, reader.classifier).round(4).tolist()
    return to_json(answer)


def answer_reading(reader: Reader, upload: Upload) -> bytes:
    """The answer of `/v1/read`."""
    return to_json(reader.read(upload.data).to_dict())


def answer_picture(reader: Reader, upload: Upload, request_id: str) -> dict[str, Any]:
    """One row of the answer of `/v1/digits`; a bad picture is a row with its error."""
    try:
        digit = reader.read_digit(upload.data).to_dict()
    except InkDigitsError as error:
        return bad_picture(upload, error, request_id)
    return {"name": upload.name, "digit": digit, "error": None}


def bad_picture(upload: Upload, error: InkDigitsError, request_id: str) -> dict[str, Any]:
    """The row of a picture that cannot be read."""
    problem = {"kind": type(error).__name__, "message": str(error), "request_id": request_id}
    return {"name": upload.name, "digit": None, "error": problem}


def to_json(answer: dict[str, Any]) -> bytes:
    """As compact UTF-8."""
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode()
