"""Reference readings that tests compare with: of composed pages, and of a folder of other people's handwriting.

python -m benchmarks.reference [DIR]        # about a minute for each on 2 cores

Run it where a change of what is read is meant: after a new net, say. It writes tests/reference/composed_pages.json, and
with DIR (as benchmarks/hands.py says) tests/reference/real_handwriting.json, which holds no picture: only which ones of
each set are misread. The diff of the two files shows what has changed.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

import inkdigits
from benchmarks.hands import load_digits, load_numbers, read_text, to_compare
from inkdigits.training import load_mnist
from inkdigits.training.runs.folders import replacing
from inkdigits.training.synthetic.pages import Page, compose_page_without_digits, compose_pages

REFERENCE = Path(__file__).resolve().parents[1] / "tests" / "reference"
PAGES, READINGS = REFERENCE / "composed_pages.json", REFERENCE / "real_handwriting.json"
# Pages with digits and without, of a seed that no benchmark and no training has.
WITH_DIGITS, WITHOUT_DIGITS, SEED = 48, 12, 11
# At most this many pictures of each set are read: those of one digit, of one number, of several numbers.
DIGITS, SINGLE_NUMBERS, WHOLE_PAGES = 200, 150, 20


def compose_reference_pages() -> Iterator[Page]:
    """The composed pages, always the same."""
    yield from compose_pages(load_mnist().validation, WITH_DIGITS, SEED)
    for number in range(WITHOUT_DIGITS):
        yield compose_page_without_digits(np.random.default_rng([SEED, number]))


def describe(number: int, page: Page, reading: inkdigits.Reading) -> tuple[str, dict[str, list[str]]]:
    """What stands on a page and what is read there, line by line, under the page's name."""
    return f"{number} {page.kind}", {"written": page.text.splitlines(), "read": reading.text.splitlines()}


def find_misread(reader: inkdigits.Reader, folder: Path) -> dict[str, dict[str, Any]]:
    """Of each set in a folder how many pictures are read, and the places of those that are not read right."""
    found = {}
    for name, (pictures, labels) in load_digits(folder).items():
        kept = np.linspace(0, len(labels) - 1, min(DIGITS, len(labels))).astype(int)
        is_right = [reader.read_digit(pictures[i]).value == labels[i] for i in tqdm(kept, name, leave=False)]
        found[name] = _list_wrong(is_right)
    for name, numbers in load_numbers(folder).items():
        fill_pictures, with_marks = numbers.fill_pictures, numbers.have_marks
        few = numbers.thin_out(SINGLE_NUMBERS if fill_pictures else WHOLE_PAGES)
        found[name] = _list_wrong(
            [
                to_compare(read_text(reader, picture, fill_pictures), notes, with_marks)
                == to_compare(text, notes, with_marks)
                for picture, text, notes in zip(tqdm(few.files, name, leave=False), few.texts, few.notes, strict=True)
                if "[mixed]" not in notes
            ]
        )
    return found


def _list_wrong(is_right: list[bool]) -> dict[str, Any]:
    return {"n": len(is_right), "misread": [place for place, right in enumerate(is_right) if not right]}


def _write(path: Path, entries: dict[str, Any]) -> None:
    """One line for each entry, so that a diff shows what has changed."""
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(entry)}" for name, entry in entries.items())
    path.parent.mkdir(exist_ok=True)
    with replacing(path) as part:
        part.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


def main() -> None:
    """Read and write."""
    reader = inkdigits.Reader()
    pages = tqdm(compose_reference_pages(), total=WITH_DIGITS + WITHOUT_DIGITS, unit="page")
    _write(PAGES, dict(describe(number, page, reader.read(page.photo)) for number, page in enumerate(pages)))
    if len(sys.argv) > 1:
        _write(READINGS, find_misread(reader, Path(sys.argv[1])))


if __name__ == "__main__":
    main()
