"""What a classifier learns: frames of the training part and drawn ones, distorted; and what its teachers think."""

import math
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from inkdigits.arrays import Floats, Frames
from inkdigits.training.config import Settings
from inkdigits.training.data.mnist import Images, Split
from inkdigits.training.digit.augment import Distortion, RandomShift
from inkdigits.training.digit.calibrate import log_loss
from inkdigits.training.digit.distill import DigitAccuracy, load_committee, soft_cross_entropy, to_targets
from inkdigits.training.digit.models import build_model, predict
from inkdigits.training.digit.transfer import LOWER, freeze, head_epochs
from inkdigits.training.synthetic.clutter import draw_clutter, draw_printed
from inkdigits.training.synthetic.pen import draw_digits
from inkdigits.training.trainee import Progression, Trainee, climb
from inkdigits.training.trainer import Task, to_digest

# Of the drawn digits, those in print: enough that letters in the same fonts do not teach a net to refuse all print.
PRINTED_SHARE = 0.1


class DigitTask(Task):
    """A classifier, trained on the training part and chosen on the validation part."""

    def __init__(self, net: keras.Model, split: Split, settings: Settings) -> None:
        """What is to be learnt.

        Args:
            net: a float32 net of the zoo.
            split: the data; the test part is not touched.
            settings: how to train.
        """
        self.net, self.split, self.settings = net, split, settings
        shares = 1 + settings.pen_share + settings.clutter_share
        self.steps = math.ceil(round(shares * len(split.train.labels)) / settings.batch_size)

    def facts(self) -> dict[str, Any]:
        """How many pictures, and their SHA-256."""
        train, validation = self.split.train, self.split.validation
        pictures = {"training": len(train.labels), "validation": len(validation.labels)}
        sha256 = to_digest(train.images, train.labels, validation.images, validation.labels)
        return {"pictures": pictures, "data_sha256": sha256}

    def build(self, dtype: str) -> keras.Model:
        """The same net of the zoo."""
        return build_model(self.net.name, dtype)

    @property
    def metrics(self) -> list[keras.metrics.Metric]:
        """The share of digits that are read right."""
        return [DigitAccuracy()]

    @property
    def rates(self) -> npt.NDArray[np.float64]:
        """The learning rate of every step; a transfer climbs again, less high, when all layers learn."""
        settings = self.settings
        alone, total = self.steps * head_epochs(settings), self.steps * settings.epochs
        if not 0 < alone < total:
            return super().rates
        rate = settings.learning_rate
        return np.concatenate([climb(rate, alone, settings), climb(LOWER * rate, total - alone, settings)])

    def connect(self, twin: keras.Model, dtype: str) -> tuple[Any, Any]:
        """The twin with the changes to the frames before it, and beside it the teachers, who see the changed frames."""
        settings = self.settings
        changes: list[keras.layers.Layer] = []
        if settings.shift_px:
            changes.append(RandomShift(settings.shift_px, settings.seed))
        if settings.distort:
            changes.append(Distortion(settings.seed))
        frames = changed = keras.Input(self.net.input_shape[1:], dtype="uint8")
        for change in changes:
            changed = change(changed)
        answers = changed
        for layer in twin.layers:
            answers = layer(answers)
        if settings.teachers:
            teacher_probabilities = load_committee(settings.teachers, dtype)(changed)
            answers = keras.layers.Concatenate(dtype="float32")([answers, teacher_probabilities])
        return frames, answers

    def loss(self, _: Any, targets: Any, answers: Any) -> Any:
        """The mean over a batch of the cross-entropy; see `distill.soft_cross_entropy`."""
        return ops.mean(soft_cross_entropy(targets, answers))

    def begin_epoch(self, trainee: Trainee, twin: keras.Model, epoch: int) -> None:
        """In a transfer the head learns alone at first."""
        if alone := head_epochs(self.settings):
            freeze(trainee, twin, epoch < alone)

    def teach(self, trainee: Trainee, epoch: int) -> Progression:
        """Go once through what `gather` gives."""
        return trainee.learn_arrays(*gather(self.split.train, self.settings, epoch), self.settings.batch_size)

    def measure(self) -> dict[str, float]:
        """Loss and accuracy on the validation part."""
        images, labels = self.split.validation
        logits = predict(self.net, images)
        accuracy = float((logits.argmax(axis=1) == labels).mean())
        return {"val_loss": log_loss(logits, labels), "val_accuracy": accuracy}


def gather(train: Images, settings: Settings, epoch: int) -> tuple[Frames, Floats]:
    """The frames (N, 28, 28) of an epoch in its order and their targets (N, 10).

    They are the training part, and what is drawn for this epoch alone: digits by the pen and in print, and clutter.
    """
    rng = np.random.default_rng((settings.seed, epoch))
    count = len(train.labels)
    drawn = draw_digits(round(settings.pen_share * count), rng)
    printed = rng.random(len(drawn.labels)) < PRINTED_SHARE
    drawn.images[printed] = draw_printed(drawn.labels[printed], rng)
    clutter = draw_clutter(round(settings.clutter_share * count), train, rng)
    order = rng.permutation(count + len(drawn.labels) + len(clutter))
    images = np.concatenate([train.images, drawn.images, clutter])
    labels = np.concatenate([train.labels, drawn.labels])
    return images[order], to_targets(labels, len(clutter), settings.smoothing)[order]
