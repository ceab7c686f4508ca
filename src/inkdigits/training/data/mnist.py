"""MNIST as it ships in the package; see DATA_CARD.md for its origin and its known label errors."""

import hashlib
import struct
from pathlib import Path
from typing import NamedTuple

import h5py
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Frames, Labels
from inkdigits.errors import DataError, DataNotFoundError

PATH = Path(__file__).parent / "mnist.hdf5"

# Of the four IDX files as Yann LeCun published them; the loaded arrays are checked against these, not the HDF5 file.
MD5 = {
    "train/images": "6bbc9ace898e44ae57da46a324031adb",
    "train/labels": "a25bea736e30d166cdddb491f175f624",
    "test/images": "2646ac647ad5339dbf082846283269ea",
    "test/labels": "27ae3e4e09519cfbb04c329615203637",
}

# One picture in twelve is held out for validation: 5,000 of MNIST's 60,000.
HOLD_OUT = 12


class Images(NamedTuple):
    """Digits to learn from or to be measured on.

    Attributes:
        images: (N, 28, 28) uint8 frames, 0 = paper, 255 = full ink.
        labels: (N,) uint8, 0 to 9.
    """

    images: Frames
    labels: Labels


class Split(NamedTuple):
    """The three parts of a data set: learn on one, choose on the second, measure once on the third."""

    train: Images
    validation: Images
    test: Images


def load_mnist() -> Split:
    """MNIST: 55,000 pictures to train, 5,000 to validate, 10,000 to test, each part in the original order.

    Raises:
        DataNotFoundError: the file is not in the package.
        DataError: the file is broken, or its content is not the published MNIST.
    """
    train, test = load_part("train"), load_part("test")
    held_out = hold_out(train.labels)
    return Split(
        Images(train.images[~held_out], train.labels[~held_out]),
        Images(train.images[held_out], train.labels[held_out]),
        test,
    )


def load_part(part: str, path: Path = PATH) -> Images:
    """All 60,000 pictures of the part `train`, or the 10,000 of `test`.

    Raises:
        DataNotFoundError: no file at `path`.
        DataError: the file is broken, or its content is not the published MNIST.
    """
    if not path.is_file():
        raise DataNotFoundError(f"{path} is missing. Install inkdigits again, or run scripts/data/make_mnist_hdf5.py.")
    arrays = []
    for kind in ("images", "labels"):
        name = f"{part}/{kind}"
        try:
            with h5py.File(path) as file:
                array = np.asarray(file[name])
        except (OSError, KeyError) as error:
            raise DataError(f"{path} is broken at {name}: {error}. Run scripts/data/make_mnist_hdf5.py.") from error
        if md5_of_idx(array) != MD5[name]:
            raise DataError(f"{path} is not the published MNIST: {name} differs. Run scripts/data/make_mnist_hdf5.py.")
        arrays.append(array)
    return Images(*arrays)


def md5_of_idx(array: npt.NDArray[np.uint8]) -> str:
    """The MD5 that an array has as an IDX file: magic number (8 = bytes, dimensions), lengths, then the values."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
    digest = hashlib.md5(header, usedforsecurity=False)
    digest.update(array.data)
    return digest.hexdigest()


def hold_out(labels: Labels) -> npt.NDArray[np.bool_]:
    """Which pictures to hold out for validation: always the same for the same labels, stratified by digit.

    Args:
        labels: (N,) uint8.

    Returns:
        (N,) bool, true for N // 12 of them: one in twelve, of each digit one in twelve to within one picture.
    """
    # The raw stream of a bit generator is the part of numpy's randomness that is promised never to change.
    keys = np.random.PCG64(seed=0).random_raw(len(labels))
    by_digit = np.lexsort((keys, labels))
    mask = np.zeros(len(labels), np.bool_)
    mask[by_digit[HOLD_OUT - 1 :: HOLD_OUT]] = True
    return mask
