import cv2
import numpy as np
import pytest

from inkdigits.errors import ModelError
from inkdigits.page.detector import Detector, halve


@pytest.fixture(scope="module")
def detector() -> Detector:
    return Detector()


def write(text: str, size: int, shape: tuple[int, int], at: tuple[int, int] = (0, 0)) -> np.ndarray:
    """Ink of text whose capitals are `size` px high, from a corner on."""
    ink = np.zeros(shape, np.uint8)
    corner = at[0] + size, at[1] + 2 * size
    cv2.putText(ink, text, corner, cv2.FONT_HERSHEY_SIMPLEX, size / 21, 255, max(1, size // 10), cv2.LINE_AA)
    return ink


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (200, 301)])
@pytest.mark.parametrize("level", [0, 255])
def test_one_colour_holds_no_digit(detector, shape, level):
    assert [one for one in detector.find(np.full(shape, level, np.uint8)) if one.confidence > 0.9] == []


@pytest.mark.parametrize("size", [14, 25, 40, 90, 300])
def test_each_digit_is_found_once_at_any_size(detector, size):
    found = [one for one in detector.find(write("2035", size, (3 * size, 6 * size))) if one.confidence > 0.6]
    assert len(found) == 4
    for one in found:
        assert one.size == pytest.approx(size, rel=0.35)
        assert one.y == pytest.approx(1.5 * size, abs=0.25 * size)
    assert np.diff(sorted(one.x for one in found)).min() > 0.5 * size


def test_words_frames_and_squares_are_no_digits(detector):
    squares = np.zeros((240, 320), np.uint8)
    squares[20::40] = squares[:, 10::40] = 255
    frame = np.zeros((120, 200), np.uint8)
    cv2.rectangle(frame, (20, 20), (180, 100), 255, 3)
    for ink in (squares, frame, write("name", 30, (120, 260))):
        assert sum(one.confidence > 0.8 for one in detector.find(ink)) == 0


def test_what_is_larger_than_a_part_is_found_once_across_its_edges(detector):
    ink = write("20352035203520352035", 60, (200, 1300))
    assert sum(one.confidence > 0.6 for one in detector.find(ink)) == 20


def test_halving_keeps_thin_strokes():
    plane = np.zeros((5, 7), np.uint8)
    plane[4, 6] = 200
    assert halve(plane).shape == (3, 4)
    assert halve(plane)[2, 3] == 200


def test_a_file_that_is_not_a_model_is_named(tmp_path):
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"no model")
    with pytest.raises(ModelError, match=r"broken\.onnx"):
        Detector(path)
