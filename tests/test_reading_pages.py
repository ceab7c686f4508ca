"""A small version of benchmarks/pages/composed.py: composed pages, fixed seeds."""

import numpy as np
import pytest

from inkdigits.training import load_mnist
from inkdigits.training.evaluation.page_score import score_page
from inkdigits.training.synthetic.pages import compose_page_without_digits, compose_pages


@pytest.fixture(scope="module")
def scores(reader):
    pages = compose_pages(load_mnist().validation, 10, seed=11)
    return [score_page(page, reader.read(page.photo)) for page in pages]


def test_most_digits_of_composed_pages_are_read(scores):
    assert sum(score.wrong for score in scores) < 0.08 * sum(score.digits for score in scores)


def test_hardly_a_digit_is_invented_on_them(scores):
    assert np.mean([score.invented for score in scores]) < 0.6


def test_pages_of_words_and_drawings_are_mostly_left_alone(reader):
    pages = [compose_page_without_digits(np.random.default_rng([11, number])) for number in range(20)]
    assert np.mean([score_page(page, reader.read(page.photo)).invented for page in pages]) < 1
