"""Kill `inkdigits read` at random, again and again, and count what was lost and what stands there twice.

    python -m benchmarks.speed.kills --kills 50

Prints one JSON object. Half of the kills hit the command alone, half its worker processes; all are SIGKILL.
"""

import argparse
import csv
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import cv2
import numpy as np

# One picture in this many is broken.
BROKEN = 100


def write_pictures(folder: Path, count: int) -> list[str]:
    """Small pictures, each of its own number; some are broken."""
    files = []
    for number in range(count):
        picture = np.full((48, 140), 240, np.uint8)
        cv2.putText(picture, str(number), (10, 36), cv2.FONT_HERSHEY_SIMPLEX, 1.1, 30, 3, cv2.LINE_AA)
        path = folder / f"{number:06}.png"
        content = cv2.imencode(".png", picture)[1].tobytes()
        path.write_bytes(b"broken" if number % BROKEN == BROKEN // 2 else content)
        files.append(str(path))
    return files


def read_with_kills(folder: Path, kills: int, seconds: float, seed: int = 0) -> dict[str, int]:
    """Read a folder to the end, killed this many times.

    Args:
        folder: of pictures; the rows go beside it.
        kills: how many.
        seconds: after so long on average, from when the first row of a run is there.
        seed: of the random times.

    Returns:
        How many runs, kills, files, rows, files lost, files twice, rows out of order, and files read again.
    """
    rng = random.Random(seed)
    output = folder.parent / "rows.csv"
    part, journal = folder.parent / "rows.part.csv", folder.parent / "rows.part.csv.journal"
    command = [sys.executable, "-m", "inkdigits", "read", str(folder), "--cells", "--output", str(output)]
    command += ["--resume", "--quiet", "--jobs", "2"]
    done = runs = read_again = 0
    while not output.exists():
        before = part.stat().st_size if part.exists() else 0
        runs += 1
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while run.poll() is None and (not part.exists() or part.stat().st_size <= before):
                time.sleep(0.01)
            time.sleep(rng.uniform(0, 2 * seconds))
            if done < kills and run.poll() is None:
                children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
                workers = [int(one) for one in children.read_text().split()] if children.exists() else []
                aim = rng.choice(workers[1:] or [run.pid]) if done % 2 else run.pid
                os.kill(aim, signal.SIGKILL)
                done += 1
                if aim != run.pid:
                    time.sleep(rng.uniform(0, seconds))
                    run.kill()
        if journal.exists():
            noted = Counter(line.split(b",")[0] for line in journal.read_bytes().splitlines()[1:])
            read_again = sum(noted.values()) - len(noted)
    with output.open(encoding="utf-8", newline="") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    files = sorted(str(path) for path in folder.iterdir())
    return {
        "runs": runs,
        "kills": done,
        "files": len(files),
        "rows": len(names),
        "lost": len(set(files) - set(names)),
        "twice": len(names) - len(set(names)),
        "out_of_order": sum(left > right for left, right in pairwise(names)),
        "read_again": read_again,
    }


def main() -> None:
    """Make the pictures, read them, print the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=0.3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        (Path(place) / "pictures").mkdir()
        write_pictures(Path(place) / "pictures", options.files)
        print(json.dumps(read_with_kills(Path(place) / "pictures", options.kills, options.seconds)))


if __name__ == "__main__":
    main()
