"""What a client is told when something is wrong: one JSON shape, the project's messages, never a traceback."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse

from inkdigits.errors import ImageFormatError, InkDigitsError, MissingExtraError, RunError


def status_of(error: InkDigitsError) -> int:
    """The HTTP status that says the same as an error of the project."""
    if isinstance(error, ImageFormatError | MissingExtraError):
        return 415
    return 507 if isinstance(error, RunError) else 422


def answer_problem(
    request_id: str, status: int, kind: str, message: str, headers: dict[str, str] | None = None
) -> JSONResponse:
    """An error as the API sends it."""
    body = {"error": {"kind": kind, "message": message, "request_id": request_id}}
    return JSONResponse(body, status, headers)


def answer_http(request_id: str, error: HTTPException) -> JSONResponse:
    """The same for an error that has its status already."""
    headers = dict(error.headers) if error.headers else None
    return answer_problem(
        request_id, error.status_code, HTTPStatus(error.status_code).phrase, str(error.detail), headers
    )


def add_handlers(app: FastAPI) -> None:
    """Have every expected error answered in that shape."""

    @app.exception_handler(InkDigitsError)
    async def _of_inkdigits(request: Request, error: InkDigitsError) -> JSONResponse:
        return answer_problem(request.state.request_id, status_of(error), type(error).__name__, str(error))

    @app.exception_handler(HTTPException)
    async def _of_http(request: Request, error: HTTPException) -> JSONResponse:
        return answer_http(request.state.request_id, error)

    @app.exception_handler(RequestValidationError)
    async def _of_validation(request: Request, error: RequestValidationError) -> JSONResponse:
        message = "; ".join(f"{'.'.join(map(str, e['loc'][1:]))}: {e['msg']}" for e in error.errors())
        return answer_problem(
            request.state.request_id, 422, "Unprocessable Content", f"{message}. /docs says what fits."
        )

    @app.exception_handler(ClientDisconnect)
    async def _of_disconnect(request: Request, _: ClientDisconnect) -> JSONResponse:
        # Nobody is there to read it; the status is for the log.
        return answer_problem(request.state.request_id, 400, "Bad Request", "The upload was broken off.")
