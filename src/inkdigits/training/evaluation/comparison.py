"""Nets side by side, as `inkdigits.training.compare` found them: the figures of each, the tests, the table."""

import statistics
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

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
        head = ("model", "seeds", "misses", "accuracy", "parameters", "training", "prediction")
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
