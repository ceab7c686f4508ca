"""What a command says: answers on standard output, talk and errors on standard error."""

import shlex
import sys
from typing import IO

import click

from inkdigits.cli.parameters import ERRORS

# The exit code after Ctrl+C, as shells have it.
STOPPED = 130


def answer(text: str) -> None:
    """Print what was asked for. A progress bar on the terminal makes room for it."""
    _write(text, sys.stdout)


def say(text: str) -> None:
    """Say what is going on; --quiet drops it."""
    _write(text, sys.stderr)


def complain(text: str) -> None:
    """Say what went wrong, whatever --quiet says."""
    context = click.get_current_context(silent=True)
    kept: IO[str] | None = context.meta.get(ERRORS) if context else None
    _write(f"inkdigits: {text}", kept or sys.stderr)


def count(number: int, noun: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def tell_resuming(is_kept: bool) -> str:
    """What is said after Ctrl+C: the command that goes on, where something is kept."""
    if not is_kept:
        return "stopped"
    given = [one for one in sys.argv[1:] if one != "--resume"]
    return f"stopped; go on with: {shlex.join(['inkdigits', *given, '--resume'])}"


def _write(text: str, file: IO[str]) -> None:
    if "tqdm" in sys.modules:  # a bar may be on the terminal: it is wiped, and drawn again below the text
        from tqdm import tqdm

        tqdm.write(text, file=file)
        file.flush()
    else:
        click.echo(text, file=file)
