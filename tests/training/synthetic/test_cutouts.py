"""Composed pictures that one number fills."""

import numpy as np
import pytest

from inkdigits.ink import to_contrast
from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.data.mnist import Images, load_mnist
from inkdigits.training.synthetic.cutouts import Cutout, compose_cutout


@pytest.fixture(scope="module")
def cutouts() -> list[Cutout]:
    digits: Images = load_mnist().validation
    return [compose_cutout(digits, [], np.random.default_rng([7, number])) for number in range(120)]


def test_some_are_empty_and_have_no_boxes(cutouts: list[Cutout]) -> None:
    empty = [cutout for cutout in cutouts if not cutout.text]
    assert empty
    assert all(cutout.boxes == () for cutout in empty)


def test_pictures_are_grey_and_texts_in_the_alphabet(cutouts: list[Cutout]) -> None:
    for cutout in cutouts:
        assert cutout.gray.ndim == 2
        assert cutout.gray.dtype == np.uint8
        assert set(cutout.text) <= set(SYMBOLS)


def test_each_digit_has_a_box_with_ink_in_it(cutouts: list[Cutout]) -> None:
    inside = []
    for cutout in cutouts:
        assert len(cutout.boxes) == sum(character.isdigit() for character in cutout.text)
        contrast = to_contrast(cutout.gray)
        height, width = contrast.shape
        for x, y, across, down in cutout.boxes:
            part = contrast[max(0, y) : y + down, max(0, x) : x + across]
            if x >= 0 and y >= 0 and x + across <= width and y + down <= height:
                inside.append(part.max() > 90)
    assert len(inside) > 100
    assert np.mean(inside) > 0.95


def test_the_same_chance_gives_the_same_picture() -> None:
    digits = load_mnist().validation
    first, second = (compose_cutout(digits, [], np.random.default_rng(3)) for _ in range(2))
    assert first.text == second.text
    assert (first.gray == second.gray).all()
