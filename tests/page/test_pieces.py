import cv2
import numpy as np
from conftest import seven_at

from inkdigits.page.components import find_components
from inkdigits.page.pieces import find_pieces, line_up


def pieces_of(ink: np.ndarray, confidence: float = 0.0):
    components = find_components(ink)
    count = len(components.numbers)
    return find_pieces(ink, components, np.full(count, confidence), np.zeros(count))


def test_no_ink_has_no_pieces():
    labels, pieces = pieces_of(np.zeros((50, 60), np.uint8))
    assert pieces == []
    assert not labels.any()
    assert line_up([]) == []


def test_every_piece_is_marked_on_the_map_and_lies_in_its_box():
    ink = np.zeros((200, 300), np.uint8)
    cv2.circle(ink, (80, 100), 40, 255, 8)
    cv2.circle(ink, (158, 100), 40, 255, 8)
    labels, pieces = pieces_of(ink)
    assert len(pieces) >= 2
    assert len({piece.component for piece in pieces}) == 1
    for piece in pieces:
        ys, xs = np.nonzero(labels == piece.label)
        assert len(ys) == piece.area
        assert (xs.min(), ys.min(), np.ptp(xs) + 1, np.ptp(ys) + 1) == piece.box


def test_what_is_surely_one_digit_is_not_cut_unless_it_is_wider_than_one():
    ink = np.zeros((200, 300), np.uint8)
    cv2.ellipse(ink, (60, 100), (20, 28), 0, 0, 360, 255, 8)
    cv2.ellipse(ink, (98, 100), (20, 28), 0, 0, 360, 255, 8)
    assert len(pieces_of(ink, confidence=0.99)[1]) > 1
    tall = cv2.resize(ink, (300, 400))
    (piece,) = pieces_of(tall, confidence=0.99)[1]
    assert piece.is_sure
    assert len(pieces_of(tall)[1]) > 1


def test_a_fragment_goes_to_the_line_of_its_digit():
    ink = np.zeros((400, 400), np.uint8)
    for y in (50, 250):
        for x in (50, 150, 250):
            seven_at(ink, y, x)
    ink[270:294, 322:330] = 255
    lines = line_up(pieces_of(ink)[1])
    assert [sum(piece.is_fragment for piece in line) for line in lines] == [0, 1]
