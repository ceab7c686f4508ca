import numpy as np
import pytest

from inkdigits.arrays import check_frames, check_plane
from inkdigits.errors import ArrayError


def test_no_frames_are_frames():
    assert check_frames(np.zeros((0, 28, 28), np.uint8)).shape == (0, 28, 28)


def test_one_frame_becomes_a_batch_of_one():
    assert check_frames(np.zeros((28, 28), np.uint8)).shape == (1, 28, 28)


def test_frames_of_floats_are_refused_with_the_remedy():
    with pytest.raises(ArrayError, match=r"float64 came.*255"):
        check_frames(np.zeros((2, 28, 28)))


@pytest.mark.parametrize("shape", [(28,), (27, 28), (2, 28, 29), (2, 28, 28, 1)])
def test_frames_of_another_shape_are_refused_with_that_shape(shape):
    with pytest.raises(ArrayError, match=str(shape[0])):
        check_frames(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("array", [np.zeros((0, 5), np.uint8), np.zeros((5, 5, 3), np.uint8), np.zeros((5, 5))])
def test_a_plane_is_two_dimensional_uint8_and_not_empty(array):
    with pytest.raises(ArrayError, match="ink must be"):
        check_plane(array, "ink")
