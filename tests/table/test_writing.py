import cv2
import numpy as np

from inkdigits.table.writing import find_writing


def test_blank_paper_has_no_writing():
    writing = find_writing(np.full((100, 200), 230, np.uint8), np.zeros((100, 200), bool))
    assert writing.boxes.shape == (0, 4)
    assert writing.height == 0


def test_digits_are_found_beside_many_dots():
    gray = np.full((200, 400), 255, np.uint8)
    gray[150:153, ::8] = 0
    gray[150:153, 1::8] = 0
    for i in range(5):
        cv2.putText(gray, "7", (40 + 60 * i, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 3)
    writing = find_writing(gray, np.zeros(gray.shape, bool))
    assert len(writing.boxes) == 5
    assert 25 < writing.height < 40
    assert np.array_equal(writing.transposed().boxes[:, 0], writing.boxes[:, 1])


def test_what_is_erased_does_not_count():
    gray = np.full((200, 400), 255, np.uint8)
    cv2.putText(gray, "7", (40, 90), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 0, 3)
    assert len(find_writing(gray, np.ones(gray.shape, bool)).boxes) == 0
