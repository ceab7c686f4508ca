"""A bounded queue of CPU work, off the event loop."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from inkdigits.web.problems import Kind, Refusal

# Pictures above this many pixels are read one at a time: of 50 megapixels one takes about a gigabyte.
LARGE_PIXELS = 4_000_000
RETRY_SECONDS = 1

Result = TypeVar("Result")


def busy(what: str) -> Refusal:
    """The refusal of a server that has no room left."""
    return Refusal(Kind.busy, f"{what}. Try again in {RETRY_SECONDS} s.", {"Retry-After": str(RETRY_SECONDS)})


class Workers:
    """Threads that read pictures, and the queue before them. To be used from one event loop."""

    def __init__(self, threads: int, queue: int, seconds: float) -> None:
        """Start none yet: threads start with the first work.

        Args:
            threads: how many work at once.
            queue: how many more may wait.
            seconds: how long one may wait and work together.
        """
        self._pool = ThreadPoolExecutor(threads, "inkdigits-reader")
        self._limit = threads + queue
        self._seconds = seconds
        self._large = asyncio.Lock()
        self.pending = 0

    async def run(self, work: Callable[[], Result], pixels: int = 0) -> Result:
        """Have `work` done by a thread.

        Args:
            work: a call without arguments that needs the CPU.
            pixels: of the picture that it decodes; large ones are done one at a time.

        Raises:
            Refusal: the queue is full, or it took too long.
        """
        if self.pending >= self._limit:
            raise busy("The server is busy: its queue is full")
        self.pending += 1
        task = asyncio.ensure_future(self._run_large(work) if pixels > LARGE_PIXELS else self._submit(work))
        task.add_done_callback(self._release)
        # A thread cannot be stopped: what takes too long goes on, and keeps its place until it is done.
        done, _ = await asyncio.wait((task,), timeout=self._seconds)
        if not done:
            raise Refusal(
                Kind.answer_too_slow, f"Reading took longer than {self._seconds:g} s. Send a smaller picture."
            )
        return task.result()

    def close(self) -> None:
        """Finish what has begun, drop what waits."""
        self._pool.shutdown(cancel_futures=True)

    def _submit(self, work: Callable[[], Result]) -> asyncio.Future[Result]:
        return asyncio.get_running_loop().run_in_executor(self._pool, work)

    async def _run_large(self, work: Callable[[], Result]) -> Result:
        async with self._large:
            return await self._submit(work)

    def _release(self, task: asyncio.Future[Result]) -> None:
        self.pending -= 1
        if not task.cancelled():
            task.exception()  # marks it as seen where nobody waits for it any more
