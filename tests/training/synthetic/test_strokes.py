from collections import Counter

import numpy as np
import pytest

from inkdigits.training.synthetic.strokes import FORMS, Form, parse_stroke


def test_every_digit_has_at_least_six_forms() -> None:
    counts = Counter(form.digit for form in FORMS)
    assert sorted(counts) == list(range(10))
    assert min(counts.values()) >= 6


def test_forms_are_in_the_order_of_their_digits() -> None:
    assert [form.digit for form in FORMS] == sorted(form.digit for form in FORMS)


def test_no_two_forms_of_a_digit_have_one_name() -> None:
    assert len({(form.digit, form.name) for form in FORMS}) == len(FORMS)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.digit} {form.name}")
def test_a_form_is_about_a_hundred_high_and_nowhere_doubles_a_point(form: Form) -> None:
    pieces = [piece for stroke in form.strokes for piece in parse_stroke(stroke)]
    points = np.concatenate(pieces)
    assert 90 <= np.ptp(points[:, 1]) <= 112
    assert np.ptp(points[:, 0]) <= 80
    for piece in pieces:
        assert len(piece) >= 2
        assert np.linalg.norm(np.diff(piece, axis=0), axis=1).min() > 0


def test_a_corner_ends_one_piece_and_begins_the_next() -> None:
    first, second = parse_stroke("0,6 56,2 / 22,100")
    assert first.tolist() == [[0, 6], [56, 2]]
    assert second.tolist() == [[56, 2], [22, 100]]
