import math

import numpy as np

from inkdigits.page.decoding import CLASSES, SYMBOLS
from inkdigits.page.detector import Detection
from inkdigits.page.groups import find_groups, join_groups

PAGE = np.full((400, 800), 230, np.uint8)


def row(*lefts: float, y: float = 100, size: float = 40) -> list[Detection]:
    return [Detection(x, y, size, 0.9) for x in lefts]


def says(text: str) -> np.ndarray:
    """What a recognizer says of a crop that shows a text."""
    found = np.zeros((4 * len(text) + 1, CLASSES), np.float32)
    found[:, -1] = 1
    for place, symbol in enumerate(text):
        found[4 * place + 2] = np.eye(CLASSES)[SYMBOLS.index(symbol)]
    return found


def test_a_page_without_detections_has_no_groups():
    assert find_groups([], PAGE) == []


def test_what_stands_apart_is_parted():
    (line,) = find_groups(row(100, 130, 300, 330), PAGE)
    assert [len(group.detections) for group in line] == [2, 2]
    assert line[0].before == line[1].behind == math.inf
    assert line[0].behind == line[1].before > 100


def test_lines_go_from_top_to_bottom():
    lines = find_groups(row(100, 130, y=300) + row(100, 130, y=100), PAGE)
    assert [line[0].detections[0].y for line in lines] == [100, 300]


def test_a_vertical_line_between_digits_parts_numbers():
    page = PAGE.copy()
    page[:, 164:167] = 60
    (line,) = find_groups(row(100, 130, 200, 230), page)
    assert [len(group.detections) for group in line] == [2, 2]


def test_the_boxes_for_one_number_stay_one_number():
    page = PAGE.copy()
    page[:, 125:127] = page[:, 175:177] = page[:, 225:227] = page[:, 275:277] = 60
    (line,) = find_groups(row(100, 150, 200, 250, 300), page)
    assert [len(group.detections) for group in line] == [5]


def test_a_mark_joins_the_parts_of_a_date():
    (line,) = find_groups(row(100, 125, 200, 225), PAGE)
    assert len(line) == 2
    for texts, count in ((("24", "12"), 2), (("24/", "12"), 1), (("24", "/12"), 1)):
        joined = join_groups([(group, says(text)) for group, text in zip(line, texts, strict=True)], PAGE)
        assert len(joined) == count


def test_far_apart_a_mark_joins_nothing():
    (line,) = find_groups(row(100, 125, 400, 425), PAGE)
    assert len(join_groups([(group, says("24/")) for group in line], PAGE)) == 2
