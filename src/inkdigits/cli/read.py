"""`inkdigits read`: all numbers on many pictures."""

import json
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import click

from inkdigits.cli.formats import format_options
from inkdigits.cli.parameters import PATH, Command, Fraction, Whole, model, quiet, recognizer, sources
from inkdigits.cli.talk import answer, complain, count, say, tell_resuming

if TYPE_CHECKING:
    from inkdigits.batch import FileResult
    from inkdigits.formats import Format

# What is more likely wrong than right is not shown as if it were read.
MIN_CONFIDENCE = 0.5


@click.command(cls=Command)
@sources
@model
@recognizer
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per picture.")
@click.option("--draw", type=PATH, metavar="DIR", help="Write each picture with boxes and values into this folder.")
@click.option("--output", type=PATH, help="Write one row per number: rows.csv, .jsonl, .xlsx or .parquet.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped; needs the same --output.")
@click.option(
    "--files-from", type=click.File(errors="surrogateescape"), metavar="LIST", help="Read what it names, a path a line."
)
@click.option("--cells", is_flag=True, help="Each picture is one number: a cell, a field of a form.")
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
    recognizer: Path | None,
    as_json: bool,
    draw: Path | None,
    output: Path | None,
    resume: bool,
    files_from: TextIO | None,
    cells: bool,
    jobs: int | None,
    min_confidence: float,
    format: "Format | None",
) -> None:
    """Read all numbers on photos and scans."""
    if not sources and not files_from:
        ctx.fail("Give at least one picture or folder: inkdigits read FILE")
    if resume and not output:
        ctx.fail("--resume goes on with a run that writes a file. Give its --output, too.")
    from inkdigits.outputs import check_folder

    if draw:
        if any(Path(source).is_dir() and is_below(draw, Path(source)) for source in sources):
            say(f"{draw}/ is left out: the pictures with boxes go there")
        check_folder(draw)
    from inkdigits.batch import How, read_groups
    from inkdigits.bulk.row_files import RowFile

    how = How(model, format, min_confidence, cells, draw, recognizer)
    named: Iterable[str] = sources
    if files_from:
        named = chain(sources, filter(None, (line.rstrip("\r\n") for line in files_from)))
    told = Told()
    with ExitStack() as stack:
        row_file = stack.enter_context(RowFile(output, how.to_about(), resume)) if output else None
        if row_file and row_file.journal.done:
            say(f"{count(row_file.journal.done, 'file')} read already; going on")
        try:
            for key, group in read_groups(named, how, jobs, progress=True, row_file=row_file):
                if row_file:
                    row_file.put(key, group)
                for result in group or ():
                    show(result, as_json, alone=(result.file,) == sources)
                    told.add(result)
            if row_file:
                row_file.finish()
        except KeyboardInterrupt as stop:
            raise KeyboardInterrupt(tell_resuming(row_file is not None)) from stop
    if draw and told.readings:
        say(f"wrote {count(told.readings, 'picture')} with boxes to {draw}/")
    if row_file:
        say(f"wrote {count(row_file.journal.rows, 'row')} to {output}")
    if told.is_unsure:
        fits = "does not fit, or is not sure" if format else "is not sure"
        say(f"? stands for a digit or mark that {fits}; see --min-confidence")
    if told.errors or (row_file and row_file.journal.errors):
        ctx.exit(1)


@dataclass
class Told:
    """What there is to say at the end.

    Attributes:
        readings: how many pictures were read.
        errors: how many were not.
        is_unsure: whether any has a `?`.
    """

    readings: int = 0
    errors: int = 0
    is_unsure: bool = False

    def add(self, result: "FileResult") -> None:
        """Take one more result into account."""
        self.readings += result.reading is not None
        self.errors += result.reading is None
        self.is_unsure = self.is_unsure or (result.reading is not None and "?" in result.reading.text)


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
