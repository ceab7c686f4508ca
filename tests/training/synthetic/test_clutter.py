import numpy as np
import pytest

from inkdigits.arrays import FRAME_SIZE, Frames
from inkdigits.training.data.mnist import Images, load_mnist
from inkdigits.training.synthetic.clutter import draw_clutter, draw_printed


@pytest.fixture(scope="module")
def digits() -> Images:
    return Images(*(part[:200] for part in load_mnist().train))


def draw(digits: Images, seed: int = 0, count: int = 300) -> Frames:
    return draw_clutter(count, digits, np.random.default_rng(seed))


def test_no_clutter_is_an_empty_stack(digits: Images) -> None:
    assert draw(digits, count=0).shape == (0, FRAME_SIZE, FRAME_SIZE)


def test_the_same_seed_draws_the_same_clutter_and_another_one_other(digits: Images) -> None:
    np.testing.assert_array_equal(draw(digits, 1), draw(digits, 1))
    assert (draw(digits, 1) != draw(digits, 2)).any(axis=(1, 2)).mean() > 0.9


def test_clutter_is_of_many_kinds(digits: Images) -> None:
    frames = draw(digits).astype(float) / 255
    ink = frames.mean(axis=(1, 2))
    assert (ink < 0.01).any(), "blank paper"
    assert (ink > 0.35).any(), "textures and blots"
    assert len({frame.tobytes() for frame in frames}) > 250


def test_the_thinnest_ones_make_pairs_too() -> None:
    thin = np.zeros((2, FRAME_SIZE, FRAME_SIZE), np.uint8)
    thin[:, 4:24, 14] = 255
    assert draw(Images(thin, np.ones(2, np.uint8))).shape == (300, FRAME_SIZE, FRAME_SIZE)


def test_no_printed_digit_is_an_empty_stack() -> None:
    assert draw_printed(np.zeros(0, np.uint8), np.random.default_rng(0)).shape == (0, FRAME_SIZE, FRAME_SIZE)


def test_printed_digits_are_framed_and_in_several_fonts() -> None:
    ones = draw_printed(np.ones(30, np.uint8), np.random.default_rng(0))
    assert (ones.max(axis=(1, 2)) == 255).all()
    assert len({frame.tobytes() for frame in ones}) > 5
