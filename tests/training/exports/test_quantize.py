import numpy as np
import onnx
import pytest

from inkdigits.onnx_files import Session, find_bundled
from inkdigits.training.data.mnist import load_part
from inkdigits.training.exports.quantize import quantize

pytestmark = pytest.mark.slow

FRAMES = load_part("train").images[:300]


@pytest.fixture(scope="module")
def rounded(tmp_path_factory):
    path = tmp_path_factory.mktemp("rounded") / "tiny.onnx"
    quantize(find_bundled()["tiny"], FRAMES, path)
    return path


def test_no_frames_give_no_logits(rounded):
    assert Session(rounded).logits(FRAMES[:0]).shape == (0, 10)


def test_the_contract_stays_and_nothing_is_added_to_it(rounded):
    def metadata(path):
        return {entry.key: entry.value for entry in onnx.load(path).metadata_props}

    assert metadata(rounded) == metadata(find_bundled()["tiny"])


def test_all_weights_of_convolutions_are_whole_numbers_of_7_bits(rounded):
    kernels = [
        onnx.numpy_helper.to_array(weights)
        for weights in onnx.load(rounded).graph.initializer
        if len(weights.dims) == 4
    ]
    assert len(kernels) == 5
    assert all(kernel.dtype == np.int8 and np.abs(kernel).max() <= 64 for kernel in kernels)


def test_nothing_is_said_while_a_net_is_rounded(tmp_path, caplog, capfd):
    quantize(find_bundled()["tiny"], FRAMES, tmp_path / "tiny.onnx")
    assert caplog.text == ""
    assert capfd.readouterr() == ("", "")
