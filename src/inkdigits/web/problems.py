"""What a client is told when something is wrong: one JSON shape, kinds that a program can branch on, no traceback."""

from enum import StrEnum

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from inkdigits.errors import FormatError, ImageError, InkDigitsError, RunError


class Kind(StrEnum):
    """The kinds of problems, each with its HTTP status and what it means; a kind keeps its name for good.

    The table in docs/web.md is this one.
    """

    status: int
    meaning: str

    bad_request = "bad_request", 400, "the request is malformed, or its upload broke off"
    token_required = "token_required", 401, "no token was sent, or a wrong one"
    foreign_page = "foreign_page", 403, "a page of another site may not send here"
    not_found = "not_found", 404, "there is nothing at this address"
    method_not_allowed = "method_not_allowed", 405, "the address is right, its method is another"
    upload_too_slow = "upload_too_slow", 408, "the upload did not arrive in time"
    too_many_bytes = "too_many_bytes", 413, "the upload is too large"
    too_many_pictures = "too_many_pictures", 413, "more pictures than this address takes"
    not_a_picture = "not_a_picture", 415, "the file is neither a picture nor a PDF"
    unsupported_format = "unsupported_format", 415, "a picture of a format that this server lacks the package for"
    foreign_host = "foreign_host", 421, "the server is not called by this name"
    broken_picture = "broken_picture", 422, "a picture that is damaged or cut off"
    empty_upload = "empty_upload", 422, "a file of 0 bytes"
    picture_size = "picture_size", 422, "too many pixels, or fewer than 4 a side"
    no_such_page = "no_such_page", 422, "the document has fewer pages"
    bad_form = "bad_form", 422, "the form is broken, or has no field `file`"
    bad_parameter = "bad_parameter", 422, "a parameter is missing or wrong"
    busy = "busy", 429, "no room left just now; send again after `Retry-After` seconds"
    server_error = "server_error", 500, "a fault of the server; its log has the reason under the `request_id`"
    answer_too_slow = "answer_too_slow", 503, "reading took too long"
    storage_full = "storage_full", 507, "the correction could not be kept"

    def __new__(cls, value: str, status: int, meaning: str) -> "Kind":
        """A string with a status and a meaning."""
        kind = str.__new__(cls, value)
        kind._value_ = value
        kind.status = status
        kind.meaning = meaning
        return kind


# What the framework refuses by itself, before any code of ours: known by its status alone.
OF_STATUS = {kind.status: kind for kind in (Kind.bad_request, Kind.not_found, Kind.method_not_allowed)}


class Refusal(HTTPException):
    """A request that is refused for a reason that the client can do something about."""

    def __init__(self, kind: Kind, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(kind.status, message, headers)
        self.kind = kind


def answer_problem(request_id: str, error: HTTPException) -> JSONResponse:
    """An error as the API sends it."""
    kind = error.kind if isinstance(error, Refusal) else OF_STATUS.get(error.status_code, Kind.server_error)
    body = {"error": {"kind": kind, "message": str(error.detail), "request_id": request_id}}
    return JSONResponse(body, error.status_code, dict(error.headers) if error.headers else None)


def refusal_of(error: InkDigitsError) -> Refusal:
    """An error of the project that no route has worded for HTTP."""
    if isinstance(error, RunError):
        return Refusal(Kind.storage_full, str(error))
    if isinstance(error, FormatError):
        return Refusal(Kind.bad_parameter, f"The format is wrong: {error}")
    return Refusal(Kind.broken_picture if isinstance(error, ImageError) else Kind.server_error, str(error))


def add_handlers(app: FastAPI) -> None:
    """Have every expected error answered in that shape."""

    @app.exception_handler(InkDigitsError)
    async def _of_inkdigits(request: Request, error: InkDigitsError) -> JSONResponse:
        return answer_problem(request.state.request_id, refusal_of(error))

    @app.exception_handler(HTTPException)
    async def _of_http(request: Request, error: HTTPException) -> JSONResponse:
        return answer_problem(request.state.request_id, error)

    @app.exception_handler(RequestValidationError)
    async def _of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        message = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        refusal = Refusal(Kind.bad_parameter, f"{message}. /docs says what fits.")
        return answer_problem(request.state.request_id, refusal)

    @app.exception_handler(ClientDisconnect)
    async def _of_disconnect(request: Request, _: ClientDisconnect) -> JSONResponse:
        # Nobody is there to read it; the status is for the log.
        return answer_problem(request.state.request_id, Refusal(Kind.bad_request, "The upload broke off."))
