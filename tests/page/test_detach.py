import numpy as np
import pytest

from inkdigits.page.detach import detach_digits


def never() -> np.ndarray:
    pytest.fail("the detector was asked, though nothing hangs together over much of the picture")


def ring_on_a_line() -> tuple[np.ndarray, np.ndarray]:
    """Ink of a 0 that touches a line across the picture, and where the 0 is."""
    ink, ring = np.zeros((100, 400), np.uint8), np.zeros((100, 400), np.bool_)
    ring[40:72, 100:124] = True
    ring[44:68, 104:120] = False
    ink[ring] = 255
    ink[71:75] = 200
    return ink, ring


def test_blank_paper_stays_and_the_detector_is_not_asked():
    blank = np.zeros((60, 80), np.uint8)
    assert detach_digits(blank, never) is blank


def test_digits_that_stand_free_stay_and_the_detector_is_not_asked():
    ink, ring = ring_on_a_line()
    ink[~ring] = 0
    assert detach_digits(np.pad(ink, ((40, 40), (0, 0))), never).any()


def test_a_digit_is_freed_from_the_line_that_it_hangs_on():
    ink, ring = ring_on_a_line()
    freed = detach_digits(ink, lambda: np.where(ring, 250, 3).astype(np.uint8))
    assert (freed[ring] > 0).all()
    assert not freed[:, :90].any()
    assert not freed[:, 140:].any()


def test_what_is_given_is_not_written_to():
    ink, ring = ring_on_a_line()
    before = ink.copy()
    detach_digits(ink, lambda: np.where(ring, 250, 3).astype(np.uint8))
    np.testing.assert_array_equal(ink, before)


def test_a_long_stroke_that_the_detector_overlooks_stays_whole():
    ink = np.zeros((100, 400), np.uint8)
    ink[10:90, 200:206] = 255
    np.testing.assert_array_equal(detach_digits(ink, lambda: np.full(ink.shape, 120, np.uint8)), ink)


def test_a_long_number_that_hangs_together_stays():
    ink, _ = ring_on_a_line()
    np.testing.assert_array_equal(detach_digits(ink, lambda: np.where(ink > 0, 240, 0).astype(np.uint8)), ink)


def test_other_ink_beside_the_line_stays_though_the_detector_gives_it_nothing():
    ink, ring = ring_on_a_line()
    ink[10:30, 300:310] = 255
    freed = detach_digits(ink, lambda: np.where(ring, 250, 3).astype(np.uint8))
    assert (freed[10:30, 300:310] == 255).all()
