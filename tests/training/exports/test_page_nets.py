import keras
import numpy as np
import onnx
import pytest
from keras import layers

from inkdigits.errors import ExportError
from inkdigits.onnx_files import PageContract, open_onnx
from inkdigits.training.exports.page_nets import TOLERANCE, write_net, write_numbers, write_quantized_net

pytestmark = pytest.mark.slow

CONTRACT = PageContract("detector", "small", "7", "", "ink", "", {"threshold": 0.3, "bias": -1.5})


def build_net() -> keras.Model:
    ink = keras.Input((None, None), dtype="uint8", name="ink")
    features = layers.Rescaling(1 / 255)(keras.ops.expand_dims(ink, -1))
    for _ in range(2):
        features = layers.Conv2D(64, 3, padding="same", activation="relu")(features)
    return keras.Model(ink, layers.Conv2D(3, 1, name="marks")(features), name="small")


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).integers(0, 256, shape, np.uint8)


@pytest.fixture(scope="module")
def net() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_net()


@pytest.fixture(scope="module")
def path(net, tmp_path_factory):
    path = tmp_path_factory.mktemp("small") / "small.onnx"
    write_net(net, CONTRACT, ("HW", "hwc"), [noise(2, 8, 12)], path)
    return path


def test_the_file_answers_as_keras_does(net, path):
    session = open_onnx(path, threads=0)
    for shape in ((1, 16, 16), (3, 32, 64)):
        ink = noise(*shape)
        assert np.abs(session.run(None, {"ink": ink})[0] - net(ink)).max() <= TOLERANCE


def test_the_file_has_its_contract(path):
    facts = {property.key: property.value for property in onnx.load(path).metadata_props}
    assert facts == CONTRACT.to_metadata()


def test_a_file_that_would_answer_otherwise_is_not_written(net, tmp_path, monkeypatch):
    other = build_net()
    other.set_weights([weights * 1.1 for weights in net.get_weights()])
    monkeypatch.setattr(net, "export", other.export)
    with pytest.raises(ExportError, match=r"small\.onnx was not written: for ink of shape \(2, 8, 12\)"):
        write_net(net, CONTRACT, ("HW", "hwc"), [noise(2, 8, 12)], tmp_path / "small.onnx")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture(scope="module")
def rounded(path):
    rounded = path.with_name("rounded.onnx")
    write_quantized_net(path, noise(20, 32, 32), rounded)
    return rounded


def test_in_8_bits_it_is_smaller_and_says_nearly_the_same(net, path, rounded):
    assert rounded.stat().st_size < 0.4 * path.stat().st_size
    ink = noise(5, 32, 48)
    exact = np.asarray(net(ink, training=False))
    assert np.abs(open_onnx(rounded, threads=0).run(None, {"ink": ink})[0] - exact).mean() < 0.1 * exact.std()


def test_in_8_bits_its_last_layer_stays_exact(rounded):
    nodes = onnx.load(rounded).graph.node
    of_8_bits = {node.output[0] for node in nodes if node.op_type == "DequantizeLinear"}
    assert [node.input[1] in of_8_bits for node in nodes if node.op_type == "Conv"] == [True, True, False]


def test_in_8_bits_it_has_the_same_contract(rounded):
    facts = {property.key: property.value for property in onnx.load(rounded).metadata_props}
    assert facts.items() >= CONTRACT.to_metadata().items()


def test_numbers_of_a_contract_are_replaced_and_the_others_stay(path, tmp_path):
    fitted = tmp_path / "fitted.onnx"
    fitted.write_bytes(path.read_bytes())
    write_numbers(fitted, {"threshold": 0.7})
    facts = {property.key: property.value for property in onnx.load(fitted).metadata_props}
    assert facts == CONTRACT.to_metadata() | {"inkdigits.threshold": "0.7"}
