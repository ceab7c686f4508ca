import numpy as np
import pytest

from inkdigits.training.synthetic.letter_strokes import LETTERS
from inkdigits.training.synthetic.strokes import NO_DIGIT, Form, parse_stroke


def test_no_two_letters_have_one_name() -> None:
    assert len({form.name for form in LETTERS}) == len(LETTERS)


@pytest.mark.parametrize("form", LETTERS, ids=lambda form: form.name)
def test_a_letter_is_no_digit_and_nowhere_doubles_a_point(form: Form) -> None:
    assert form.digit == NO_DIGIT
    for stroke in form.strokes:
        for piece in parse_stroke(stroke):
            assert len(piece) >= 2
            assert np.linalg.norm(np.diff(piece, axis=0), axis=1).min() > 0
