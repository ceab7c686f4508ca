"""The commands. Every heavy import stands inside its handler, so that `inkdigits --help` answers at once.

Data goes to stdout, talk and progress bars to stderr. Exit 0: all done; 1: something failed and is named; 2: usage.
"""

import atexit
import gc
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inkdigits import __version__
from inkdigits.errors import InkDigitsError

if TYPE_CHECKING:
    from inkdigits.results import Digit

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

Model = Annotated[
    str | None,
    typer.Option(help="A bundled net's name, a run folder or an .onnx file.", show_default="the bundled net"),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]
DATA = "mnist, an .npz, HDF5 or IDX file, or a folder of 0/…9/"


class ExportFormat(StrEnum):
    """The file formats of `inkdigits export`."""

    onnx = "onnx"
    onnx_8bit = "onnx-8bit"
    litert = "litert"


class Log(StrEnum):
    """What `inkdigits train` writes for other programs while it learns."""

    tensorboard = "tensorboard"


@app.callback(invoke_without_command=True)
def start(version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False) -> None:
    """Reads handwritten digits, and learns them. Try: inkdigits predict --image my-seven.png"""
    if version:
        _print(f"inkdigits {__version__}")
        raise typer.Exit


@app.command()
def predict(
    image: Annotated[str, typer.Option(help="A picture of one digit; - reads it from standard input.")],
    model: Model = None,
    as_json: AsJson = False,
    explain: Annotated[Path | None, typer.Option(help="Write a picture of which strokes spoke for the answer.")] = None,
) -> None:
    """Read a picture that shows one digit."""
    from inkdigits.reader import Reader

    reader = Reader(model)
    digit, frame = reader.read_digit_and_frame(sys.stdin.buffer.read() if image == "-" else image)
    if explain:
        from inkdigits.digit.explain import explain as explain_frame
        from inkdigits.drawing import draw_explanation, write_picture

        write_picture(draw_explanation(frame, explain_frame(frame, reader.classifier)), explain)
        _say(f"wrote {explain}")
    _print(json.dumps(digit.to_dict()) if as_json else _describe(digit))


@app.command()
def read(
    sources: Annotated[
        list[str], typer.Argument(metavar="FILE|DIR|-", help="Pictures, folders, patterns; - is stdin.")
    ],
    model: Model = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a picture.")] = False,
    draw: Annotated[Path | None, typer.Option(help="A folder for the pictures with boxes and values.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write one row a number: rows.csv or rows.jsonl.")] = None,
) -> None:
    """Read all numbers on photos and scans."""
    from inkdigits import batch

    results = []
    for result in batch.read_files(sources, model, draw=draw):
        results.append(result)
        if as_json:
            _print(json.dumps(result.to_dict(), ensure_ascii=False))
        elif result.reading is None:
            _say(f"inkdigits: {result.error}")
        elif not result.reading.lines:
            _say(f"{result.file}: no digits were found")
        elif [result.file] == sources:
            _print(result.reading.text)
        else:
            _print("\n".join(f"{result.file}: {line.text}" for line in result.reading.lines))
    if output:
        batch.write_rows(output, batch.rows(results))
        _say(f"wrote {output}")
    if not results or any(result.reading is None for result in results):
        raise typer.Exit(1)


@app.command()
def train(
    model: Annotated[
        str | None, typer.Argument(help="A net of the zoo; see inkdigits models.", show_default="cnn")
    ] = None,
    data: Annotated[list[str] | None, typer.Option(help=f"{DATA}; several are mixed.", show_default="mnist")] = None,
    from_model: Annotated[
        str | None, typer.Option("--from", help="Start from this bundled net, run, .keras or (transfer) .h5 file.")
    ] = None,
    teachers: Annotated[
        list[str] | None, typer.Option("--teacher", help="Learn from this net, too; several are a committee.")
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(min=1, help="How often to go through the data.", show_default="the net's own")
    ] = None,
    batch_size: Annotated[
        int | None, typer.Option(min=1, help="Pictures a step.", show_default="the net's own")
    ] = None,
    learning_rate: Annotated[
        float | None, typer.Option(help="The highest of the schedule; above 0, below 1.", show_default="the net's own")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="Same seed, same machine: same weights.", show_default="0")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The run folder.", show_default="runs/MODEL-N")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the run in --out, or with the last one.")
    ] = False,
    log: Annotated[Log | None, typer.Option(help="Write what TensorBoard reads.")] = None,
) -> None:
    """Train a net, measure it and export it into a run folder."""
    from inkdigits.training import TrainConfig, fit

    run = fit(
        TrainConfig(
            model=model,
            data=tuple(data) if data else None,
            from_model=from_model,
            teachers=tuple(teachers) if teachers else None,
            epochs=epochs,
            batch_size=batch_size,
            learning_rate=learning_rate,
            seed=seed,
            out=out,
            log=log.value if log else None,
            resume=resume,
        )
    )
    _print(_describe_run(run))


