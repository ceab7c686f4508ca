"""The routes that read pictures, and those that tell how the server is."""

from dataclasses import asdict, dataclass
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from inkdigits.formats import Format
from inkdigits.reader import Reader
from inkdigits.web import pictures, schemas
from inkdigits.web.corrections import Corrections
from inkdigits.web.formats import format_of
from inkdigits.web.observe import Metrics
from inkdigits.web.problems import Refusal
from inkdigits.web.reviews import Reviews
from inkdigits.web.settings import Settings
from inkdigits.web.uploads import FIELD, Intake
from inkdigits.web.workers import Workers


@dataclass(slots=True)
class Services:
    """What the routes share, made once for each server.

    Attributes:
        is_ready: between start and stop.
    """

    reader: Reader
    settings: Settings
    metrics: Metrics
    intake: Intake
    workers: Workers
    corrections: Corrections | None
    reviews: Reviews
    is_ready: bool = False

    @property
    def model(self) -> str:
        """Name and version of the model."""
        contract = self.reader.classifier.contract
        return f"{contract.name} {contract.version}"


def body_of(*, many: bool = False, raw: bool = True) -> dict[str, Any]:
    """The OpenAPI entry of an upload: a form's field `file`, or the picture itself."""
    binary: dict[str, Any] = {"type": "string", "format": "binary"}
    field = {"type": "array", "items": binary, "minItems": 1} if many else binary
    form = {"type": "object", "required": [FIELD], "properties": {FIELD: field}}
    content: dict[str, Any] = {"multipart/form-data": {"schema": form}}
    if raw:
        content |= {kind: {"schema": binary} for kind in RAW_KINDS}
    return {"requestBody": {"required": True, "content": content}}


RAW_KINDS = ("image/png", "image/jpeg", "image/tiff", "application/pdf", "application/octet-stream")
UPLOAD_PROBLEMS = schemas.problems(403, 408, 413, 415, 422, 429, 503)
PAGES_HEADER = "Inkdigits-Pages"
PAGES = {"headers": {PAGES_HEADER: {"description": "how many pages there are", "schema": {"type": "integer"}}}}
JPEG = {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}
# More pages than any file of an upload's size has; it keeps the number out of what C counts with.
Page = Annotated[int, Query(ge=1, le=1_000_000, description="of a PDF, a TIFF or an animated picture")]
Turn = Annotated[int, Query(ge=0, le=270, multiple_of=90, description="by how many degrees to turn it clockwise first")]
Explained = Annotated[bool, Query(description="add `frame` and `heat`")]
Explainee = Annotated[int | None, Query(ge=0, le=9, description="the digit that `heat` is about; left out: `guess`")]
IsDrawing = Annotated[
    bool, Query(description="it is a drawing, not a page: where it shows one digit, read that as /v1/digit does")
]


