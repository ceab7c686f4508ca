"""`inkdigits predict`: one digit."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkdigits.cli.parameters import PATH, Argument, Command, as_json, model, quiet, recognizer
from inkdigits.cli.talk import answer, say

if TYPE_CHECKING:
    from inkdigits.arrays import Photo
    from inkdigits.results import Digit

STDIN = "-"


@click.command(cls=Command)
@click.argument("file", cls=Argument, type=click.Path(), required=False, help="A picture of one digit; - is stdin.")
@click.option("--image", type=click.Path(), help="The same, as an option.")
@model
@recognizer
@as_json
@click.option("--explain", type=PATH, help="Write a picture of what in the digit spoke for the answer: why.png.")
@quiet
@click.pass_context
def predict(
    ctx: click.Context,
    file: str | None,
    image: str | None,
    model: str | None,
    recognizer: Path | None,
    as_json: bool,
    explain: Path | None,
) -> None:
    """Read a picture that shows one digit."""
    if (file is None) == (image is None):
        ctx.fail("Give one picture: inkdigits predict FILE")
    source = file or image or ""
    if explain:
        from inkdigits.outputs import PICTURES, check_new_file

        check_new_file(explain, PICTURES)
    from inkdigits.reader import Reader

    reader = Reader(model, recognizer)
    digit, frame = reader.read_digit_and_frame(load(source))
    if explain:
        from inkdigits.digit.explain import explain as explain_frame
        from inkdigits.drawing import draw_explanation, write_picture

        write_picture(draw_explanation(frame, explain_frame(frame, reader.classifier)), explain)
        say(f"wrote {explain}")
    answer(json.dumps(digit.to_dict()) if as_json else describe(digit, source))


def load(source: str) -> "str | bytes | Photo":
    """What is to be read: a path, the bytes on standard input, or page 1 of a PDF."""
    if source == STDIN:
        return sys.stdin.buffer.read()
    if Path(source).suffix.lower() != ".pdf":
        return source
    from inkdigits.documents import Document

    with Document(source) as document:
        if len(document) > 1:
            say(f"page 1 of {len(document)}; inkdigits read reads them all")
        return document.load()


def describe(digit: "Digit", source: str) -> str:
    """One line for people."""
    from inkdigits.reader import SEVERAL
    from inkdigits.results import to_percent

    if digit.guess is None:
        return f"no digit: {digit.reason}"
    if digit.reason == SEVERAL:
        return f"{SEVERAL}: use inkdigits read {source}"
    order = sorted(range(10), key=lambda value: -digit.probabilities[value])
    next_best = f"next: {order[1]}, {to_percent(digit.probabilities[order[1]])}"
    if digit.value is None:
        return f"not sure enough to answer: perhaps {digit.guess}, {to_percent(digit.confidence)} ({next_best})"
    return f"{digit.value}   {to_percent(digit.confidence)} sure ({next_best})"
