"""`inkdigits serve`: the page to draw on, and the API."""

from pathlib import Path

import click

from inkdigits.cli.parameters import PATH, Command, Whole, model, recognizer


@click.command(cls=Command)
@model
@recognizer
@click.option(
    "--host",
    metavar="ADDRESS",
    default="127.0.0.1",
    show_default=True,
    help="0.0.0.0 lets others in, by a token that is printed.",
)
@click.option("--port", type=Whole(0, 65535), default=8000, show_default=True, help="0 takes a free one.")
@click.option("--corrections", type=PATH, metavar="FILE", help="Keep corrections in this SQLite file.")
@click.option("--open", "open_browser", is_flag=True, help="Open the page in your browser.")
def serve(
    model: str | None, recognizer: Path | None, host: str, port: int, corrections: Path | None, open_browser: bool
) -> None:
    """Serve a page to draw on, and an API."""
    from inkdigits.web.server import serve as serve_web

    serve_web(model, host, port, corrections, open_browser, recognizer)
