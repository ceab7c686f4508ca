"""`inkdigits table`: photographed tables as rows and columns."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from inkdigits.cli.parameters import PATH, Command, quiet, recognizer, sources
from inkdigits.cli.talk import answer, complain, count, say, tell_resuming

if TYPE_CHECKING:
    from inkdigits.table_files import TableResult


@click.command(cls=Command)
@sources
@click.option("--columns", type=PATH, metavar="TOML", help="A template: names and formats of the columns, checks.")
@click.option("--suggest", is_flag=True, help="Make a first template from these sheets, to be edited.")
@click.option("-o", "--output", type=PATH, help="values.csv, .xlsx or .jsonl; or a folder, for one .csv per table.")
@click.option("--bom", is_flag=True, help="Begin .csv files so that spreadsheet programs know their encoding.")
@click.option(
    "--review", type=PATH, metavar="DIR", help="Write a page into this folder on which to check what is unsure."
)
@click.option("--draw", type=PATH, metavar="DIR", help="Write each picture with grid and values into this folder.")
@click.option("--resume", is_flag=True, help="Go on with a run that was stopped; needs the same --output.")
@recognizer
@quiet
@click.pass_context
def table(
    ctx: click.Context,
    sources: tuple[str, ...],
    columns: Path | None,
    suggest: bool,
    output: Path | None,
    bom: bool,
    review: Path | None,
    draw: Path | None,
    resume: bool,
    recognizer: Path | None,
) -> None:
    """Read tables on photos and scans, for a spreadsheet."""
    if not sources:
        ctx.fail("Give at least one picture or folder: inkdigits table FILE")
    if resume and not output:
        ctx.fail("--resume goes on with a run that writes a file. Give its --output, too.")
    if suggest and (columns or review or resume or bom):
        ctx.fail("--suggest makes a template and gives no values. Leave the other options out.")
    if review and "-" in sources:
        ctx.fail("--review shows the pictures again, which standard input cannot. Give files.")
    from inkdigits.outputs import check_folder, check_new_file, write_bytes
    from inkdigits.table.columns import to_template
    from inkdigits.table_files import check_output, read_table_files, to_long, write_tables
    from inkdigits.table_journal import TableJournal

    template = to_template(columns)
    if output and suggest:
        check_new_file(output, (".toml",))
    elif output:
        check_output(output)
    for folder in filter(None, (draw, review)):
        check_folder(folder)
    if review:
        check_new_file(review / "review.html", (".html",))
    from inkdigits.bulk.paths import find_files
    from inkdigits.reader import Reader

    files = list(find_files(sources, draw))
    reader = Reader(recognizer=recognizer)
    journal = TableJournal.beside(None if suggest else output, template, str(recognizer or ""))
    ctx.call_on_close(journal.close)
    if done := journal.open(resume):
        say(f"{count(done, 'file')} of {len(files):,} read already")
    results = []
    try:
        for result in read_table_files(files, reader, journal, draw, progress=True):
            results.append(result)
            if result.error:
                complain(result.error if result.file in result.error else f"{result.file}: {result.error}")
    except KeyboardInterrupt as stop:
        raise KeyboardInterrupt(tell_resuming(bool(output and results))) from stop
    found = [one for result in results for one in result.tables]
    if draw and found:
        say(f"wrote {count(sum(bool(result.tables) for result in results), 'picture')} with grid and values to {draw}/")
    if suggest:
        from inkdigits.table.suggest import suggest_template

        if found and output:
            write_bytes(output, suggest_template(found).encode())
            say(f"wrote {output}: give the columns their names there")
        elif found:
            answer(suggest_template(found).rstrip())
    elif output and found:
        written = write_tables(output, results, bom)
        say(f"wrote {count(len(found), 'table')} to {', '.join(map(str, written)) if len(written) < 3 else output}")
    elif found:
        from inkdigits.table.spreadsheets import to_csv

        answer(to_csv(to_long(results)).rstrip("\n"))
    if review and found:
        from inkdigits.table.review import write_review
        from inkdigits.table_files import Sheets

        page = write_review(review, Sheets(results))
        say(f"wrote {page}: open it in a browser to check what is not sure")
    journal.discard()
    if found and not suggest:
        tell_doubt(results)
    if any(result.error for result in results):
        ctx.exit(1)


def tell_doubt(results: "list[TableResult]") -> None:
    """Say how many cells are not sure."""
    cells = [cell for result in results for one in result.tables for cell in one.cells if cell.row >= one.header_rows]
    unsure = sum(cell.status == "unsure" for cell in cells)
    if unsure:
        say(f"{unsure:,} of {count(len(cells), 'cell')} are not sure; see --review and --draw")