@app.command()
def evaluate(
    model: Annotated[
        str | None,
        typer.Argument(
            help="A bundled net's name, a run folder, a .keras or an .onnx file.", show_default="the bundled net"
        ),
    ] = None,
    data: Annotated[str, typer.Option(help=f"{DATA}.")] = "mnist",
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(help="A folder for confusion matrix, mistakes and samples.")] = None,
) -> None:
    """Measure a net on the MNIST test set or on your own data."""
    from inkdigits.training import evaluate as evaluate_model
    from inkdigits.training import load_images

    images = load_images(data)
    report = evaluate_model(model, images)
    if out:
        from inkdigits.training.reports.run_report import write_pictures

        out.mkdir(parents=True, exist_ok=True)
        for name in write_pictures(out, report, images.images):
            _say(f"wrote {out / name}")
    _print(json.dumps(report.to_dict()) if as_json else report.to_text())


@app.command()
def compare(
    models: Annotated[list[str], typer.Argument(help="Nets of the zoo, which are trained, or runs, which are not.")],
    seeds: Annotated[int, typer.Option(min=1, help="How often each net is trained.")] = 5,
    out: Annotated[
        Path | None, typer.Option(help="The folder for runs, table and chart.", show_default="runs/compare-N")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Train nets with several seeds and set them side by side."""
    from inkdigits.training import compare as compare_models

    comparison = compare_models(models, seeds, out)
    _print(json.dumps(comparison.to_dict()) if as_json else comparison.to_text())


@app.command()
def models() -> None:
    """List the nets that can be trained, and what those in the package are and can do."""
    from inkdigits.training.digit.zoo import list_models

    _print(list_models())


@app.command()
def export(
    run: Annotated[Path, typer.Argument(help="A run folder or a .keras file.")],
    format_: Annotated[
        ExportFormat,
        typer.Option(
            "--format", help="onnx runs nearly everywhere, onnx-8bit is small and fast, litert is for phones."
        ),
    ] = ExportFormat.onnx,
    out: Annotated[Path | None, typer.Option(help="The file to write.", show_default="beside the net")] = None,
) -> None:
    """Export a trained net, proven to answer as Keras does."""
    from inkdigits.training import export as export_model

    _print(str(export_model(run, format_.value, out)))


@app.command()
def serve(
    model: Model = None,
    host: Annotated[str, typer.Option(help="0.0.0.0 lets others in, by a token that is printed.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8000,
    corrections: Annotated[Path | None, typer.Option(help="Keep corrections in this SQLite file.")] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in your browser.")] = False,
) -> None:
    """Serve a page to draw on and an API."""
    from inkdigits.web.server import serve as serve_web

    serve_web(model, host, port, corrections, open_)


def main() -> None:
    """Run the command line; errors raised on purpose become one line on stderr and exit code 1."""
    # At its end Python looks for garbage in all that was ever loaded, though that memory goes anyway: let it not.
    # Nothing else is skipped. A whole `predict`: 250 instead of 305 ms of computing.
    atexit.register(gc.freeze)
    try:
        app()
    except InkDigitsError as error:
        _say(f"inkdigits: {error}")
        sys.exit(1)


def _describe(digit: "Digit") -> str:
    if digit.guess is None:
        return f"no digit: {digit.reason}"
    order = sorted(range(10), key=lambda value: -digit.probabilities[value])
    runner_up = f"next: {order[1]}, {digit.probabilities[order[1]]:.1%}"
    if digit.value is None:
        return f"not sure: perhaps {digit.guess}, {digit.confidence:.1%} ({runner_up}); {digit.reason}"
    return f"{digit.value}   {digit.confidence:.1%} sure ({runner_up})"


def _describe_run(run: Path) -> str:
    """How good the net is, what it reads in the package's pictures, and what to try next."""
    from inkdigits.reader import Reader
    from inkdigits.samples import load_samples
    from inkdigits.training.runs.folders import read_config

    test = read_config(run)["reports"]["test"]
    low, high = test["interval"]
    lines = [
        f"{test['accuracy']:.2%} of the {test['n']:,} test pictures of MNIST read right "
        f"({test['misses']} misread; 95% interval {low:.2%} to {high:.2%}).",
        "",
        "The pictures that come with inkdigits, read by this net:",
    ]
    reader = Reader(run)
    for path, text in load_samples():
        got = reader.read(path).text
        lines.append(
            f"  {path.name:<11} {got.replace(chr(10), ' / '):<22} "
            + ("right" if got == text else f"should be {text!r}")
        )
    lines += [
        "",
        f"Curves, confusion matrix and mistakes: {run / 'report.html'}",
        f"Read a picture of your own: inkdigits predict --image my-digit.png --model {run}",
    ]
    return "\n".join(lines)


def _print(text: str) -> None:
    typer.echo(text)


def _say(text: str) -> None:
    typer.echo(text, err=True)
