import operator
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from inkdigits.bulk.processes import Work, map_in_order


def start(factor: int) -> int:
    return factor


def multiply(factor: int, items: list[int]) -> list[int]:
    return [factor * item for item in items]


def die_on_three(marks: str, items: list[int]) -> list[int]:
    """Each item as it is, with a mark for each; the process dies of a 3."""
    for item in items:
        with (Path(marks) / str(item)).open("a") as file:
            file.write(".")
        if item == 3:
            os.kill(os.getpid(), signal.SIGKILL)
    return items


def test_no_pieces_start_no_process():
    assert list(map_in_order(Work(start, (2,), multiply, abs), [], 2)) == []


def test_results_come_in_order_and_empty_pieces_are_no_work():
    pieces = [[1, 2], [], [3], [4, 5]]
    assert list(map_in_order(Work(start, (2,), multiply, abs), pieces, 2)) == [[2, 4], [], [6], [8, 10]]


def test_pieces_are_asked_for_as_they_are_needed():
    asked = []

    def pieces():
        for number in range(1000):
            asked.append(number)
            yield [number]

    found = map_in_order(Work(start, (1,), multiply, abs), pieces(), 1)
    assert [next(found), next(found)] == [[0], [1]]
    assert len(asked) < 10
    found.close()


@pytest.mark.skipif(os.name != "posix", reason="kills as POSIX does")
def test_an_item_that_ends_its_process_costs_no_other(tmp_path):
    pieces = [[1, 2], [3, 4], [5], [6]]
    work = Work(str, (str(tmp_path),), die_on_three, operator.neg)
    assert list(map_in_order(work, pieces, 1)) == [[1, 2], [-3, 4], [5], [6]]
    assert (tmp_path / "3").read_text() == ".."
    assert (tmp_path / "1").read_text() == "."


@pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")
def test_processes_end_when_the_one_that_started_them_is_killed():
    program = """
import os, sys
from inkdigits.bulk.processes import Work, map_in_order
def start(): return None
def name(_, items): return [os.getpid() for _ in items]
if __name__ == "__main__":
    found = map_in_order(Work(start, (), name, abs), ([i] for i in range(10**9)), 1)
    print(next(found)[0], flush=True)
    for _ in found: pass
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        parent.kill()
    end = time.monotonic() + 20
    while Path(f"/proc/{child}").exists() and time.monotonic() < end:
        time.sleep(0.05)
    assert not Path(f"/proc/{child}").exists()
