"""The learning rate at each step."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from inkdigits.training.digit.config import Settings
from inkdigits.training.digit.transfer import LOWER, head_epochs

# The rate climbs over this part of the steps, then falls to 0 along a cosine (SGDR, Loshchilov and Hutter, 2017).
WARM_UP = 0.1


class Schedule(keras.optimizers.schedules.LearningRateSchedule):
    """Rates looked up by the step.

    Keras asks for the rate once for each variable, and computing it as a cosine each time made two fifths of the graph.
    """

    def __init__(self, settings: Settings, steps: int) -> None:
        """The rates of all epochs, each of so many steps; a transfer climbs again, less high, when all layers learn."""
        rate, alone, total = settings.learning_rate, steps * head_epochs(settings), steps * settings.epochs
        climbs = [(rate, alone), (LOWER * rate, total - alone)] if 0 < alone < total else [(rate, total)]
        self.rates = ops.convert_to_tensor(np.concatenate([climb(*each) for each in climbs]), "float32")

    def __call__(self, step: Any) -> Any:
        """The rate at a step; behind the last one, that of the last."""
        return ops.take(self.rates, ops.minimum(step, self.rates.shape[0] - 1))


def climb(rate: float, steps: int) -> npt.NDArray[np.float64]:
    """(steps,) from a twentieth of `rate` up to it, and down towards 0."""
    up = round(steps * WARM_UP)
    fall = np.cos(np.linspace(0, np.pi, steps - up, endpoint=False))
    return np.concatenate([np.linspace(rate / 20, rate, up, endpoint=False), rate * (1 + fall) / 2])
