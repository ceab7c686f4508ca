import cv2
import numpy as np
import pytest

from inkdigits.errors import ArrayError
from inkdigits.morphology import close


def close_by_opencv(gray: np.ndarray, side: int) -> np.ndarray:
    return cv2.morphologyEx(gray, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side)))


def test_no_picture_is_refused():
    with pytest.raises(ArrayError):
        close(np.zeros((0, 5), np.uint8), 3)


@pytest.mark.parametrize("shape", [(1, 1), (1, 9), (28, 28), (40, 73), (91, 30)])
@pytest.mark.parametrize("side", [1, 3, 5, 7, 15, 41, 129])
def test_it_is_opencvs_closing(shape, side):
    grain = np.random.default_rng(side).integers(0, 256, shape, np.uint8)
    for gray in (grain, cv2.GaussianBlur(grain, (0, 0), 2.0)):
        assert np.array_equal(close(gray, side), close_by_opencv(gray, side))


def test_a_stroke_narrower_than_the_ellipse_is_filled_and_a_broad_one_stays():
    gray = np.full((60, 80), 200, np.uint8)
    gray[:, 10:14] = gray[10:50, 40:70] = 30
    closed = close(gray, 11)
    assert (closed[:, 10:14] == 200).all()
    assert (closed[20:40, 50:60] == 30).all()
