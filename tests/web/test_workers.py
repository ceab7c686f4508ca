import asyncio
import threading

import pytest
from starlette.exceptions import HTTPException

from inkdigits.web.workers import LARGE_PIXELS, Workers


def run(test):
    asyncio.run(test())


def test_past_the_queue_work_is_refused_with_the_time_to_come_again():
    async def test():
        workers, gate = Workers(1, 1, 10), threading.Event()
        waiting = [asyncio.create_task(workers.run(lambda: gate.wait(5))) for _ in range(2)]
        await asyncio.sleep(0.05)
        with pytest.raises(HTTPException) as refusal:
            await workers.run(lambda: None)
        assert refusal.value.status_code == 429
        assert refusal.value.headers == {"Retry-After": "1"}
        gate.set()
        assert await asyncio.gather(*waiting) == [True, True]
        assert await workers.run(lambda: 3) == 3
        workers.close()

    run(test)


def test_what_takes_too_long_is_answered_and_keeps_its_place_until_it_is_done():
    async def test():
        workers, gate = Workers(1, 0, 0.05), threading.Event()
        with pytest.raises(HTTPException) as refusal:
            await workers.run(lambda: gate.wait(5))
        assert refusal.value.status_code == 503
        assert workers.pending == 1
        gate.set()
        for _ in range(100):
            await asyncio.sleep(0.01)
            if workers.pending == 0:
                break
        assert workers.pending == 0
        workers.close()

    run(test)


def test_large_pictures_go_one_at_a_time_and_do_not_hold_up_small_ones():
    async def test():
        workers, gate, at_once, most = Workers(3, 10, 10), threading.Event(), 0, 0

        def large():
            nonlocal at_once, most
            at_once += 1
            most = max(most, at_once)
            gate.wait(5)
            at_once -= 1

        tasks = [asyncio.create_task(workers.run(large, LARGE_PIXELS + 1)) for _ in range(3)]
        await asyncio.sleep(0.05)
        assert await asyncio.wait_for(workers.run(lambda: "small", LARGE_PIXELS), 2) == "small"
        gate.set()
        await asyncio.gather(*tasks)
        assert most == 1
        workers.close()

    run(test)


def test_an_error_of_the_work_is_the_callers():
    async def test():
        workers = Workers(1, 0, 10)
        with pytest.raises(ZeroDivisionError):
            await workers.run(lambda: 1 // 0)
        workers.close()

    run(test)
