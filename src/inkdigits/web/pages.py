"""The page, and the interactive page of the API; every file comes from an installed package, none from another host."""

from importlib.util import find_spec
from pathlib import Path

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles

from inkdigits.samples import load_samples

STATIC = Path(__file__).parent / "static"
# Browsers ask again each time, and mostly hear "not modified": an updated server never meets an old script.
REVALIDATE = {"Cache-Control": "no-cache"}


class _Static(StaticFiles):
    def file_response(self, *args: object, **kwargs: object) -> FileResponse:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        response.headers.update(REVALIDATE)
        return response  # type: ignore[return-value]


def add_pages(app: FastAPI) -> None:
    """Serve the page at `/`, its samples at `/samples/` and Swagger UI at `/docs`."""
    app.mount("/static", _Static(directory=STATIC))
    # Its scripts are taken from this package's files; its code is not used, for it writes a script into the page.
    package = find_spec("fastapi_offline")
    assert package is not None
    assert package.submodule_search_locations is not None
    app.mount("/swagger", _Static(directory=Path(package.submodule_search_locations[0]) / "static"))

    samples = {path.name: path for path, _ in load_samples()}

    @app.get("/", include_in_schema=False)
    async def page() -> FileResponse:
        return FileResponse(STATIC / "index.html", headers=REVALIDATE)

    @app.get("/samples/{name}", include_in_schema=False)
    async def sample(name: str) -> FileResponse:
        if name not in samples:
            raise HTTPException(404, f"There is no sample {name}.")
        return FileResponse(samples[name], headers=REVALIDATE)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> FileResponse:
        return FileResponse(STATIC / "docs.html", headers=REVALIDATE)

    @app.get("/favicon.ico", include_in_schema=False)
    async def favicon() -> FileResponse:
        return FileResponse(STATIC / "icon.svg", headers=REVALIDATE)
