"""The web application, composed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware

import inkdigits
from inkdigits.reader import Reader
from inkdigits.web.api import PAGES_HEADER, Services, reading_routes, state_routes
from inkdigits.web.corrections import Corrections
from inkdigits.web.corrections_api import corrections_routes
from inkdigits.web.observe import Metrics, Observer
from inkdigits.web.pages import add_pages
from inkdigits.web.problems import add_handlers
from inkdigits.web.reviews import Reviews
from inkdigits.web.security import TOKEN_PATHS, Guard
from inkdigits.web.settings import Settings, load_settings
from inkdigits.web.tables_api import tables_routes
from inkdigits.web.uploads import Intake
from inkdigits.web.workers import Workers


def create_app(reader: Reader | None = None, settings: Settings | None = None) -> FastAPI:
    """The page and the API as an ASGI application.

    Args:
        reader: what reads; one with the bundled model if None.
        settings: the limits and keys; those of the environment if None.

    Raises:
        InkDigitsError: a setting, the model or the file of corrections cannot be used.
    """
    settings = settings or load_settings()
    services = Services(
        reader=reader or Reader(),
        settings=settings,
        metrics=Metrics(),
        intake=Intake(settings),
        workers=Workers(settings.workers, settings.queue, settings.answer_seconds),
        corrections=Corrections(settings.corrections, settings.max_corrections) if settings.corrections else None,
        reviews=Reviews(),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        services.is_ready = True
        yield
        services.is_ready = False
        services.workers.close()
        services.reviews.close()
        if services.corrections:
            services.corrections.close()

    app = FastAPI(
        title="inkdigits",
        version=inkdigits.__version__,
        description="Reads handwritten numbers: pictures in, JSON out. A program can branch on the `kind` of an error.",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    add_handlers(app)
    app.include_router(reading_routes(services))
    app.include_router(tables_routes(services))
    app.include_router(corrections_routes(services))
    app.include_router(state_routes(services))
    add_pages(app)
    _document_token(app, is_asked_for=settings.token is not None)
    # The last one added is the outermost.
    app.add_middleware(Guard, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type"],
            expose_headers=[PAGES_HEADER],
        )
    app.add_middleware(Observer, metrics=services.metrics)
    return app


def _document_token(app: FastAPI, is_asked_for: bool) -> None:
    """Have the OpenAPI document ask for the token where `Guard` does, and nowhere else."""
    generate = app.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        if is_asked_for:
            document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        for path, operations in document["paths"].items():
            for operation in operations.values():
                if is_asked_for and path.startswith(TOKEN_PATHS):
                    operation["security"] = [{"token": []}]
                else:
                    operation["responses"].pop("401", None)
        return document

    app.openapi = openapi  # type: ignore[method-assign]
