"""The commands, one module per group. Heavy imports stand inside the handlers, so that `inkdigits -h` answers at once.

Exit 0: all done; 1: something failed and is named; 2: the command was not understood; 130: stopped by Ctrl+C.
"""

import atexit
import gc
import sys

import click

from inkdigits import __version__
from inkdigits.cli.completion import install_completion, show_completion
from inkdigits.cli.evaluate import compare, evaluate
from inkdigits.cli.models import export, models
from inkdigits.cli.predict import predict
from inkdigits.cli.read import read
from inkdigits.cli.serve import serve
from inkdigits.cli.table import table
from inkdigits.cli.talk import STOPPED, complain
from inkdigits.cli.train import train
from inkdigits.errors import InkDigitsError, did_you_mean


class Commands(click.Group):
    """The commands in the order in which one needs them, not by name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is meant; click suggests one from 8.4 on only."""
        if args[0] not in self.commands and not args[0].startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"There is no command {args[0]!r}.{did_you_mean(args[0], self.commands)}")
        return super().resolve_command(ctx, args)


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Try: inkdigits read photo.jpg",
)
@click.version_option(__version__, "-V", "--version", prog_name="inkdigits", message="%(prog)s %(version)s")
@show_completion
@install_completion
def app() -> None:
    """Read handwritten digits and numbers, offline, and train models that do."""


for command in (predict, read, table, train, evaluate, compare, models, export, serve):
    app.add_command(command)


def main() -> None:
    """Run the command line. Errors raised on purpose become one line on standard error, and an exit code."""
    # At its end Python looks for garbage in all that was ever loaded, though that memory goes anyway: let it not.
    # Nothing else is skipped. A whole `predict`: 250 instead of 305 ms of computing.
    atexit.register(gc.freeze)
    try:
        sys.exit(app(prog_name="inkdigits", standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort as stop:
        complain(str(stop.__cause__ or "") or "stopped")
        sys.exit(STOPPED)
    except InkDigitsError as error:
        complain(str(error))
        sys.exit(1)
