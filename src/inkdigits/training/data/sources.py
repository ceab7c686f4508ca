"""Labelled digits from where the user has them: MNIST, .npz, HDF5, IDX files, folders of pictures."""

import gzip
import struct
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import h5py
import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from inkdigits.arrays import DIGITS, FRAME_SIZE, Frame, Frames, Labels
from inkdigits.digit.framing import frame_digit
from inkdigits.errors import ArrayError, DataError, DataNotFoundError, ImageError
from inkdigits.images import Source
from inkdigits.training.data.mnist import Images, Split, hold_out, load_mnist, load_part

Part = Literal["train", "test"]
Pair = tuple[npt.NDArray[Any], npt.NDArray[Any]]

KINDS = "Give `mnist`, an .npz or HDF5 file with x and y, the images file of an IDX pair, or a folder of 0/ to 9/."
# What the arrays in an .npz or HDF5 file may be called. Files with two parts: ours, and those of the tutorials.
NAMES = (("{part}/images", "{part}/labels"), ("x_{part}", "y_{part}"), ("x", "y"))
# By their first bytes.
ZIP, HDF5, GZIP, IDX = b"PK\x03\x04", b"\x89HDF", b"\x1f\x8b", b"\x00\x00"
# Of MNIST's own frames 98.6% have a black rim, and their centres of mass are 0.4 px (median) from (14, 14); of ARDIS,
# 28×28 and white on black too but cut otherwise, 90% and 1.9 px.
BLACK_RIMS, CENTER_OFFSET_PX = 0.95, 1.0


def load_split(sources: Sequence[str | Path]) -> Split:
    """What to train on: the sources mixed; of each, one picture in twelve is held out for validation.

    Args:
        sources: each what `load_images` takes.

    Returns:
        Training and validation part of the sources; the test part is always that of MNIST, the common yardstick.

    Raises:
        DataError: a source is not there, broken, or all of them together have fewer than 12 pictures.
    """
    mnist = load_mnist()
    train, validation = [], []
    for source in sources:
        if str(source) == "mnist":
            train.append(mnist.train)
            validation.append(mnist.validation)
            continue
        images, labels = load_images(source, "train")
        held_out = hold_out(labels)
        train.append(Images(images[~held_out], labels[~held_out]))
        validation.append(Images(images[held_out], labels[held_out]))
    split = Split(_concatenate(train), _concatenate(validation), mnist.test)
    if len(split.validation.labels) == 0:
        raise DataError(
            f"{', '.join(map(str, sources))}: {len(split.train.labels)} pictures are too few to learn from; every "
            "twelfth is held out for validation. Add more, or mix them with MNIST: --data mnist --data …"
        )
    return split


def load_images(source: str | Path, part: Part = "test") -> Images:
    """Labelled pictures as frames.

    (N, 28, 28) arrays that look like frames are taken as they are: white on black, 95% of them with a black rim and
    half of them with the centre of mass within 1 px of the middle. All other pictures become frames the way a
    reader's do.

    Args:
        source: `mnist`; an .npz or HDF5 file with x (N, H, W) uint8 and y (N,), or with x_train, y_train, x_test and
            y_test; the images file of an IDX pair, plain or .gz, beside which lies the labels file; or a folder with
            at least one of the folders 0 to 9, full of picture files, or with one folder that has them.
        part: which part of a source that has two.

    Returns:
        At least one picture.

    Raises:
        DataNotFoundError: nothing there, or no labels file beside an images file.
        DataError: of no known kind, empty, truncated, wrongly shaped or wrongly labelled.
    """
    if str(source) == "mnist":
        return load_part(part)
    path = Path(source)
    if path.is_dir():
        return _load_folder(path)
    images, labels = _check(*_load_arrays(path, part), path)
    if images.shape[1:] != (FRAME_SIZE, FRAME_SIZE) or not look_framed(images):
        bar = tqdm(images, desc=f"framing {path.name}", unit="picture", delay=1)
        images = np.stack([_frame(picture, f"{path}, picture {number}") for number, picture in enumerate(bar)])
    return Images(images, labels)


def look_framed(images: Frames) -> bool:
    """Whether 28×28 pictures are frames already; see `load_images`."""
    rims = np.concatenate([images[:, 0], images[:, -1], images[:, :, 0], images[:, :, -1]], axis=1)
    ink = images.astype(np.float32)
    mass = np.maximum(ink.sum(axis=(1, 2)), 1)
    place = np.arange(FRAME_SIZE, dtype=np.float32)
    down, right = ink.sum(axis=2) @ place / mass, ink.sum(axis=1) @ place / mass
    offset = np.hypot(down - FRAME_SIZE / 2, right - FRAME_SIZE / 2)
    return bool((rims == 0).all(axis=1).mean() >= BLACK_RIMS and np.median(offset) <= CENTER_OFFSET_PX)


def _load_arrays(path: Path, part: Part) -> Pair:
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except FileNotFoundError as error:
        raise DataNotFoundError(f"There is no data at {path}. {KINDS}") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror}.") from error
    try:
        if start == ZIP:
            with np.load(path) as npz:
                return _pick_pair(npz, path, part)
        if start == HDF5:
            with h5py.File(path) as hdf5:
                return _pick_pair(hdf5, path, part)
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, zlib.error) as error:
        raise DataError(f"{path} is broken: {error}.") from error
    if start[:2] in (GZIP, IDX):
        return _load_idx_pair(path)
    raise DataError(f"{path} is {'empty' if not start else 'of an unknown kind'}. {KINDS}")


