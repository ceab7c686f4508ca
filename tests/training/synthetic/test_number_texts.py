"""The texts that are written to learn from."""

import re

import numpy as np

from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.synthetic.number_texts import draw_digits, draw_text


def test_texts_use_the_alphabet_and_hold_a_digit() -> None:
    rng = np.random.default_rng(0)
    for text in (draw_text(rng) for _ in range(500)):
        assert set(text) <= set(SYMBOLS[:-1])
        assert any(character.isdigit() for character in text)


def test_all_marks_are_written() -> None:
    rng = np.random.default_rng(1)
    assert set("".join(draw_text(rng) for _ in range(1000))) == set(SYMBOLS[:-1])


def test_so_many_digits_are_drawn() -> None:
    rng = np.random.default_rng(2)
    for length in (1, 2, 7):
        assert re.fullmatch(rf"\d{{{length}}}", draw_digits(length, rng))


def test_the_same_chance_gives_the_same_text() -> None:
    assert draw_text(np.random.default_rng(3)) == draw_text(np.random.default_rng(3))
