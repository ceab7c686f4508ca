import runpy
from pathlib import Path

import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.onnx_files import WEIGHTS
from inkdigits.page.decoding import BLANK, CLASSES, SYMBOLS
from inkdigits.page.recognizer import Recognizer
from inkdigits.training.recognizer.examples import Example

pytestmark = pytest.mark.slow

SCRIPT = runpy.run_path(str(Path(__file__).parents[2] / "recipes" / "fit_recognizer_contract.py"))


def probabilities(text: str, sure: float) -> np.ndarray:
    """What a net says that sees a text, each symbol as sure as that, and an 8 in its place otherwise."""
    steps = np.full((2 * len(text) + 1, CLASSES), 1e-6, np.float32)
    steps[::2, BLANK] = 1
    for place, symbol in enumerate(text):
        steps[2 * place + 1, SYMBOLS.index(symbol)] = sure
        steps[2 * place + 1, SYMBOLS.index("8")] = 1 - sure
    return steps / steps.sum(axis=1, keepdims=True)


def examples(*texts: str) -> list[Example]:
    return [Example(np.zeros((32, 16), np.uint8), text) for text in texts]


def test_symbols_are_shown_from_where_they_are_right_more_often_than_not():
    right, wrong = [probabilities("12,5", 0.9)] * 10, [probabilities("12,5", 0.6)] * 10
    assert SCRIPT["fit_least_symbol"](right, examples(*["12.5"] * 10)) == 0.5
    least = SCRIPT["fit_least_symbol"](right + wrong, examples(*["12,5"] * 10, *["77"] * 10))
    assert 0.6 <= least <= 0.7


def test_a_mass_is_found_that_parts_what_fits_from_what_does_not():
    seen = [probabilities("123", 0.9)] * 10
    assert 0 < SCRIPT["fit_least_mass"](seen, examples(*["123"] * 10)) < 0.5


def test_boxes_overlap_by_their_intersection_over_union():
    assert SCRIPT["overlap"](Box(0, 0, 10, 10), Box(0, 0, 10, 10)) == 1
    assert SCRIPT["overlap"](Box(0, 0, 10, 10), Box(5, 0, 10, 10)) == pytest.approx(1 / 3)
    assert SCRIPT["overlap"](Box(0, 0, 10, 10), Box(20, 0, 10, 10)) == 0


def test_what_was_fitted_stands_in_the_file_and_all_else_stays(tmp_path, monkeypatch):
    path = tmp_path / "recognizer.onnx"
    path.write_bytes((WEIGHTS / "recognizer.onnx").read_bytes())
    before = Recognizer(path).contract
    rng = np.random.default_rng(0)
    crops = [Example(rng.integers(0, 256, (32, 48), np.uint8), text) for text in ("1", "23", "", "4,5")]
    monkeypatch.setitem(SCRIPT["fit"].__globals__, "compose_held_out", lambda *_: crops)
    fitted = SCRIPT["fit"](path, 4, 6, None)
    after = Recognizer(path).contract
    names = {"temperature", "least_symbol", "least_mass", "keep_bias", "keep_detected", "keep_read", "keep_page"}
    assert fitted.keys() == names
    assert after.numbers == before.numbers | fitted
    assert (after.version, after.alphabet) == (before.version, before.alphabet)
