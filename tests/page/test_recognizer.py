import numpy as np
import pytest

from inkdigits.errors import ContractError, ModelError, ModelNotFoundError
from inkdigits.onnx_files import WEIGHTS
from inkdigits.page.decoding import CLASSES
from inkdigits.page.recognizer import Recognizer


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer()


def test_no_crop_has_no_answer(recognizer):
    assert recognizer.probabilities([]) == []


def test_each_crop_has_probabilities_for_every_second_pixel(recognizer):
    crops = [
        np.random.default_rng(n).integers(0, 256, (32, width), np.uint8) for n, width in enumerate((16, 64, 200, 64))
    ]
    found = recognizer.probabilities(crops)
    for crop, probabilities in zip(crops, found, strict=True):
        assert probabilities.shape == (crop.shape[1] // 2, CLASSES)
        assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(probabilities)), abs=1e-4)


def test_paper_says_blank(recognizer):
    (found,) = recognizer.probabilities([np.zeros((32, 80), np.uint8)])
    assert (found.argmax(axis=1) == CLASSES - 1).all()


def test_a_crop_is_read_alike_alone_and_among_others(recognizer):
    crops = [np.random.default_rng(n).integers(0, 256, (32, 64), np.uint8) for n in range(40)]
    together = recognizer.probabilities(crops)
    for crop, found in zip(crops[::13], together[::13], strict=True):
        assert recognizer.probabilities([crop])[0] == pytest.approx(found, abs=1e-4)


def test_the_contract_names_what_was_fitted(recognizer):
    numbers = recognizer.contract.numbers
    assert numbers["temperature"] > 0
    assert 0 < numbers["least_symbol"] < 1


def test_a_net_of_another_kind_is_refused():
    with pytest.raises(ContractError, match=r"detector\.onnx"):
        Recognizer(WEIGHTS / "detector.onnx")
    with pytest.raises(ContractError, match="no contract of a recognizer"):
        Recognizer(WEIGHTS / "tiny-v1.onnx")


def test_a_missing_and_a_broken_file_are_named(tmp_path):
    with pytest.raises(ModelNotFoundError, match="nothing"):
        Recognizer(tmp_path / "nothing.onnx")
    broken = tmp_path / "broken.onnx"
    broken.write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        Recognizer(broken)
