"""How long a photo of 12 megapixels with 50 digits takes on 2 cores, and how much memory one of 50 megapixels.

python -m benchmarks.speed.large_photo
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

import inkdigits
from benchmarks.record import record
from inkdigits.training import load_mnist
from inkdigits.training.synthetic.writing import copy_digits

CORES, RUNS = 2, 5
SIZE, LARGE_SIZE = (3000, 4000), (6144, 8192)
ROWS, COLUMNS = 5, 10


def write_page(shape: tuple[int, int], rng: np.random.Generator) -> tuple[np.ndarray, str]:
    """A photo with 50 digits on it, light falling off to the right; and what it says."""
    write, ink = copy_digits(load_mnist().validation, rng), np.zeros(shape, np.uint8)
    digits = rng.integers(0, 10, (ROWS, COLUMNS))
    down, right = shape[0] // (ROWS + 1), shape[1] // (COLUMNS + 1)
    for row in range(ROWS):
        for column in range(COLUMNS):
            drawn = write(int(digits[row, column]), shape[0] // 20)
            y, x = (row + 1) * down - drawn.shape[0] // 2, (column + 1) * right - drawn.shape[1] // 2
            ink[y : y + drawn.shape[0], x : x + drawn.shape[1]] = drawn
    light = np.linspace(230, 130, shape[1], dtype=np.float32)[None]
    noise = cv2.resize(rng.normal(0, 6, (1500, 2000)).astype(np.float32), shape[::-1])
    gray = np.clip(light * (1 - 0.8 * (ink / np.float32(255))) + noise, 0, 255).astype(np.uint8)
    return np.repeat(gray[:, :, None], 3, axis=2), "".join(map(str, digits.ravel().tolist()))


def peak_megabytes(photo: np.ndarray) -> float:
    """The largest memory of a process that does nothing but read this photo from a file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "photo.jpg"
        Image.fromarray(photo).save(path, quality=90)
        subprocess.run(
            [sys.executable, "-c", f"import inkdigits; inkdigits.Reader().read({str(path)!r})"],
            check=True,
        )
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


def main() -> None:
    """Measure and record."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    cv2.setNumThreads(CORES)
    rng = np.random.default_rng(0)
    reader = inkdigits.Reader()
    photo, text = write_page(SIZE, rng)
    seconds = []
    for _ in range(RUNS + 1):
        began = time.perf_counter()
        reading = reader.read(photo)
        seconds.append(time.perf_counter() - began)
    read = "".join(str(digit.value) for digit in reading.digits)
    record(
        "large_photo",
        {
            "n": RUNS,
            "megapixels": SIZE[0] * SIZE[1] / 1e6,
            "digits": len(text),
            "digits_read_exactly": read == text,
            "median_seconds": round(statistics.median(seconds[1:]), 3),
            "seconds": [round(value, 3) for value in seconds[1:]],
            "load_average": [round(value, 1) for value in os.getloadavg()],
            "large_megapixels": round(LARGE_SIZE[0] * LARGE_SIZE[1] / 1e6, 1),
            "large_peak_megabytes": round(peak_megabytes(write_page(LARGE_SIZE, rng)[0])),
        },
    )


if __name__ == "__main__":
    main()
