"""What comes after the last epoch: calibration, contract, export, measuring, report."""

import time
from functools import partial
from pathlib import Path
from typing import Any

import keras
import pandas as pd

from inkdigits.digit.classifier import softmax
from inkdigits.training.detector.task import DetectorTask
from inkdigits.training.digit.calibrate import fit_temperature, refusal_threshold
from inkdigits.training.digit.models import predict
from inkdigits.training.digit.task import DigitTask
from inkdigits.training.evaluation.metrics import wilson_interval
from inkdigits.training.evaluation.report import evaluate
from inkdigits.training.exports.digit_nets import contract_of, write_onnx
from inkdigits.training.exports.page_nets import write_detector, write_quantized_net, write_recognizer
from inkdigits.training.judging import judge_digits, judge_numbers, write_own
from inkdigits.training.presets import DETECTOR, RECOGNIZER
from inkdigits.training.recognizer import calibrate
from inkdigits.training.recognizer.examples import to_ranges
from inkdigits.training.recognizer.task import RecognizerTask, measure_recognizer
from inkdigits.training.reports.plots import plot_curves
from inkdigits.training.reports.run_report import draw, write_report
from inkdigits.training.runs.checkpoint import Progress
from inkdigits.training.runs.folders import HISTORY, read_config, replacing, write_config, write_history
from inkdigits.training.starts import load_numbers
from inkdigits.training.trainer import Task

# Patches that tell the detector in 8 bits the range of its numbers.
ROUNDING_PATCHES = 320
MODEL, CANDIDATE = "model", "candidate"


def finish(run: Path, task: Task, progress: Progress, status: str, began: float) -> None:
    """Write all that a run leaves.

    Args:
        run: its folder.
        task: what was learnt.
        progress: how far it came.
        status: `complete` or `stopped`.
        began: when, by `time.perf_counter`.

    Raises:
        ExportError: the exported net would answer otherwise than the trained one.
        RunError: the run cannot be written.
    """
    if isinstance(task, DigitTask):
        finish_classifier(run, task, progress, status, began)
        return
    if isinstance(task, RecognizerTask):
        results = finish_recognizer(run, task)
    else:
        assert isinstance(task, DetectorTask)
        results = finish_detector(run, task)
    write_history(run, progress.history)
    draw(run, {"curves": partial(plot_curves, pd.DataFrame(progress.history))})
    seconds = round(time.perf_counter() - began, 1)
    config = read_config(run) | progress.to_facts() | results | {"seconds": seconds, "status": status}
    if "verdict" in config:
        write_own(run, config)
    write_config(run, config)


def finish_classifier(run: Path, task: DigitTask, progress: Progress, status: str, began: float) -> None:
    """Calibrate, judge, save, export, measure, report. The test part is opened here and nowhere else."""
    net, split = task.net, task.split
    judged = judge_digits(run, task) if task.before else {}
    name = MODEL if judged.get("kept", True) else CANDIDATE
    save(net, run / f"{name}.keras")
    logits = predict(net, split.validation.images)
    temperature = fit_temperature(logits, split.validation.labels)
    misses = int((predict(net, split.test.images).argmax(axis=1) != split.test.labels).sum())
    config: dict[str, Any] = (
        read_config(run)
        | progress.to_facts()
        | judged
        | {
            "temperature": temperature,
            "threshold": refusal_threshold(softmax(logits, temperature)),
            "misses": misses,
        }
    )
    write_config(run, config)
    write_onnx(net, contract_of(run), run / f"{name}.onnx")
    parts = {"training": split.train, "validation": split.validation, "test": split.test}
    reports = {part: evaluate(run / f"{name}.onnx", images) for part, images in parts.items()}
    write_history(run, progress.history)
    config["seconds"] = round(time.perf_counter() - began, 1)
    write_report(run, config, pd.DataFrame(progress.history, columns=list(HISTORY)), reports, split.test)
    config["reports"] = {part: report.to_dict() for part, report in reports.items()}
    if judged:
        write_own(run, config)
    write_config(run, config | {"status": status})


def finish_detector(run: Path, task: DetectorTask) -> dict[str, Any]:
    """Save and export a detector, in 32 bits and in 8; what there is to say about it."""
    save(task.net, run / f"{MODEL}.keras")
    numbers = load_numbers(DETECTOR, task.settings.from_model)
    write_detector(task.net, run.resolve().name, numbers, run / f"{MODEL}.onnx")
    write_quantized_net(run / f"{MODEL}.onnx", task.patches.ink[:ROUNDING_PATCHES], run / f"{MODEL}-8bit.onnx")
    return {"contract": numbers, "held_out": {"n": len(task.held_out.ink), **task.measure()}}


def finish_recognizer(run: Path, task: RecognizerTask) -> dict[str, Any]:
    """Calibrate, judge, save and export a recognizer, in 32 bits and in 8; what there is to say about it."""
    score = measure_recognizer(task.net, task.held_out)
    results: dict[str, Any] = {
        "held_out": {
            "n": len(task.held_out),
            "loss": score.loss,
            "accuracy": score.accuracy,
            "interval": wilson_interval(int(score.is_right.sum()), len(task.held_out)),
        }
    }
    if task.before:
        results |= judge_numbers(run, task)
    name = MODEL if results.get("kept", True) else CANDIDATE
    save(task.net, run / f"{name}.keras")
    probabilities = calibrate.predict(task.net, task.held_out)
    temperature = calibrate.fit_temperature(probabilities, [example.text for example in task.held_out])
    numbers = load_numbers(RECOGNIZER, task.settings.from_model) | {"temperature": temperature}
    write_recognizer(task.net, run.resolve().name, numbers, run / f"{name}.onnx")
    write_quantized_net(run / f"{name}.onnx", to_ranges(task.held_out), run / f"{name}-8bit.onnx")
    return results | {"contract": numbers}


def save(net: keras.Model, path: Path) -> None:
    """Write a .keras file, whole or not at all."""
    with replacing(path) as part:
        net.save(part)
