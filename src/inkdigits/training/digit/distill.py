"""What a classifier learns towards: the labels, ten equal probabilities for clutter, and a committee of teachers.

Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), at temperature 1: the pictures
are distorted and some are clutter, so the teachers' doubts show without softening.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from inkdigits.arrays import DIGITS, Floats, Labels
from inkdigits.errors import ModelError
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.digit.zoo import MODELS

# By how much a teacher is surer of a digit than the target is, from where on it is mistaken.
MISTAKEN = 0.5


class Committee(keras.layers.Layer):
    """Nets that teach together and learn nothing any more. Each answers for its part of a batch.

    The loss is linear in what the teachers think and a batch is in random order, so this teaches what the mean of
    their probabilities would, for the time of one of them.
    """

    def __init__(self, members: Sequence[keras.Model]) -> None:
        super().__init__(name="committee", dtype="float32")
        self.members = [member.layers for member in members]
        self.trainable = False  # said last, since it holds for the layers that are there

    def call(self, frames: Any) -> Any:
        """Probabilities (N, 10) of frames (N, 28, 28) of 0 to 255; they may be of any type."""
        count, seats = ops.shape(frames)[0], len(self.members)
        part = (count + seats - 1) // seats
        frames = ops.pad(frames, ((0, seats - 1), (0, 0), (0, 0)))  # so that no part is empty
        answers = []
        for seat, layers in enumerate(self.members):
            answer = frames[seat * part : (seat + 1) * part]
            for layer in layers:
                answer = layer(answer, training=False)
            answers.append(ops.softmax(answer))
        return ops.stop_gradient(ops.concatenate(answers)[:count])

    def compute_output_shape(self, shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        """(N, 10) of (N, 28, 28)."""
        return (shape[0], DIGITS)


def load_committee(teachers: Sequence[str], dtype: str) -> Committee:
    """The nets to learn from.

    Args:
        teachers: run folders, .keras files or names of bundled nets, at least one.
        dtype: the Keras dtype policy that they compute in.

    Raises:
        ModelError: not found, no Keras model, or no net of the zoo.
    """
    members = []
    for teacher in teachers:
        net = load_model(teacher)
        if net.name not in MODELS:
            raise ModelError(
                f"{teacher} is a {net.name!r}, which inkdigits does not know. A teacher is one of `inkdigits models`."
            )
        twin = build_model(net.name, dtype)
        twin.set_weights(net.get_weights())
        members.append(twin)
    return Committee(members)


def to_targets(labels: Labels, clutter: int, smoothing: float = 0.0) -> Floats:
    """What to answer: (N + clutter, 10) float32; 1 for each label's digit, and a tenth each for clutter.

    Of the 1, `smoothing` is shared out among all ten (Szegedy et al., 2016).
    """
    answers = (1 - smoothing) * np.eye(DIGITS, dtype=np.float32) + np.float32(smoothing / DIGITS)
    return np.concatenate([answers[labels], np.full((clutter, DIGITS), 1 / DIGITS, np.float32)])


def soft_cross_entropy(targets: Any, answers: Any) -> Any:
    """The loss, (N,) in nats, of answers (N, 10): logits; or (N, 20): logits, then the teachers' probabilities.

    With teachers, half of what counts is the target and half is what they answer; but they are not used where they
    mistake a picture, being surer of some digit by a half than the target is.
    """
    if answers.shape[-1] > DIGITS:
        teacher_probabilities = answers[:, DIGITS:]
        use_teacher = ops.max(teacher_probabilities - targets, axis=-1, keepdims=True) < MISTAKEN
        targets = ops.where(use_teacher, (targets + teacher_probabilities) / 2, targets)
    return keras.losses.categorical_crossentropy(targets, answers[:, :DIGITS], from_logits=True)


class DigitAccuracy(keras.metrics.Metric):
    """The share of digits that are read right; frames without a digit do not count."""

    def __init__(self) -> None:
        super().__init__(name="accuracy")
        self.right = self.add_variable((), "zeros", name="right")
        self.digits = self.add_variable((), "zeros", name="digits")

    def update_state(self, targets: Any, answers: Any, sample_weight: Any = None) -> None:  # noqa: ARG002
        """Count a batch of targets (N, 10) and answers (N, 10 or 20); Keras asks for weights, which are not used."""
        is_digit = ops.cast(ops.max(targets, axis=-1) > 0.5, "float32")
        is_right = ops.cast(ops.argmax(targets, axis=-1) == ops.argmax(answers[:, :DIGITS], axis=-1), "float32")
        self.digits.assign_add(ops.sum(is_digit))
        self.right.assign_add(ops.sum(is_digit * is_right))

    def result(self) -> Any:
        """The share so far; 0 where there was no digit."""
        return self.right / ops.maximum(self.digits, 1)
