import numpy as np
import pytest

from inkdigits.training import load_mnist
from inkdigits.training.detector.patches import SIDE_PX, STREAM, compose_patches, cut_patches
from inkdigits.training.detector.targets import IGNORED, beside

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pages():
    digits = load_mnist().train
    return [cut_patches(digits, np.random.default_rng([STREAM, 3, 0, number])) for number in range(16)]


def test_patches_are_of_one_size_and_kind(pages):
    half = SIDE_PX // 2
    for patches in pages:
        assert 1 <= len(patches.ink) <= 6
        sides = [(array.shape[1:], array.dtype) for array in patches]
        assert sides == [
            ((SIDE_PX, SIDE_PX), np.uint8),
            ((half, half), np.uint8),
            ((half, half, 2), np.int8),
            ((half, half), np.uint8),
            ((half, half), np.uint8),
        ]


def test_patches_show_digits_and_pages_without_any(pages):
    marked = [(patches.is_digit == 1).any() for patches in pages]
    assert any(marked)
    assert not all(marked)
    assert all(patches.ink.any() for patches in pages)


def test_what_is_marked_has_ink_and_a_centre(pages):
    all_patches = beside(pages, axis=0)
    fullest = all_patches.ink.reshape(-1, SIDE_PX // 2, 2, SIDE_PX // 2, 2).max(axis=(2, 4))
    is_digit = all_patches.is_digit == 1
    assert (fullest[is_digit] >= 20).mean() > 0.8
    assert 0.1 < is_digit[fullest > 48].mean() < 0.9
    assert 0 < (all_patches.is_digit == IGNORED).mean() < 0.1
    place, row, column = np.nonzero(is_digit)
    right, down = all_patches.offsets[is_digit].T
    row, column = (np.minimum(at, SIDE_PX // 2 - 1) for at in (row + down, column + right))
    assert (all_patches.centres[place, row, column] > 128).all()


def test_the_same_seed_gives_the_same_patches_in_one_process_or_many(pages):
    composed = compose_patches("train", 2, seed=3)
    for array, expected in zip(composed, beside(pages[:2], axis=0), strict=True):
        assert np.array_equal(array, expected)
    assert not np.array_equal(compose_patches("validation", 1, seed=3).ink[0], composed.ink[0])
