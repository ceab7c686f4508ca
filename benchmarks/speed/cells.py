"""How many cells of a table, cut out as files of 60×34 pixels, are read a second: alone, together, from files.

python -m benchmarks.speed.cells
"""

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np

import inkdigits
from benchmarks.record import record
from inkdigits.training import load_mnist
from inkdigits.training.synthetic.writing import copy_digits

CORES, WIDTH, HEIGHT, BATCH = 2, 60, 34, 32


def write_cell(rng: np.random.Generator, write: Callable[[int, int], np.ndarray]) -> tuple[np.ndarray, str]:
    """A cell with one to three digits of MNIST's validation part on grey paper; and what it says."""
    digits = rng.integers(0, 10, rng.integers(1, 4)).tolist()
    ink = np.zeros((HEIGHT, WIDTH), np.uint8)
    for place, digit in enumerate(digits):
        drawn = write(digit, 20)[:24, :18]
        ink[6 : 6 + drawn.shape[0], 3 + 18 * place : 3 + 18 * place + drawn.shape[1]] = drawn
    noise = rng.normal(0, 4, ink.shape)
    return np.clip(225 * (1 - 0.8 * (ink / 255)) + noise, 0, 255).astype(np.uint8), "".join(map(str, digits))


def main() -> None:
    """Measure in turn, several times, and record medians."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=2000)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    rng = np.random.default_rng(0)
    write = copy_digits(load_mnist().validation, rng)
    made = [write_cell(rng, write) for _ in range(options.cells)]
    cells, texts = [cell for cell, _ in made], [text for _, text in made]
    reader = inkdigits.Reader()
    with tempfile.TemporaryDirectory() as folder:
        for place, cell in enumerate(cells):
            cv2.imwrite(str(Path(folder) / f"{place:06}.png"), cell)

        def read_folder(jobs: int) -> list[str]:
            results = inkdigits.read_files(folder, jobs=jobs, cells=True)
            return [result.reading.text if result.reading else "" for result in results]

        def read_batches() -> list[str]:
            starts = range(0, len(cells), BATCH)
            found = [number for start in starts for number in reader.read_numbers(cells[start : start + BATCH])]
            return [number.text if number else "" for number in found]

        def read_alone() -> list[str]:
            found = [reader.read_number(cell) for cell in cells]
            return [number.text if number else "" for number in found]

        ways: dict[str, Callable[[], list[str]]] = {
            "read_number": read_alone,
            "read_numbers": read_batches,
            "read_files, 1 process": lambda: read_folder(1),
            "read_files, 2 processes": lambda: read_folder(2),
        }
        rates: dict[str, list[float]] = {name: [] for name in ways}
        right: dict[str, float] = {}
        for _ in range(options.runs):
            for name, way in ways.items():
                start = time.perf_counter()
                read = way()
                rates[name].append(len(cells) / (time.perf_counter() - start))
                right[name] = sum(one == text for one, text in zip(read, texts, strict=True)) / len(cells)
    figures = {
        name: {
            "cells_per_second": round(statistics.median(some), 1),
            "range": [round(min(some), 1), round(max(some), 1)],
            "right": right[name],
        }
        for name, some in rates.items()
    }
    record("cells", {"cells": len(cells), "runs": options.runs, "size_px": [WIDTH, HEIGHT], **figures})


if __name__ == "__main__":
    main()
