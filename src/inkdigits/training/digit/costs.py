"""What a net costs: the products that it sums for one frame, whatever computes them."""

import math
from typing import Any

import keras


def multiply_adds(net: keras.Model) -> int:
    """The multiply-adds of one frame in convolutions, dense and capsule layers; what else there is costs little."""
    return sum(multiply_adds_of(layer, layer.output.shape) for layer in net.layers)


def multiply_adds_of(layer: Any, shape: tuple[int | None, ...]) -> int:
    """The multiply-adds of a built layer whose output is (N, …, C) `shape`.

    A layer of our own says them itself as `multiply_adds`; any other uses its whole kernel at each place it puts out.
    """
    if isinstance(layer, keras.Model):
        return multiply_adds(layer)
    if hasattr(layer, "multiply_adds"):
        return int(layer.multiply_adds)
    if hasattr(layer, "kernel"):
        places = math.prod(size or 0 for size in shape[1:-1])
        return places * int(math.prod(layer.kernel.shape))
    return 0
