"""All that a broken training needs to go on as if nothing had happened: checkpoint.npz in the run folder."""

import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from inkdigits.errors import RunError
from inkdigits.training.runs.folders import replacing

NAME = "checkpoint.npz"
Arrays = list[npt.NDArray[Any]]


@dataclass
class Progress:
    """How far a training has come.

    Attributes:
        history: one row an epoch, as history.csv has them.
        best: the net's weights after the epoch of least validation loss; none before the first epoch has ended.
        average: its averaged weights: see `Progress.add`.
        averaged: how often weights were averaged.
    """

    history: list[dict[str, float]] = field(default_factory=list)
    best: Arrays = field(default_factory=list)
    average: Arrays = field(default_factory=list)
    averaged: int = 0

    @property
    def epoch(self) -> int:
        """How many epochs have ended."""
        return len(self.history)

    @property
    def best_epoch(self) -> int:
        """The epoch of least validation loss, counted from 1; 0 before the first has ended."""
        return int(min(self.history, key=lambda row: row["val_loss"])["epoch"]) if self.history else 0

    def to_facts(self) -> dict[str, int]:
        """How many epochs there were and which was the best, for config.json."""
        return {"epochs_done": self.epoch, "best_epoch": self.best_epoch}

    def add(self, weights: Arrays, over: int) -> None:
        """Average weights with those before: over all at first, then over about `over` times, as an EMA.

        At a high rate weights jump around what they tend to, and their mean is nearer to it than any of them: Izmailov
        et al., "Averaging Weights Leads to Wider Optima and Better Generalization" (2018).
        """
        self.averaged += 1
        share = 1 / min(self.averaged, over)
        before = self.average or weights
        self.average = [(1 - share) * old + share * new for old, new in zip(before, weights, strict=True)]


def save_checkpoint(run: Path, trainee: keras.Model, progress: Progress) -> None:
    """Write the state after an epoch.

    The state is every variable: weights, optimizer and the states of the seed generators of dropout and shifts. (A
    .keras file forgets the last ones, and a training that goes on from it ends elsewhere.)
    """
    arrays: dict[str, Any] = {f"state-{i}": np.asarray(variable) for i, variable in enumerate(_variables(trainee))}
    arrays |= {f"best-{i}": np.asarray(weights) for i, weights in enumerate(progress.best)}
    arrays |= {f"average-{i}": np.asarray(weights) for i, weights in enumerate(progress.average)}
    with replacing(run / NAME) as part, part.open("wb") as file:
        np.savez(file, history=np.array(json.dumps(progress.history)), averaged=progress.averaged, **arrays)


def load_checkpoint(run: Path, trainee: keras.Model) -> Progress:
    """Bring a freshly built trainee to the state after the last epoch that ended; no progress where none had.

    Raises:
        RunError: the checkpoint is broken or of another net.
    """
    path = run / NAME
    if not path.exists():
        return Progress()
    try:
        with np.load(path) as file:
            arrays = dict(file)
            history = json.loads(str(arrays["history"]))
            averaged = int(arrays["averaged"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise RunError(f"{path} is broken: {error}. Start a new run.") from error

    def held(kind: str) -> Arrays:
        return [arrays[f"{kind}-{i}"] for i in range(sum(name.startswith(f"{kind}-") for name in arrays))]

    state = held("state")
    variables = _variables(trainee)
    if [tuple(variable.shape) for variable in variables] != [array.shape for array in state]:
        raise RunError(f"{path} is the state of another model. Start a new run.")
    for variable, array in zip(variables, state, strict=True):
        variable.assign(array)
    return Progress(history, held("best"), held("average"), averaged)


def _variables(trainee: keras.Model) -> list[keras.Variable]:
    return [*trainee.variables, *trainee.optimizer.variables]
