import numpy as np
import pytest
from conftest import draw_seven

from inkdigits.arrays import Box
from inkdigits.digit.locate import find_main


def ink_of(*places: tuple[int, int], height: int = 200, width: int = 300) -> np.ndarray:
    """The ink of 7s, 80 by 60, at (x, y)."""
    ink = np.zeros((height, width), np.uint8)
    for x, y in places:
        ink[y : y + 80, x : x + 60] = 255 - draw_seven(80, 60, 6)
    return ink


def test_without_ink_there_is_no_box():
    main = find_main(np.zeros((30, 40), np.uint8))
    assert main.box is None
    assert main.rivals == 0


def test_the_main_ink_is_found_where_it_stands():
    box = find_main(ink_of((120, 60))).box
    assert box is not None
    assert 120 <= box.x <= 140
    assert 60 <= box.y <= 80
    assert box.x + box.width <= 180


def test_two_digits_side_by_side_are_rivals():
    assert find_main(ink_of((80, 60), (170, 60))).rivals == 1


def test_a_neighbour_cut_by_the_rim_is_dropped():
    ink = ink_of((120, 60))
    ink[40:150, 0:12] = 255
    main = find_main(ink)
    assert main.rivals == 0
    assert not main.ink[:, :50].any()


def test_specks_are_dropped():
    ink = ink_of((120, 60))
    ink[10:12, 20:22] = 255
    assert not find_main(ink).ink[:30].any()


@pytest.mark.parametrize("gap", [2, 8])
def test_a_flying_top_belongs_to_the_digit(gap):
    ink = ink_of((120, 60))
    ink[68 - gap : 74 - gap, 140:175] = 255
    box = find_main(ink).box
    assert box is not None
    assert box.y <= 68 - gap


def test_a_dot_below_belongs_to_the_ink_since_a_question_mark_is_a_7_without_it():
    ink = ink_of((120, 60))
    ink[145:151, 145:153] = 255
    box = find_main(ink).box
    assert box is not None
    assert box.y + box.height == 151


def test_what_stands_as_far_off_at_the_side_does_not():
    ink = ink_of((120, 60))
    ink[96:104, 183:191] = 255
    assert not find_main(ink).ink[:, 180:].any()


def test_ink_that_fills_the_picture_is_kept_though_the_rim_cuts_it():
    assert find_main(np.full((20, 20), 255, np.uint8)).box == Box(0, 0, 20, 20)
