"""The routes of corrections; without a file for them, only the list answers, and says so."""

from dataclasses import asdict
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from inkdigits.web import pictures, schemas
from inkdigits.web.api import UPLOAD_PROBLEMS, Services, body_of
from inkdigits.web.corrections import Correction, Corrections
from inkdigits.web.problems import Kind, Refusal
from inkdigits.web.uploads import Upload

LARGEST_ID = 2**63 - 1
Id = Annotated[int, Path(ge=1, le=LARGEST_ID)]


def corrections_routes(services: Services) -> APIRouter:
    """`/v1/corrections`."""
    router = APIRouter(prefix="/v1", tags=["Corrections"])
    workers = services.workers
    off = schemas.problems(404, 422, 429, 503)
    changing = schemas.problems(403, 404, 422, 429, 503)

    def store() -> Corrections:
        if services.corrections is None:
            raise Refusal(
                Kind.not_found, "This server keeps no corrections; it does when started with --corrections FILE."
            )
        return services.corrections

    def add(kept: Corrections, upload: Upload, answer: int | None, correction: int) -> Correction:
        photo, _ = pictures.load_page(upload, services.settings.max_pixels)
        return kept.add(photo, services.model, answer, correction)

    @router.get(
        "/corrections",
        summary="List the corrections",
        response_model=schemas.CorrectionsAnswer,
        responses=schemas.problems(422, 429, 503),
    )
    async def list_corrections(
        before: Annotated[int | None, Query(ge=1, le=LARGEST_ID, description="only older ones than this id")] = None,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> dict[str, Any]:
        """The newest first, and how many there are."""
        kept = services.corrections
        if kept is None:
            return {"enabled": False, "file": None, "count": 0, "corrections": []}
        found, count = await workers.run(lambda: (kept.find(before, limit), kept.count()))
        return {"enabled": True, "file": kept.path.name, "count": count, "corrections": [asdict(c) for c in found]}

    @router.post(
        "/corrections",
        summary="Keep a correction",
        status_code=201,
        response_model=schemas.CorrectionAnswer,
        responses={**UPLOAD_PROBLEMS, **schemas.problems(404, 507)},
        openapi_extra=body_of(),
    )
    async def add_correction(
        request: Request,
        correction: Annotated[int, Query(ge=0, le=9, description="what it is")],
        answer: Annotated[
            int | None, Query(ge=0, le=9, description="what the model said; left out where it was not sure")
        ] = None,
    ) -> dict[str, Any]:
        """Keep the picture of a digit that was read wrongly. Once this has answered, it is on the disk."""
        kept = store()
        async with services.intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], services.settings.max_pixels)
            added = await workers.run(partial(add, kept, uploads[0], answer, correction), pixels)
        return asdict(added)

    @router.delete("/corrections", summary="Delete all corrections", status_code=204, responses=changing)
    async def delete_corrections() -> None:
        """Delete all; the pictures are overwritten."""
        await workers.run(store().delete)

    @router.delete("/corrections/{id}", summary="Delete a correction", status_code=204, responses=changing)
    async def delete_correction(id: Id) -> None:
        """Delete one; its picture is overwritten."""
        kept = store()
        if await workers.run(lambda: kept.delete(id)) == 0:
            raise Refusal(Kind.not_found, f"There is no correction {id}.")

    @router.get(
        "/corrections/{id}/picture",
        summary="Show the picture of a correction",
        response_class=Response,
        responses={**off, 200: {"content": {"image/png": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def picture(id: Id) -> Response:
        """The digit that was read wrongly, as a grey PNG."""
        kept = store()
        png = await workers.run(lambda: kept.picture(id))
        if png is None:
            raise Refusal(Kind.not_found, f"There is no correction {id}.")
        return Response(png, media_type="image/png")

    @router.get(
        "/corrections.zip",
        summary="Export all corrections",
        response_class=Response,
        responses={**off, 200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
    )
    async def export() -> Response:
        """A ZIP of all pictures in folders 0/…9/; unpacked, `inkdigits train --data` takes the folder."""
        archive = await workers.run(store().export_zip)
        headers = {"Content-Disposition": 'attachment; filename="corrections.zip"'}
        return Response(archive, media_type="application/zip", headers=headers)

    return router
