"""Rulings, paper and light around a number."""

import numpy as np

from inkdigits.training.synthetic.cells import BINARY_LIGHT, LIGHT, draw_rulings, lay_on_paper, to_black_and_white

SHAPE = (40, 90)


def _ink() -> np.ndarray:
    ink = np.zeros(SHAPE, np.float32)
    ink[10:30, 30:34] = ink[10:30, 60:64] = 1
    return ink


def test_without_ink_paper_stays_light_beside_its_own_tone() -> None:
    empty = np.zeros(SHAPE, np.float32)
    for seed in range(20):
        gray = lay_on_paper(empty, empty, None, 20.0, LIGHT, np.random.default_rng(seed))
        assert gray.dtype == np.uint8
        assert np.percentile(gray, 1) > 0.5 * np.median(gray)


def test_ink_is_darker_than_its_paper() -> None:
    for seed in range(20):
        gray = lay_on_paper(_ink(), np.zeros(SHAPE, np.float32), None, 20.0, LIGHT, np.random.default_rng(seed))
        assert gray[_ink() > 0].mean() < gray[_ink() == 0].mean()


def test_rulings_are_between_nothing_and_full_ink() -> None:
    drawn = [draw_rulings(SHAPE, 20.0, 30.0, np.random.default_rng(seed)) for seed in range(40)]
    assert all(lines.min() >= 0 and lines.max() <= 1 for lines in drawn)
    assert 0.4 < np.mean([lines.any() for lines in drawn]) < 1


def test_two_tones_are_left_of_a_scan_and_strokes_are_black() -> None:
    for seed in range(60):
        rng = np.random.default_rng(seed)
        gray = lay_on_paper(_ink(), np.zeros(SHAPE, np.float32), None, 20.0, BINARY_LIGHT, rng)
        scan = to_black_and_white(gray, 20.0, rng)
        assert set(np.unique(scan)) <= {0, 255}
        assert (scan[_ink() > 0] == 0).mean() > 0.5 > (scan[_ink() == 0] == 0).mean()