def _pick_pair(file: Any, path: Path, part: Part) -> Pair:
    for pair in NAMES:
        images, labels = (name.format(part=part) for name in pair)
        if images in file and labels in file:
            return np.asarray(file[images]), np.asarray(file[labels])
    raise DataError(f"{path} holds {', '.join(file) or 'nothing'}, but x and y, or x_{part} and y_{part}, are needed.")


def _load_idx_pair(path: Path) -> Pair:
    labels = path.with_name(path.name.replace("images", "labels").replace("idx3", "idx1"))
    if labels == path:
        raise DataError(f"{path} is not the images file of an IDX pair: its name must hold `images`. {KINDS}")
    if not labels.is_file():
        raise DataNotFoundError(f"Beside {path} the labels are missing: there is no {labels.name}.")
    return _load_idx(path, 3), _load_idx(labels, 1)


def _load_idx(path: Path, dimensions: int) -> npt.NDArray[np.uint8]:
    """The array in a file of the format that LeCun describes at his MNIST page."""
    try:
        data = path.read_bytes()
        if data[:2] == GZIP:
            data = gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path} is broken: {error}.") from error
    header = 4 + 4 * dimensions
    if data[:4] != bytes([0, 0, 8, dimensions]) or len(data) < header:
        raise DataError(
            f"{path} is not a {dimensions}-dimensional IDX file of bytes: it begins with {data[:4].hex()!r}."
        )
    shape = struct.unpack(f">{dimensions}I", data[4:header])
    if len(data) - header != np.prod(shape):
        raise DataError(
            f"{path} should hold {' × '.join(map(str, shape))} bytes after its header, but holds {len(data) - header}; "
            "it is truncated or damaged. Fetch it again."
        )
    return np.frombuffer(data, np.uint8, offset=header).reshape(shape)


def _load_folder(path: Path) -> Images:
    path = _unpack(path)
    folders = [path / str(digit) for digit in range(DIGITS)]
    strangers = sorted(entry.name for entry in _folders_in(path) if entry not in folders)
    if strangers:
        raise DataError(f"{path} holds the folder {strangers[0]!r}, which is not a digit. Name its folders 0 to 9.")
    files = [
        (file, digit)
        for digit, folder in enumerate(folders)
        if folder.is_dir()
        for file in sorted(folder.iterdir())
        if not file.name.startswith(".")
    ]
    if not files:
        raise DataError(f"{path} holds no pictures in folders named 0 to 9. {KINDS}")
    bar = tqdm(files, desc=f"framing {path.name}", unit="picture", delay=1)
    images = np.stack([_frame(file, str(file)) for file, _ in bar])
    return Images(images, np.array([digit for _, digit in files], np.uint8))


def _unpack(path: Path) -> Path:
    """The folder that is meant: where one holds nothing but another one, as an unpacked archive does, the inner one."""
    inner = _folders_in(path)
    if len(inner) == 1 and inner[0].name not in map(str, range(DIGITS)):
        return _unpack(inner[0])
    return path


def _folders_in(path: Path) -> list[Path]:
    """The folders in a folder, without hidden ones and what macOS adds to archives."""
    return [entry for entry in path.iterdir() if entry.is_dir() and not entry.name.startswith((".", "__MACOSX"))]


def _frame(source: Source, name: str) -> Frame:
    """The frame of a picture of one digit; `name` says in errors which."""
    try:
        frame, _, _ = frame_digit(source)
    except (ImageError, ArrayError) as error:
        raise DataError(f"{name}: {error}") from error
    if not frame.any():
        raise DataError(f"{name}: no ink was found on it. Remove it, or set it right.")
    return frame


def _check(images: npt.NDArray[Any], labels: npt.NDArray[Any], path: Path) -> tuple[Frames, Labels]:
    """Pictures (N, H, W) uint8 and as many labels of 0 to 9, N at least 1."""
    if images.dtype != np.uint8 or images.ndim != 3 or images.size == 0:
        raise DataError(f"The pictures in {path} must be (N, H, W) uint8, N at least 1; got {_describe(images)}.")
    if labels.ndim != 1 or not np.issubdtype(labels.dtype, np.integer):
        raise DataError(f"The labels in {path} must be (N,) whole numbers of 0 to 9; got {_describe(labels)}.")
    if len(images) != len(labels):
        raise DataError(f"{path} has {len(images)} pictures, but {len(labels)} labels.")
    wrong = np.flatnonzero((labels < 0) | (labels >= DIGITS))
    if wrong.size:
        raise DataError(
            f"{path}: the label of picture {wrong[0]} is {labels[wrong[0]]}, and labels are 0 to 9; "
            f"{wrong.size} of {len(labels)} are wrong."
        )
    return images, labels.astype(np.uint8)


def _describe(array: npt.NDArray[Any]) -> str:
    return f"{array.shape} {array.dtype}"


def _concatenate(parts: Sequence[Images]) -> Images:
    if len(parts) == 1:
        return parts[0]
    return Images(np.concatenate([part.images for part in parts]), np.concatenate([part.labels for part in parts]))
