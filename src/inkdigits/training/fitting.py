"""Training from beginning to end: data → net → calibration → files → reports, all in one run folder."""

import hashlib
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import pandas as pd

from inkdigits.digit.classifier import softmax
from inkdigits.errors import ModelError, RunError
from inkdigits.training.data.mnist import Split
from inkdigits.training.data.sources import load_split
from inkdigits.training.digit.calibrate import fit_temperature, refusal_threshold
from inkdigits.training.digit.config import Settings, TrainConfig
from inkdigits.training.digit.learn import learn
from inkdigits.training.digit.models import build_model, load_model, predict
from inkdigits.training.digit.transfer import copy_backbone, load_source
from inkdigits.training.digit.zoo import TRANSFER
from inkdigits.training.evaluation.report import evaluate
from inkdigits.training.exports.digit_nets import contract_of, write_onnx
from inkdigits.training.reports.run_report import write_report
from inkdigits.training.runs.checkpoint import Progress
from inkdigits.training.runs.folders import (
    HISTORY,
    find_unfinished,
    new_run,
    read_config,
    replacing,
    write_config,
    write_history,
)
from inkdigits.training.runs.provenance import commit, machine, versions


def fit(config: TrainConfig) -> Path:
    """Train a net and write down all there is to know about it.

    Ctrl-C ends the training early, but what was learnt so far is kept, exported and reported like any other.

    Args:
        config: what to train; `TrainConfig()` trains the cnn on MNIST, in less than a minute on two cores with AVX-512.

    Returns:
        The run folder: config.json, model.keras, model.onnx, history.csv, *.png, confusion.csv and report.html, and
        checkpoint.npz, from which a broken run goes on.

    Raises:
        DataError: data that is missing, broken or too little.
        ModelError: no such net, or weights to start from that do not fit it.
        RunError: the run cannot be started, resumed or written.
        ExportError: the exported net answers otherwise than the trained one.
    """
    began = time.perf_counter()
    run, settings, net, split = resume(config) if config.resume else start(config)
    progress, stopped = learn(net, split, settings, run)
    if stopped:
        sys.stderr.write(
            f"Stopped in epoch {progress.epoch + 1}. What was learnt so far is being written to {run}. "
            f"Go on later with: inkdigits train --resume --out {run}\n"
        )
    finish(run, net, split, progress, "stopped" if stopped else "complete", began)
    return run


def start(config: TrainConfig) -> tuple[Path, Settings, keras.Model, Split]:
    """A new run folder with its config.json, and what there is to train; the folder comes last, when all is well."""
    source = load_start(config.model, config.from_model)
    settings = Settings.of(config, config.model or (source.name if source else "cnn"))
    for teacher in settings.teachers:
        load_model(teacher)  # one that is not there is named before anything is made
    split = load_split(settings.data)
    net = build_start(settings, source)
    run = new_run(settings.model, config.out)
    facts = {
        "parameters": net.count_params(),
        "pictures": {"training": len(split.train.labels), "validation": len(split.validation.labels)},
        "data_sha256": digest(split),
        "started": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit(),
        "machine": machine(),
        "versions": versions(),
    }
    write_config(run, {"status": "training", **asdict(settings), **facts})
    return run, settings, net, split


def resume(config: TrainConfig) -> tuple[Path, Settings, keras.Model, Split]:
    """The folder of a run that was broken off, and what there is to train, as it was when the run began.

    Raises:
        RunError: there is no such run, it is complete, or its data has changed.
    """
    run = find_unfinished(config.model) if config.out is None else Path(config.out)
    stored = read_config(run)
    if stored["status"] == "complete":
        raise RunError(f"{run} is complete. Train on from what it learnt with --from {run}.")
    settings = Settings.of_run(stored, config)
    split = load_split(settings.data)
    if digest(split) != stored["data_sha256"]:
        raise RunError(f"The data ({', '.join(settings.data)}) has changed since {run} began. Start a new run.")
    net = build_start(settings, load_start(settings.model, settings.from_model))
    return run, settings, net, split


def load_start(model: str | None, from_model: str | None) -> keras.Model | None:
    """The net to start from; None where all weights are fresh."""
    if model == TRANSFER:
        return load_source(from_model)
    return load_model(from_model) if from_model else None


def build_start(settings: Settings, source: keras.Model | None) -> keras.Model:
    """The net to train: with fresh weights, the same for the same seed, or with those of `source`.

    In a transfer it is of the same kind as `source`, and its head alone has fresh weights.

    Raises:
        ModelError: the weights of `source` are of another net.
    """
    keras.utils.set_random_seed(settings.seed)
    if source is None:
        return build_model(settings.model)
    transfer = settings.model == TRANSFER
    net = build_model(source.name if transfer else settings.model)
    if [weights.shape for weights in source.weights] != [weights.shape for weights in net.weights]:
        raise ModelError(f"{settings.from_model} is not a {net.name}: its weights have other shapes.")
    if transfer:
        copy_backbone(source, net)
    else:
        net.set_weights(source.get_weights())
    return net


def digest(split: Split) -> str:
    """A SHA-256 of all that is learnt from and chosen on."""
    sha256 = hashlib.sha256()
    for part in (split.train, split.validation):
        sha256.update(part.images.data)
        sha256.update(part.labels.data)
    return sha256.hexdigest()


def finish(run: Path, net: keras.Model, split: Split, progress: Progress, status: str, began: float) -> None:
    """Calibrate, save, export, measure, report. The test part is opened here and nowhere else."""
    with replacing(run / "model.keras") as part:
        net.save(part)
    logits = predict(net, split.validation.images)
    temperature = fit_temperature(logits, split.validation.labels)
    misses = int((predict(net, split.test.images).argmax(axis=1) != split.test.labels).sum())
    config: dict[str, Any] = read_config(run) | {
        "epochs_done": progress.epoch,
        "best_epoch": progress.best_epoch,
        "temperature": temperature,
        "threshold": refusal_threshold(softmax(logits, temperature)),
        "misses": misses,
    }
    write_config(run, config)
    write_onnx(net, contract_of(run), run / "model.onnx")
    parts = {"training": split.train, "validation": split.validation, "test": split.test}
    reports = {name: evaluate(run, images) for name, images in parts.items()}
    write_history(run, progress.history)
    config["seconds"] = round(time.perf_counter() - began, 1)
    write_report(run, config, pd.DataFrame(progress.history, columns=list(HISTORY)), reports, split.test)
    config["reports"] = {name: report.to_dict() for name, report in reports.items()}
    write_config(run, config | {"status": status})
