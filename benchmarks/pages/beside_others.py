"""Inkdigits beside Tesseract and RapidOCR on your own photos, in one run.

python -m benchmarks.pages.beside_others DIR... [--rapidocr PYTHON]

Each DIR holds a labels.csv with the columns file, text and perhaps notes: the lines of a picture parted by `|`, numbers
by a space (spaces do not count); notes may say [unordered] (no reading order) or [mixed] (other writing on it, too).

Tesseract is called as `tesseract` where it is installed (Debian: apt-get install tesseract-ocr). RapidOCR stands in an
environment of its own: python -m venv ocr && ocr/bin/pip install rapidocr-onnxruntime; give its ocr/bin/python. What is
absent is "not measured". Both are asked for digits only: Tesseract by its whitelist, RapidOCR by dropping the rest.
Where RapidOCR finds no text, it reads the whole picture as one line.
"""

import argparse
import csv
import json
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from tqdm import tqdm

import inkdigits
from benchmarks.hands import to_compare
from benchmarks.record import record
from inkdigits.training.evaluation.page_score import edit_distance

RAPIDOCR = """
import json, sys
from rapidocr_onnxruntime import RapidOCR
engine = RapidOCR()
for line in sys.stdin:
    found, _ = engine(json.loads(line))
    if not found:  # small cuttings of one number: read as a line of text, which it does better than finding it
        found, _ = engine(json.loads(line), use_det=False, use_cls=False)
    print(json.dumps("".join(text for *_, text, _ in found or [])), flush=True)
"""
Read = Callable[[list[Path], bool], list[str]]


def read_inkdigits(pictures: list[Path], _: bool) -> list[str]:
    """What this package reads."""
    reader = inkdigits.Reader()
    texts = []
    for picture in tqdm(pictures, desc="inkdigits"):
        try:
            texts.append(reader.read(picture).text)
        except inkdigits.InkDigitsError:
            texts.append("")
    return texts


def read_tesseract(pictures: list[Path], one_line: bool) -> list[str]:
    """What Tesseract reads: a line, or a block of text."""
    mode = ["--psm", "7" if one_line else "6", "-c", "tessedit_char_whitelist=0123456789"]
    texts = []
    for picture in tqdm(pictures, desc="tesseract"):
        command = ["tesseract", str(picture), "stdout", *mode]
        texts.append(subprocess.run(command, capture_output=True, text=True, check=False).stdout)
    return texts


def read_rapidocr(python: str) -> Read:
    """What RapidOCR reads in the environment of that Python."""

    def read(pictures: list[Path], _: bool) -> list[str]:
        pipe = subprocess.PIPE
        with subprocess.Popen([python, "-c", RAPIDOCR], stdin=pipe, stdout=pipe, text=True) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            texts = []
            for picture in tqdm(pictures, desc="rapidocr"):
                process.stdin.write(json.dumps(str(picture)) + "\n")
                process.stdin.flush()
                texts.append(json.loads(process.stdout.readline()))
            process.stdin.close()
        return texts

    return read


def score(rows: list[dict[str, str]], texts: list[str]) -> dict[str, float]:
    """Shares in percent: digits right (1 - edit distance / length), and pictures whose digits are all right."""
    digits = wrong = whole = exact = too_many = 0
    for row, text in zip(rows, texts, strict=True):
        notes = row.get("notes", "")
        truth, read = (to_compare(said, notes).replace("?", "") for said in (row["text"], text))
        distance = edit_distance(truth, read)
        digits, wrong = digits + len(truth), wrong + min(distance, len(truth))
        too_many += max(0, len(read) - len(truth))
        if "[mixed]" not in notes:
            whole, exact = whole + 1, exact + (distance == 0)
    return {
        "n": len(rows),
        "digits": digits,
        "digits_right": round(100 * (1 - wrong / max(1, digits)), 1),
        "exact": round(100 * exact / max(1, whole), 1),
        "digits_too_many": too_many,
    }


def main() -> None:
    """Measure every reader that is there on every folder, and record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--rapidocr", metavar="PYTHON", default="")
    arguments = parser.parse_args()
    readers: dict[str, Read | None] = {
        "inkdigits": read_inkdigits,
        "tesseract": read_tesseract if shutil.which("tesseract") else None,
        "rapidocr": read_rapidocr(arguments.rapidocr) if shutil.which(arguments.rapidocr) else None,
    }
    figures: dict[str, dict[str, object]] = {}
    for folder in arguments.folders:
        with (folder / "labels.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        pictures = [folder / row["file"] for row in rows]
        one_line = not any("|" in row["text"] for row in rows)
        figures[folder.name] = {}
        for name, read in readers.items():
            began = time.perf_counter()
            result = score(rows, read(pictures, one_line)) if read else None
            seconds = (time.perf_counter() - began) / len(rows)
            figures[folder.name][name] = result | {"seconds": round(seconds, 3)} if result else "not measured"
    record("page_opponents", figures, arguments="DIR... --rapidocr PYTHON")


if __name__ == "__main__":
    main()
