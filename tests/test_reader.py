from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from conftest import draw_seven

import inkdigits
from inkdigits.errors import ImageNotFoundError
from inkdigits.reader import SEVERAL


def write(*lines: str, size: int = 40, width: int = 700, paper: int = 235, ink: int = 40) -> np.ndarray:
    """Digits in a plain machine-drawn hand, `size` px high, on paper."""
    page = np.full((2 * size * (len(lines) + 1), width), paper, np.uint8)
    for n, line in enumerate(lines, 1):
        at = (size, 2 * size * n)
        cv2.putText(page, line, at, cv2.FONT_HERSHEY_SIMPLEX, size / 21, ink, max(1, size // 10), cv2.LINE_AA)
    return page


@pytest.mark.parametrize(
    ("height", "width", "thickness"), [(120, 100, 2), (400, 300, 2), (640, 480, 3), (1200, 900, 5)]
)
def test_a_thin_drawing_of_one_digit_is_read_on_a_page_as_alone(reader, height, width, thickness):
    drawing = draw_seven(height, width, thickness)
    assert reader.read_digit(drawing).value == 7
    assert reader.read(drawing).text == "7"


@pytest.mark.parametrize("shape", [(4, 4), (300, 400), (30, 2000)])
def test_blank_paper_is_an_empty_reading(reader, shape):
    reading = reader.read(np.full(shape, 230, np.uint8))
    assert reading.lines == ()
    assert reading.text == ""
    assert (reading.height, reading.width) == shape


def test_grain_and_shadow_without_digits_are_an_empty_reading(reader):
    paper = np.random.default_rng(1).normal(200, 4, (600, 800))
    paper[300:] *= 0.7
    assert reader.read(np.clip(paper, 0, 255).astype(np.uint8)).text == ""


@pytest.mark.parametrize("size", [16, 40, 200])
def test_lines_are_read_top_to_bottom_and_left_to_right(reader, size):
    reading = reader.read(write("2035", "3830", size=size, width=6 * size))
    assert reading.text == "2035\n3830"


@pytest.mark.parametrize("size", [12, 25, 60, 90, 200])
def test_long_numbers_of_any_size_are_read(reader, size):
    assert reader.read(write("460195", size=size, width=8 * size)).text == "460195"


def test_numbers_on_a_line_are_parted_where_the_gap_says_so(reader):
    assert reader.read(write("20  35  38")).text == "20 35 38"


def test_dark_mode_reads_the_same(reader):
    assert reader.read(255 - write("2035")).text == "2035"


def test_ruled_and_squared_paper_is_not_read(reader):
    page = write("2035", "3823", size=40, width=600)
    for y in range(20, page.shape[0], 60):
        cv2.line(page, (0, y), (599, y + 8), 150, 2)
    for x in (8, 300, 590):
        cv2.line(page, (x, 0), (x, page.shape[0]), 150, 2)
    assert len(reader.read(page).digits) == 8


@pytest.mark.slow
def test_boxes_are_in_the_pixels_of_the_photo(reader):
    page = np.full((3000, 4000), 220, np.uint8)
    page[1000:1400, 2000:2300] = np.minimum(220, draw_seven(400, 300))
    (number,) = reader.read(page).lines[0].numbers
    x, y, width, height = number.box
    assert 2000 <= x < x + width <= 2300
    assert 1000 <= y < y + height <= 1400
    assert height > 200


def test_what_does_not_fit_a_format_is_shown_as_doubt_and_nothing_is_left_out(reader):
    page = write("203", "38", "5")
    assert reader.read(page).text == "203\n38\n5"
    reading = reader.read(page, inkdigits.Format(digits=4))
    assert reading.text == "???\n??\n?"
    assert [line.numbers[0].confidence for line in reading.lines] == [0, 0, 0]


def test_a_drawing_of_one_digit_keeps_to_the_format_too(reader):
    seven = draw_seven(1200, 900, thickness=3)
    assert reader.read(seven, inkdigits.Format(digits=1)).text == "7"
    assert reader.read(seven, inkdigits.Format(digits=2)).text == "?"


@pytest.mark.slow
def test_many_threads_share_one_reader(reader):
    pages = [write(text) for text in ("2035", "3823", "8302", "5320")] * 4
    alone = [reader.read(page) for page in pages]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(reader.read, pages)) == alone


def test_a_missing_picture_is_named(reader, tmp_path):
    with pytest.raises(ImageNotFoundError, match=r"nothing\.png"):
        reader.read(tmp_path / "nothing.png")


def test_one_digit_is_read_with_its_chances(reader, seven):
    read = reader.read_digit(seven)
    assert read.value == read.guess == 7
    assert read.probabilities[7] == read.confidence
    assert sum(read.probabilities) == pytest.approx(1, abs=1e-5)


def test_no_ink_is_refused_with_the_reason(reader):
    read = reader.read_digit(np.full((50, 50), 255, np.uint8))
    assert read.value is None
    assert read.guess is None
    assert "no ink" in read.reason


def test_two_digits_are_refused_with_a_hint(reader):
    read = reader.read_digit(np.hstack([draw_seven(120, 100), draw_seven(120, 100)]))
    assert read.value is None
    assert read.reason == SEVERAL


def test_the_frame_is_that_of_the_digit(reader, seven):
    _, frame = reader.read_digit_and_frame(seven)
    assert reader.classifier.probabilities(frame)[0].argmax() == 7


def test_the_root_of_errors_is_raised_for_what_is_no_picture(reader):
    with pytest.raises(inkdigits.InkDigitsError):
        reader.read(b"no picture")


@pytest.mark.parametrize("size", [(8, 8), (16, 12), (28, 28), (120, 100), (1200, 1000)])
@pytest.mark.parametrize("is_dark_mode", [False, True])
def test_a_digit_is_read_at_any_size_dark_on_light_and_light_on_dark(reader, size, is_dark_mode):
    picture = draw_seven(*size)
    digit = reader.read_digit(255 - picture if is_dark_mode else picture)
    assert digit.value == 7
    assert digit.box.x + digit.box.width <= size[1]
    assert digit.box.y + digit.box.height <= size[0]


@pytest.mark.parametrize("thickness", [1, 3, 10, 40])
def test_a_digit_is_read_in_any_pen(reader, thickness):
    assert reader.read_digit(draw_seven(400, 300, thickness)).value == 7


def test_a_small_digit_in_a_corner_is_found(reader):
    picture = np.full((400, 400), 255, np.uint8)
    picture[300:380, 310:390] = draw_seven(80, 80)
    digit = reader.read_digit(picture)
    assert digit.value == 7
    assert digit.box.x >= 310
    assert digit.box.y >= 300


@pytest.mark.slow
def test_fifty_megapixels_are_read(reader):
    assert reader.read_digit(draw_seven(7000, 7140)).value == 7
