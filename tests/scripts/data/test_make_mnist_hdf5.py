import runpy
import struct
from pathlib import Path

import numpy as np
import pytest

from inkdigits.training.data.mnist import PATH, load_part

pytestmark = pytest.mark.slow

SCRIPT = Path(__file__).parents[3] / "scripts" / "data" / "make_mnist_hdf5.py"


@pytest.fixture(scope="module")
def script():
    return runpy.run_path(str(SCRIPT))


def as_idx(array: np.ndarray) -> bytes:
    return bytes([0, 0, 8, array.ndim]) + struct.pack(f">{array.ndim}I", *array.shape) + array.tobytes()


@pytest.fixture(scope="module")
def originals():
    """The two IDX files of the test part, rebuilt from the package; compressing the others takes ten seconds."""
    return {f"test/{kind}": as_idx(array) for kind, array in load_part("test")._asdict().items()}


def test_an_empty_file_is_not_the_original(script, tmp_path):
    (tmp_path / "empty").touch()
    with pytest.raises(SystemExit, match="empty has the MD5 d41d8cd9"):
        script["checked"](tmp_path / "empty", "6bbc9ace")


def test_an_original_file_passes(script, originals, tmp_path):
    (tmp_path / "labels").write_bytes(originals["test/labels"])
    assert script["checked"](tmp_path / "labels", script["MD5"]["test/labels"]) == originals["test/labels"]


def test_the_script_writes_the_same_bytes_again(script, originals, tmp_path):
    for name in ("first.hdf5", "second.hdf5"):
        script["write"](originals, tmp_path / name)
    assert (tmp_path / "first.hdf5").read_bytes() == (tmp_path / "second.hdf5").read_bytes()
    for written, shipped in zip(load_part("test", tmp_path / "first.hdf5"), load_part("test", PATH), strict=True):
        np.testing.assert_array_equal(written, shipped)
