"""Completion by the Tab key: the script that a shell needs, shown or installed."""

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from inkdigits.cli.talk import answer, say

VARIABLE = "_INKDIGITS_COMPLETE"
SHELLS = ("bash", "zsh", "fish")
# Where a shell finds the script, below the home folder, and the lines in its start file that load it. fish needs none.
SCRIPTS = {
    "bash": ".local/share/inkdigits/completion.bash",
    "zsh": ".local/share/inkdigits/completion.zsh",
    "fish": ".config/fish/completions/inkdigits.fish",
}
STARTS = {
    "bash": (".bashrc", 'source "{script}"'),
    "zsh": (".zshrc", 'autoload -Uz compinit && compinit && source "{script}"'),
}


def script_of(shell: str) -> str:
    """What a shell runs to complete commands of inkdigits."""
    kind = get_completion_class(shell)
    assert kind is not None, shell
    return kind(click.get_current_context().command, {}, "inkdigits", VARIABLE).source()


def show(ctx: click.Context, param: click.Parameter, shell: str | None) -> None:
    """Print the script."""
    if shell:
        answer(script_of(shell))
        ctx.exit()


def install(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    """Put the script where the shell in use finds it."""
    if not wanted:
        return
    shell = Path(os.environ.get("SHELL", "")).name
    if shell not in SHELLS:
        ctx.fail(
            f"Your shell ({shell or 'the variable SHELL is not set'}) is not one of {', '.join(SHELLS)}. "
            "Print the script for one of them with --show-completion."
        )
    script = Path.home() / SCRIPTS[shell]
    try:
        script.parent.mkdir(parents=True, exist_ok=True)
        script.write_text(script_of(shell), encoding="utf-8")
        say(f"wrote {script}")
        if shell in STARTS:
            name, line = STARTS[shell]
            add_line(Path.home() / name, line.format(script=script))
    except OSError as error:
        raise click.ClickException(f"{error.filename} cannot be written: {error.strerror}.") from error
    answer(f"Completion is installed for {shell}. It works in every new terminal.")
    ctx.exit()


def add_line(file: Path, line: str) -> None:
    """Add a line at the end of a file that lacks it; say so."""
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    if line not in text.splitlines():
        with file.open("a", encoding="utf-8") as out:
            out.write(f"{'' if text.endswith(chr(10)) or not text else chr(10)}{line}\n")
        say(f"added a line to {file}")


show_completion = click.option(
    "--show-completion",
    type=click.Choice(SHELLS),
    is_eager=True,
    expose_value=False,
    callback=show,
    help="Print the script that completes commands in this shell.",
)
install_completion = click.option(
    "--install-completion",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=install,
    help="Install it for the shell in use.",
)
