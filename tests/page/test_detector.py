import cv2
import numpy as np
import pytest

from inkdigits.errors import ModelError
from inkdigits.page import detector as module
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


def mean(detector: Detector, ink: np.ndarray, smallest_px: float = 12) -> float:
    """The mean probability of what is inked."""
    return float(detector.probabilities(ink, smallest_px)[ink > 127].mean()) / 255


@pytest.mark.parametrize("shape", [(1, 1), (3, 50), (200, 301)])
def test_every_pixel_of_a_page_has_a_probability(detector, shape):
    for level in (0, 255):
        probabilities = detector.probabilities(np.full(shape, level, np.uint8), 12)
        assert probabilities.shape == shape
        assert probabilities.dtype == np.uint8


@pytest.mark.parametrize("size", [14, 25, 40, 90, 300])
def test_digits_are_known_at_any_size(detector, size):
    assert mean(detector, write("2035", size, (3 * size, 6 * size))) > 0.8


def test_words_frames_and_squares_are_not(detector):
    squares = np.zeros((240, 320), np.uint8)
    squares[20::40] = squares[:, 10::40] = 255
    frame = np.zeros((120, 200), np.uint8)
    cv2.rectangle(frame, (20, 20), (180, 100), 255, 3)
    for ink in (squares, frame, write("school name", 30, (120, 360))):
        assert mean(detector, ink) < 0.3


def test_on_squared_paper_digits_are_known_from_the_squares(detector):
    digits = write("2035", 40, (160, 280))
    squares = np.zeros_like(digits)
    squares[11::50] = squares[:, 6::50] = 160
    probabilities = detector.probabilities(digits | squares, 12) / 255
    assert probabilities[digits > 127].mean() > 0.7
    assert probabilities[(squares > 0) & (cv2.dilate(digits, np.ones((9, 9))) == 0)].mean() < 0.2


def test_sizes_that_no_digit_needs_are_left_out(detector):
    ink = write("2035", 160, (480, 960))
    assert mean(detector, ink, smallest_px=150) > 0.8
    seen = []
    marker_of_one = Detector()
    see = marker_of_one._see
    marker_of_one._see = lambda plane: seen.append(plane.shape) or see(plane)
    marker_of_one.probabilities(ink, 150)
    assert seen[0] == (120, 240)


def test_in_parts_the_same_is_seen_as_at_once(detector, monkeypatch):
    ink = write("20358", 40, (300, 400)) | write("71", 30, (300, 400), (40, 120))
    at_once = detector.probabilities(ink, 12) / 255
    monkeypatch.setattr(module, "PART_PX", 128)
    in_parts = detector.probabilities(ink, 12) / 255
    assert np.abs(in_parts - at_once)[ink > 127].mean() < 0.02


def test_what_is_no_net_is_named_in_the_error(tmp_path):
    path = tmp_path / "detector.onnx"
    path.write_bytes(b"no net")
    with pytest.raises(ModelError, match=r"detector\.onnx"):
        Detector(path)


@pytest.mark.parametrize("shape", [(1, 1), (4, 6), (5, 7)])
def test_halving_keeps_a_stroke_of_one_pixel(shape):
    for row in range(shape[0]):
        plane = np.zeros(shape, np.uint8)
        plane[row] = 200
        half = halve(plane)
        assert half.shape == ((shape[0] + 1) // 2, (shape[1] + 1) // 2)
        assert (half[row // 2] == 200).all()
        assert np.count_nonzero(half.max(axis=1)) == 1
