import gzip
import struct
from pathlib import Path

import cv2
import h5py
import numpy as np
import pytest

from inkdigits.errors import DataError, DataNotFoundError
from inkdigits.training.data.mnist import load_part
from inkdigits.training.data.sources import load_images, load_split, look_framed

FRAMES, LABELS = (array[:24] for array in load_part("test"))


def npz(path: Path, **arrays: np.ndarray) -> Path:
    np.savez(path, **arrays)
    return path


def idx(path: Path, array: np.ndarray, shape: tuple[int, ...] | None = None) -> Path:
    shape = shape or array.shape
    data = bytes([0, 0, 8, len(shape)]) + struct.pack(f">{len(shape)}I", *shape) + array.tobytes()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def drawn_digits(path: Path) -> Path:
    """A folder 0/ … 9/ of one 90×60 picture each, dark on white."""
    for digit in range(10):
        (path / str(digit)).mkdir(parents=True)
        picture = np.full((90, 60), 240, np.uint8)
        cv2.putText(picture, str(digit), (12, 70), cv2.FONT_HERSHEY_SIMPLEX, 2, 20, 5, cv2.LINE_AA)
        cv2.imwrite(str(path / str(digit) / "a.png"), picture)
    return path


def test_an_array_without_pictures_is_refused(tmp_path):
    path = npz(tmp_path / "none.npz", x=FRAMES[:0], y=LABELS[:0])
    with pytest.raises(DataError, match=r"none\.npz must be \(N, H, W\) uint8, N at least 1; got \(0, 28, 28\) uint8"):
        load_images(path)


def test_an_empty_folder_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no pictures in folders named 0 to 9"):
        load_images(tmp_path)


