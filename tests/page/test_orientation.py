import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.page.orientation import UPRIGHT, choose_turn, needs_a_second_look, score, turn_box


def says(*probabilities: float) -> np.ndarray:
    """A crop on which this many 1s stand, each with a probability."""
    found = np.zeros((2 * len(probabilities) + 1, 12), np.float32)
    found[:, -1] = 1
    for place, probability in enumerate(probabilities):
        found[2 * place + 1, [1, -1]] = probability, 1 - probability
    return found


def test_a_page_without_digits_stays_as_it_is():
    assert score([]) == []
    assert needs_a_second_look({0: [], 2: []})
    assert choose_turn({0: [], 1: [], 2: [], 3: []}) == UPRIGHT


def test_each_digit_says_how_sure_it_is():
    surest, less = score([[(None, says(0.99, 0.7))]])
    assert surest > less > 0


def test_the_turn_with_surer_digits_is_upright():
    good, bad = score([[(None, says(*[0.99] * 6))]]), score([[(None, says(*[0.7] * 6))]])
    assert choose_turn({0: bad, 2: good}) == 2
    assert choose_turn({0: good, 2: bad}) == 0
    assert not needs_a_second_look({0: good, 2: bad})
    assert needs_a_second_look({0: bad, 2: bad})


def test_a_tie_leaves_the_page_as_it_is():
    one = score([[(None, says(0.99))]])
    assert choose_turn({0: one, 2: one}) == UPRIGHT


@pytest.mark.parametrize("turn", range(4))
def test_boxes_come_back_to_the_page_as_it_was(turn):
    page = np.zeros((50, 80), np.uint8)
    page[10:14, 20:29] = 1
    turned = np.rot90(page, turn)
    rows, columns = np.flatnonzero(turned.any(axis=1)), np.flatnonzero(turned.any(axis=0))
    box = Box(int(columns[0]), int(rows[0]), len(columns), len(rows))
    assert turn_box(box, turn, page.shape) == Box(20, 10, 9, 4)
