"""Work shared among processes, in order; one that is ended from outside costs what it was working on, at most."""

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import Generic, NamedTuple, TypeVar

import cv2

T = TypeVar("T")
R = TypeVar("R")
S = TypeVar("S")

# Work ahead this many pieces a process, so that a slow one does not hold the others up.
AHEAD = 4


class Work(NamedTuple, Generic[T, R]):
    """What processes do; all of it must be importable by them.

    Attributes:
        open: called once in each process.
        options: what it is called with; it gives the state that `do` gets.
        do: gets the state and some items, and gives a result for each.
        give_up: the result of an item whose process was ended twice.
    """

    open: Callable[..., object]
    options: tuple[object, ...]
    do: Callable[..., list[R]]
    give_up: Callable[[T], R]


def map_in_order(work: Work[T, R], pieces: Iterable[Sequence[T]], jobs: int) -> Iterator[list[R]]:
    """The results of each piece of work, in order; empty pieces are no work.

    A process that is ended from outside takes all others of its pool along. What was not finished is then done again,
    each item in a process of its own, and the rest in a new pool.

    Args:
        work: what to do.
        pieces: some items each. They are asked for as they are needed.
        jobs: how many processes.
    """
    left = iter(pieces)
    is_left = True
    while is_left:
        running: deque[tuple[Sequence[T], Future[list[R]] | None]] = deque()
        try:
            with _pool(work, jobs) as pool:
                try:
                    while is_left or running:
                        while is_left and len(running) < AHEAD * jobs:
                            piece = next(left, None)
                            is_left = piece is not None
                            if piece is not None:
                                running.append((piece, None))  # before it is submitted: the pool may be broken
                                if piece:
                                    running[-1] = piece, _submit(pool, piece)
                        if running:
                            future = running[0][1]
                            yield future.result() if future else []
                            running.popleft()
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)  # after Ctrl+C: what has not begun need not
        except BrokenProcessPool:
            for piece, future in running:
                is_done = future is not None and future.done() and not future.cancelled() and not future.exception()
                yield future.result() if future and is_done else [_do_alone(work, item) for item in piece]


def _pool(work: Work[T, R], jobs: int) -> ProcessPoolExecutor:
    # Not forked: this process has the model's threads running, which a fork would not take along.
    return ProcessPoolExecutor(jobs, get_context("spawn"), _open, (work,))


def _submit(pool: ProcessPoolExecutor, piece: Sequence[T]) -> Future[list[R]]:
    """Hand a piece to a pool. Processes that start for it do not hear of Ctrl+C, not even before they ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        return pool.submit(_do, piece)
    heard = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return pool.submit(_do, piece)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, heard)


def _do_alone(work: Work[T, R], item: T) -> R:
    """The result of an item in a process of its own."""
    try:
        with _pool(work, 1) as pool:
            return _submit(pool, [item]).result()[0]
    except BrokenProcessPool:
        return work.give_up(item)


_opened: tuple[Work, object] | None = None  # type: ignore[type-arg]


def _open(work: Work[T, R]) -> None:
    global _opened
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C reaches all processes; the first one ends the others
    threading.Thread(target=_end_with_parent, daemon=True).start()
    cv2.setNumThreads(1)  # the processes share the cores already
    _opened = work, work.open(*work.options)


def _end_with_parent() -> None:
    """End this process when the one that started it was killed: nobody would ever ask it for anything again."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _do(items: Sequence[T]) -> list[R]:
    assert _opened is not None
    work, state = _opened
    return work.do(state, items)
