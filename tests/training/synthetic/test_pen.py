import numpy as np
import pytest

from inkdigits.digit.classifier import Classifier
from inkdigits.errors import ArrayError
from inkdigits.training.synthetic import pen
from inkdigits.training.synthetic.strokes import FORMS


def test_no_digits_asked_for_are_none() -> None:
    for nothing in (0, []):
        images, labels = pen.draw_digits(nothing, np.random.default_rng(0))
        assert images.shape == (0, 28, 28)
        assert labels.shape == (0,)
        assert images.dtype == labels.dtype == np.uint8


def test_a_number_asks_for_so_many_of_all_digits() -> None:
    images, labels = pen.draw_digits(200, np.random.default_rng(0))
    assert len(images) == 200
    assert sorted(set(labels.tolist())) == list(range(10))


def test_the_labels_are_those_asked_for() -> None:
    asked = [3, 1, 4, 1, 5, 9, 2, 6]
    assert pen.draw_digits(asked, np.random.default_rng(0)).labels.tolist() == asked


def test_the_same_generator_state_writes_the_same_pictures_and_another_does_not() -> None:
    first, again, other = (pen.draw_digits(range(10), np.random.default_rng(seed)).images for seed in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not any(np.array_equal(a, b) for a, b in zip(first, other, strict=True))


@pytest.mark.parametrize("digits", [[10], [-1], [0.5], [[1, 2]], ["7"]])
def test_what_is_no_list_of_digits_is_refused(digits: list[object]) -> None:
    with pytest.raises(ArrayError, match="digits must be"):
        pen.draw_digits(digits, np.random.default_rng(0))


def test_every_form_is_framed_as_in_serving() -> None:
    frames = pen.draw_forms(np.repeat(np.arange(len(FORMS)), 5), np.random.default_rng(0)).astype(float)
    rows, columns = (frames > 0).any(axis=2).sum(axis=1), (frames > 0).any(axis=1).sum(axis=1)
    assert np.maximum(rows, columns).min() >= 18
    assert np.maximum(rows, columns).max() <= 20
    mass = frames.sum(axis=(1, 2))
    middle = (frames.sum(axis=2) * np.arange(28)).sum(axis=1) / mass
    assert np.abs(middle - 13.5).max() < 3


def test_more_digits_than_fit_in_a_batch_keep_their_order() -> None:
    bars = [place for place, form in enumerate(FORMS) if form.name in ("bar", "closed") and form.digit < 2]
    zero, one = bars
    forms = np.array([zero] * pen.BATCH + [one] * 20)
    frames = pen.draw_forms(forms, np.random.default_rng(0))
    inside = frames[:, 12:16, 12:16].mean(axis=(1, 2))
    assert inside[: pen.BATCH].mean() < 80 < inside[pen.BATCH :].mean()


def test_pens_are_thin_and_thick() -> None:
    frames = pen.draw_digits([0] * 300, np.random.default_rng(0)).images
    share = (frames > 127).mean(axis=(1, 2))
    assert np.quantile(share, 0.95) > 1.7 * np.quantile(share, 0.05)


def test_forms_that_mnist_knows_are_read_by_the_shipped_net() -> None:
    plain = ["closed", "bar", "round", "smooth", "open", "joined", "straight", "plain", "one line", "stick"]
    forms = np.repeat([place for place, form in enumerate(FORMS) if form.name in plain], 20)
    guesses = Classifier().probabilities(pen.draw_forms(forms, np.random.default_rng(0))).argmax(axis=1)
    assert (guesses == [FORMS[place].digit for place in forms]).mean() > 0.9
