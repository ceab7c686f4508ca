import cv2
import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.errors import ModelError
from inkdigits.page.crops import to_crop
from inkdigits.page.ctc import decode
from inkdigits.page.recognizer import Recognizer


@pytest.fixture(scope="module")
def recognizer() -> Recognizer:
    return Recognizer()


def write(text: str, size: int) -> np.ndarray:
    """The crop of text whose capitals are `size` px high."""
    ink = np.zeros((3 * size, (len(text) + 2) * size), np.uint8)
    cv2.putText(ink, text, (size, 2 * size), cv2.FONT_HERSHEY_SIMPLEX, size / 21, 255, max(1, size // 10), cv2.LINE_AA)
    return to_crop(ink, [Box(*cv2.boundingRect(ink))]).ink


def read(recognizer: Recognizer, crop: np.ndarray) -> str:
    (probabilities,) = recognizer.probabilities([crop])
    return "".join(str(symbol.digit) for symbol in decode(probabilities))


SIX_AS_ZERO = "from 60 px on it takes the 6 of these letters for a 0; both nets together read it (tests/test_reader.py)"


@pytest.mark.parametrize("size", [12, 25, 40, 90])
@pytest.mark.parametrize("text", ["2035", "88", "7", "460195"])
def test_numbers_of_any_size_are_read(recognizer, text, size, request):
    if (text, size) == ("460195", 90):
        request.applymarker(pytest.mark.xfail(reason=SIX_AS_ZERO, strict=True))
    assert read(recognizer, write(text, size)) == text


def test_on_paper_nothing_is_read(recognizer):
    assert read(recognizer, np.zeros((32, 80), np.uint8)) == ""


@pytest.mark.parametrize("text", ["Winter", "kitchen", "change"])
def test_words_are_hardly_read_as_numbers(recognizer, text):
    assert len(read(recognizer, write(text, 30))) < len(text) / 2


def test_the_chances_at_each_point_have_the_sum_1(recognizer):
    crops = [write("31", 20), write("52047", 40)]
    for crop, probabilities in zip(crops, recognizer.probabilities(crops), strict=True):
        assert probabilities.shape == (crop.shape[1] // 2, 11)
        assert probabilities.dtype == np.float32
        assert probabilities.sum(axis=1) == pytest.approx(np.ones(len(probabilities)), abs=1e-5)


def test_no_crops_have_no_chances(recognizer):
    assert recognizer.probabilities([]) == []


def test_what_is_no_net_is_refused(tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"no net")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        Recognizer(tmp_path / "broken.onnx")
