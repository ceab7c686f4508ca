"""A recognizer so small that it learns in seconds, and what it learns: bars that stand for digits."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import keras
import numpy as np
from keras import layers

from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.recognizer.examples import Example

# How wide and how tall the bar of a digit is.
BARS = {"1": (3, 24), "7": (10, 24)}


def build_tiny(symbols: int = len(SYMBOLS), dtype: str = "float32") -> keras.Model:
    """As `build_recognizer`, but with 30,000 weights."""
    ink = keras.Input((32, None), dtype="uint8", name="ink")
    features = layers.Rescaling(1 / 255, dtype=dtype)(keras.ops.expand_dims(ink, -1))
    features = layers.Conv2D(8, 5, 2, padding="same", activation="relu", dtype=dtype)(features)
    features = layers.ZeroPadding2D((0, 3), dtype=dtype)(features)
    features = layers.Conv2D(32, (16, 7), activation="relu", dtype=dtype)(features)
    row = layers.Conv2D(symbols + 1, 1, dtype="float32")(features)
    return keras.Model(ink, layers.Reshape((-1, symbols + 1), name="symbols")(row), name="recognizer")


def draw_bars(text: str, bars: dict[str, tuple[int, int]] = BARS) -> np.ndarray[Any, Any]:
    """The crop (32, 64) of a text of at most three symbols."""
    ink = np.zeros((32, 64), np.uint8)
    for place, symbol in enumerate(text):
        width, height = bars[symbol]
        ink[28 - height : 28, 4 + 18 * place : 4 + 18 * place + width] = 255
    return ink


def draw_example(seed: Sequence[int]) -> Example:
    """Bars of a text that chance writes."""
    rng = np.random.default_rng(seed)
    text = "".join(rng.choice(list(BARS), int(rng.integers(0, 4))))
    return Example(draw_bars(text), text)


class FakeComposer:
    """Draws bars, in this process."""

    def __init__(self, _: Callable[..., Any], part: str) -> None:
        self.part, self.is_closed = len(part), False

    def compose(self, key: Sequence[int]) -> Iterator[Example | None]:
        yield None  # as where a crop is too wide
        number = 0
        while True:
            number += 1
            yield draw_example([*key, self.part, number])

    def close(self) -> None:
        self.is_closed = True
