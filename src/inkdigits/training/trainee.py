"""The net in training: its learning rate at each step, and its steps as compiled graphs.

Keras's own `fit` feeds its steps by a pipeline made for data of any kind and size. For a small net that costs as much
as what it learns: an epoch of `fast` took 2.9 s of computing with it, and takes 1.6 s so, making the graph included.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from inkdigits.training.config import Settings

# Steps that run without coming back to Python; with 10 the progress bar still moves ten times a second.
STEPS_AT_ONCE = 10
# What the graph for batches is called among a trainee's graphs; those for arrays are called by their batch size.
BATCHES = 0

# Input, target and output → one number for a batch.
Loss = Callable[[Any, Any, Any], Any]
# Inputs and targets, each an array or a tuple of arrays of one length.
Batch = tuple[Any, Any]
# After some steps: how many are done, and the mean loss (and accuracy) since the first of them.
Progression = Iterator[tuple[int, dict[str, float]]]


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """Rates looked up by the step.

    Keras asks for the rate once for each variable, and computing it as a cosine each time made two fifths of the graph.
    """

    def __init__(self, rates: npt.NDArray[np.float64]) -> None:
        """One rate for each step of a training."""
        self.rates = ops.convert_to_tensor(rates, "float32")

    def __call__(self, step: Any) -> Any:
        """The rate at a step; behind the last one, that of the last."""
        return ops.take(self.rates, ops.minimum(step, self.rates.shape[0] - 1))


def climb(rate: float, steps: int, settings: Settings) -> npt.NDArray[np.float64]:
    """The learning rate of each step, (steps,): from a twentieth of `rate` up to it, and down towards 0.

    It falls along a cosine (SGDR, Loshchilov and Hutter, 2017) or along a line, once it was held.
    """
    up, held = round(steps * settings.warm_up), round(steps * max(settings.hold, settings.warm_up))
    fall = np.linspace(0, 1, steps - held, endpoint=False)
    down = (1 + np.cos(np.pi * fall)) / 2 if settings.fall == "cosine" else 1 - fall
    return rate * np.concatenate([np.linspace(0.05, 1, up, endpoint=False), np.ones(held - up), down])


def to_optimizer(rates: npt.NDArray[np.float64], settings: Settings) -> keras.optimizers.Optimizer:
    """AdamW (Loshchilov and Hutter, 2019) with one rate for each step."""
    clip_norm = settings.clip_norm or None
    return keras.optimizers.AdamW(Schedule(rates), settings.weight_decay, *settings.betas, global_clipnorm=clip_norm)


class Trainee(keras.Model):
    """A net that learns by the loss of its task."""

    loss_of: Loss
    graphs: dict[int, Any]

    def prepare(self, loss: Loss, optimizer: keras.optimizers.Optimizer, metrics: Iterable[Any] = ()) -> "Trainee":
        """Make it ready to learn; returns itself."""
        self.loss_of, self.graphs = loss, {}
        self.compile(optimizer, metrics=list(metrics), jit_compile=False)  # XLA: 41 s an epoch of the cnn instead of 5
        self.optimizer.build(self.trainable_variables)
        return self

    def compute_loss(self, x: Any = None, y: Any = None, y_pred: Any = None, *_: Any, **__: Any) -> Any:
        """One number for a batch."""
        return self.loss_of(x, y, y_pred)

    def learn_batches(self, batches: Iterable[Batch]) -> Progression:
        """Make one step for each batch, in their order; they may be of several shapes."""
        self.reset_metrics()
        for done, batch in enumerate(batches, 1):
            if keras.backend.backend() == "tensorflow":
                if BATCHES not in self.graphs:
                    self.graphs[BATCHES] = self.make_step(batch)
                self.graphs[BATCHES](*keras.tree.map_structure(ops.convert_to_tensor, tuple(batch)))
            else:
                self.train_on_batch(*batch)
            yield done, self.read_metrics()

    def learn_arrays(self, shown: npt.NDArray[Any], wanted: npt.NDArray[Any], batch_size: int) -> Progression:
        """Go through arrays in memory once, in their order, for nets so small that Python would be slow between steps.

        Args:
            shown: (N, …), N at least 1.
            wanted: (N, …).
            batch_size: examples per step; the last step may have fewer.

        Yields:
            After every few steps. On other backends than TensorFlow, where Keras's own loop does the work, after all.
        """
        steps = math.ceil(len(shown) / batch_size)
        if keras.backend.backend() != "tensorflow":
            logs = self.fit(shown, wanted, batch_size, shuffle=False, verbose=0).history
            yield steps, {name: values[0] for name, values in logs.items()}
            return
        if batch_size not in self.graphs:
            self.graphs[batch_size] = self.make_loop(batch_size)
        self.reset_metrics()
        arrays = ops.convert_to_tensor(shown), ops.convert_to_tensor(wanted)
        for first in range(0, steps, STEPS_AT_ONCE):
            last = min(first + STEPS_AT_ONCE, steps)
            self.graphs[batch_size](*arrays, ops.convert_to_tensor(first), ops.convert_to_tensor(last))
            yield last, self.read_metrics()

    def read_metrics(self) -> dict[str, float]:
        """The means since they were last reset."""
        return {name: float(value) for name, value in self.get_metrics_result().items()}

    def make_step(self, batch: Batch) -> Any:
        """What learns from batches like this one, whatever the lengths of their axes.

        Of a graph for each width of crops TensorFlow's optimizer says that it failed, and each takes seconds to make.
        """
        import tensorflow as tf

        (ink,) = self.inputs
        shown = tf.TensorSpec(ink.shape, ink.dtype)
        wanted = keras.tree.map_structure(lambda one: tf.TensorSpec([None] * one.ndim, one.dtype), batch[1])
        return tf.function(lambda *pair: self.train_step(pair), autograph=False, input_signature=(shown, wanted))

    def make_loop(self, batch_size: int) -> Any:
        """What learns from two arrays and the numbers of a first and a last step, the last not included."""
        import tensorflow as tf

        def run(shown: Any, wanted: Any, first: Any, last: Any) -> None:
            def step(number: Any) -> tuple[Any]:
                batch = slice(number * batch_size, (number + 1) * batch_size)
                self.train_step((shown[batch], wanted[batch]))
                return (number + 1,)

            tf.while_loop(lambda number: number < last, step, (first,), parallel_iterations=1)

        return tf.function(run, autograph=False)

    def make_train_function(self, force: bool = False) -> None:
        """As Keras does it; by `force` what was made for the variables that learnt before is made anew."""
        if force:
            self.graphs = {}
        super().make_train_function(force)
