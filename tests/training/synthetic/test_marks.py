"""Marks as a pen writes them."""

import numpy as np
import pytest

from inkdigits.training.synthetic.marks import MARKS, draw_filler, draw_mark, draw_void


@pytest.mark.parametrize("mark", MARKS)
def test_marks_are_strokes_about_as_large_as_a_digit_at_most(mark: str) -> None:
    rng = np.random.default_rng(0)
    for _ in range(50):
        points = np.concatenate(draw_mark(mark, rng))
        assert points.dtype == np.float32
        assert np.isfinite(points).all()
        assert (np.ptp(points, axis=0) < 160).all()


def test_points_lie_low_or_at_the_waist() -> None:
    rng = np.random.default_rng(1)
    levels = np.array([draw_mark(".", rng)[0][:, 1].mean() for _ in range(200)])
    assert ((levels > 30) & (levels < 125)).all()
    assert 0.7 < (levels > 75).mean() < 1


def test_fillers_are_longer_than_a_minus() -> None:
    rng = np.random.default_rng(2)
    fillers = [np.ptp(draw_filler(rng)[0][:, 0]) for _ in range(50)]
    dashes = [np.ptp(draw_mark("-", rng)[0][:, 0]) for _ in range(50)]
    assert min(fillers) > max(dashes)


def test_what_stands_for_nothing_is_as_tall_as_a_digit() -> None:
    rng = np.random.default_rng(3)
    heights = [np.ptp(np.concatenate(draw_void(rng))[:, 1]) for _ in range(50)]
    assert np.median(heights) > 60