def reading_routes(services: Services) -> APIRouter:
    """`/v1`: pictures in, digits out."""
    router = APIRouter(prefix="/v1", tags=["Reading"])
    reader, intake, workers = services.reader, services.intake, services.workers
    most = services.settings.max_pixels

    @router.post(
        "/digit",
        summary="Read one digit",
        response_model=schemas.DigitAnswer,
        responses=UPLOAD_PROBLEMS,
        openapi_extra=body_of(),
    )
    async def digit(request: Request, explain: Explained = False, digit: Explainee = None) -> Response:
        """Read a picture that shows one digit, and say how sure that is."""
        async with intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], most)
            work = partial(pictures.answer_digit, reader, uploads[0], most, explain, digit)
            answer = await workers.run(work, pixels)
        return Response(answer, media_type="application/json")

    @router.post(
        "/read",
        summary="Read all numbers on a page",
        response_model=schemas.ReadingAnswer,
        responses={**UPLOAD_PROBLEMS, 200: PAGES},
        openapi_extra=body_of(),
    )
    async def read(request: Request, page: Page = 1, turn: Turn = 0, drawing: IsDrawing = False) -> Response:
        """Read all numbers on a photo, a scan, a drawing or a page of a document, in reading order."""
        async with intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], most, page)
            work = partial(pictures.answer_reading, reader, uploads[0], most, page, turn, drawing)
            answer, pages = await workers.run(work, pixels)
        return Response(answer, media_type="application/json", headers={PAGES_HEADER: str(pages)})

    @router.post(
        "/number",
        summary="Read one number that fills the picture",
        response_model=schemas.NumberAnswer | None,
        responses=UPLOAD_PROBLEMS,
        openapi_extra=body_of(),
    )
    async def number(request: Request, form: Annotated[Format | None, Depends(format_of)]) -> Response:
        """Read a cell of a table or a field of a form, null where it is empty; the parameters say what can stand there.

        The likeliest text that fits is read; where none does, every symbol is `?`.
        """
        async with intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], most)
            answer = await workers.run(partial(pictures.answer_number, reader, uploads[0], most, form), pixels)
        return Response(answer, media_type="application/json")

    @router.post(
        "/picture",
        summary="Show a page as a JPEG",
        response_class=Response,
        responses={**UPLOAD_PROBLEMS, 200: PAGES | JPEG},
        openapi_extra=body_of(),
    )
    async def picture(request: Request, page: Page = 1, turn: Turn = 0) -> Response:
        """A page upright, as it is read, with at most 2,000 pixels a side: for whoever cannot show the file itself."""
        async with intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], most, page)
            answer, pages = await workers.run(partial(pictures.answer_page, uploads[0], most, page, turn), pixels)
        return Response(answer, media_type="image/jpeg", headers={PAGES_HEADER: str(pages)})

    @router.post(
        "/digits",
        summary="Read many pictures of one digit each",
        response_model=schemas.DigitsAnswer,
        responses=UPLOAD_PROBLEMS,
        openapi_extra=body_of(many=True, raw=False),
    )
    async def digits(request: Request) -> Response:
        """Read a form whose every field `file` is a picture of one digit; a bad one is a row with its error."""
        request_id = request.state.request_id
        rows = []
        async with intake.pictures(request, services.settings.max_pictures) as uploads:
            for upload in uploads:
                try:
                    pixels = pictures.measure(upload, most)
                except Refusal as refusal:
                    rows.append(pictures.bad_picture(upload, refusal, request_id))
                else:
                    work = partial(pictures.answer_picture, reader, upload, most, request_id)
                    rows.append(await workers.run(work, pixels))
        return Response(pictures.to_json({"pictures": rows}), media_type="application/json")

    @router.get("/models", summary="Name the model", response_model=schemas.ModelsAnswer, responses=schemas.problems())
    async def models() -> dict[str, Any]:
        """The model that answers here, with its threshold and its score."""
        return {"models": [asdict(reader.classifier.contract)]}

    return router


def state_routes(services: Services) -> APIRouter:
    """How the server is, for whoever keeps it running."""
    router = APIRouter(tags=["State"])

    @router.get(
        "/healthz",
        summary="Tell whether the process lives",
        response_model=schemas.StateAnswer,
        responses=schemas.problems(),
    )
    async def healthz() -> dict[str, str]:
        """Answers as long as the process runs."""
        return {"status": "alive"}

    @router.get(
        "/readyz",
        summary="Tell whether pictures are read",
        response_model=schemas.StateAnswer,
        responses={**schemas.problems(), 503: {"model": schemas.StateAnswer}},
    )
    async def readyz(response: Response) -> dict[str, str]:
        """The model is loaded, and the server is not stopping."""
        if services.is_ready:
            return {"status": "ready"}
        response.status_code = 503
        return {"status": "not ready"}

    @router.get(
        "/metrics",
        summary="Give figures for Prometheus",
        response_class=Response,
        responses={**schemas.problems(), 200: {"content": {"text/plain": {}}}},
    )
    async def metrics() -> Response:
        """Requests, their times and statuses, and the pictures that wait, in Prometheus's text format."""
        services.metrics.pending.set(services.workers.pending)
        return Response(generate_latest(services.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
