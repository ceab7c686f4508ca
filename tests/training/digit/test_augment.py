import keras
import numpy as np
import pytest

from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.augment import Distortion, RandomShift

pytestmark = pytest.mark.slow

FRAMES = load_part("test").images[:600]


def shifted(frames: np.ndarray, seed: int = 0) -> np.ndarray:
    return np.asarray(RandomShift(1, seed)(frames, training=True))


def test_no_frames_stay_none():
    assert shifted(FRAMES[:0]).shape == (0, 28, 28)


def test_every_frame_is_moved_by_at_most_one_pixel_each_way():
    padded = np.pad(FRAMES, ((0, 0), (1, 1), (1, 1)))
    moves = [(down, right) for down in range(3) for right in range(3)]
    seen = np.zeros(9, int)
    for number, frame in enumerate(shifted(FRAMES)):
        fits = [np.array_equal(frame, padded[number, d : d + 28, r : r + 28]) for d, r in moves]
        assert sum(fits) == 1
        seen += fits
    assert seen.min() > 600 / 9 / 2


def test_frames_stay_uint8():
    assert shifted(FRAMES).dtype == np.uint8


def test_nothing_moves_outside_of_training():
    np.testing.assert_array_equal(np.asarray(RandomShift(1, 0)(FRAMES)), FRAMES)


def test_the_same_seed_moves_the_same_way_and_each_call_another():
    np.testing.assert_array_equal(shifted(FRAMES), shifted(FRAMES))
    assert not np.array_equal(shifted(FRAMES), shifted(FRAMES, seed=1))
    layer = RandomShift(1, 0)
    first, second = (np.asarray(layer(FRAMES, training=True)) for _ in range(2))
    assert not np.array_equal(first, second)


def test_the_state_of_its_seed_is_a_variable_of_the_model():
    model = keras.Sequential([keras.Input((28, 28), dtype="uint8"), RandomShift(1, 0)])
    before = [np.asarray(variable) for variable in model.variables]
    model(FRAMES, training=True)
    assert len(before) == 1
    assert not np.array_equal(before[0], np.asarray(model.variables[0]))


def distorted(frames: np.ndarray, seed: int = 0) -> np.ndarray:
    return np.asarray(Distortion(seed)(frames, training=True))


def test_no_frames_are_distorted_to_none():
    assert distorted(FRAMES[:0]).shape == (0, 28, 28)


def test_nothing_is_distorted_outside_of_training():
    np.testing.assert_array_equal(np.asarray(Distortion(0)(FRAMES)), FRAMES)


def test_about_a_quarter_of_the_frames_are_left_as_they_are():
    same = (distorted(FRAMES) == FRAMES).all(axis=(1, 2))
    assert 0.2 < same.mean() < 0.3


def test_distorted_frames_keep_the_range_and_never_lose_their_ink():
    frames = distorted(FRAMES)
    assert frames.min() >= 0
    assert frames.max() <= 255
    assert (frames.max(axis=(1, 2)) > 100).all()


def test_distorted_frames_are_framed_as_in_serving():
    frames = distorted(FRAMES)
    mass = frames.sum(axis=(1, 2))
    down = frames.sum(axis=2) @ np.arange(28) / mass
    right = frames.sum(axis=1) @ np.arange(28) / mass
    offset = np.hypot(down - 14, right - 14)
    assert np.median(offset) < 0.5
    assert np.quantile(offset, 0.95) < 1.5
    inked = frames > 100
    sides = np.maximum(inked.any(axis=1).sum(axis=1), inked.any(axis=2).sum(axis=1))
    assert 18 <= np.median(sides) <= 21


def test_distortion_makes_thin_and_thick_strokes_of_one_digit():
    copies = np.repeat(FRAMES[:1], 300, axis=0)
    ink = (distorted(copies) > 128).sum(axis=(1, 2))
    assert np.quantile(ink, 0.9) > 2 * np.quantile(ink, 0.1)


def test_the_same_seed_distorts_the_same_way_and_each_call_another():
    np.testing.assert_array_equal(distorted(FRAMES), distorted(FRAMES))
    assert not np.array_equal(distorted(FRAMES), distorted(FRAMES, seed=1))
    layer = Distortion(0)
    first, second = (np.asarray(layer(FRAMES, training=True)) for _ in range(2))
    assert not np.array_equal(first, second)
