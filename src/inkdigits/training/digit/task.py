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
from inkdigits.training.digit.own import OwnDigits, take
from inkdigits.training.digit.transfer import LOWER, freeze, head_epochs
from inkdigits.training.synthetic.clutter import draw_clutter, draw_printed
from inkdigits.training.synthetic.pen import draw_digits
from inkdigits.training.trainee import Progression, Trainee, climb
from inkdigits.training.trainer import OWN, Task, to_digest

# Of the drawn digits, those in print: enough that letters in the same fonts do not teach a net to refuse all print.
PRINTED_SHARE = 0.1
# Of what is learnt from, so much is a user's own where there is any; the rest keeps the net from forgetting.
OWN_SHARE = 0.3
LEARNT, OTHERS = "learnt", "digits of MNIST"


class DigitTask(Task):
    """A classifier, trained on the training part and chosen on the validation part, or on a user's own."""

    def __init__(self, net: keras.Model, split: Split, settings: Settings, own: OwnDigits | None = None) -> None:
        """What is to be learnt.

        Args:
            net: a float32 net of the zoo.
            split: the data; the test part is not touched.
            settings: how to train.
            own: a user's digits, mixed with those of `split`.
        """
        self.net, self.split, self.settings, self.own = net, split, settings, own
        shares = 1 + settings.pen_share + settings.clutter_share
        self.steps = settings.steps or math.ceil(round(shares * len(split.train.labels)) / settings.batch_size)
        self.guesses_before = self.guess_all() if own else {}
        self.before = self.find_right(self.guesses_before)

    def facts(self) -> dict[str, Any]:
        """How many pictures, and their SHA-256."""
        train, validation = self.split.train, self.split.validation
        facts: dict[str, Any] = {"pictures": {"training": len(train.labels), "validation": len(validation.labels)}}
        parts = [train, validation]
        if self.own:
            parts += self.own
            facts["own"] = {"training": len(self.own.train.labels), "held_out": len(self.own.held_out.labels)}
        return facts | {"data_sha256": to_digest(*(array for part in parts for array in part))}

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
        """Go once through what `gather` or `gather_own` gives."""
        if self.own:
            learnt = gather_own(self.own.train, self.split.train, self.settings, epoch)
        else:
            learnt = gather(self.split.train, self.settings, epoch)
        return trainee.learn_arrays(*learnt, self.settings.batch_size)

    def guess_all(self) -> dict[str, npt.NDArray[np.intp]]:
        """What `net` says of what the user has, in both parts, and of what it must not forget: (N,) digits each."""
        return {name: predict(self.net, images).argmax(axis=1) for name, (images, _) in self._yardsticks().items()}

    def find_right(self, guesses: dict[str, npt.NDArray[np.intp]]) -> dict[str, npt.NDArray[np.bool_]]:
        """Which of the guesses are right, (N,) each."""
        return {name: guesses[name] == images.labels for name, images in self._yardsticks().items() if name in guesses}

    def _yardsticks(self) -> dict[str, Images]:
        own = {OWN: self.own.held_out, LEARNT: self.own.train} if self.own else {}
        return own | {OTHERS: self.split.validation}

    def measure(self) -> dict[str, float]:
        """Loss and accuracy on the validation part, or on what is held out of the user's own."""
        images, labels = self.own.held_out if self.own else self.split.validation
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


def gather_own(own: Images, others: Images, settings: Settings, epoch: int) -> tuple[Frames, Floats]:
    """The frames of an epoch of `settings.steps` steps in its order, and their targets: a user's own among others.

    The others are as `gather` mixes them, but other ones in each epoch.
    """
    rng = np.random.default_rng((settings.seed, epoch))
    count = settings.steps * settings.batch_size
    shares = 1 + settings.pen_share + settings.clutter_share
    rest = take(others, int((1 - OWN_SHARE) * count / shares), rng)
    images, targets = gather(rest, settings, epoch)
    mine = take(own, count - len(images), rng)
    order = rng.permutation(count)
    labels = to_targets(mine.labels, 0, settings.smoothing)
    return np.concatenate([images, mine.images])[order], np.concatenate([targets, labels])[order]
