from dataclasses import replace

import numpy as np
import pytest

from inkdigits.errors import DataError
from inkdigits.training.config import Settings, TrainConfig
from inkdigits.training.data.mnist import Images, load_mnist
from inkdigits.training.digit.own import load_own_digits, take
from inkdigits.training.digit.task import OWN_SHARE, gather_own

FRAMES, LABELS = (array[:60] for array in load_mnist().validation)


def write(path, count: int) -> str:
    np.savez(path, x=FRAMES[:count], y=LABELS[:count])
    return str(path)


def test_a_single_picture_is_too_few(tmp_path):
    with pytest.raises(DataError, match=r"mine\.npz: 1 checked digits are too few.*Check at least 19 more"):
        load_own_digits([write(tmp_path / "mine.npz", 1)])


def test_a_source_named_twice_counts_once_so_that_nothing_is_on_both_sides(tmp_path):
    one, more = write(tmp_path / "one.npz", 30), write(tmp_path / "more.npz", 60)
    own = load_own_digits([one, one, more])
    assert len(own.train.labels) + len(own.held_out.labels) == 60
    both = np.concatenate([own.train.images, own.held_out.images])
    assert len(np.unique(both.reshape(60, -1), axis=0)) == 60


def test_what_was_learnt_from_is_not_held_out_later(tmp_path):
    few, many = (load_own_digits([write(tmp_path / f"{count}.npz", count)]) for count in (30, 60))
    learnt = {frame.tobytes() for frame in few.train.images}
    assert not learnt & {frame.tobytes() for frame in many.held_out.images}


def test_pictures_are_taken_equally_often():
    rng = np.random.default_rng(0)
    taken = take(Images(FRAMES[:7], np.arange(7, dtype=np.uint8)), 17, rng)
    assert taken.images.shape == (17, 28, 28)
    assert set(np.bincount(taken.labels).tolist()) == {2, 3}
    assert len(take(Images(FRAMES, LABELS), 0, rng).labels) == 0


def test_an_epoch_has_as_many_frames_as_its_steps_take_a_part_of_them_the_users():
    settings = replace(Settings.of(TrainConfig(), "convnet"), steps=10, batch_size=32)
    mine = Images(np.full((3, 28, 28), 77, np.uint8), np.array([4, 4, 9], np.uint8))
    frames, targets = gather_own(mine, load_mnist().train, settings, epoch=0)
    again, _ = gather_own(mine, load_mnist().train, settings, epoch=0)
    other, _ = gather_own(mine, load_mnist().train, settings, epoch=1)
    is_mine = (frames == 77).all(axis=(1, 2))
    assert (len(frames), targets.shape) == (320, (320, 10))
    assert is_mine.mean() == pytest.approx(OWN_SHARE, abs=0.01)
    assert set(targets[is_mine].argmax(axis=1).tolist()) == {4, 9}
    assert np.array_equal(frames, again)
    assert not np.array_equal(frames, other)
