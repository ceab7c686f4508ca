import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.drawing import AGAINST, FOR, READ, REFUSED, draw_explanation, draw_reading
from inkdigits.errors import ArrayError
from inkdigits.results import Digit, Line, Mark, Number, Reading


def reading_of(width: int, height: int, *symbols: Digit | Mark) -> Reading:
    lines = (Line((Number(symbols),)),) if symbols else ()
    return Reading(lines, width, height)


def has(image, color: tuple[int, int, int]) -> bool:
    return bool((np.asarray(image) == color).all(axis=2).any())


def paper(width: int, height: int) -> np.ndarray:
    return np.full((height, width, 3), 255, np.uint8)


def test_a_reading_without_digits_leaves_the_photo_as_it_is():
    photo = np.random.default_rng(0).integers(0, 255, (400, 500, 3), np.uint8)
    np.testing.assert_array_equal(np.asarray(draw_reading(reading_of(500, 400), photo)), photo)


def test_read_and_refused_digits_differ_in_colour_and_the_ink_stays_visible():
    seven = Digit(7, 0.99, Box(100, 100, 60, 80), (0.1,) * 10, 7)
    refused = Digit(None, 0.3, Box(200, 100, 60, 80), (0.1,) * 10, 1)
    image = draw_reading(reading_of(500, 400, seven, refused), paper(500, 400))
    pixels = np.asarray(image)
    assert has(image.crop((80, 60, 170, 190)), READ)
    assert has(image.crop((190, 60, 280, 190)), REFUSED)
    assert (pixels[100:180, 100:160] == 255).all()


def test_small_marks_have_their_text_below_and_digits_above():
    two, five = (Digit(v, 0.99, Box(x, 100, 60, 80), (0.1,) * 10, v) for v, x in ((2, 100), (5, 200)))
    image = draw_reading(reading_of(500, 400, two, Mark(",", 0.9, Box(172, 170, 12, 24)), five), paper(500, 400))
    assert has(image.crop((160, 198, 200, 260)), READ)
    assert not has(image.crop((166, 40, 192, 166)), READ)
    unsure = draw_reading(reading_of(500, 400, two, Mark("?", 0.4, Box(172, 170, 12, 24)), five), paper(500, 400))
    assert has(unsure.crop((160, 165, 200, 260)), REFUSED)


def test_a_mark_at_the_rim_is_labelled_inside_the_picture():
    image = draw_reading(reading_of(500, 400, Mark("-", 0.9, Box(10, 380, 40, 15))), paper(500, 400))
    assert (np.asarray(image) == READ).all(axis=2).sum() > 60


@pytest.mark.parametrize("box", [Box(0, 0, 20, 30), Box(480, 370, 20, 30), Box(0, 200, 500, 200)])
def test_a_digit_at_the_rim_is_labelled_inside_the_picture(box):
    image = draw_reading(reading_of(500, 400, Digit(7, 0.9, box, (0.1,) * 10, 7)), paper(500, 400))
    assert image.size == (500, 400)
    assert (np.asarray(image) == READ).all(axis=2).sum() > 60


def test_a_tiny_picture_is_enlarged_so_that_values_can_be_read():
    digit = Digit(7, 0.9, Box(20, 10, 10, 14), (0.1,) * 10, 7)
    image = draw_reading(reading_of(60, 34, digit), paper(60, 34))
    assert image.width == 320
    assert has(image, READ)


def test_another_picture_is_refused():
    with pytest.raises(ArrayError, match="500×400"):
        draw_reading(reading_of(500, 400), paper(400, 500))


def test_what_spoke_for_and_against_has_two_colours():
    heat = np.zeros((28, 28), np.float32)
    heat[5:10, 5:10], heat[18:23, 18:23] = 1, -1
    pixels = np.asarray(draw_explanation(np.zeros((28, 28), np.uint8), heat)).astype(int)
    assert pixels.shape == (336, 336, 3)
    assert np.abs(pixels[90, 90] - FOR).max() < 30
    assert np.abs(pixels[246, 246] - AGAINST).max() < 30
    assert (pixels[90, 246] > 240).all()


def test_without_heat_the_ink_alone_is_drawn():
    frame = np.zeros((28, 28), np.uint8)
    frame[10:20, 13:15] = 255
    pixels = np.asarray(draw_explanation(frame, np.zeros((28, 28), np.float32)))
    assert pixels[180, 168].max() < 160
    assert pixels[5, 5].min() == 255


def test_a_heat_map_of_another_shape_is_refused():
    with pytest.raises(ArrayError, match=r"\(3, 3\)"):
        draw_explanation(np.zeros((28, 28), np.uint8), np.zeros((3, 3), np.float32))
