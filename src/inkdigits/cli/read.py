"""`inkdigits read`: all numbers on many pictures."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkdigits.cli.formats import format_options
from inkdigits.cli.parameters import PATH, Argument, Command, Fraction, Whole, model, quiet
from inkdigits.cli.talk import answer, complain, count, say

if TYPE_CHECKING:
    from inkdigits.batch import FileResult
    from inkdigits.formats import Format

# What is more likely wrong than right is not shown as if it were read.
MIN_CONFIDENCE = 0.5


@click.command(cls=Command)
@click.argument(
    "sources",
    cls=Argument,
    type=click.Path(),
    nargs=-1,
    metavar="FILE|DIR|-...",
    help="Pictures, PDFs, folders, patterns such as 'scans/*.jpg'; - is stdin.",
)
@model
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per picture.")
@click.option("--draw", type=PATH, metavar="DIR", help="Write each picture with boxes and values into this folder.")
@click.option("--output", type=PATH, help="Write one row per number: rows.csv, rows.jsonl or rows.xlsx.")
@click.option("--jobs", type=Whole(1), help="How many processes read; by default one per core.")
@click.option(
    "--min-confidence",
    type=Fraction(0.9),
    default=MIN_CONFIDENCE,
    show_default=True,
    help="In a number less sure than this, the digits in doubt become ?.",
)
@format_options
@quiet
@click.pass_context
def read(
    ctx: click.Context,
    sources: tuple[str, ...],
    model: str | None,
    as_json: bool,
    draw: Path | None,
    output: Path | None,
    jobs: int | None,
    min_confidence: float,
    format: "Format | None",
) -> None:
    """Read all numbers on photos and scans."""
    if not sources:
        ctx.fail("Give at least one picture or folder: inkdigits read FILE")
    from inkdigits.outputs import check_folder, check_rows, rows, write_rows

    if output:
        check_rows(output)
    if draw:
        if any(Path(source).is_dir() and is_below(draw, Path(source)) for source in sources):
            say(f"{draw}/ is left out: the pictures with boxes go there")
        check_folder(draw)
    from inkdigits.batch import read_files

    results = []
    for result in read_files(sources, model, jobs, draw, min_confidence, progress=True, format=format):
        results.append(result)
        show(result, as_json, alone=(result.file,) == sources)
    readings = [result.reading for result in results if result.reading]
    if draw and readings:
        say(f"wrote {count(len(readings), 'picture')} with boxes to {draw}/")
    if output:
        say(f"wrote {count(write_rows(output, rows(results)), 'row')} to {output}")
    if any("?" in reading.text for reading in readings):
        fits = "does not fit, or is not sure" if format else "is not sure"
        say(f"? stands for a digit or mark that {fits}; see --min-confidence")
    if len(readings) < len(results):
        ctx.exit(1)


def show(result: "FileResult", as_json: bool, alone: bool) -> None:
    """Print what was read of a picture, with its name unless it is the only one."""
    if as_json:
        answer(json.dumps(result.to_dict(), ensure_ascii=False))
    elif result.reading is None:
        complain(result.error)
    elif not result.reading.lines:
        say(f"{result.file}: no digits were found")
    elif alone:
        answer(result.reading.text)
    else:
        answer("\n".join(f"{result.file}: {line.text}" for line in result.reading.lines))


def is_below(folder: Path, above: Path) -> bool:
    """Whether a folder exists below another one."""
    return folder.is_dir() and folder.resolve().is_relative_to(above.resolve())
