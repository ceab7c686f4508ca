"""How the nets that read pages learn: one cycle of the learning rate, and the mean of the last weights."""

import math
import sys
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import keras
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from inkdigits.arrays import Floats
from inkdigits.errors import DataError, RunError
from inkdigits.training.runs.provenance import has_bfloat16

# One-cycle: the rate climbs to its peak over this share of the steps, then falls to 0 along a cosine.
WARM_UP, WEIGHT_DECAY, CLIP_NORM = 0.06, 0.01, 5.0
# In the second half of the steps an exponential moving average of the weights is kept: every so many steps, this decay.
AVERAGED_STEPS, EMA_DECAY = 10, 0.98

# What goes into a net, and after it what should come out: arrays of one length.
Examples = Sequence[npt.NDArray[np.generic]]


class Task(NamedTuple):
    """What is to be learnt.

    Attributes:
        build: a fresh net that computes in the dtype that is named.
        loss: what went in, what should have come out, what came out → one number for a batch.
        batch: so many examples a step.
        peak_rate: the highest learning rate.
        examples: what they are called.
    """

    build: Callable[[str], keras.Model]
    loss: Callable[[Any, tuple[Any, ...], Any], Any]
    batch: int
    peak_rate: float
    examples: str


def learn(
    task: Task, examples: Examples, held_out: Examples, epochs: int, seed: int, start: keras.Model | None = None
) -> keras.Model:
    """Train a net; a progress bar shows how far it is, and a line for each epoch what it has learnt.

    Args:
        task: what is to be learnt.
        examples: to learn from, at least a batch. An epoch goes through them once.
        held_out: at least a batch, on which the loss is measured after each epoch.
        epochs: at least 1.
        seed: of the first weights and of the order.
        start: a trained net whose weights to start from, instead of fresh ones.

    Returns:
        The net in float32, with the mean of its last weights.

    Raises:
        DataError: too few examples.
        RunError: the loss is not a number any more.
    """
    for few in (examples, held_out):
        if len(few[0]) < task.batch:
            raise DataError(f"Training needs {task.batch} {task.examples}; got {len(few[0])}. Compose more.")
    keras.utils.set_random_seed(seed)
    rng = np.random.default_rng(seed)
    steps = epochs * (len(examples[0]) // task.batch)
    twin = task.build("mixed_bfloat16" if has_bfloat16() else "float32")
    if start:
        twin.set_weights(start.get_weights())
    trainee = build_trainee(twin, task, steps)
    mean: list[Floats] = []
    with tqdm(total=steps, unit="step", file=sys.stderr, dynamic_ncols=True) as bar:
        for epoch in range(epochs):
            seen = []
            for shown, wanted in _batches(examples, rng.permutation(len(examples[0])), task.batch):
                seen.append(float(trainee.train_on_batch(shown, wanted)))
                bar.set_postfix_str(f"loss {np.mean(seen):.4f}", refresh=False)
                bar.update()
                if 2 * bar.n > steps and bar.n % AVERAGED_STEPS == 0:
                    now = trainee.get_weights()
                    mean = [EMA_DECAY * old + (1 - EMA_DECAY) * new for old, new in zip(mean or now, now, strict=True)]
            loss, other = np.mean(seen), _measure(trainee, held_out, task.batch)
            of_others = f"of held-out {task.examples} {other:.4f}"
            bar.write(f"epoch {epoch + 1}/{epochs}: loss {loss:.4f}, {of_others}", file=sys.stderr)
            if not math.isfinite(loss + other):
                raise RunError(f"In epoch {epoch + 1} the loss is not a number any more. Try another seed.")
    net = task.build("float32")
    net.set_weights(mean or trainee.get_weights())
    return net


def measure(net: keras.Model, task: Task, examples: Examples) -> float:
    """The loss of a net on examples, at least a batch."""
    return _measure(build_trainee(net, task, steps=1), examples, task.batch)


def _measure(trainee: "Trainee", examples: Examples, batch: int) -> float:
    batches = _batches(examples, np.arange(len(examples[0])), batch)
    return float(np.mean([trainee.test_on_batch(shown, wanted) for shown, wanted in batches]))


def _batches(examples: Examples, order: npt.NDArray[np.integer], batch: int) -> Iterator[tuple[Any, tuple[Any, ...]]]:
    """What to show and what is wanted, by so many at a time; what is left over is left out."""
    for last in range(batch, len(order) + 1, batch):
        shown, *wanted = (array[order[last - batch : last]] for array in examples)
        yield shown, tuple(wanted)


def build_trainee(net: keras.Model, task: Task, steps: int) -> "Trainee":
    """What learns in so many steps; it shares the weights of `net`."""
    climbing = max(1, round(WARM_UP * steps))
    rate = keras.optimizers.schedules.CosineDecay(
        task.peak_rate / 50, max(1, steps - climbing), warmup_target=task.peak_rate, warmup_steps=climbing
    )
    trainee = Trainee(net.input, net.output)
    trainee.loss_of = task.loss
    trainee.compile(
        keras.optimizers.AdamW(rate, WEIGHT_DECAY, global_clipnorm=CLIP_NORM),
        jit_compile=False,  # XLA on a CPU is far slower at convolutions
    )
    return trainee


class Trainee(keras.Model):
    """A net that learns by the loss of its task."""

    loss_of: Callable[[Any, tuple[Any, ...], Any], Any]

    def compute_loss(self, x: Any, y: Any, y_pred: Any, *_: Any) -> Any:
        """One number for a batch."""
        return self.loss_of(x, y, y_pred)
