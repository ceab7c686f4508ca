import numpy as np
import pytest
from conftest import draw_seven

import inkdigits
from inkdigits.digit.explain import explain
from inkdigits.errors import ArrayError


@pytest.fixture(scope="module")
def frame() -> np.ndarray:
    return inkdigits.to_frame(255 - draw_seven(120, 100))


def test_bare_paper_says_nothing():
    assert not explain(np.zeros((28, 28), np.uint8)).any()


def test_ink_speaks_and_paper_far_from_it_does_not(frame, reader):
    heat = explain(frame, reader.classifier)
    assert heat.shape == (28, 28)
    assert heat.dtype == np.float32
    assert heat[frame > 200].mean() > 5 * abs(heat[:3, :3].mean())


def test_what_speaks_for_one_digit_is_not_what_speaks_for_another(frame, reader):
    for_seven = explain(frame, reader.classifier, digit=7)
    for_one = explain(frame, reader.classifier, digit=1)
    np.testing.assert_array_equal(for_seven, explain(frame, reader.classifier))
    assert np.corrcoef(for_seven.ravel(), for_one.ravel())[0, 1] < 0.9


def test_several_frames_are_refused():
    with pytest.raises(ArrayError, match="got 2"):
        explain(np.zeros((2, 28, 28), np.uint8))
