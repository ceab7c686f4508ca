"""A block that adds to what comes in: He, Zhang, Ren and Sun, "Deep Residual Learning for Image Recognition" (2015)."""

from typing import Any

import keras
from keras import layers, ops

from inkdigits.training.digit.costs import multiply_adds_of

Shape = tuple[int | None, ...]


@keras.saving.register_keras_serializable(package="inkdigits")
class Residual(layers.Layer):
    """Two convolutions 3×3, normalised; the input is added, and the sum rectified.

    From (N, H, W, C) to (N, H / stride, W / stride, filters), rounded up. Where that is not the input's shape, a
    convolution 1×1 brings the input to it.
    """

    def __init__(self, filters: int, stride: int = 1, **options: Any) -> None:
        super().__init__(**options)
        self.filters, self.stride = filters, stride
        self.change = [
            *self._normed(3, stride),
            layers.ReLU(dtype=self.dtype_policy),
            *self._normed(3, 1),
        ]
        self.shortcut: list[layers.Layer] = []

    def _normed(self, size: int, stride: int) -> list[layers.Layer]:
        policy = self.dtype_policy
        convolution = layers.Conv2D(self.filters, size, stride, padding="same", use_bias=False, dtype=policy)
        return [convolution, layers.BatchNormalization(dtype=policy)]

    def build(self, shape: Shape) -> None:
        """Make the weights for pictures (N, H, W, C)."""
        if self.stride > 1 or shape[-1] != self.filters:
            self.shortcut = self._normed(1, self.stride)
        self.multiply_adds = 0
        for chain in (self.change, self.shortcut):
            inner = shape
            for layer in chain:
                layer.build(inner)
                inner = layer.compute_output_shape(inner)
                self.multiply_adds += multiply_adds_of(layer, inner)
        super().build(shape)

    def call(self, pictures: Any, training: bool = False) -> Any:
        """(N, H, W, C) → (N, H / stride, W / stride, filters)."""
        added, kept = pictures, pictures
        for layer in self.change:
            added = layer(added, training=training)
        for layer in self.shortcut:
            kept = layer(kept, training=training)
        return ops.relu(added + kept)

    def compute_output_shape(self, shape: Shape) -> Shape:
        output: Shape = self.change[0].compute_output_shape(shape)
        return output

    def get_config(self) -> dict[str, Any]:
        """How it was made."""
        config: dict[str, Any] = super().get_config()
        return config | {"filters": self.filters, "stride": self.stride}
