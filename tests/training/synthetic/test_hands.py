"""Whole numbers written by one hand."""

import numpy as np
import pytest

from inkdigits.training.data.mnist import Images, load_mnist
from inkdigits.training.synthetic.glyphs import HEIGHT_PX
from inkdigits.training.synthetic.hands import Canvas, draw_hand


@pytest.fixture(scope="module")
def digits() -> Images:
    return load_mnist().validation


def _write(text: str, digits: Images, seed: int) -> tuple[Canvas, list[tuple[float, float]]]:
    rng = np.random.default_rng(seed)
    canvas = Canvas(np.zeros((6 * HEIGHT_PX, 25 * HEIGHT_PX), np.uint8), 3.5 * HEIGHT_PX)
    return canvas, draw_hand(digits, [], rng).write(canvas, text, 4.0 * HEIGHT_PX, canvas.baseline)


def test_no_text_leaves_no_ink(digits: Images) -> None:
    canvas, spans = _write("", digits, 0)
    assert not canvas.ink.any()
    assert spans == []


@pytest.mark.parametrize("seed", range(12))
def test_each_character_has_ink_between_its_ends(digits: Images, seed: int) -> None:
    canvas, spans = _write("17,40", digits, seed)
    assert len(spans) == 5
    for left, right in spans:
        assert canvas.ink[:, int(left) : int(right) + 2].any()
    assert spans == sorted(spans)


@pytest.mark.parametrize("mark", ".,")
def test_a_low_mark_can_be_seen_beside_its_digits(digits: Images, mark: str) -> None:
    """With the mark there is more ink than without it, in almost all hands."""
    more = []
    for seed in range(30):
        with_mark, _ = _write(f"8{mark}8", digits, seed)
        without, _ = _write("88", digits, seed)
        more.append(float(with_mark.ink.sum()) - float(without.ink.sum()))
    assert np.mean(np.array(more) > 0) > 0.5


def test_the_same_chance_writes_the_same(digits: Images) -> None:
    assert (_write("2024", digits, 5)[0].ink == _write("2024", digits, 5)[0].ink).all()
