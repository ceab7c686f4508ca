import shutil
import time
from pathlib import Path

import h5py
import numpy as np
import pytest

from inkdigits.errors import DataError, DataNotFoundError
from inkdigits.training.data.mnist import PATH, hold_out, load_mnist, load_part


def tampered(tmp_path: Path, name: str, position: tuple[int, ...]) -> Path:
    path = tmp_path / "mnist.hdf5"
    shutil.copy(PATH, path)
    with h5py.File(path, "r+") as file:
        file[name][position] ^= 1
    return path


def test_no_labels_hold_out_nothing():
    assert hold_out(np.zeros(0, np.uint8)).shape == (0,)


def test_mnist_has_55000_5000_and_10000_pictures():
    split = load_mnist()
    assert [part.images.shape for part in split] == [(55_000, 28, 28), (5_000, 28, 28), (10_000, 28, 28)]
    assert [part.labels.shape for part in split] == [(55_000,), (5_000,), (10_000,)]
    assert {array.dtype for part in split for array in part} == {np.dtype(np.uint8)}


def test_the_parts_keep_the_original_order():
    assert load_mnist().test.labels[:10].tolist() == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9]
    assert load_part("train").labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert load_mnist().train.labels[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]


def test_the_validation_part_is_a_twelfth_of_each_digit():
    split = load_mnist()
    held_out, learnt = np.bincount(split.validation.labels), np.bincount(split.train.labels)
    assert np.abs(held_out - (held_out + learnt) / 12).max() < 1


def test_the_validation_part_never_changes():
    chosen = np.flatnonzero(hold_out(load_part("train").labels))
    assert chosen[:5].tolist() == [16, 25, 45, 47, 67]
    assert int(chosen.sum()) == 148_546_308


def test_loading_takes_less_than_half_a_second():
    began = time.process_time()
    load_mnist()
    assert time.process_time() - began < 0.5


def test_a_missing_file_is_named_in_the_error(tmp_path):
    with pytest.raises(DataNotFoundError, match=r"nowhere\.hdf5 is missing"):
        load_part("train", tmp_path / "nowhere.hdf5")


def test_a_truncated_file_is_named_in_the_error(tmp_path):
    path = tmp_path / "cut.hdf5"
    path.write_bytes(PATH.read_bytes()[:1_000_000])
    with pytest.raises(DataError, match=r"cut\.hdf5 is broken"):
        load_part("train", path)


def test_an_empty_file_is_named_in_the_error(tmp_path):
    path = tmp_path / "empty.hdf5"
    path.touch()
    with pytest.raises(DataError, match=r"empty\.hdf5 is broken"):
        load_part("train", path)


def test_damaged_compressed_bytes_are_found(tmp_path):
    path = tmp_path / "damaged.hdf5"
    data = bytearray(PATH.read_bytes())
    data[5_000_000:5_000_100] = bytes(100)
    path.write_bytes(data)
    with pytest.raises(DataError, match=r"damaged\.hdf5"):
        load_part("train", path)


def test_a_changed_pixel_is_found(tmp_path):
    with pytest.raises(DataError, match="not the published MNIST: test/images differs"):
        load_part("test", tampered(tmp_path, "test/images", (9_999, 14, 14)))


def test_a_changed_label_is_found(tmp_path):
    with pytest.raises(DataError, match="not the published MNIST: test/labels differs"):
        load_part("test", tampered(tmp_path, "test/labels", (17,)))
