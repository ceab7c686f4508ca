"""Nets side by side: each trained from several seeds or taken as it is, measured on the same test pictures."""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from tqdm import tqdm

from inkdigits.errors import RunError
from inkdigits.onnx_files import Session, find_model
from inkdigits.training.config import TrainConfig
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.zoo import MODELS
from inkdigits.training.evaluation.comparison import TIMED_CALLS, Comparison, Duel, Row
from inkdigits.training.evaluation.metrics import mcnemar_test
from inkdigits.training.evaluation.report import Report, evaluate
from inkdigits.training.fitting import fit
from inkdigits.training.reports.plots import plot_comparison, to_png
from inkdigits.training.runs.folders import new_run, read_config, replacing
from inkdigits.training.runs.provenance import machine


def compare(
    models: Sequence[str], seeds: int = 5, out: Path | None = None, config: TrainConfig | None = None
) -> Comparison:
    """Train nets from several seeds, or take trained ones, and compare them on the test set of MNIST.

    Writes comparison.txt, .json and .png into the folder, beside the run of each training.

    Args:
        models: at least one, each once: nets of the zoo, which are trained; run folders, .onnx or .keras files, which
            are measured as they are.
        seeds: how often to train each net, with the seeds 0, 1, 2 …
        out: the folder; by default a new `runs/compare-<n>`.
        config: how to train; its model, seed and out are set here.

    Raises:
        RunError: no model, one twice, no seed, or a folder in use.
        KeyboardInterrupt: the user stopped a training.
        ModelError: a model is not found or cannot be used.
    """
    if not models or len(set(models)) < len(models) or seeds < 1:
        raise RunError(f"compare needs each model once and at least one seed; got {list(models)} and {seeds}.")
    # Before hours of training, so that a wrong name is told at once.
    given = {model: evaluate(model) for model in models if model not in MODELS}
    folder = new_run("compare", out)
    rows, contestants = [], []
    for model in models:
        if model in given:
            runs, reports = [Path(model)], [given[model]]
        else:
            runs = [_train(model, seed, seeds, folder, config or TrainConfig()) for seed in range(seeds)]
            reports = [evaluate(run) for run in runs]
        rows.append(_to_row(model, runs, reports))
        contestants.append(sorted(reports, key=lambda report: report.misses)[(len(reports) - 1) // 2])
    duels = tuple(
        Duel(a.model, b.model, *mcnemar_test(first.guesses == first.labels, second.guesses == second.labels))
        for (a, first), (b, second) in pairwise(zip(rows, contestants, strict=True))
    )
    comparison = Comparison(contestants[0].n, tuple(rows), duels, machine(), folder)
    _write(comparison)
    return comparison


def _train(model: str, seed: int, seeds: int, folder: Path, config: TrainConfig) -> Path:
    """One training; returns its run folder.

    Raises:
        KeyboardInterrupt: the user stopped it; the mean of what is left would be that of other trainings.
    """
    tqdm.write(f"{model}, seed {seed} ({seed + 1} of {seeds})", file=sys.stderr)
    run = fit(replace(config, model=model, seed=seed, out=folder / f"{model}-seed{seed}"))
    if read_config(run)["status"] != "complete":
        raise KeyboardInterrupt(f"The training of {model} was stopped, so nothing was compared. Its run is in {run}.")
    return run


def _to_row(model: str, runs: Sequence[Path], reports: Sequence[Report]) -> Row:
    """The figures of one model, of its config.json where it has one."""
    accuracies = [report.accuracy for report in reports]
    configs = [read_config(run) for run in runs if (run / "config.json").is_file()]
    return Row(
        model=model,
        misses=tuple(report.misses for report in reports),
        accuracy_mean=statistics.mean(accuracies),
        accuracy_std=statistics.stdev(accuracies) if len(accuracies) > 1 else None,
        parameters=configs[0]["parameters"] if configs else None,
        training_seconds=statistics.mean(config["seconds"] for config in configs) if configs else None,
        prediction_us=None if runs[0].suffix == ".keras" else time_prediction(Session(find_model(runs[0]))),
    )


def time_prediction(session: Session) -> float:
    """Microseconds from one frame to its ten logits: the median, as an interrupted call takes far longer."""
    frame = load_part("test").images[:1]
    seconds = []
    for _ in range(TIMED_CALLS + TIMED_CALLS // 10):
        began = time.perf_counter()
        session.logits(frame)
        seconds.append(time.perf_counter() - began)
    return 1e6 * statistics.median(seconds[TIMED_CALLS // 10 :])


def _write(comparison: Comparison) -> None:
    """Put table, figures and chart into the folder."""
    contents = {
        "comparison.txt": comparison.to_text().encode() + b"\n",
        "comparison.json": json.dumps(comparison.to_dict(), indent=2, ensure_ascii=False).encode() + b"\n",
        "comparison.png": to_png(plot_comparison(comparison)),
    }
    for name, content in contents.items():
        with replacing(comparison.folder / name) as part:
            part.write_bytes(content)
