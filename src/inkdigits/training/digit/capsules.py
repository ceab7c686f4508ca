"""Capsules: Sabour, Frosst and Hinton, "Dynamic Routing Between Capsules" (2017).

A capsule is a vector: its length says how sure it is that what it stands for is there, its direction how that looks.
What is longer than the rest in the last layer is the digit read; `build_painter` draws a digit from its capsule.
"""

from typing import Any

import keras
from keras import layers, ops

from inkdigits.arrays import DIGITS, FRAME_SIZE

Shape = tuple[int | None, ...]
# Below it a squared length counts as none: float32 then still divides by its root.
EPSILON = 1e-7


@keras.saving.register_keras_serializable(package="inkdigits")
class Squash(layers.Layer):
    """Shortens vectors (..., D) to a length below 1 and keeps their direction."""

    def call(self, vectors: Any) -> Any:
        """Short ones become shorter still, long ones almost 1 long."""
        return squash(vectors)

    def compute_output_shape(self, shape: Shape) -> Shape:
        return shape


@keras.saving.register_keras_serializable(package="inkdigits")
class Routing(layers.Layer):
    """Capsules (N, I, D) vote for capsules (N, count, size); those whose votes agree gain weight, round by round."""

    def __init__(self, count: int, size: int, rounds: int = 3, **options: Any) -> None:
        super().__init__(**options)
        self.count, self.size, self.rounds = count, size, rounds

    def build(self, shape: tuple[int | None, int, int]) -> None:
        """Make the matrices by which a capsule of size D foretells one of `size`: one for each pair of capsules."""
        _, senders, length = shape
        # Votes of about unit length in all: the sum over the senders neither vanishes nor saturates the squash.
        spread = keras.initializers.RandomNormal(stddev=0.1)
        self.kernel = self.add_weight((senders, length, self.count * self.size), spread, name="kernel")
        votes = senders * self.count * self.size
        self.multiply_adds = votes * length + votes * (2 * self.rounds - 1)

    def call(self, capsules: Any) -> Any:
        """(N, I, D) → (N, count, size), each shorter than 1."""
        senders = self.kernel.shape[0]
        votes = ops.transpose(ops.matmul(ops.transpose(capsules, (1, 0, 2)), self.kernel), (1, 0, 2))
        votes = ops.reshape(votes, (-1, senders, self.count, self.size))
        # Agreement only chooses among votes; the net learns through what was chosen.
        seen = ops.stop_gradient(votes)
        agreement = ops.zeros_like(seen[..., :1])
        for _ in range(self.rounds - 1):
            winners = self._gather(agreement, seen)
            agreement = agreement + ops.sum(seen * winners, axis=-1, keepdims=True)
        return self._gather(agreement, votes)[:, 0]

    def _gather(self, agreement: Any, votes: Any) -> Any:
        """(N, 1, count, size): the votes summed, each sender giving the weight 1 in all."""
        return squash(ops.sum(ops.softmax(agreement, axis=2) * votes, axis=1, keepdims=True))

    def compute_output_shape(self, shape: Shape) -> Shape:
        return (shape[0], self.count, self.size)

    def get_config(self) -> dict[str, Any]:
        """How it was made."""
        config: dict[str, Any] = super().get_config()
        return config | {"count": self.count, "size": self.size, "rounds": self.rounds}


@keras.saving.register_keras_serializable(package="inkdigits")
class LengthLogits(layers.Layer):
    """The lengths of capsules (N, K, D) as logits (N, K).

    The length l of a digit's capsule is the probability that the digit is there, and log(l / (1 - l)) is its
    logit. So this net learns from the same cross-entropy as all others, where the paper has a loss for lengths.
    """

    def call(self, capsules: Any) -> Any:
        """Long capsules get large logits."""
        squared = ops.sum(ops.square(capsules), axis=-1)
        length = ops.sqrt(squared + EPSILON)
        return ops.log(length) - ops.log(1 - length + EPSILON)

    def compute_output_shape(self, shape: Shape) -> Shape:
        return shape[:-1]


def squash(vectors: Any) -> Any:
    """Vectors (..., D) of length l made l² / (1 + l²) long."""
    squared = ops.sum(ops.square(vectors), axis=-1, keepdims=True)
    return vectors * (ops.sqrt(squared + EPSILON) / (1 + squared))


def build_painter(net: keras.Model) -> keras.Model:
    """A decoder behind the digits' capsules of a trained `capsnet`: it learns to draw what the net saw.

    The capsules stay as they are (the paper trains both at once). Train it as any Keras model: `compile` it with
    "mse", then `fit([frames, digits], frames / 255)`. Its layer `decoder` draws from capsules (N, 10, 16) alone, all
    of them 0 but one, which may be bent to see what its numbers mean.

    Args:
        net: a trained `capsnet`; it is frozen.

    Returns:
        From frames (N, 28, 28) uint8 and the digit of each as one-hot (N, 10) to pictures (N, 28, 28), 0 to 1.
    """
    net.trainable = False
    capsules = net.get_layer("digits").output
    digits = keras.Input((DIGITS,), name="digits_shown")
    decoder = keras.Sequential(
        [
            keras.Input(capsules.shape[1:]),
            layers.Flatten(),
            layers.Dense(512, activation="relu"),
            layers.Dense(1024, activation="relu"),
            layers.Dense(FRAME_SIZE**2, activation="sigmoid"),
            layers.Reshape((FRAME_SIZE, FRAME_SIZE)),
        ],
        name="decoder",
    )
    return keras.Model([net.inputs[0], digits], decoder(capsules * digits[..., None]), name="painter")
