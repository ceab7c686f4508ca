"""The routes that read pictures, and those that tell how the server is."""

from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from inkdigits.errors import InkDigitsError
from inkdigits.reader import Reader
from inkdigits.web import pictures, schemas
from inkdigits.web.corrections import Corrections
from inkdigits.web.observe import Metrics
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
    is_ready: bool = False

    @property
    def model(self) -> str:
        """Name and version of the net."""
        contract = self.reader.classifier.contract
        return f"{contract.name} {contract.version}"


def body_of(*, many: bool = False, raw: bool = True) -> dict[str, Any]:
    """The OpenAPI entry of an upload: a form's field `file`, or the picture itself."""
    binary: dict[str, Any] = {"type": "string", "format": "binary"}
    field = {"type": "array", "items": binary, "minItems": 1} if many else binary
    form = {"type": "object", "required": [FIELD], "properties": {FIELD: field}}
    content: dict[str, Any] = {"multipart/form-data": {"schema": form}}
    if raw:
        content |= {kind: {"schema": binary} for kind in ("image/png", "image/jpeg", "application/octet-stream")}
    return {"requestBody": {"required": True, "content": content}}


UPLOAD_PROBLEMS = schemas.problems(408, 413, 415, 422, 429, 503)


def reading_routes(services: Services) -> APIRouter:
    """`/v1`: pictures in, digits out."""
    router = APIRouter(prefix="/v1", tags=["Reading"])
    reader, intake, workers = services.reader, services.intake, services.workers
    max_pixels = services.settings.max_pixels

    @router.post("/digit", response_model=schemas.DigitAnswer, responses=UPLOAD_PROBLEMS, openapi_extra=body_of())
    async def digit(request: Request, explain: bool = False) -> Response:
        """Read a picture that shows one digit."""
        async with intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], max_pixels)
            answer = await workers.run(partial(pictures.answer_digit, reader, uploads[0], explain), pixels)
        return Response(answer, media_type="application/json")

    @router.post("/read", response_model=schemas.ReadingAnswer, responses=UPLOAD_PROBLEMS, openapi_extra=body_of())
    async def read(request: Request) -> Response:
        """Read all numbers on a picture."""
        async with intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], max_pixels)
            answer = await workers.run(partial(pictures.answer_reading, reader, uploads[0]), pixels)
        return Response(answer, media_type="application/json")

    @router.post(
        "/digits",
        response_model=schemas.DigitsAnswer,
        responses=UPLOAD_PROBLEMS,
        openapi_extra=body_of(many=True, raw=False),
    )
    async def digits(request: Request) -> Response:
        """Read many pictures of one digit each, every one in a field `file`; a bad one is a row with its error."""
        request_id = request.state.request_id
        rows = []
        async with intake.pictures(request, services.settings.max_pictures) as uploads:
            for upload in uploads:
                try:
                    pixels = pictures.measure(upload, max_pixels)
                except InkDigitsError as error:
                    rows.append(pictures.bad_picture(upload, error, request_id))
                else:
                    work = partial(pictures.answer_picture, reader, upload, request_id)
                    rows.append(await workers.run(work, pixels))
        return Response(pictures.to_json({"pictures": rows}), media_type="application/json")

    @router.get("/models", response_model=schemas.ModelsAnswer, responses=schemas.problems())
    async def models() -> dict[str, Any]:
        """The net that answers here."""
        return {"models": [asdict(reader.classifier.contract)]}

    return router


def state_routes(services: Services) -> APIRouter:
    """How the server is, for whoever keeps it running."""
    router = APIRouter(tags=["State"])

    @router.get("/healthz", response_model=schemas.StateAnswer, responses=schemas.problems())
    async def healthz() -> dict[str, str]:
        """The process lives."""
        return {"status": "alive"}

    @router.get(
        "/readyz",
        response_model=schemas.StateAnswer,
        responses={**schemas.problems(), 503: {"model": schemas.StateAnswer}},
    )
    async def readyz(response: Response) -> dict[str, str]:
        """The net is loaded, and the server is not stopping."""
        if services.is_ready:
            return {"status": "ready"}
        response.status_code = 503
        return {"status": "not ready"}

    @router.get(
        "/metrics", response_class=Response, responses={**schemas.problems(), 200: {"content": {"text/plain": {}}}}
    )
    async def metrics() -> Response:
        """The server's figures for Prometheus."""
        services.metrics.pending.set(services.workers.pending)
        return Response(generate_latest(services.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    return router
