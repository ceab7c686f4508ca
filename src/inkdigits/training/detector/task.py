"""What the detector learns: patches of composed pages."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from inkdigits.errors import DataError
from inkdigits.training.config import Settings
from inkdigits.training.detector.net import build_detector, weighted_loss
from inkdigits.training.detector.patches import compose_patches
from inkdigits.training.detector.targets import Patches
from inkdigits.training.trainee import Batch, Progression, Trainee
from inkdigits.training.trainer import Task, to_digest

# One page is held out to measure the loss on for this many to learn from; never fewer than the least.
PAGES_A_HELD_OUT, LEAST_HELD_OUT = 60, 10


class DetectorTask(Task):
    """A detector, chosen by its loss on patches of pages of the validation part."""

    def __init__(self, net: keras.Model, patches: Patches, held_out: Patches, settings: Settings) -> None:
        """What is to be learnt.

        Args:
            net: a float32 detector.
            patches: to learn from, at least a batch.
            held_out: to measure on, at least one.
            settings: how to train.

        Raises:
            DataError: too few patches.
        """
        if len(patches.ink) < settings.batch_size:
            raise DataError(f"Training needs {settings.batch_size} patches; got {len(patches.ink)}. Compose more.")
        self.net, self.patches, self.held_out, self.settings = net, patches, held_out, settings
        self.steps = len(patches.ink) // settings.batch_size

    @classmethod
    def compose(cls, net: keras.Model, settings: Settings) -> "DetectorTask":
        """The same with pages composed as the settings say."""
        held_out = compose_patches("validation", max(LEAST_HELD_OUT, settings.lots // PAGES_A_HELD_OUT), settings.seed)
        return cls(net, compose_patches("train", settings.lots, settings.seed), held_out, settings)

    def facts(self) -> dict[str, Any]:
        """How many patches, and their SHA-256."""
        patches = {"training": len(self.patches.ink), "validation": len(self.held_out.ink)}
        return {"patches": patches, "data_sha256": to_digest(*self.patches, *self.held_out)}

    def build(self, dtype: str) -> keras.Model:
        """A detector."""
        return build_detector(dtype)

    def loss(self, ink: Any, targets: Any, output: Any) -> Any:
        """See `losses.weighted_loss`."""
        return weighted_loss(ink, targets, output)

    def teach(self, trainee: Trainee, epoch: int) -> Progression:
        """Go once through all patches, in an order of its own; what is left over behind the last batch is left out."""
        order = np.random.default_rng((self.settings.seed, epoch)).permutation(len(self.patches.ink))
        batches = to_batches(self.patches, order[: self.steps * self.settings.batch_size], self.settings.batch_size)
        return trainee.learn_batches(batches)

    def measure(self) -> dict[str, float]:
        """The loss on what is held out."""
        return {"val_loss": measure_detector(self.net, self.held_out)}


def to_batches(patches: Patches, order: npt.NDArray[np.integer], batch_size: int) -> Iterator[Batch]:
    """Ink and targets, batch after batch; the last batch may have fewer patches."""
    for first in range(0, len(order), batch_size):
        ink, *targets = (array[order[first : first + batch_size]] for array in patches)
        yield ink, tuple(targets)


def measure_detector(net: keras.Model, patches: Patches) -> float:
    """The loss of a net on patches, at least one: the mean over batches of 16."""
    batches = to_batches(patches, np.arange(len(patches.ink)), 16)
    losses = [float(weighted_loss(ink, targets, net(ink, training=False))) for ink, targets in batches]
    return float(np.mean(losses))
