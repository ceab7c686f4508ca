import keras
import numpy as np
import onnx
import pytest

from inkdigits.onnx_files import open_net
from inkdigits.page.detector import GEOMETRY, Detector
from inkdigits.training.detector.net import build_detector
from inkdigits.training.exports.page_nets import write_detector

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def net() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_detector()


@pytest.fixture(scope="module")
def path(net, tmp_path_factory):
    path = tmp_path_factory.mktemp("detector") / "detector.onnx"
    write_detector(net, "7", {"threshold": 0.4}, path)
    return path


def test_the_detector_has_as_many_weights_as_it_should(net):
    assert net.count_params() == 521_025


def test_it_answers_for_every_second_pixel_of_any_size(net):
    assert net(np.zeros((1, 16, 16), np.uint8)).shape == (1, 8, 8, 5)
    assert net(np.zeros((2, 48, 80), np.uint8)).shape == (2, 24, 40, 5)


def test_a_fresh_one_hardly_sees_centres(net):
    noise = np.random.default_rng(0).integers(0, 256, (1, 64, 64), np.uint8)
    assert np.median(net(noise)[..., 1]) < -2


def test_it_can_be_kept_and_loaded(net, tmp_path):
    net.save(tmp_path / "detector.keras")
    ink = np.random.default_rng(1).integers(0, 256, (1, 32, 32), np.uint8)
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "detector.keras")(ink), net(ink))


def test_the_file_says_what_it_is(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    sides = [
        (
            value.name,
            value.type.tensor_type.elem_type,
            [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim],
        )
        for value in (*model.graph.input, *model.graph.output)
    ]
    assert sides == [
        ("ink", onnx.TensorProto.UINT8, ["N", "H", "W"]),
        ("marks", onnx.TensorProto.FLOAT, ["N", "h", "w", 5]),
    ]
    assert model.opset_import[0].version == 17


def test_the_detector_opens_the_file_with_its_contract(path):
    assert Detector(path).find(np.zeros((60, 90), np.uint8)) == []
    session, contract = open_net(path, "detector", GEOMETRY, "", ("threshold",), 1)
    assert (contract.kind, contract.version, contract.numbers) == ("detector", "7", {"threshold": 0.4})
    assert [one.name for one in session.get_inputs()] == ["ink"]