def test_an_empty_file_is_refused(tmp_path):
    path = tmp_path / "empty.npz"
    path.touch()
    with pytest.raises(DataError, match=r"empty\.npz is empty"):
        load_images(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(DataNotFoundError, match=r"no data at .*gone\.npz"):
        load_images(tmp_path / "gone.npz")


def test_mnist_is_a_source_of_two_parts():
    assert len(load_images("mnist").labels) == 10_000
    assert len(load_images("mnist", "train").labels) == 60_000


def test_npz_hdf5_and_idx_give_the_same(tmp_path):
    with h5py.File(tmp_path / "own.hdf5", "w") as file:
        file["x"], file["y"] = FRAMES, LABELS.astype(np.int64)
    idx(tmp_path / "own-labels-idx1-ubyte", LABELS)
    idx(tmp_path / "zipped-labels.idx1-ubyte.gz", LABELS)
    for path in (
        npz(tmp_path / "own.npz", x=FRAMES, y=LABELS.astype(np.int32)),
        tmp_path / "own.hdf5",
        idx(tmp_path / "own-images-idx3-ubyte", FRAMES),
        idx(tmp_path / "zipped-images.idx3-ubyte.gz", FRAMES),
    ):
        images, labels = load_images(path)
        np.testing.assert_array_equal(images, FRAMES)
        np.testing.assert_array_equal(labels, LABELS)
        assert labels.dtype == np.uint8


def test_of_a_file_with_two_parts_the_right_one_is_taken(tmp_path):
    tutorial = npz(
        tmp_path / "mnist.npz", x_train=FRAMES[:20], y_train=LABELS[:20], x_test=FRAMES[20:], y_test=LABELS[20:]
    )
    ours = tmp_path / "ours.hdf5"
    with h5py.File(ours, "w") as file:
        file["train/images"], file["train/labels"] = FRAMES[:20], LABELS[:20]
        file["test/images"], file["test/labels"] = FRAMES[20:], LABELS[20:]
    for path in (tutorial, ours):
        assert len(load_images(path, "train").labels) == 20
        assert len(load_images(path, "test").labels) == 4


def test_a_folder_of_pictures_becomes_frames(tmp_path):
    images, labels = load_images(drawn_digits(tmp_path / "mine"))
    assert images.shape == (10, 28, 28)
    assert labels.tolist() == list(range(10))
    assert look_framed(images)


def test_hidden_files_in_a_folder_are_passed_over(tmp_path):
    folder = drawn_digits(tmp_path / "mine")
    (folder / "3" / ".DS_Store").write_bytes(b"no picture")
    (folder / ".git").mkdir()
    assert len(load_images(folder).labels) == 10


def test_an_unpacked_archive_may_have_a_folder_around_the_digits(tmp_path):
    drawn_digits(tmp_path / "my-digits" / "corrections")
    (tmp_path / "my-digits" / "__MACOSX").mkdir()
    assert load_images(tmp_path / "my-digits").labels.tolist() == list(range(10))


def test_a_folder_of_one_digit_is_not_taken_for_an_archive(tmp_path):
    folder = drawn_digits(tmp_path / "mine")
    for digit in (0, 1, 2, 4, 5, 6, 7, 8, 9):
        for file in (folder / str(digit)).iterdir():
            file.unlink()
        (folder / str(digit)).rmdir()
    assert load_images(folder).labels.tolist() == [3]


def test_a_folder_that_is_no_digit_is_named(tmp_path):
    folder = drawn_digits(tmp_path / "mine")
    (folder / "10").mkdir()
    with pytest.raises(DataError, match=r"mine holds the folder '10', which is not a digit"):
        load_images(folder)


def test_a_file_that_is_no_picture_is_named(tmp_path):
    folder = drawn_digits(tmp_path / "mine")
    (folder / "4" / "notes.txt").write_text("four")
    with pytest.raises(DataError, match=r"notes\.txt"):
        load_images(folder)


def test_a_picture_without_ink_is_named(tmp_path):
    folder = drawn_digits(tmp_path / "mine")
    cv2.imwrite(str(folder / "6" / "blank.png"), np.full((40, 40), 255, np.uint8))
    with pytest.raises(DataError, match=r"blank\.png: no ink"):
        load_images(folder)


def test_pictures_of_another_size_become_frames(tmp_path):
    small = np.stack([cv2.resize(frame[4:24, 4:24], (16, 16), interpolation=cv2.INTER_AREA) for frame in FRAMES])
    images, _ = load_images(npz(tmp_path / "small.npz", x=small, y=LABELS))
    assert images.shape == FRAMES.shape
    assert look_framed(images)


def test_dark_digits_on_white_become_frames(tmp_path):
    images, _ = load_images(npz(tmp_path / "white.npz", x=255 - FRAMES, y=LABELS))
    assert look_framed(images)
    assert np.abs(images.astype(int) - FRAMES).mean() < 12


def test_white_digits_that_are_not_centered_do_not_look_like_frames():
    assert look_framed(FRAMES)
    assert not look_framed(np.roll(FRAMES, 3, axis=2))
    assert not look_framed(255 - FRAMES)


@pytest.mark.parametrize(
    ("images", "fault"),
    [
        (FRAMES.astype(np.float32) / 255, r"got \(24, 28, 28\) float32"),
        (FRAMES[..., None], r"got \(24, 28, 28, 1\) uint8"),
        (FRAMES.reshape(24, 784), r"got \(24, 784\) uint8"),
    ],
)
def test_wrongly_shaped_pictures_are_refused(tmp_path, images, fault):
    with pytest.raises(DataError, match=rf"The pictures in .*wrong\.npz .*{fault}"):
        load_images(npz(tmp_path / "wrong.npz", x=images, y=LABELS))


@pytest.mark.parametrize(
    ("labels", "fault"),
    [
        (np.where(np.arange(24) == 5, 10, LABELS), "label of picture 5 is 10, .*1 of 24 are wrong"),
        (np.where(np.arange(24) == 7, -1, LABELS.astype(int)), "label of picture 7 is -1"),
        (LABELS[:23], "has 24 pictures, but 23 labels"),
        (np.eye(10)[LABELS], r"got \(24, 10\) float64"),
        (LABELS / 1.0, r"got \(24,\) float64"),
    ],
)
def test_wrong_labels_are_refused(tmp_path, labels, fault):
    with pytest.raises(DataError, match=rf"wrong\.npz.*{fault}"):
        load_images(npz(tmp_path / "wrong.npz", x=FRAMES, y=labels))


def test_arrays_of_other_names_are_listed(tmp_path):
    with pytest.raises(DataError, match=r"own\.npz holds pictures, answers, but x and y, or x_test and y_test"):
        load_images(npz(tmp_path / "own.npz", pictures=FRAMES, answers=LABELS))


def test_an_hdf5_file_with_other_things_in_it_is_refused(tmp_path):
    with h5py.File(tmp_path / "weights.h5", "w") as file:
        file["train"], file["layers/dense"] = FRAMES, LABELS
    with pytest.raises(DataError, match=r"weights\.h5 holds layers, train, but x and y"):
        load_images(tmp_path / "weights.h5")


def test_arrays_of_objects_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"own\.npz is broken"):
        load_images(npz(tmp_path / "own.npz", x=np.array([FRAMES, None], object), y=LABELS))


