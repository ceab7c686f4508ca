"""The one trainer, for all nets: epochs, the average of the weights, the best epoch, early stop, Ctrl-C, checkpoints.

What differs from net to net is its task: the net, the loss, the data and the schedule.
"""

import hashlib
import math
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from inkdigits.errors import RunError
from inkdigits.training.config import Settings
from inkdigits.training.runs.checkpoint import Progress, load_checkpoint, save_checkpoint
from inkdigits.training.runs.folders import write_history
from inkdigits.training.runs.provenance import has_bfloat16
from inkdigits.training.trainee import Progression, Trainee, climb, to_optimizer

# Epochs without a smaller validation loss after which a training stops; in a long one a quarter of all: it is of few
# pictures, so its epochs are short and the loss on what is held out of them wavers. They count from the middle of a
# training on: the rate is high before, so that a net with trained weights is at first worse than it began.
PATIENCE = 5
# What a user's own held-out examples are called among what a net is measured on.
OWN = "own"
# Columns of the history that are not curves.
NO_CURVES = ("epoch", "seconds")


class Task(ABC):
    """What is to be learnt.

    Attributes:
        net: in float32. While it is trained it has the averaged weights of the last epoch, in the end those of the
            best one.
        settings: how to train.
        steps: of an epoch.
        before: where the net replaces one that it starts from: which examples that one reads right, (N,) bool, of the
            user's own under `OWN`, and of what must not be forgotten under its name. Empty otherwise.
    """

    net: keras.Model
    settings: Settings
    steps: int
    before: dict[str, npt.NDArray[np.bool_]]

    @abstractmethod
    def build(self, dtype: str) -> keras.Model:
        """A net like `net` that computes in a Keras dtype policy."""

    @abstractmethod
    def loss(self, shown: Any, wanted: Any, answers: Any) -> Any:
        """What the net learns by: input, target and output → one number for a batch."""

    @abstractmethod
    def teach(self, trainee: Trainee, epoch: int) -> Progression:
        """Let the trainee learn for an epoch, counted from 0; the same epoch is the same whenever it comes."""

    @abstractmethod
    def measure(self) -> dict[str, float]:
        """The loss of `net` on what it does not learn from, `val_loss`, and what else is worth a curve."""

    @abstractmethod
    def facts(self) -> dict[str, Any]:
        """What it learns from, for config.json; by `data_sha256` a resumed training knows that it is the same."""

    @property
    def metrics(self) -> Iterable[Any]:
        """What is measured while it learns, besides the loss."""
        return ()

    @property
    def rates(self) -> npt.NDArray[np.float64]:
        """The learning rate of every step."""
        return climb(self.settings.learning_rate, self.steps * self.settings.epochs, self.settings)

    def connect(self, twin: keras.Model, dtype: str) -> tuple[Any, Any]:  # noqa: ARG002
        """Input and output of what learns: the twin alone, or with what stands around it in training."""
        return twin.input, twin.output

    def begin_epoch(self, trainee: Trainee, twin: keras.Model, epoch: int) -> None:  # noqa: B027
        """What is to be done before an epoch, counted from 0."""

    def close(self) -> None:  # noqa: B027
        """Give back what was held for the training."""


def learn(task: Task, run: Path) -> tuple[Progress, bool]:
    """Train the net of a task until all epochs are done, nothing improves any more, or the user presses Ctrl-C.

    The state is kept in the run folder after each epoch; where one is there already, the training goes on from it and
    ends with the same weights as if it had never been broken off.

    Args:
        task: what is to be learnt.
        run: the run folder.

    Returns:
        The progress, and whether the user broke it off.

    Raises:
        RunError: the loss is not a number any more, or the checkpoint in the folder is not of this net.
    """
    settings = task.settings
    trainee, twin = build_trainee(task)
    progress = load_checkpoint(run, trainee)
    events = EventLog(run) if settings.log else None
    bar = ProgressBar(settings.epochs, task.steps, progress.epoch)
    interrupted = False
    try:
        while goes_on(progress, settings.epochs):
            task.begin_epoch(trainee, twin, progress.epoch)
            row = learn_epoch(task, trainee, twin, progress, bar)
            progress.history.append(row)
            if progress.best_epoch == progress.epoch:
                progress.best = task.net.get_weights()
            save_checkpoint(run, trainee, progress)
            write_history(run, progress.history)
            if events:
                events.write(row)
    except KeyboardInterrupt:
        interrupted = True
    finally:
        bar.close()
        task.close()
    task.net.set_weights(progress.best or twin.get_weights())
    return progress, interrupted


