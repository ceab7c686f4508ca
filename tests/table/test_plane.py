import cv2
import numpy as np
from drawings import draw_table

from inkdigits.table.plane import straighten, to_photo


def test_blank_paper_stays_as_it_is():
    gray = np.full((120, 200), 240, np.uint8)
    plane = straighten(gray)
    assert np.allclose(plane.matrix / plane.matrix[2, 2], np.eye(3), atol=0.02)
    assert plane.valid.all()


def test_a_table_in_perspective_is_made_straight():
    gray = cv2.copyMakeBorder(draw_table(8, 6), 80, 80, 80, 80, cv2.BORDER_CONSTANT, value=255)
    height, width = gray.shape
    flat = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    askew = flat + np.array([[30, 60], [-20, 10], [10, -30], [-10, 10]], np.float32)
    matrix = cv2.getPerspectiveTransform(flat, askew)
    plane = straighten(cv2.warpPerspective(gray, matrix, (width, height), borderValue=255))
    # Where the table's corners are on the straight page.
    corners = np.array([[110, 110], [530, 110], [530, 462], [110, 462]], np.float64)
    seen = cv2.perspectiveTransform(corners[None], matrix.astype(np.float64))[0]
    straight = to_photo(seen, np.linalg.inv(plane.matrix))
    assert abs(straight[0, 1] - straight[1, 1]) < 16
    assert abs(straight[3, 1] - straight[2, 1]) < 16
    assert abs(straight[0, 0] - straight[3, 0]) < 16
    assert abs(straight[1, 0] - straight[2, 0]) < 16


def test_light_on_dark_is_turned_dark_on_light():
    assert np.median(straighten(255 - draw_table(4, 3)).gray) > 128
