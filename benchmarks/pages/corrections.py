"""What corrections are worth: cells of a logbook or of sheets, before and after learning from some.

python -m benchmarks.pages.corrections DIR [--sets cells values --counts 50 100 200 400 800 --draws 3]
python -m benchmarks.pages.corrections DIR --sets sheets-cells --by-page --digits --counts 0

DIR is as benchmarks/hands.py says. Each set is parted: the first half in file order is learnt from, the second half is
measured on and never seen; by page (the last word of the column `notes`), the first two pages are learnt from. With
--digits marks do not count, for sets whose labels leave them out. Of what may be learnt from, each count is drawn and
learnt by `inkdigits train recognizer --from bundled`, gate included: what it does not keep is measured, too; `compared`
says what was forgotten. What is learnt here is thrown away. About six minutes a training on two cores: figures are
recorded after each, and what is in results/corrections.json is not measured again.
"""

import argparse
import csv
import json
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from tqdm import tqdm

import inkdigits
from benchmarks.record import RESULTS, record
from inkdigits.training import TrainConfig, fit
from inkdigits.training.recognizer.own import to_text
from inkdigits.training.runs.folders import read_config

NAME = "corrections"
# Pages that are learnt from, where a set is parted by page.
LEARNT_PAGES = 2


class Numbers(NamedTuple):
    """Pictures with what stands on them, and the page that each is of; empty where unknown."""

    files: list[Path]
    texts: list[str]
    pages: list[str]


def load_halves(folder: Path, sets: list[str], by_page: bool) -> tuple[Numbers, Numbers]:
    """What is learnt from, and what is measured on."""
    learnt, measured = Numbers([], [], []), Numbers([], [], [])
    for name in sets:
        with (folder / name / "labels.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        pages = [row["notes"].split()[-1] if by_page else "" for row in rows]
        first = sorted(set(pages))[:LEARNT_PAGES]
        for place, (row, page) in enumerate(zip(rows, pages, strict=True)):
            part = learnt if (page in first if by_page else place < len(rows) // 2) else measured
            part.files.append(folder / name / row["file"])
            part.texts.append(row["text"].replace("|", "").replace(" ", ""))
            part.pages.append(page)
    return learnt, measured


def measure(reader: inkdigits.Reader, numbers: Numbers, digits: bool) -> float:
    """The share, in percent, whose whole text, or whose digits are right; a point for a comma is."""
    right = []
    for file, text in zip(tqdm(numbers.files, unit="cell"), numbers.texts, strict=True):
        number = reader.read_number(str(file))
        right.append(to_value(number.text if number else "", digits) == to_value(text, digits))
    return round(100 * statistics.mean(right), 2)


def to_value(text: str, digits: bool) -> str:
    """A text as it is compared."""
    return re.sub(r"[^0-9?]", "", text) if digits else to_text(text).replace(",", ".")


def learn(numbers: Numbers, count: int, seed: int, scratch: Path) -> tuple[Path, float]:
    """Learn from this many of them by chance, 0: from all; the run folder and the minutes it took."""
    order = np.random.default_rng(seed).permutation(len(numbers.files))[: count or None]
    checked = scratch / f"{count}-{seed}.csv"
    with checked.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "text", "page"])
        writer.writerows([column[place] for column in numbers] for place in order.tolist())
    began, out = time.perf_counter(), scratch / f"run-{count}-{seed}"
    run = fit(TrainConfig("recognizer", from_model="bundled", data=(str(checked),), seed=seed, out=out))
    return run, (time.perf_counter() - began) / 60


def measure_draw(learnt: Numbers, measured: Numbers, count: int, seed: int, digits: bool) -> dict[str, Any]:
    """What one draw of corrections leads to."""
    with tempfile.TemporaryDirectory() as scratch:
        run, minutes = learn(learnt, count, seed, Path(scratch))
        config = read_config(run)
        net = run / ("model.onnx" if config["kept"] else "candidate.onnx")
        return {
            "after": measure(inkdigits.Reader(recognizer=net), measured, digits),
            "kept": config["kept"],
            "minutes": round(minutes, 1),
            "compared": config["compared"],
        }


def main() -> None:
    """Measure and record."""
    parser = argparse.ArgumentParser(description="What corrections are worth.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sets", nargs="+", default=["cells", "values"])
    parser.add_argument("--by-page", action="store_true")
    parser.add_argument("--digits", action="store_true")
    parser.add_argument("--counts", nargs="+", type=int, default=[50, 100, 200, 400, 800])
    parser.add_argument("--draws", type=int, default=3)
    asked = parser.parse_args()
    learnt, measured = load_halves(asked.folder, asked.sets, asked.by_page)
    path = RESULTS / f"{NAME}.json"
    figures: dict[str, Any] = json.loads(path.read_text("utf-8"))["figures"] if path.exists() else {}
    of_sets = figures.setdefault("+".join(asked.sets), {"n": len(measured.files), "learnt_from": len(learnt.files)})
    if "before" not in of_sets:
        of_sets["before"] = measure(inkdigits.Reader(), measured, asked.digits)
    for count in asked.counts:
        draws = of_sets.setdefault(str(count or len(learnt.files)), {})
        for seed in range(asked.draws):
            if str(seed) not in draws:
                draws[str(seed)] = measure_draw(learnt, measured, count, seed, asked.digits)
                record(NAME, figures, arguments="DIR")


if __name__ == "__main__":
    main()