def goes_on(progress: Progress, epochs: int) -> bool:
    """Whether there is another epoch: not after the last, nor where the validation loss has stopped falling."""
    waited = progress.epoch - max(progress.best_epoch, epochs // 2)
    return progress.epoch < epochs and waited < max(PATIENCE, epochs // 4)


def build_trainee(task: Task) -> tuple[Trainee, keras.Model]:
    """What learns, and the twin of the net in it, with the same weights but faster numbers where the CPU has them.

    bfloat16 takes an epoch of the cnn from 5.2 to 3.5 s on two cores with AVX512-BF16. An epoch teaches a little less
    so, but a second more: validation loss 0.0229 after 11 epochs, 0.0254 after 8 of float32 in the same time (seed 1).
    It stays in here: ONNX Runtime refuses such a net, and with the same weights the float32 net answers nearly alike.
    """
    dtype = "mixed_bfloat16" if has_bfloat16() else "float32"
    twin = task.build(dtype)
    twin.set_weights(task.net.get_weights())
    trainee = Trainee(*task.connect(twin, dtype))
    return trainee.prepare(task.loss, to_optimizer(task.rates, task.settings), task.metrics), twin


def learn_epoch(
    task: Task, trainee: Trainee, twin: keras.Model, progress: Progress, bar: "ProgressBar"
) -> dict[str, float]:
    """One epoch; the net of the task gets the averaged weights. Returns the row of the history.

    Raises:
        RunError: the loss is not a number any more.
    """
    began = time.perf_counter()
    settings, epoch = task.settings, progress.epoch
    rate = float(trainee.optimizer.learning_rate)
    logs: dict[str, float] = {}
    for step, logs in task.teach(trainee, epoch):
        bar.show(step, logs)
        check(logs["loss"], epoch)
        if settings.averaged_every and (epoch * task.steps + step) % settings.averaged_every == 0:
            progress.add(twin.get_weights(), settings.averaged_over)
    if not settings.averaged_every or not progress.average:
        progress.add(twin.get_weights(), settings.averaged_over)
    task.net.set_weights(progress.average)
    measured = task.measure()
    check(measured["val_loss"], epoch)
    seconds = round(time.perf_counter() - began, 3)
    row = {"epoch": epoch + 1, **logs, **measured, "learning_rate": rate, "seconds": seconds}
    bar.finish_epoch(row)
    return row


def check(loss: float, epoch: int) -> None:
    """Refuse a loss that is not a number.

    Raises:
        RunError: it is not.
    """
    if not math.isfinite(loss):
        raise RunError(f"In epoch {epoch + 1} the loss is not a number any more. Try a smaller --learning-rate.")


class ProgressBar:
    """A bar over all steps of all epochs with loss, accuracy and the time left; a line for each epoch that ended."""

    def __init__(self, epochs: int, steps: int, done: int) -> None:
        self.epochs, self.steps, self.done = epochs, steps, done
        self.bar = tqdm(total=epochs * steps, initial=done * steps, unit="step", file=sys.stderr, dynamic_ncols=True)

    def show(self, step: int, logs: dict[str, float]) -> None:
        """Say how far the epoch has come."""
        self.bar.set_description(f"epoch {self.done + 1}/{self.epochs}", refresh=False)
        self.bar.set_postfix_str(_describe(logs), refresh=False)
        self.bar.update(self.done * self.steps + step - self.bar.n)

    def finish_epoch(self, row: dict[str, float]) -> None:
        """Say how the epoch ended."""
        self.done += 1
        self.bar.write(f"epoch {self.done}/{self.epochs}: {_describe(row)}, {row['seconds']:.1f} s", file=sys.stderr)

    def close(self) -> None:
        """Leave the terminal to others."""
        self.bar.close()


class EventLog:
    """The curves of a run as TensorBoard reads them, in its folder `tensorboard`; each start adds a file."""

    def __init__(self, run: Path) -> None:
        import tensorflow as tf

        self._writer = tf.summary.create_file_writer(str(run / "tensorboard"))

    def write(self, row: dict[str, float]) -> None:
        """Add an epoch, a row of the history, to the curves."""
        import tensorflow as tf

        # tf.summary.scalar would need the package tensorboard itself, which only whoever looks at the curves must have.
        value = tf.compat.v1.Summary.Value
        summary = tf.compat.v1.Summary(
            value=[value(tag=name, simple_value=row[name]) for name in row if name not in NO_CURVES]
        )
        with self._writer.as_default():
            tf.summary.experimental.write_raw_pb(summary.SerializeToString(), step=int(row["epoch"]))
        self._writer.flush()


def _describe(figures: dict[str, float]) -> str:
    """Losses and accuracies in words: `loss 0.1234, accuracy 97.12%, validation loss 0.0987`."""
    said = []
    for name, value in figures.items():
        words = name.replace("val_", "validation ")
        if words.endswith("loss"):
            said.append(f"{words} {value:.4f}")
        elif words.endswith("accuracy"):
            said.append(f"{words} {value:.2%}")
    return ", ".join(said)


def to_digest(*arrays: npt.NDArray[Any]) -> str:
    """A SHA-256 of all that is in arrays."""
    sha256 = hashlib.sha256()
    for array in arrays:
        sha256.update(np.ascontiguousarray(array).data)
    return sha256.hexdigest()
