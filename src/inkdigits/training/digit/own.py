"""A user's own single digits, to learn from and to measure on, and the epochs in which they are mixed with MNIST."""

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from inkdigits.errors import DataError
from inkdigits.training.data.holding_out import hold_out_own
from inkdigits.training.data.mnist import Images
from inkdigits.training.data.sources import load_images


class OwnDigits(NamedTuple):
    """A user's digits.

    Attributes:
        train: to learn from.
        held_out: to measure on.
    """

    train: Images
    held_out: Images


def load_own_digits(sources: Sequence[str | Path]) -> OwnDigits:
    """A user's digits, each once, in two parts; what has been held out is hardly ever learnt from later.

    Args:
        sources: each what `load_images` takes, but not MNIST.

    Raises:
        DataError: a source is not there, broken, or all together have fewer than 20 different pictures.
    """
    parts = [load_images(source, "train") for source in sources]
    images, labels = np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts])
    keys = [hashlib.sha256(frame.tobytes()).hexdigest() for frame in images]
    once = np.unique(keys, return_index=True)[1]
    try:
        is_held_out = hold_out_own([keys[place] for place in once], "digits")
    except DataError as error:
        raise DataError(f"{', '.join(map(str, sources))}: {error}") from error
    train, held_out = once[~is_held_out], once[is_held_out]
    return OwnDigits(Images(images[train], labels[train]), Images(images[held_out], labels[held_out]))


def take(images: Images, count: int, rng: np.random.Generator) -> Images:
    """This many pictures of at least one, by chance: each as often as any other, to within one."""
    rounds = count // len(images.labels) + 1
    places = np.concatenate([rng.permutation(len(images.labels)) for _ in range(rounds)])[:count]
    return Images(images.images[places], images.labels[places])
