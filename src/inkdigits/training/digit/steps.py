"""The steps of an epoch as one graph that goes through arrays in memory.

Keras's own `fit` feeds its steps by a pipeline made for data of any kind and size. For a small net that costs as much
as what it learns: an epoch of `fast` took 2.9 s of computing with it, and takes 1.6 s so, making the graph included.
"""

import math
from collections.abc import Iterator
from typing import Any

import keras
from keras import ops

from inkdigits.arrays import Floats, Frames

# Steps that run without coming back to Python; with 10 the progress bar still moves ten times a second.
STEPS_AT_ONCE = 10


class Trainee(keras.Model):
    """A model that learns from arrays; it ends with the weights and figures that `fit` would give it."""

    graph: Any = None

    def learn(self, frames: Frames, targets: Floats, batch_size: int) -> Iterator[tuple[int, dict[str, float]]]:
        """Go through all batches once, in their order.

        Args:
            frames: (N, 28, 28) uint8, N at least 1.
            targets: (N, 10) float32.
            batch_size: pictures a step; the last step may have fewer.

        Yields:
            After every few steps how many are done, and the mean loss and accuracy since the first of them. On other
            backends than TensorFlow, where Keras's own loop does the work, this is after all of them.
        """
        steps = math.ceil(len(frames) / batch_size)
        if keras.backend.backend() != "tensorflow":
            logs = self.fit(frames, targets, batch_size, shuffle=False, verbose=0).history
            yield steps, {name: values[0] for name, values in logs.items()}
            return
        self.graph = self.graph or self.make_graph(batch_size)
        self.reset_metrics()
        arrays = ops.convert_to_tensor(frames), ops.convert_to_tensor(targets)
        for first in range(0, steps, STEPS_AT_ONCE):
            last = min(first + STEPS_AT_ONCE, steps)
            self.graph(*arrays, ops.convert_to_tensor(first), ops.convert_to_tensor(last))
            yield last, {name: float(value) for name, value in self.get_metrics_result().items()}

    def make_graph(self, batch_size: int) -> Any:
        """What learns from frames, targets and the numbers of a first and a last step, the last not included."""
        import tensorflow as tf

        def run(frames: Any, targets: Any, first: Any, last: Any) -> None:
            def step(number: Any) -> tuple[Any]:
                batch = slice(number * batch_size, (number + 1) * batch_size)
                self.train_step((frames[batch], targets[batch]))
                return (number + 1,)

            tf.while_loop(lambda number: number < last, step, (first,), parallel_iterations=1)

        return tf.function(run, autograph=False)

    def make_train_function(self, force: bool = False) -> None:
        """As Keras does it; by `force` what was made for the variables that learnt before is made anew."""
        if force:
            self.graph = None
        super().make_train_function(force)
