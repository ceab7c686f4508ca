import numpy as np
import pytest

from inkdigits.digit.classifier import Classifier
from inkdigits.digit.frame import to_frame
from inkdigits.training import load_mnist
from inkdigits.training.synthetic.writing import (
    copy_digits,
    draw_strokes,
    print_text,
    scribble,
    use_font,
    use_pen,
    widen_ones,
    write_word,
)


def writers(seed: int):
    rng = np.random.default_rng(seed)
    return [copy_digits(load_mnist().validation, rng), use_pen(rng), use_font(rng)]


def test_a_word_without_letters_is_a_speck_and_no_error():
    assert print_text(" ", 20, next(iter(fonts()))).size == 1


def fonts():
    from inkdigits.training.synthetic.letters import find_fonts

    return find_fonts()


@pytest.mark.parametrize("height", [14, 40, 200])
def test_digits_are_as_tall_as_asked_for(height):
    for write in writers(0):
        tall = [write(digit, height).shape[0] for digit in range(10)]
        assert 0.75 * height <= min(tall)
        assert max(tall) <= 1.15 * height + 2


def test_what_is_written_is_the_digit_asked_for():
    frames = np.stack([to_frame(write(digit, 60)) for write in writers(1) for digit in range(10) for _ in range(3)])
    labels = np.array([digit for _ in range(3) for digit in range(10) for _ in range(3)])
    assert (Classifier().probabilities(frames).argmax(axis=1) == labels).mean() > 0.9


def test_words_and_scribbles_are_ink_of_about_the_size_asked_for():
    rng = np.random.default_rng(2)
    for _ in range(10):
        word = write_word("meter", 30, rng)
        assert 15 < word.shape[0] < 70
        assert word.shape[1] > 1.5 * word.shape[0]
        assert 30 < max(scribble(50, rng).shape) < 70


def test_a_line_is_as_broad_as_its_pen():
    line = draw_strokes([np.array([[0, 0], [100, 0]], np.float32)], 8.0)
    assert abs(line.shape[0] - 9) <= 2


def test_only_the_ones_are_widened():
    write = use_font(np.random.default_rng(0))
    widened = widen_ones(write, 1.5)
    assert np.array_equal(widened(7, 40), write(7, 40))
    assert widened(1, 40).shape == (write(1, 40).shape[0], round(1.5 * write(1, 40).shape[1]))
