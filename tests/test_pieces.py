import cv2
import numpy as np
from conftest import draw_seven

from inkdigits.pieces import find_pieces, line_up


def seven_at(ink: np.ndarray, y: int, x: int, height: int = 80, width: int = 60) -> None:
    part = ink[y : y + height, x : x + width]
    np.maximum(part, 255 - draw_seven(height, width, height // 12), out=part)


def components(ink: np.ndarray) -> int:
    return len({piece.component for piece in find_pieces(ink)[1]})


def test_no_ink_has_no_pieces():
    labels, pieces = find_pieces(np.zeros((50, 60), np.uint8))
    assert pieces == []
    assert not labels.any()
    assert line_up([]) == []


def test_specks_stains_dashes_and_frames_are_left_out():
    ink = np.zeros((400, 600), np.uint8)
    seven_at(ink, 100, 100)
    seven_at(ink, 100, 200)
    assert components(ink) == 2
    ink[30:33, 30:33] = 255
    ink[300:380, 300:380] = 255
    ink[200:204, 400:450] = 255
    cv2.rectangle(ink, (300, 20), (580, 280), 255, 2)
    assert components(ink) == 2


def test_the_strokes_of_a_broken_digit_are_one_piece_of_ink():
    ink = np.zeros((300, 500), np.uint8)
    for x in (50, 150, 250, 350):
        seven_at(ink, 100, x)
    ink[128:134, 350:410] = 0
    assert components(ink) == 4


def test_every_piece_is_marked_on_the_map_and_lies_in_its_box():
    ink = np.zeros((200, 300), np.uint8)
    cv2.circle(ink, (80, 100), 40, 255, 8)
    cv2.circle(ink, (158, 100), 40, 255, 8)
    labels, pieces = find_pieces(ink)
    assert len(pieces) >= 2
    assert len({piece.component for piece in pieces}) == 1
    for piece in pieces:
        ys, xs = np.nonzero(labels == piece.label)
        assert len(ys) == piece.area
        assert (xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1) == piece.box


def test_a_fragment_goes_to_the_line_of_its_digit():
    ink = np.zeros((400, 400), np.uint8)
    for y in (50, 250):
        for x in (50, 150, 250):
            seven_at(ink, y, x)
    ink[270:294, 322:330] = 255
    lines = line_up(find_pieces(ink)[1])
    assert [sum(piece.is_fragment for piece in line) for line in lines] == [0, 1]
