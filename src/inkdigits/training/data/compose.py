"""Examples composed by as many processes as there are cores, for the nets that read pages to learn."""

import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from functools import cache
from itertools import count, islice
from multiprocessing import get_context
from typing import Any, Generic, Literal, TypeVar

import cv2
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from inkdigits.training.data.mnist import Images, load_mnist

# A process takes this many lots at a time, and this many times as many are waited for ahead of need.
CHUNK, AHEAD = 16, 4

Part = Literal["train", "validation"]
Lot = TypeVar("Lot")


class Composer(Generic[Lot]):
    """Composes lots in order by several processes, as long as more are wanted."""

    def __init__(self, cut: Callable[[Images, np.random.Generator], Lot], part: Part) -> None:
        """The processes start when the first lot is wanted.

        Args:
            cut: from digits to write with and chance to one lot; other processes must find it: a function of a module,
                or a `partial` of one.
            part: of MNIST, which a part of the digits comes from.
        """
        self._cut, self._part = cut, part
        self._pool: ProcessPoolExecutor | None = None
        self._workers = os.cpu_count() or 1

    def compose(self, key: Sequence[int]) -> Iterator[Lot]:
        """Endless lots; the same key gives the same ones, whatever came before."""
        # Not forked: Keras may have threads running, which a fork would not take along.
        pool = self._pool = self._pool or ProcessPoolExecutor(self._workers, get_context("spawn"), _start)
        starts, waiting = count(0, CHUNK), deque[Future[list[Lot]]]()
        try:
            while True:
                while len(waiting) < AHEAD * self._workers:
                    waiting.append(pool.submit(_compose, self._cut, self._part, [*key, next(starts)]))
                yield from waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End the processes."""
        if self._pool:
            self._pool.shutdown(cancel_futures=True)
            self._pool = None


# From digits to write with and chance to arrays of examples, a column each.
Cut = Callable[[Images, np.random.Generator], tuple[npt.NDArray[Any], ...]]


def compose_examples(cut: Cut, stream: int, part: Part, lots: int, seed: int, unit: str) -> list[npt.NDArray[Any]]:
    """The columns of the examples that this many lots give; a progress bar shows how far it is.

    Args:
        cut: composes one lot; a function of a module, which other processes can find.
        stream: no seed of other examples begins so.
        part: of MNIST, which a part of the digits comes from.
        lots: how many, at least 1.
        seed: the same gives the same examples.
        unit: what a lot is called.
    """
    columns: list[list[npt.NDArray[Any]]] = []
    composer = Composer(cut, part)
    try:
        composed = islice(composer.compose([stream, seed]), lots)
        for examples in tqdm(composed, f"composing ({part})", lots, unit=unit, file=sys.stderr):
            columns = columns or [[] for _ in examples]
            for column, array in zip(columns, examples, strict=True):
                column.append(array)
    finally:
        composer.close()
    # One after the other, so that all is never there twice.
    return [np.concatenate(columns.pop(0)) for _ in range(len(columns))]


def _start() -> None:
    cv2.setNumThreads(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that trains


def _compose(cut: Callable[[Images, np.random.Generator], Lot], part: Part, key: list[int]) -> list[Lot]:
    *stream, start = key
    digits, which = _load_digits(part), ["train", "validation"].index(part)
    return [cut(digits, np.random.default_rng([*stream, which, number])) for number in range(start, start + CHUNK)]


@cache
def _load_digits(part: Part) -> Images:
    return load_mnist().train if part == "train" else load_mnist().validation