@pytest.mark.parametrize("name", ["own.npz", "own.hdf5", "own-images-idx3-ubyte", "own-images-idx3-ubyte.gz"])
def test_a_truncated_file_is_named_in_the_error(tmp_path, name):
    path = tmp_path / name
    if path.suffix == ".npz":
        npz(path, x=FRAMES, y=LABELS)
    elif path.suffix == ".hdf5":
        with h5py.File(path, "w") as file:
            file["x"], file["y"] = FRAMES, LABELS
    else:
        idx(path, FRAMES)
        idx(tmp_path / name.replace("images", "labels").replace("idx3", "idx1"), LABELS)
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(DataError, match=rf"{name} (is broken|should hold 24 × 28 × 28 bytes)"):
        load_images(path)


def test_an_idx_file_without_its_labels_says_which_file_is_missing(tmp_path):
    with pytest.raises(DataNotFoundError, match="there is no own-labels-idx1-ubyte"):
        load_images(idx(tmp_path / "own-images-idx3-ubyte", FRAMES))


def test_labels_where_pictures_should_be_are_refused(tmp_path):
    with pytest.raises(DataError, match="not the images file of an IDX pair"):
        load_images(idx(tmp_path / "own-labels-idx1-ubyte", LABELS))


def test_pictures_where_labels_should_be_are_refused(tmp_path):
    idx(tmp_path / "own-labels-idx1-ubyte", FRAMES)
    with pytest.raises(DataError, match="own-labels-idx1-ubyte is not a 1-dimensional IDX file"):
        load_images(idx(tmp_path / "own-images-idx3-ubyte", FRAMES))


def test_a_file_of_another_kind_is_refused(tmp_path):
    path = tmp_path / "digits.csv"
    path.write_text("label,pixel0\n")
    with pytest.raises(DataError, match=r"digits\.csv is of an unknown kind"):
        load_images(path)


def test_sources_are_mixed_and_a_twelfth_is_held_out(tmp_path):
    own = npz(tmp_path / "own.npz", x=FRAMES, y=LABELS)
    split = load_split(["mnist", own])
    assert [len(part.labels) for part in split] == [55_022, 5_002, 10_000]
    alone = load_split([own])
    assert [len(part.labels) for part in alone] == [22, 2, 10_000]
    np.testing.assert_array_equal(split.validation.images[-2:], alone.validation.images)


def test_too_few_pictures_to_hold_any_out_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"own\.npz: 11 pictures are too few"):
        load_split([npz(tmp_path / "own.npz", x=FRAMES[:11], y=LABELS[:11])])
