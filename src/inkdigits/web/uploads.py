"""Pictures as they arrive: raw or in a form, counted while they stream in, refused as soon as they are too much."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from inkdigits.web.problems import Kind, Refusal
from inkdigits.web.settings import MEBIBYTE, Settings
from inkdigits.web.workers import busy

FIELD = "file"
# Beside the pictures a form holds a boundary and some headers for each.
FORM_BYTES = 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """The bytes of one picture, and the name that it was sent with (empty where it had none)."""

    name: str
    data: bytes


@dataclass(slots=True)
class _Body:
    """The body of a request while it streams in."""

    chunks: list[bytes] = field(default_factory=list)
    size: int = 0

    def take(self) -> bytes:
        """All of it, and let go of the chunks: they are not to be held twice."""
        joined = b"".join(self.chunks)
        self.chunks.clear()
        return joined


class Intake:
    """Takes uploads in within the limits; knows how many bytes it holds for all of them together."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.held_bytes = 0

    @asynccontextmanager
    async def pictures(self, request: Request, most: int = 1) -> AsyncIterator[list[Upload]]:
        """The pictures of a request, held until the block ends.

        Args:
            request: with the bytes of one picture as its body, or a form with up to `most` fields `file`.
            most: how many pictures are taken.

        Raises:
            Refusal: too slow, too large, too many, empty or broken; the message says why and what to do.
        """
        body = _Body()
        try:
            await self._receive(request, body, most)
            yield _split(request.headers.get("content-type", ""), body.take(), most)
        finally:
            self.held_bytes -= body.size

    async def _receive(self, request: Request, body: _Body, most: int) -> None:
        limit = self._settings.max_bytes + FORM_BYTES * most
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and int(declared) > limit:
            raise self._too_large()
        try:
            async with asyncio.timeout(self._settings.upload_seconds):
                async for chunk in request.stream():
                    if body.size + len(chunk) > limit:
                        raise self._too_large()
                    if self.held_bytes + len(chunk) > self._settings.max_held_bytes:
                        raise busy("The server is busy: it holds too many uploads")
                    self.held_bytes += len(chunk)
                    body.size += len(chunk)
                    body.chunks.append(chunk)
        except TimeoutError as error:
            seconds = self._settings.upload_seconds
            message = f"The upload did not arrive within {seconds:g} s. Send a smaller picture, or over a better line."
            raise Refusal(Kind.upload_too_slow, message, {"Connection": "close"}) from error

    def _too_large(self) -> Refusal:
        # The connection stays open, and the server throws away what still comes: cut off in the middle of sending, a
        # browser would show a broken connection instead of this message.
        megabytes = self._settings.max_bytes / MEBIBYTE
        return Refusal(Kind.too_many_bytes, f"Files of up to {megabytes:.3g} MB are taken. Send a smaller one.")


def _split(content_type: str, body: bytes, most: int) -> list[Upload]:
    is_form = content_type.startswith("multipart/form-data")
    uploads = _split_form(content_type, body) if is_form else [Upload("", body)]
    if len(uploads) > most:
        one = "one picture. /v1/digits takes many." if most == 1 else f"up to {most} pictures at once. Send fewer."
        raise Refusal(Kind.too_many_pictures, f"{len(uploads)} pictures were sent; this takes {one}")
    if not all(upload.data for upload in uploads):
        raise Refusal(Kind.empty_upload, "The file is empty (0 bytes). Send a picture or a PDF.")
    return uploads


class _Form:
    """The callbacks of the multipart parser: gathers the parts whose field is `file`."""

    def __init__(self) -> None:
        self.uploads: list[Upload] = []
        self._name, self._value = b"", b""
        self._disposition = b""
        self._data: list[bytes] = []

    def on_part_begin(self) -> None:
        self._disposition, self._data = b"", []

    def on_header_begin(self) -> None:
        self._name, self._value = b"", b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        if self._name.lower() == b"content-disposition":
            self._disposition = self._value

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self._data.append(data[start:end])

    def on_part_end(self) -> None:
        _, options = parse_options_header(self._disposition)
        if options.get(b"name") == FIELD.encode():
            name = options.get(b"filename", b"").decode(errors="replace")
            self.uploads.append(Upload(name, b"".join(self._data)))


def _split_form(content_type: str, body: bytes) -> list[Upload]:
    _, options = parse_options_header(content_type)
    form = _Form()
    callbacks: Any = {name: getattr(form, name) for name in dir(form) if name.startswith("on_")}
    try:
        parser = MultipartParser(options.get(b"boundary", b""), callbacks)
        parser.write(body)
        parser.finalize()
    except FormParserError as error:
        raise Refusal(Kind.bad_form, f"The form is broken: {error}. Send multipart/form-data.") from error
    if not form.uploads:
        message = f"The form has no field {FIELD!r}. Send the picture in it, or as the body itself."
        raise Refusal(Kind.bad_form, message)
    return form.uploads
