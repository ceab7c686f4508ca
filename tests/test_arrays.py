import numpy as np
import pytest

from inkdigits.arrays import Box, check_frames, check_plane, percentile, shared_columns
from inkdigits.errors import ArrayError


def test_no_frames_are_frames():
    assert check_frames(np.zeros((0, 28, 28), np.uint8)).shape == (0, 28, 28)


def test_one_frame_becomes_a_batch_of_one():
    assert check_frames(np.zeros((28, 28), np.uint8)).shape == (1, 28, 28)


def test_frames_of_floats_are_refused_with_the_remedy():
    with pytest.raises(ArrayError, match=r"got float64.*255"):
        check_frames(np.zeros((2, 28, 28)))


@pytest.mark.parametrize("shape", [(28,), (27, 28), (2, 28, 29), (2, 28, 28, 1)])
def test_frames_of_another_shape_are_refused_with_that_shape(shape):
    with pytest.raises(ArrayError, match=str(shape[0])):
        check_frames(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("array", [np.zeros((0, 5), np.uint8), np.zeros((5, 5, 3), np.uint8), np.zeros((5, 5))])
def test_a_plane_is_two_dimensional_uint8_and_not_empty(array):
    with pytest.raises(ArrayError, match="ink must be"):
        check_plane(array, "ink")


def test_one_number_is_every_percentile():
    assert [percentile(np.array([7], np.uint8), percent) for percent in (0, 60, 100)] == [7, 7, 7]


@pytest.mark.parametrize("percent", [0, 40, 50, 60, 80, 100])
@pytest.mark.parametrize("size", [2, 3, 10, 1001])
def test_it_is_numpys_percentile(size, percent):
    rng = np.random.default_rng(size)
    for numbers in (rng.integers(0, 256, size, np.uint8), rng.random(size, np.float32)):
        assert percentile(numbers, percent) == pytest.approx(np.percentile(numbers, percent), rel=1e-6)


def test_the_numbers_stay_in_their_order():
    numbers = np.array([9, 1, 5], np.uint8)
    percentile(numbers, 50)
    assert numbers.tolist() == [9, 1, 5]


def test_boxes_apart_share_less_than_no_columns():
    assert shared_columns(Box(0, 0, 10, 10), Box(4, 50, 10, 10)) == 6
    assert shared_columns(Box(0, 0, 10, 10), Box(13, 0, 10, 10)) == -3
