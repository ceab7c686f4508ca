"""`inkdigits models` and `export`: which models there are, and a trained one for other programs."""

from pathlib import Path
from typing import Literal, get_args

import click

from inkdigits.cli.parameters import PATH, Argument, Command, Model, quiet
from inkdigits.cli.talk import answer, say

Format = Literal["onnx", "onnx-8bit", "litert"]
FORMATS: tuple[Format, ...] = get_args(Format)


@click.command(cls=Command)
def models() -> None:
    """List the models: what each is, costs and can do."""
    from inkdigits.training.digit.zoo import list_models

    answer(list_models())


@click.command(cls=Command)
@click.argument("model", cls=Argument, type=Model(), help="A run folder, a .keras file or a model in the package.")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="onnx",
    show_default=True,
    help="onnx runs nearly everywhere, onnx-8bit is small and fast, litert is for phones.",
)
@click.option(
    "--out", type=PATH, metavar="FILE", help="The file to write; by default NAME.onnx, NAME-8bit.onnx or NAME.tflite."
)
@quiet
def export(model: str, form: Format, out: Path | None) -> None:
    """Export a trained model for other programs.

    The file is checked to give the same answers as Keras before it is put in place.
    """
    from inkdigits.outputs import check_new_file
    from inkdigits.training.runs.folders import ENDINGS, export_name

    path = out or Path(export_name(model, form))
    beside = path.with_suffix(".json") if form == "litert" else None
    check_new_file(path, (Path(f"name{ENDINGS[form]}").suffix,))
    if beside:
        check_new_file(beside, (".json",))
    from inkdigits.training import export as export_model

    export_model(model, form, path)
    if beside:
        say(f"wrote {beside}")
    answer(str(path))
