"""`inkdigits evaluate` and `compare`: how good models are."""

import json
from pathlib import Path

import click

from inkdigits.cli.parameters import DATA, PATH, Argument, Command, Model, Whole, as_json, quiet
from inkdigits.cli.talk import answer, say


@click.command(cls=Command)
@click.argument(
    "model",
    cls=Argument,
    type=Model(),
    required=False,
    help="A name from inkdigits models, a run folder, a .keras or an .onnx file; by default convnet.",
)
@click.option("--data", default="mnist", show_default=True, metavar="SRC", help=f"{DATA}.")
@as_json
@click.option("--out", type=PATH, metavar="DIR", help="A folder for confusion matrix, mistakes and samples.")
@quiet
def evaluate(model: str | None, data: str, as_json: bool, out: Path | None) -> None:
    """Measure a model on the MNIST test set or on your own data."""
    if out:
        from inkdigits.outputs import check_folder

        check_folder(out)
    from inkdigits.training import evaluate as evaluate_model
    from inkdigits.training import load_images

    images = load_images(data)
    report = evaluate_model(model, images)
    if out:
        from inkdigits.training.reports.run_report import write_pictures

        names = write_pictures(out, report, images.images)
        say(f"wrote {out / 'confusion.csv'}")
        for name in names:
            say(f"wrote {out / name}.png")
    answer(json.dumps(report.to_dict()) if as_json else report.to_text())


@click.command(cls=Command)
@click.argument(
    "models",
    cls=Argument,
    type=Model(trainable=True),
    nargs=-1,
    required=True,
    metavar="MODEL...",
    help="Names from inkdigits models, which are trained; run folders and files, which are measured as they are.",
)
@click.option("--seeds", type=Whole(1), default=5, show_default=True, help="How often to train each model.")
@click.option(
    "--out", type=PATH, metavar="DIR", help="The folder for runs, table and chart; by default runs/compare-N."
)
@as_json
@quiet
def compare(models: tuple[str, ...], seeds: int, out: Path | None, as_json: bool) -> None:
    """Train models with several seeds and set them side by side."""
    from inkdigits.training import compare as compare_models

    comparison = compare_models(models, seeds, out)
    for name in ("comparison.txt", "comparison.json", "comparison.png"):
        say(f"wrote {comparison.folder / name}")
    answer(json.dumps(comparison.to_dict()) if as_json else comparison.to_text())
