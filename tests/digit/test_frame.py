import cv2
import numpy as np
import pytest
from conftest import draw_seven

from inkdigits import to_frame
from inkdigits.errors import ArrayError


def ink_of_seven(height: int, width: int, thickness: int | None = None) -> np.ndarray:
    return 255 - draw_seven(height, width, thickness)


def test_no_ink_is_an_empty_frame():
    assert not to_frame(np.zeros((50, 50), np.uint8)).any()


def test_a_digit_is_twenty_pixels_long_and_centred_by_its_mass():
    frame = to_frame(ink_of_seven(300, 200))
    rows, columns = np.nonzero(frame > 48)
    assert frame.shape == (28, 28)
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    weights = frame / frame.sum()
    assert abs((weights.sum(axis=1) * np.arange(28)).sum() - 14) <= 0.5 + 1e-6
    assert abs((weights.sum(axis=0) * np.arange(28)).sum() - 14) <= 0.5 + 1e-6


def test_the_frame_does_not_depend_on_where_the_digit_stands_or_how_large_it_is():
    reference = to_frame(ink_of_seven(120, 100)).astype(int)
    moved = np.zeros((400, 500), np.uint8)
    moved[250:370, 350:450] = ink_of_seven(120, 100)
    np.testing.assert_array_equal(to_frame(moved), reference)
    assert np.abs(to_frame(ink_of_seven(1200, 1000)).astype(int) - reference).mean() < 6


def test_a_hairline_stays_readable():
    hairline = to_frame(ink_of_seven(600, 500, thickness=2))
    assert (hairline > 200).sum() > 30


def test_a_frame_of_mnist_size_is_hardly_changed():
    frame = to_frame(ink_of_seven(120, 100))
    again = to_frame(frame)
    assert np.abs(again.astype(int) - frame).mean() < 6


def test_a_dot_and_a_line_have_frames():
    for height, width in ((1, 1), (200, 1), (1, 200)):
        assert to_frame(np.full((height, width), 255, np.uint8)).max() == 255


def test_nothing_is_cut_off_when_the_mass_lies_at_one_end():
    club = np.zeros((100, 100), np.uint8)
    cv2.line(club, (50, 2), (50, 90), 255, 3)
    cv2.circle(club, (50, 85), 14, 255, -1)
    frame = to_frame(club)
    rows = np.flatnonzero((frame > 48).any(axis=1))
    assert np.ptp(rows) + 1 == 20


def test_ink_of_another_dtype_is_refused():
    with pytest.raises(ArrayError, match="float64"):
        to_frame(np.zeros((28, 28)))
