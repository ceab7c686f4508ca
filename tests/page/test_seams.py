import cv2
import numpy as np

from inkdigits.page.seams import find_seams


def test_a_single_stroke_has_no_seam():
    ink = np.zeros((60, 20), np.uint8)
    ink[:, 7:13] = 255
    assert find_seams(ink, 6) == []


def test_two_rings_that_touch_are_parted_where_they_touch():
    ink = np.zeros((60, 100), np.uint8)
    cv2.circle(ink, (28, 30), 24, 255, 5)
    cv2.circle(ink, (74, 30), 22, 255, 5)
    middles = [int(seam[30]) for seam in find_seams(ink, 5)]
    assert any(47 <= x <= 56 for x in middles)


def test_a_seam_leans_with_the_strokes():
    ink = np.zeros((80, 80), np.uint8)
    cv2.line(ink, (10, 76), (40, 4), 255, 5)
    cv2.line(ink, (36, 76), (66, 4), 255, 5)
    cv2.line(ink, (24, 40), (50, 40), 255, 3)
    seam = min(find_seams(ink, 5), key=lambda seam: abs(int(seam[40]) - 38))
    assert seam[8] > seam[72] + 8


def test_seams_cover_every_row_from_left_to_right():
    ink = np.full((150, 300), 0, np.uint8)
    for x in (40, 110, 180, 250):
        cv2.circle(ink, (x, 75), 36, 255, 8)
    seams = find_seams(ink, 8)
    assert all(seam.shape == (150,) for seam in seams)
    assert sorted(int(seam[75]) for seam in seams) == [int(seam[75]) for seam in seams]
    assert len(seams) >= 3
