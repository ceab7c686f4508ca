import numpy as np
import pytest

from inkdigits.training.synthetic.skeletons import SAMPLES, build_skeletons, spline_weights
from inkdigits.training.synthetic.strokes import FORMS, Form

SEVEN = Form(7, "barred", ("0,5 56,2 / 22,100", "10,53 58,50"))


def test_the_spline_of_two_points_is_the_straight_line_between_them() -> None:
    points = np.array([[0, 0], [10, 20]], np.float32)
    assert np.allclose(spline_weights(points, 3) @ points, [[0, 0], [5, 10], [10, 20]])


def test_a_spline_passes_its_points_and_moves_with_them() -> None:
    points = np.array([[0, 0], [4, 0], [4, 9]], np.float32)
    weights = spline_weights(points, 6)
    line = weights @ points
    # The knots lie at 0, 2 and 5, the square roots of the distances 4 and 9 added up.
    assert np.allclose(line[[0, 2, 5]], points, atol=1e-5)
    assert np.allclose(weights @ (points + 7), line + 7, atol=1e-4)


def test_a_line_begins_and_ends_where_its_strokes_do_and_passes_the_corner() -> None:
    skeletons = build_skeletons([SEVEN])
    line = skeletons.sharp[0] @ skeletons.points[0]
    lift = int(np.flatnonzero(skeletons.lifted[0])[0])
    assert np.allclose(line[[0, lift, lift + 1, -1]], [[0, 5], [22, 100], [10, 53], [58, 50]], atol=1e-4)
    assert np.abs(line - [56, 2]).max(axis=1).min() < 1e-4


def test_a_rounded_line_cuts_corners_but_keeps_its_ends() -> None:
    skeletons = build_skeletons([SEVEN])
    line = skeletons.rounded[0] @ skeletons.points[0]
    assert np.allclose(line[[0, -1]], [[0, 5], [58, 50]], atol=1e-3)
    assert np.linalg.norm(line - [56, 2], axis=1).min() > 1


def test_the_pen_is_lifted_after_every_stroke() -> None:
    skeletons = build_skeletons(FORMS)
    assert skeletons.lifted.shape == (len(FORMS), SAMPLES)
    assert skeletons.lifted.sum(axis=1).tolist() == [len(form.strokes) for form in FORMS]
    assert skeletons.lifted[:, -1].all()


def test_ends_point_outwards_and_points_between_them_nowhere() -> None:
    skeletons = build_skeletons([Form(1, "bar", ("10,0 10,40 10,100",))])
    assert np.allclose(skeletons.outwards[0] @ skeletons.points[0], [[0, -1], [0, 0], [0, 1]])


def test_padding_beside_a_longer_form_does_not_change_a_line() -> None:
    alone, beside = build_skeletons([SEVEN]), build_skeletons([SEVEN, *FORMS])
    assert beside.points.shape[1] > alone.points.shape[1]
    assert np.allclose(beside.sharp[0] @ beside.points[0], alone.sharp[0] @ alone.points[0])


@pytest.mark.parametrize("kind", ["sharp", "rounded"])
def test_every_sample_is_a_weighted_mean(kind: str) -> None:
    assert np.allclose(getattr(build_skeletons(FORMS), kind).sum(axis=2), 1, atol=1e-4)
