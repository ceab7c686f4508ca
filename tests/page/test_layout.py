from inkdigits.arrays import Box
from inkdigits.page.layout import find_lines, find_numbers, find_slope


def row(*lefts: int, y: int = 0, slope: float = 0.0) -> list[Box]:
    return [Box(x, round(y + slope * x), 20, 40) for x in lefts]


def test_nothing_stands_on_no_line():
    assert find_lines([]) == []
    assert find_numbers([]) == []


def test_one_box_is_one_line_with_one_number():
    assert find_lines(row(5)) == [[0]]
    assert find_numbers(row(5)) == [[0]]


def test_lines_go_down_and_boxes_go_right_whatever_their_order():
    boxes = [*row(100, 60, 20, y=80), *row(60, 20, 100, y=0)]
    assert find_lines(boxes) == [[4, 3, 5], [2, 1, 0]]


def test_slanted_lines_are_followed():
    for slope in (-0.25, 0.25):
        first, second = row(*range(0, 800, 40), slope=slope), row(*range(0, 800, 40), y=70, slope=slope)
        assert find_lines([*first, *second]) == [list(range(20)), list(range(20, 40))]


def test_the_slope_is_that_of_the_neighbours():
    import numpy as np

    assert abs(find_slope(np.array(row(*range(0, 400, 40), slope=0.2), float)) - 0.2) < 0.02
    assert find_slope(np.array(row(0), float)) == 0


def test_columns_far_apart_do_not_make_lines_lean():
    boxes = [Box(x, y, 20, 40) for y in (0, 60) for x in (0, 25, 200, 400, 425, 450, 640, 830, 855)]
    assert find_lines(boxes) == [list(range(9)), list(range(9, 18))]


def test_columns_are_read_row_by_row():
    boxes = [box for y in (0, 80, 160) for box in row(0, 30, 500, 530, y=y)]
    assert find_lines(boxes) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9, 10, 11]]


def test_digits_of_several_sizes_stand_on_one_line():
    assert find_lines([Box(0, 0, 20, 40), Box(30, 12, 10, 22), Box(60, 0, 20, 44)]) == [[0, 1, 2]]


def test_a_clear_gap_parts_two_numbers():
    assert find_numbers(row(0, 25, 50, 110, 135)) == [[0, 1, 2], [3, 4]]


def test_evenly_spaced_digits_are_one_number_however_wide():
    assert find_numbers(row(0, 60, 121, 180, 242)) == [[0, 1, 2, 3, 4]]


def test_two_digits_that_stand_close_by_chance_part_no_number():
    assert find_numbers(row(0, 60, 120, 180, 205, 265)) == [[0, 1, 2, 3, 4, 5]]


def test_a_very_wide_gap_parts_two_digits():
    assert find_numbers(row(0, 400)) == [[0], [1]]


def test_overlapping_digits_are_one_number():
    assert find_numbers(row(0, 15, 30)) == [[0, 1, 2]]
