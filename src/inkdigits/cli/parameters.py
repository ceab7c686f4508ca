"""What can follow a command: arguments with their help, numbers, models, and the options that commands share."""

import contextlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.shell_completion import CompletionItem

from inkdigits.errors import ModelNotFoundError, did_you_mean

if TYPE_CHECKING:
    ParamType = click.ParamType[Any]
else:
    ParamType = click.ParamType  # it takes no brackets before click 8.4

DATA = "mnist, an .npz, HDF5 or IDX file, or a folder with the folders 0 to 9"
PATH = click.Path(path_type=Path)
# In `Context.meta`: where errors go while talk is dropped.
ERRORS = "inkdigits.errors"


class Argument(click.Argument):
    """An argument that the command's help explains."""

    def __init__(self, *args: Any, help: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.help = help


class Option(click.Option):
    """An option that the command's help lists under a heading of its own."""

    def __init__(self, *args: Any, section: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.section = section


class Command(click.Command):
    """A command whose help lists its arguments above its options. click does so from 8.5 on, in its own words."""

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Nothing: `format_options` has written them."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The arguments, then the options, those of a section behind the others."""
        arguments = [(one.human_readable_name, one.help) for one in self.params if isinstance(one, Argument)]
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl([(name, text or "") for name, text in arguments])
        sections: dict[str, list[tuple[str, str]]] = {"Options": []}
        for one in self.get_params(ctx):
            record = one.get_help_record(ctx) if isinstance(one, click.Option) else None
            if record:
                sections.setdefault(getattr(one, "section", "Options"), []).append(record)
        for section, records in sections.items():
            with formatter.section(section):
                formatter.write_dl(records)


class Whole(ParamType):
    """A whole number."""

    name = "N"

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least, self.most = least, most

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that was typed; anything else is refused in plain words."""
        bounds = f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"
        try:
            number = int(value)
        except ValueError:
            self.fail(f"{value!r} is not a whole number. Give {bounds}.", param, ctx)
        if number < self.least or (self.most is not None and number > self.most):
            self.fail(f"{number} is too {'small' if number < self.least else 'large'}. Give {bounds}.", param, ctx)
        return number


class Fraction(ParamType):
    """A number from 0 to below 1."""

    name = "P"

    def __init__(self, example: float) -> None:
        self.example = example

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that was typed; anything else is refused in plain words."""
        try:
            number = float(value)
        except ValueError:
            number = 1.0
        if not 0 <= number < 1:
            self.fail(f"{value!r} is not a number from 0 to below 1. Give one such as {self.example}.", param, ctx)
        return number


class Model(ParamType):
    """A trained model: a name, a run folder, a file; or one that can be trained, where `trainable`."""

    name = "MODEL"

    def __init__(self, trainable: bool = False) -> None:
        self.trainable = trainable

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """What was typed. A model that is only known by name gets the advice to train it.

        Raises:
            ModelNotFoundError: it can be trained, but is not in the package; or nothing is known by that name.
        """
        from inkdigits.onnx_files import find_bundled

        if value not in find_bundled() and not Path(value).exists():
            from inkdigits.training.digit.zoo import MODELS
            from inkdigits.training.presets import check_name

            if self.trainable:
                return check_name(value, MODELS)
            if value in MODELS:
                raise ModelNotFoundError(
                    f"{value} is not trained yet. Train it with: inkdigits train {value}. Then give its run folder, "
                    f"such as runs/{value}-1."
                )
            question = did_you_mean(value, MODELS)
            if question:
                known = ", ".join(sorted(find_bundled()))
                raise ModelNotFoundError(
                    f"There is no model {value!r}.{question} In the package: {known}. Or give a run folder or file."
                )
        return str(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Names that begin so; files and folders where none does."""
        from inkdigits.onnx_files import find_bundled
        from inkdigits.training.digit.zoo import MODELS

        names = [name for name in (MODELS if self.trainable else find_bundled()) if name.startswith(incomplete)]
        return [CompletionItem(name) for name in names] or [CompletionItem(incomplete, type="file")]


class Trainable(ParamType):
    """The name of a model that can be trained."""

    name = "MODEL"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, checked before Keras is loaded, which takes seconds.

        Raises:
            ModelNotFoundError: there is no such model; the message lists the names.
        """
        from inkdigits.training.presets import check_name

        return check_name(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        """Names that begin so, with what each is."""
        from inkdigits.training.digit.zoo import MODELS
        from inkdigits.training.presets import PAGE_NETS

        about = {name: model.description for name, model in MODELS.items()} | PAGE_NETS
        return [CompletionItem(name, help=text) for name, text in about.items() if name.startswith(incomplete)]


def drop_talk(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    """What the option --quiet does: until the command ends, only errors reach standard error."""
    if value:
        ctx.meta[ERRORS] = sys.stderr
        nowhere = ctx.with_resource(Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 (click closes it)
        ctx.with_resource(contextlib.redirect_stderr(nowhere))


model = click.option(
    "--model",
    type=Model(),
    help="A name from inkdigits models, a run folder or an .onnx file.",
)
recognizer = click.option(
    "--recognizer", type=PATH, metavar="RUN", help="A recognizer that you trained: a run folder, an .onnx file."
)
sources = click.argument(
    "sources",
    cls=Argument,
    type=click.Path(),
    nargs=-1,
    metavar="FILE|DIR|-...",
    help="Pictures, PDFs, folders, patterns such as 'scans/*.jpg'; - is stdin.",
)
as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
quiet = click.option(
    "-q", "--quiet", is_flag=True, expose_value=False, callback=drop_talk, help="No progress bar, no talk; errors stay."
)
