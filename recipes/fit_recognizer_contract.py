"""Fit the numbers in a recognizer's contract, and write them into its .onnx file.

    python recipes/fit_recognizer_contract.py runs/recognizer/model-8bit.onnx --fonts fonts       # some minutes

- `temperature`: at which the right texts of composed crops are likeliest.
- `least_symbol`: from which confidence on a symbol on such a crop is right more often than not.
- `least_mass`: what best parts crops whose text fits a format from those whose text does not.
- `keep_bias`, `keep_detected`, `keep_read`, `keep_page`: a logistic regression, on composed pages, of whether what
  was read stands where a number stands, on what the bundled detector and this recognizer say of it; see
  `page/rejection.py`.

All is composed with digits of MNIST's validation part, by the seed below. Other numbers stay as they are.
"""

import argparse
import difflib
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from inkdigits.arrays import Box, Floats
from inkdigits.formats import Format
from inkdigits.images import Source
from inkdigits.page.decoding import SYMBOLS, decode
from inkdigits.page.groups import Group
from inkdigits.page.recognizer import Recognizer
from inkdigits.page.rejection import Evidence, find_shares, to_log_odds
from inkdigits.reader import Reader
from inkdigits.results import Number, Reading
from inkdigits.training.data.mnist import load_mnist
from inkdigits.training.exports.page_nets import write_numbers
from inkdigits.training.recognizer.calibrate import fit_temperature
from inkdigits.training.recognizer.examples import Example, find_fonts
from inkdigits.training.recognizer.task import compose_held_out
from inkdigits.training.synthetic.pages import Page, compose_page_without_digits, compose_pages

SEED = 71
# A number stands where something was read if so much of its symbols lie on digits, each by this share of both boxes.
SHARE_HIT, OVERLAP = 0.5, 0.2
# With this bias whatever was read is kept.
KEEP_ALL = 1000.0
NAMES, ROUNDS = ("keep_bias", "keep_detected", "keep_read", "keep_page"), 3


def fit_least_symbol(probabilities: list[Floats], examples: list[Example]) -> float:
    """The confidence from which on symbols are right more often than not, of twentieths; at least a half."""
    confidence, is_right = [], []
    for one, example in zip(probabilities, examples, strict=True):
        symbols = decode(one).symbols
        text = "".join(symbol.text for symbol in symbols)
        matcher = difflib.SequenceMatcher(None, to_points(text), to_points(example.text), autojunk=False)
        right = {block.a + i for block in matcher.get_matching_blocks() for i in range(block.size)}
        for place, symbol in enumerate(symbols):
            confidence.append(float(symbol.probabilities[SYMBOLS.index(symbol.text)]))
            is_right.append(place in right)
    sure, hits = np.array(confidence), np.array(is_right)
    for least in np.arange(0.5, 1, 0.05):
        near = (sure >= least) & (sure < least + 0.1)
        if not near.any() or hits[near].mean() >= 0.5:
            return round(float(least), 2)
    return 0.95


def to_points(text: str) -> str:
    """A comma and a point count as one."""
    return text.replace(",", ".")


def fit_least_mass(probabilities: list[Floats], examples: list[Example]) -> float:
    """What parts formats that the text fits from those that it does not with the fewest mistakes."""
    fitting, misfitting = [], []
    for one, example in zip(probabilities, examples, strict=True):
        if example.text.isdigit():
            length = len(example.text)
            fitting.append(decode(one, Format(digits=length)).mass)
            misfitting.append(decode(one, Format(digits=length + 1)).mass)
    candidates = np.array([0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5])
    mistakes = [(np.array(fitting) < one).sum() + (np.array(misfitting) >= one).sum() for one in candidates]
    return float(candidates[int(np.argmin(mistakes))])


class Witness(Reader):
    """A reader that keeps what both models say of each group of digits, page by page."""

    def __init__(self, recognizer: Path) -> None:
        super().__init__(recognizer=recognizer)
        self.seen: list[list[Evidence]] = []

    def read(self, image: Source, format: Format | None = None) -> Reading:
        self.seen.append([])
        return super().read(image, format)

    def _to_number(self, group: Group, said: Floats, form: Format | None) -> tuple[Number | None, Evidence | None]:
        number, evidence = super()._to_number(group, said, form)
        if evidence:
            self.seen[-1].append(evidence)
        return number, evidence


