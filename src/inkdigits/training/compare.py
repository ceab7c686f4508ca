"""Nets side by side: each trained from several seeds or taken as it is, measured on the same test pictures."""

import json
import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from tqdm import tqdm

from inkdigits.errors import RunError
from inkdigits.session import Session, find_model
from inkdigits.training.config import TrainConfig
from inkdigits.training.evaluate import Report, evaluate
from inkdigits.training.fit import fit
from inkdigits.training.metrics import mcnemar_test
from inkdigits.training.mnist import load_part
from inkdigits.training.plots import plot_comparison, to_png
from inkdigits.training.provenance import machine
from inkdigits.training.runs import new_run, read_config, replacing
from inkdigits.training.zoo import MODELS

# Calls that are timed, after a tenth as many that warm the net up: under 0.1 s, and the median stays within 3%.
TIMED_CALLS = 1000


@dataclass(frozen=True)
class Row:
    """One net.

    Attributes:
        model: its name, run folder or file.
        misses: misread pictures, one count a seed.
        accuracy_mean: over the seeds, 0 to 1.
        accuracy_std: standard deviation (n − 1) over the seeds; None of a single one.
        parameters: numbers it learned; None where its file does not say.
        training_seconds: mean over the seeds; None where its file does not say.
        prediction_us: microseconds for one frame, see `Comparison.to_text`; None of a .keras file.
    """

    model: str
    misses: tuple[int, ...]
    accuracy_mean: float
    accuracy_std: float | None
    parameters: int | None
    training_seconds: float | None
    prediction_us: float | None

    @property
    def accuracy_text(self) -> str:
        """Mean ± standard deviation, in percent."""
        spread = "" if self.accuracy_std is None else f" ± {100 * self.accuracy_std:.2f}"
        return f"{100 * self.accuracy_mean:.2f}{spread}%"


@dataclass(frozen=True)
class Duel:
    """McNemar's test between neighbours, each with its run of median misses.

    Attributes:
        first: the model named first.
        second: its neighbour.
        only_first: pictures that only the first read right.
        only_second: pictures that only the second read right.
        p_value: the chance of a split at least so uneven between equally good nets.
    """

    first: str
    second: str
    only_first: int
    only_second: int
    p_value: float

    def to_text(self) -> str:
        """One sentence. 5% is the usual limit below which a difference counts as shown."""
        says = "no difference shown"
        if self.p_value < 0.05:
            says = f"{self.first if self.only_first > self.only_second else self.second} is better"
        counts = f"only {self.first} reads {self.only_first}, only {self.second} {self.only_second}"
        p = f"p = {self.p_value:.2g}" if self.p_value >= 1e-6 else "p < 0.000001"
        return f"{self.first} against {self.second}: {says} ({p}; {counts})"


@dataclass(frozen=True)
class Comparison:
    """What `compare` found.

    Attributes:
        n: test pictures.
        rows: one a net, in the order asked for.
        duels: one a pair of neighbours.
        machine: on which it was trained and timed.
        folder: where the table, the chart and the runs are.
    """

    n: int
    rows: tuple[Row, ...]
    duels: tuple[Duel, ...]
    machine: dict[str, str | int]
    folder: Path

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return asdict(self) | {"folder": str(self.folder)}

    def to_text(self) -> str:
        """The table for a terminal, the tests, and how it was measured."""
        head = ("net", "seeds", "misses", "accuracy", "parameters", "training", "prediction")
        lines = [head, *(_cells(row) for row in self.rows)]
        widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
        table = [
            "   ".join([line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:], strict=True))])
            for line in lines
        ]
        table.insert(1, "─" * len(table[0]))
        return "\n".join(
            [
                *table,
                "",
                *(duel.to_text() for duel in self.duels),
                *([""] if self.duels else []),
                f"{self.n:,} test pictures; ± is the standard deviation over the seeds; p is of McNemar's exact test.",
                f"Prediction: one frame through ONNX Runtime, median of {TIMED_CALLS:,} calls, one thread.",
                "Machine: {cpu}, {cores} cores, {system}.".format(**self.machine),
            ]
        )


def _cells(row: Row) -> tuple[str, ...]:
    """A row of the table as text; a dash where a figure is not known."""
    return (
        row.model,
        str(len(row.misses)),
        f"{statistics.mean(row.misses):,.1f}" if len(row.misses) > 1 else f"{row.misses[0]:,}",
        row.accuracy_text,
        "–" if row.parameters is None else f"{row.parameters:,}",
        "–" if row.training_seconds is None else f"{row.training_seconds:,.1f} s",
        "–" if row.prediction_us is None else f"{row.prediction_us:,.0f} µs",
    )


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
        RunError: no model, one twice, no seed, a folder in use, or a training that was broken off.
        ModelError: a model is not found or cannot be used.
    """
    if not models or len(set(models)) < len(models) or seeds < 1:
        raise RunError(f"compare needs each net once and at least one seed, but {list(models)} and {seeds} came.")
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
        RunError: the user broke it off; the mean of what is left would be that of other trainings.
    """
    tqdm.write(f"{model}, seed {seed} ({seed + 1} of {seeds})", file=sys.stderr)
    run = fit(replace(config, model=model, seed=seed, out=folder / f"{model}-seed{seed}"))
    if read_config(run)["status"] != "complete":
        raise RunError(f"The training of {model} was broken off, so nothing was compared. Its run is in {run}.")
    return run


def _to_row(model: str, runs: Sequence[Path], reports: Sequence[Report]) -> Row:
    """The figures of one net, of its config.json where it has one."""
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
