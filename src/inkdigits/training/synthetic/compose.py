"""Examples composed by as many processes as there are cores, for the nets that read pages to learn."""

import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from multiprocessing import get_context
from typing import Any, Literal

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from inkdigits.training.data.mnist import Images, load_mnist

# A process takes so many lots at a time.
CHUNK = 16

Part = Literal["train", "validation"]
# From digits to write with and chance to arrays of examples, a column each.
Cut = Callable[[Images, np.random.Generator], tuple[npt.NDArray[Any], ...]]


def compose_examples(cut: Cut, stream: int, part: Part, count: int, seed: int, unit: str) -> list[npt.NDArray[Any]]:
    """The columns of the examples that so many lots give; a progress bar shows how far it is.

    Args:
        cut: composes one lot; a function of a module, which other processes can find.
        stream: no seed of other examples begins so.
        part: of MNIST, which a part of the digits comes from.
        count: how many lots, at least 1.
        seed: the same gives the same examples.
        unit: what a lot is called.
    """
    columns: list[list[npt.NDArray[Any]]] = []
    # Not forked: Keras may have threads running, which a fork would not take along.
    with ProcessPoolExecutor(None, get_context("spawn"), cv2.setNumThreads, (1,)) as pool:
        done = pool.map(partial(_compose, cut, stream, part, seed), range(count), chunksize=CHUNK)
        for examples in tqdm(done, f"composing ({part})", count, unit=unit, file=sys.stderr):
            columns = columns or [[] for _ in examples]
            for column, array in zip(columns, examples, strict=True):
                column.append(array)
    # One after the other, so that all is never there twice.
    return [np.concatenate(columns.pop(0)) for _ in range(len(columns))]


def _compose(cut: Cut, stream: int, part: Part, seed: int, number: int) -> tuple[npt.NDArray[Any], ...]:
    rng = np.random.default_rng([stream, seed, ["train", "validation"].index(part), number])
    return cut(_load_digits(part), rng)


@cache
def _load_digits(part: Part) -> Images:
    return load_mnist().train if part == "train" else load_mnist().validation
