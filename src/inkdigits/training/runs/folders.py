"""Run folders: where they are, and how their files are written so that none is ever half there."""

import csv
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from inkdigits.errors import RunError

RUNS = Path("runs")
# How the name of an exported file ends, by its format.
ENDINGS = {"onnx": ".onnx", "onnx-8bit": "-8bit.onnx", "litert": ".tflite"}
# The columns of a classifier's history.csv.
HISTORY = ("epoch", "loss", "accuracy", "val_loss", "val_accuracy", "learning_rate", "seconds")


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Gives a name beside `path` to write to; what was written takes the place of `path` if all went well.

    The folder of `path` is made where it is missing.

    Raises:
        RunError: it could not be written.
    """
    part = path.with_name(f".part-{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield part
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise RunError(f"{path} cannot be written: {error.strerror or error}.") from error


def new_run(model: str, out: str | Path | None) -> Path:
    """Make the folder of a new run: `out`, or the next free `runs/<model>-<n>`.

    Raises:
        RunError: `out` is not empty, or the folder cannot be made.
    """
    try:
        if out is not None:
            run = Path(out)
            run.mkdir(parents=True, exist_ok=True)
            if any(run.iterdir()):
                raise RunError(f"{run} is not empty. Go on with its run by --resume, or give another --out.")
            return run
        while True:
            numbers = [path.name.removeprefix(f"{model}-") for path in RUNS.glob(f"{model}-*")]
            run = RUNS / f"{model}-{max((int(number) for number in numbers if number.isdigit()), default=0) + 1}"
            try:
                run.mkdir(parents=True)
            except FileExistsError:  # another training took the number meanwhile
                if run.is_dir():
                    continue
                raise
            return run
    except OSError as error:
        raise RunError(f"The run folder {out or RUNS} cannot be made: {error.strerror}. Give another --out.") from error


def find_unfinished(model: str | None) -> Path:
    """The newest run in `runs/` that is not complete, of that net if one is named.

    Raises:
        RunError: there is none.
    """
    runs = sorted(RUNS.glob(f"{model or '*'}-*/config.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for path in runs:
        if read_config(path.parent)["status"] != "complete":
            return path.parent
    raise RunError(f"There is no run to go on with in {RUNS}/. Name its folder with --out, or leave out --resume.")


def read_config(run: Path) -> dict[str, Any]:
    """The config.json of a run.

    Raises:
        RunError: none there, or a broken one.
    """
    path = run / "config.json"
    try:
        config: Any = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise RunError(f"{run} is not a run folder: it has no config.json.") from error
    except (OSError, ValueError) as error:
        raise RunError(f"{path} cannot be read: {error}.") from error
    if not isinstance(config, dict) or "status" not in config:
        raise RunError(f"{path} is not that of a run.")
    return config


def write_config(run: Path, config: dict[str, Any]) -> None:
    """Write config.json."""
    with replacing(run / "config.json") as part:
        part.write_text(json.dumps(config, indent=2, ensure_ascii=False) + "\n", "utf-8")


def write_history(run: Path, history: Sequence[dict[str, float]]) -> None:
    """Write history.csv: one row an epoch; without one, the columns of `HISTORY` alone."""
    with replacing(run / "history.csv") as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(history[0]) if history else HISTORY)
        writer.writeheader()
        writer.writerows(history)


def export_name(model: str | Path, form: str) -> str:
    """What an exported model is called unless the user says otherwise: `cnn-1.onnx` of the run `runs/cnn-1`."""
    path = Path(model)
    return f"{path.stem if path.suffix == '.keras' else path.resolve().name}{ENDINGS[form]}"
