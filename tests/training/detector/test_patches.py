import numpy as np
import pytest

from inkdigits.training import load_mnist
from inkdigits.training.detector.patches import SIDE_PX, STREAM, compose_windows, cut_windows
from inkdigits.training.detector.targets import IGNORED, beside


@pytest.fixture(scope="module")
def pages():
    digits = load_mnist().train
    return [cut_windows(digits, np.random.default_rng([STREAM, 3, 0, number])) for number in range(16)]


def test_windows_are_of_one_size_and_kind(pages):
    half = SIDE_PX // 2
    for windows in pages:
        assert 1 <= len(windows.ink) <= 6
        sides = [(array.shape[1:], array.dtype) for array in windows]
        assert sides == [
            ((SIDE_PX, SIDE_PX), np.uint8),
            ((half, half), np.uint8),
            ((half, half, 2), np.int8),
            ((half, half), np.uint8),
            ((half, half), np.uint8),
        ]


def test_windows_show_digits_and_pages_without_any(pages):
    marked = [(windows.is_digit == 1).any() for windows in pages]
    assert any(marked)
    assert not all(marked)
    assert all(windows.ink.any() for windows in pages)


def test_what_is_marked_has_ink_and_a_middle(pages):
    all_windows = beside(pages, axis=0)
    fullest = all_windows.ink.reshape(-1, SIDE_PX // 2, 2, SIDE_PX // 2, 2).max(axis=(2, 4))
    is_digit = all_windows.is_digit == 1
    assert (fullest[is_digit] >= 20).mean() > 0.8
    assert 0.1 < is_digit[fullest > 48].mean() < 0.9
    assert 0 < (all_windows.is_digit == IGNORED).mean() < 0.1
    place, row, column = np.nonzero(is_digit)
    right, down = all_windows.offsets[is_digit].T
    row, column = (np.minimum(at, SIDE_PX // 2 - 1) for at in (row + down, column + right))
    assert (all_windows.middles[place, row, column] > 128).all()


def test_the_same_seed_gives_the_same_windows_in_one_process_or_many(pages):
    composed = compose_windows("train", 2, seed=3)
    for array, expected in zip(composed, beside(pages[:2], axis=0), strict=True):
        assert np.array_equal(array, expected)
    assert not np.array_equal(compose_windows("validation", 1, seed=3).ink[0], composed.ink[0])
