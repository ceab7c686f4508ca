import keras
import numpy as np
import onnx
import pytest

from inkdigits.errors import ExportError
from inkdigits.page.decoding import SYMBOLS
from inkdigits.page.recognizer import NUMBERS, Recognizer
from inkdigits.training.exports.page_nets import write_recognizer
from inkdigits.training.recognizer.net import build_recognizer

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def net() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_recognizer()


@pytest.fixture(scope="module")
def path(net, tmp_path_factory):
    path = tmp_path_factory.mktemp("recognizer") / "recognizer.onnx"
    write_recognizer(net, "7", dict.fromkeys(NUMBERS, 0.5), path)
    return path


def noise(*shape: int) -> np.ndarray:
    return np.random.default_rng(shape).integers(0, 256, shape, np.uint8)


def test_the_recognizer_has_as_many_weights_as_it_should(net):
    assert net.count_params() == 2_354_431


@pytest.mark.parametrize(("count", "width"), [(1, 16), (2, 72), (3, 160), (1, 640)])
def test_it_answers_for_every_second_column_of_a_crop_of_any_width(net, count, width):
    assert net(noise(count, 32, width)).shape == (count, width // 2, 19)


def test_what_stands_on_one_side_does_not_change_what_it_says_far_on_the_other(net):
    crop, other = noise(1, 32, 160), noise(1, 32, 160)
    other[:, :, :100] = 255 - crop[:, :, :100]
    other[:, :, 100:] = crop[:, :, 100:]
    one, two = np.asarray(net(crop)), np.asarray(net(other))
    np.testing.assert_allclose(one[:, -10:], two[:, -10:], atol=1e-5)
    assert np.abs(one[:, :50] - two[:, :50]).max() > 1e-3


def test_it_can_be_kept_and_loaded(net, tmp_path):
    net.save(tmp_path / "recognizer.keras")
    ink = noise(1, 32, 64)
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "recognizer.keras")(ink), net(ink))


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
        ("ink", onnx.TensorProto.UINT8, ["N", 32, "W"]),
        ("symbols", onnx.TensorProto.FLOAT, ["N", "w", 19]),
    ]


def test_the_recognizer_opens_the_file_with_its_contract_and_says_how_likely_each_symbol_is(net, path):
    recognizer = Recognizer(path)
    assert recognizer.contract.alphabet == SYMBOLS
    assert (recognizer.contract.kind, recognizer.contract.version) == ("recognizer", "7")
    assert recognizer.contract.numbers == dict.fromkeys(NUMBERS, 0.5)
    crops = [noise(32, width) for width in (16, 64, 160)]
    probabilities = recognizer.probabilities(crops)
    assert [(one.shape, one.dtype) for one in probabilities] == [((width, 19), np.float32) for width in (8, 32, 80)]
    # Those 64 and 160 wide go through the net as they are; padding changes what the net says near it.
    for crop, one in list(zip(crops, probabilities, strict=True))[1:]:
        # The temperature from the contract.
        expected = keras.ops.softmax(np.array(net(crop[None]))[0] / 0.5)
        assert one.sum(axis=1) == pytest.approx(1, abs=1e-5)
        assert one == pytest.approx(np.asarray(expected), abs=1e-4)


def test_a_contract_without_one_of_its_numbers_is_not_written(net, tmp_path):
    with pytest.raises(ExportError, match=f"{NUMBERS[0]} is missing"):
        write_recognizer(net, "7", dict.fromkeys(NUMBERS[1:], 0.5), tmp_path / "recognizer.onnx")
    assert list(tmp_path.iterdir()) == []
