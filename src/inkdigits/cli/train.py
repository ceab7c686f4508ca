"""`inkdigits train`: a model learns."""

from pathlib import Path
from typing import Any

import click

from inkdigits.cli.parameters import DATA, PATH, Argument, Command, Fraction, Model, Trainable, Whole, quiet
from inkdigits.cli.talk import STOPPED, answer


@click.command(cls=Command)
@click.argument(
    "model",
    cls=Argument,
    type=Trainable(),
    required=False,
    help="What to train: a name from inkdigits models, recognizer or detector; by default cnn.",
)
@click.option(
    "--data",
    multiple=True,
    type=click.Path(),
    help=f"{DATA}; by default mnist. For the recognizer a CSV with the columns file and text, or a folder with a "
    "checked.csv. Several are mixed. With --from, your own digits are mixed with mnist.",
    metavar="SRC",
)
@click.option(
    "--from",
    "from_model",
    type=Model(),
    help="Start from a model of the package, a run folder or a .keras file. bundled: the one that is used by default.",
)
@click.option(
    "--teacher", "teachers", multiple=True, type=Model(), help="Learn from this model, too. Several are a committee."
)
@click.option("--epochs", type=Whole(1), help="How often to go through the data; each model has its own default.")
@click.option("--batch-size", type=Whole(1), help="Pictures per step.")
@click.option("--learning-rate", type=Fraction(0.003), help="The peak learning rate.")
@click.option("--seed", type=Whole(0), help="Same seed, same machine: same model. By default 0.")
@click.option("--out", type=PATH, metavar="RUN", help="The run folder; by default runs/MODEL-N.")
@click.option("--resume", is_flag=True, help="Go on with the run in --out, or with the last one that was stopped.")
@click.option("--log", type=click.Choice(["tensorboard"]), help="Write what TensorBoard reads.")
@quiet
@click.pass_context
def train(
    ctx: click.Context,
    model: str | None,
    data: tuple[str, ...],
    from_model: str | None,
    teachers: tuple[str, ...],
    epochs: int | None,
    batch_size: int | None,
    learning_rate: float | None,
    seed: int | None,
    out: Path | None,
    resume: bool,
    log: str | None,
) -> None:
    """Train a model, measure it and export it, all into a run folder."""
    from inkdigits.training import TrainConfig, fit

    run = fit(
        TrainConfig(
            model=model,
            data=data or None,
            from_model=from_model,
            teachers=teachers or None,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            out=out,
            log=log,
            resume=resume,
        )
    )
    from inkdigits.training.runs.folders import read_config

    config = read_config(run)
    if "verdict" in config:
        answer(describe_own(run, config))
    else:
        answer(describe(run, config["reports"]["test"]) if "reports" in config else describe_page_net(run, config))
    if config["status"] != "complete":
        ctx.exit(STOPPED)
    if not config.get("kept", True):
        ctx.exit(1)


def describe(run: Path, test: dict[str, Any]) -> str:
    """How good the model is, what it reads in the package's pictures, and what to try next."""
    from inkdigits.reader import Reader
    from inkdigits.samples import load_samples

    low, high = test["interval"]
    lines = [
        f"{test['accuracy']:.2%} of the {test['n']:,} test pictures of MNIST read right "
        f"({test['misses']} misread; 95% interval {low:.2%} to {high:.2%}).",
        "",
        "The pictures that come with inkdigits, read by this model:",
    ]
    reader = Reader(run)
    for path, text in load_samples():
        read = reader.read(path).text
        verdict = "right" if read == text else f"should be {_on_one_line(text)}"
        lines.append(f"  {path.name:<11} {_on_one_line(read) or '–':<22} {verdict}")
    lines += [
        "",
        f"Curves, confusion matrix and mistakes: {run / 'report.html'}",
        f"Read a picture of your own: inkdigits predict my-digit.png --model {run}",
    ]
    return "\n".join(lines)


def describe_page_net(run: Path, config: dict[str, Any]) -> str:
    """How good a detector or recognizer is, and what to try next."""
    held_out = config["held_out"]
    if config["model"] == "detector":
        return f"Loss on {held_out['n']:,} held-out patches: {held_out['val_loss']:.4f}. It is in {run}."
    low, high = held_out["interval"]
    lines = [
        f"{held_out['accuracy']:.2%} of {held_out['n']:,} composed numbers read right "
        f"(95% interval {low:.2%} to {high:.2%})."
    ]
    return "\n".join([*lines, f"Read with it: inkdigits read page.jpg --recognizer {run}"])


def describe_own(run: Path, config: dict[str, Any]) -> str:
    """Whether a model that learnt from the user takes the place of the one before, why, and what to try next."""
    from inkdigits.training.judging import to_estimate

    lines = [config["verdict"]]
    if estimate := to_estimate(config["own"]):
        lines.append(f"By {estimate.n:,} cells drawn at random, {estimate.to_text()} (model before).")
    if not config["kept"]:
        lines.append(f"The model before stays in use; this one is {run / 'candidate.onnx'}.")
    elif config["model"] == "recognizer":
        lines.append(f"Read with it: inkdigits read page.jpg --recognizer {run}")
    else:
        lines.append(f"Read with it: inkdigits predict my-digit.png --model {run}")
    return "\n".join([*lines, f"What it learnt, what is in doubt, and how it gets better: {run / 'learning.html'}"])


def _on_one_line(text: str) -> str:
    return text.replace("\n", " / ")
