"""The options that say what a number may look like, for every command that reads numbers."""

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from inkdigits.check_digits import CHECKS
from inkdigits.cli.parameters import PATH, Option
from inkdigits.errors import DataError, DataNotFoundError, FormatError

if TYPE_CHECKING:
    from inkdigits.formats import Format

SECTION = "What a number may look like"
OPTIONS = (
    click.option("--digits", cls=Option, section=SECTION, metavar="N|N:N", help="How many digits it has: 4, or 1:3."),
    click.option("--decimals", cls=Option, section=SECTION, metavar="N|N:N", help="How many of them are decimals."),
    click.option("--sign", cls=Option, section=SECTION, is_flag=True, help="A plus or a minus may stand before it."),
    click.option(
        "--range", "limits", cls=Option, section=SECTION, metavar="A:B", help="From which value to which: 0:45."
    ),
    click.option("--pattern", cls=Option, section=SECTION, help="# for each digit, marks as they are: '##/##/####'."),
    click.option(
        "--choices", cls=Option, section=SECTION, type=PATH, metavar="FILE", help="All numbers there are, one per line."
    ),
    click.option(
        "--check", cls=Option, section=SECTION, type=click.Choice(list(CHECKS)), help="It ends in a check digit."
    ),
)


def format_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say what a number may look like; it gets `format`, a Format or None."""

    @wraps(command)
    def with_format(
        *args: Any,
        digits: str | None,
        decimals: str | None,
        sign: bool,
        limits: str | None,
        pattern: str | None,
        choices: Path | None,
        check: str | None,
        **kwargs: Any,
    ) -> Any:
        given = {
            "digits": digits,
            "decimals": decimals,
            "sign": sign or None,
            **split_range(limits),
            "pattern": pattern,
            "choices": load_choices(choices) if choices else None,
            "check": check,
        }
        return command(*args, format=to_format(given), **kwargs)

    for option in reversed(OPTIONS):
        with_format = option(with_format)
    return with_format


def to_format(given: dict[str, Any]) -> "Format | None":
    """The format that the options describe; None where none is given."""
    given = {name: value for name, value in given.items() if value is not None}
    if not given:
        return None
    from inkdigits.formats import Format

    try:
        return Format(**given)
    except FormatError as error:
        raise click.UsageError(f"The format is wrong: {error}") from error


def split_range(limits: str | None) -> dict[str, str | None]:
    """The least and the greatest value; either may be left out, as in `0:`."""
    if limits is None:
        return {}
    least, colon, most = limits.partition(":")
    if not colon or not (least or most):
        raise click.UsageError(f"{limits!r} is not a range. Give one such as 0:45, -40:50 or 0: (no greatest value).")
    return {"minimum": least or None, "maximum": most or None}


def load_choices(path: Path) -> list[str]:
    """The lines of a text file but for empty ones.

    Raises:
        DataError: no such file, or one that is not text.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except FileNotFoundError as error:
        raise DataNotFoundError(f"There is no file {path}. Give a text file with one number per line.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as text. Give a text file with one number per line.") from error
    return [line.strip() for line in lines if line.strip()]
