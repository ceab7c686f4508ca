"""What a net learns towards: the labels, no digit at all where there is none, and what a committee of teachers thinks.

Source: Hinton, Vinyals and Dean, "Distilling the Knowledge in a Neural Network" (2015), at temperature 1: the pictures
are distorted and some are no digits, so the teachers' doubts show without softening.
"""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import ops

from inkdigits.arrays import DIGITS, Floats, Labels
from inkdigits.errors import ModelError
from inkdigits.training.models import build_model, load_model
from inkdigits.training.zoo import MODELS


class Committee(keras.layers.Layer):
    """Nets that answer together and learn nothing any more: the mean of their probabilities."""

    def __init__(self, members: Sequence[keras.Model]) -> None:
        super().__init__(name="committee", dtype="float32")
        self.members = [member.layers for member in members]
        self.trainable = False  # said last, since it holds for the layers that are there

    def call(self, frames: Any) -> Any:
        """Probabilities (N, 10) of frames (N, 28, 28) of 0 to 255; they may be of any type."""
        answers = []
        for layers in self.members:
            answer = frames
            for layer in layers:
                answer = layer(answer, training=False)
            answers.append(ops.softmax(answer))
        return ops.stop_gradient(ops.mean(ops.stack(answers), axis=0))


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
            raise ModelError(f"{teacher} is a {net.name!r}, which the zoo does not know. Teachers are nets of the zoo.")
        twin = build_model(net.name, dtype)
        twin.set_weights(net.get_weights())
        members.append(twin)
    return Committee(members)


def to_targets(labels: Labels, clutter: int, smoothing: float = 0.0) -> Floats:
    """What to answer: (N + clutter, 10) float32; 1 for each label's digit, and equal chances for what is no digit.

    Of the 1, `smoothing` is shared out among all ten (Szegedy et al., 2016).
    """
    answers = (1 - smoothing) * np.eye(DIGITS, dtype=np.float32) + np.float32(smoothing / DIGITS)
    return np.concatenate([answers[labels], np.full((clutter, DIGITS), 1 / DIGITS, np.float32)])


def soft_cross_entropy(targets: Any, answers: Any) -> Any:
    """The loss, (N,) in nats, of answers (N, 10): logits; or (N, 20): logits, then the teachers' probabilities.

    With teachers, half of what counts is the target and half is what they think.
    """
    if answers.shape[-1] > DIGITS:
        targets = (targets + answers[:, DIGITS:]) / 2
    return keras.losses.categorical_crossentropy(targets, answers[:, :DIGITS], from_logits=True)


class DigitAccuracy(keras.metrics.Metric):
    """The share of digits that are read right; what is no digit does not count."""

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