def fit_keep(recognizer: Path, pages: int) -> dict[str, float]:
    """The weights of the logistic regression, by Newton's method; in turn with them, what is clear on a page."""
    reader = Witness(recognizer)
    reader.recognizer.contract.numbers["keep_bias"] = KEEP_ALL
    labels = []
    for page in tqdm(draw_pages(pages), "reading pages", pages, unit="page"):
        lines = reader.read(page.photo).lines
        if not reader.seen[-1]:  # nothing was detected: what stands there is a drawing of one digit
            continue
        for line in lines:
            for number in line.numbers:
                hits = [any(overlap(symbol.box, box) > OVERLAP for box in page.boxes) for symbol in number.digits]
                labels.append(np.mean(hits) >= SHARE_HIT)
    groups = [group for page in reader.seen for group in page]
    wanted, weights = np.array(labels, float), np.array([-8.0, 3.0, 0.5, 7.0])
    for _ in range(ROUNDS):
        named = dict(zip(NAMES, weights.tolist(), strict=True))
        shares = [share for page in reader.seen for share in find_shares(page, named)]
        features = np.array(
            [(1, to_log_odds(g.detected), to_log_odds(g.read), share) for g, share in zip(groups, shares, strict=True)]
        ).reshape(-1, len(NAMES))
        weights = np.zeros(len(NAMES))
        for _ in range(30):
            likely = 1 / (1 + np.exp(-features @ weights))
            # A little pulls the weights towards 0, so that pages on which all is clear do not make them endless.
            slope = features.T @ (wanted - likely) - 0.01 * weights
            curve = (features * (likely * (1 - likely))[:, None]).T @ features + 0.01 * np.eye(len(NAMES))
            weights = weights + np.linalg.solve(curve, slope)
    wrong = int(((features @ weights >= 0) != wanted).sum())
    print(f"of {len(labels)} groups {int(wanted.sum())} are numbers; {wrong} are taken for what they are not")
    return dict(zip(NAMES, weights.round(2).tolist(), strict=True))


def draw_pages(count: int) -> Iterator[Page]:
    """This many pages, a third of them without digits."""
    digits = load_mnist().validation
    blanks = count // 3
    yield from compose_pages(digits, count - blanks, SEED)
    for number in range(blanks):
        yield compose_page_without_digits(np.random.default_rng([SEED + 1, number]))


def overlap(one: Box, other: Box) -> float:
    """Intersection over union."""
    width = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
    height = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
    both = max(0, width) * max(0, height)
    return both / (one.width * one.height + other.width * other.height - both)


def fit(path: Path, crops: int, pages: int, fonts: Path | None) -> dict[str, float]:
    """Fit all and write it into the file; what was written."""
    examples = compose_held_out(find_fonts(fonts), crops)
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "raw.onnx"
        raw.write_bytes(path.read_bytes())
        write_numbers(raw, {"temperature": 1.0})
        probabilities = Recognizer(raw).probabilities([example.ink for example in examples])
    temperature = fit_temperature(probabilities, [example.text for example in examples])
    write_numbers(path, {"temperature": temperature})
    # As the file says them from now on.
    cooled = Recognizer(path).probabilities([example.ink for example in examples])
    numbers = {
        "temperature": temperature,
        "least_symbol": fit_least_symbol(cooled, examples),
        "least_mass": fit_least_mass(cooled, examples),
    }
    write_numbers(path, numbers)
    keep = fit_keep(path, pages)
    write_numbers(path, keep)
    return numbers | keep


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fit the numbers in a recognizer's contract.")
    parser.add_argument("model", type=Path, help="the .onnx file; it is changed")
    parser.add_argument("--crops", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=230)
    parser.add_argument("--fonts", type=Path, help="a folder of further fonts that imitate a hand")
    arguments = parser.parse_args()
    print(json.dumps(fit(arguments.model, arguments.crops, arguments.pages, arguments.fonts)))
