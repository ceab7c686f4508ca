import numpy as np
import pytest

from inkdigits.training import load_mnist
from inkdigits.training.synthetic.drafts import TRAINING_STYLE
from inkdigits.training.synthetic.pages import KINDS, compose_page, compose_page_without_digits, compose_pages

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def pages():
    return list(compose_pages(load_mnist().validation, 24, seed=5))


def test_no_pages_asked_for_are_none():
    assert list(compose_pages(load_mnist().validation, 0, seed=5)) == []


def test_pages_of_every_kind_are_composed(pages):
    assert {page.kind for page in pages} == set(KINDS)


def test_every_digit_has_a_box_with_something_in_it(pages):
    for page in pages:
        assert len(page.boxes) == sum(len(number) for line in page.lines for number in line)
        for x, y, width, height in page.boxes:
            crop = page.photo[max(0, y) : y + height, max(0, x) : x + width]
            assert np.ptp(crop.max(axis=2)) > 12


def test_the_text_has_a_line_a_line(pages):
    for page in pages:
        assert page.text.replace("\n", " ").split() == [number for line in page.lines for number in line]


def test_the_same_seed_composes_the_same_page_and_another_does_not():
    digits = load_mnist().validation
    first, again, other = (compose_page(digits, np.random.default_rng(seed)) for seed in (3, 3, 4))
    assert np.array_equal(first.photo, again.photo)
    assert first.boxes == again.boxes
    assert first.text != other.text


def test_a_page_without_digits_has_something_else_on_it():
    for seed in range(6):
        page = compose_page_without_digits(np.random.default_rng(seed))
        assert page.text == ""
        assert page.boxes == ()
        assert np.ptp(page.photo) > 25


def test_the_marks_of_a_digit_fill_its_box_and_no_more(pages):
    for page in pages:
        assert page.marks.shape == page.photo.shape[:2]
        assert page.marks.max() == len(page.boxes)
        missing = 0
        for number, (x, y, width, height) in enumerate(page.boxes, start=1):
            rows, columns = np.nonzero(page.marks == number)
            assert x - 1 <= columns.min() <= columns.max() <= x + width + 1
            assert y - 1 <= rows.min() <= rows.max() <= y + height + 1
            missing += np.ptp(rows) + 1 < 0.6 * height
        assert missing <= 0.1 * len(page.boxes)  # where digits touch, the later one lies on top


def test_a_page_without_digits_marks_nothing():
    assert not compose_page_without_digits(np.random.default_rng(1)).marks.any()


def test_a_style_sets_how_tall_digits_are():
    digits, flat = load_mnist().validation, TRAINING_STYLE._replace(heights_px=(20, 21))
    for seed in range(6):
        heights = [box.height for box in compose_page(digits, np.random.default_rng(seed), style=flat).boxes]
        assert 15 <= np.median(heights) <= 27  # a turned sheet makes boxes larger
