import numpy as np
import pytest

from inkdigits.training.synthetic.lettering import (
    EVERYDAY,
    LETTER_FORMS,
    LONGEST,
    LOOKALIKES,
    PUNCTUATION,
    VOCABULARY,
    invent_lettering,
    invent_word,
    write_letters,
)
from inkdigits.training.synthetic.strokes import FORMS


def test_a_made_up_word_could_not_be_a_number():
    rng = np.random.default_rng(0)
    words = [invent_word(rng) for _ in range(500)]
    assert len(set(words)) > 400
    for word in words:
        letters = word.rstrip(PUNCTUATION)
        assert letters.isalpha()
        assert letters.isascii()
        assert len(letters) <= LONGEST
        assert not set(letters) <= LOOKALIKES


def test_made_up_words_are_of_all_lengths_and_cases():
    rng = np.random.default_rng(1)
    words = [invent_word(rng).rstrip(PUNCTUATION) for _ in range(500)]
    assert {len(word) for word in words} == set(range(1, LONGEST + 1))
    assert all(any(is_case(word) for word in words) for is_case in (str.isupper, str.islower, str.istitle))


def test_letters_by_the_pen_are_no_digits():
    assert LETTER_FORMS.min() == len(FORMS)


@pytest.mark.parametrize("height", [9, 30])
def test_words_are_about_as_tall_as_asked_for_however_they_are_written(height):
    rng = np.random.default_rng(2)
    heights = [write_letters("Hand", height, rng).shape[0] for _ in range(60)]
    assert min(heights) >= 0.5 * height
    assert max(heights) <= 2.5 * height + 4
    assert 0.8 * height <= np.median(heights) <= 1.5 * height


def test_longer_words_are_broader():
    rng = np.random.default_rng(3)
    short, long = (np.median([write_letters(word, 30, rng).shape[1] for _ in range(30)]) for word in ("ha", "hamster"))
    assert long > 2 * short


def test_the_same_seed_makes_up_the_same_words():
    first, again, other = (invent_lettering(np.random.default_rng(seed)) for seed in (4, 4, 5))
    assert first.words == again.words != other.words
    assert len(first.words) == VOCABULARY
    assert not set(first.words) & set(EVERYDAY.words)
    inks = [first.draw(20, np.random.default_rng(6)) for _ in range(2)]
    assert np.array_equal(*inks)
