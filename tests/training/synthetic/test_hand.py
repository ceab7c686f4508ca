import numpy as np

from inkdigits.training.synthetic.hand import join_zeros, smooth_noise, write_lines
from inkdigits.training.synthetic.skeletons import SAMPLES
from inkdigits.training.synthetic.strokes import FORMS

BAR = next(place for place, form in enumerate(FORMS) if (form.digit, form.name) == (1, "bar"))


def test_no_forms_make_no_lines() -> None:
    assert write_lines(np.zeros(0, int), np.random.default_rng(0)).shape == (0, SAMPLES, 2)


def test_one_form_is_never_written_twice_the_same_way() -> None:
    lines = write_lines(np.full(50, 3), np.random.default_rng(0))
    differences = np.abs(lines[:, None] - lines).max(axis=(2, 3))
    assert differences[~np.eye(50, dtype=bool)].min() > 1


def test_hands_slant_to_the_right_more_than_to_the_left_but_never_lie_down() -> None:
    lines = write_lines(np.full(2000, BAR), np.random.default_rng(0))
    x, y = (lines[:, 0] - lines[:, -1]).T
    slant_deg = np.rad2deg(np.arctan2(x, -y))
    assert 5 < np.median(slant_deg) < 20
    assert np.abs(slant_deg).max() < 65


def test_noise_along_a_line_is_smooth_and_of_one_size() -> None:
    noise = smooth_noise(np.random.default_rng(0), 500, 2, 4.0)
    assert 0.9 < noise.std() < 1.1
    assert np.abs(np.diff(noise, axis=1)).mean() < 0.3


def test_joined_zeros_stand_side_by_side_on_the_baseline() -> None:
    rng = np.random.default_rng(0)
    for count in (1, 2, 4):
        line, spans = join_zeros(count, rng)
        assert len(spans) == count
        assert spans == sorted(spans)
        assert abs(line[:, 1].max() - 100) < 2
        assert line[:, 0].max() <= spans[-1][1] + 1
