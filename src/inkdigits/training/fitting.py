"""Training from beginning to end, for all nets: data → net → contract → files → report, all in one run folder."""

import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from inkdigits.errors import RunError
from inkdigits.training.config import MNIST, Settings, TrainConfig
from inkdigits.training.data.sources import load_split
from inkdigits.training.detector.task import DetectorTask
from inkdigits.training.digit.models import load_model
from inkdigits.training.digit.own import load_own_digits
from inkdigits.training.digit.task import DigitTask
from inkdigits.training.evaluation.gate import foretell
from inkdigits.training.finishing import finish
from inkdigits.training.presets import DETECTOR, RECOGNIZER
from inkdigits.training.recognizer.own import load_own
from inkdigits.training.recognizer.task import RecognizerTask
from inkdigits.training.reports.card import unit_of
from inkdigits.training.runs.folders import find_unfinished, new_run, read_config, write_config
from inkdigits.training.runs.provenance import commit, machine, versions
from inkdigits.training.starts import build_start, load_start
from inkdigits.training.trainer import OWN, Task, learn


def fit(config: TrainConfig) -> Path:
    """Train a model and write down all there is to know about it.

    Ctrl-C ends the training early, but what was learnt so far is kept, exported and reported like any other.

    Args:
        config: what to train; `TrainConfig()` trains the cnn on MNIST, in less than a minute on two cores with AVX-512.

    Returns:
        The run folder: config.json, model.keras, model.onnx, history.csv and curves.png; for a classifier more *.png,
        confusion.csv and report.html, too; and checkpoint.npz, from which a broken run goes on. A net that learnt from
        a user's own numbers or digits has a card.md, learning.csv and learning.png, too, and is called candidate.keras
        and candidate.onnx where it is not shown to be better than the one it came from; then `kept` is false in
        config.json, and `verdict` says why.

    Raises:
        DataError: data that is missing, broken or too little.
        ModelError: no such net, or weights to start from that do not fit it.
        RunError: the run cannot be started, resumed or written.
        ExportError: the exported net answers otherwise than the trained one.
    """
    began = time.perf_counter()
    run, task = resume(config) if config.resume else start(config)
    progress, stopped = learn(task, run)
    if stopped:
        sys.stderr.write(
            f"Stopped in epoch {progress.epoch + 1}. What was learnt so far is being written to {run}. "
            f"Go on later with: inkdigits train --resume --out {run}\n"
        )
    finish(run, task, progress, "stopped" if stopped else "complete", began)
    return run


def start(config: TrainConfig) -> tuple[Path, Task]:
    """A new run folder with its config.json, and what there is to train; the folder comes last, when all is well."""
    model = config.model or (load_model(config.from_model).name if config.from_model else "cnn")
    settings = Settings.of(config, model)
    task = prepare(settings)
    run = new_run(settings.model, config.out)
    facts = {
        "parameters": task.net.count_params(),
        **task.facts(),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
    }
    write_config(run, {"status": "training", **asdict(settings), **facts})
    if OWN in task.before:
        sys.stderr.write(f"{foretell(task.before[OWN], unit_of(settings.model))}\n")
    return run, task


def resume(config: TrainConfig) -> tuple[Path, Task]:
    """The folder of a run that was broken off, and what there is to train, as it was when the run began.

    Raises:
        RunError: there is no such run, it is complete, or its data has changed.
    """
    run = find_unfinished(config.model) if config.out is None else Path(config.out)
    stored = read_config(run)
    if stored["status"] == "complete":
        raise RunError(f"{run} is complete. Train on from what it learnt with --from {run}.")
    settings = Settings.of_run(stored, config)
    task = prepare(settings)
    if task.facts()["data_sha256"] != stored["data_sha256"]:
        raise RunError(f"The data ({', '.join(settings.data)}) has changed since {run} began. Start a new run.")
    return run, task


def prepare(settings: Settings) -> Task:
    """The model with its first weights, and the data that it learns from."""
    source = load_start(settings)
    if settings.model == RECOGNIZER:
        own = load_own(settings.data) if settings.data else None
        return RecognizerTask(build_start(settings, source), settings, own)
    if settings.model == DETECTOR:
        return DetectorTask.compose(build_start(settings, source), settings)
    for teacher in settings.teachers:
        load_model(teacher)  # one that is not there is named before anything is made
    own_digits = load_own_digits(settings.data) if settings.is_own else None
    split = load_split((MNIST,) if own_digits else settings.data)
    return DigitTask(build_start(settings, source), split, settings, own_digits)
