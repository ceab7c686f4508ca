"""The routes of tables: pictures in, rows and columns out, and the pages on which a person checks them."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse

from inkdigits.web import pictures, schemas
from inkdigits.web.api import PAGES, PAGES_HEADER, UPLOAD_PROBLEMS, Page, Services, Turn, body_of

IsReviewed = Annotated[bool, Query(description="make a page on which a person checks them, too")]
# The page says itself what it may load, by the hashes of its script and style; only this cannot be said in a page.
POLICY = {"Content-Security-Policy": "frame-ancestors 'none'", "Cache-Control": "no-store"}
GONE = "This page is not kept any more. Send the sheet again: what you answered is still in this browser."


def tables_routes(services: Services) -> APIRouter:
    """`/v1/table`, and the pages that it names."""
    router = APIRouter(tags=["Reading"])
    reviews = services.reviews

    @router.post(
        "/v1/table",
        summary="Read the tables on a page",
        response_model=schemas.TablesAnswer,
        responses={**UPLOAD_PROBLEMS, 200: PAGES},
        openapi_extra=body_of(),
    )
    async def table(request: Request, page: Page = 1, turn: Turn = 0, review: IsReviewed = False) -> Response:
        """Read every table on a photo, a scan or a page of a document, with how sure each cell is."""
        most = services.settings.max_pixels
        async with services.intake.pictures(request) as uploads:
            pixels = pictures.measure(uploads[0], most, page)
            keep = reviews if review else None
            work = partial(pictures.answer_tables, services.reader, uploads[0], most, page, turn, keep)
            answer, pages = await services.workers.run(work, pixels)
        return Response(answer, media_type="application/json", headers={PAGES_HEADER: str(pages)})

    @router.get("/reviews/{name}", include_in_schema=False)
    async def review_page(name: str) -> Response:
        if (path := reviews.find_page(name)) is None:
            raise HTTPException(404, GONE)
        return FileResponse(path, media_type="text/html", headers=POLICY)

    @router.get("/reviews/{name}/crops.zip", include_in_schema=False)
    async def crops(name: str) -> Response:
        if (archive := await services.workers.run(partial(reviews.find_crops, name))) is None:
            raise HTTPException(404, GONE)
        return Response(archive, media_type="application/zip")

    return router
