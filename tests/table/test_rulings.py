import cv2
import numpy as np

from inkdigits.table.rulings import find_evidence, find_rulings, join_pieces, trace

NO_BOXES = np.zeros((0, 4))


def rulings_of(gray):
    return find_rulings(find_evidence(gray, np.ones(gray.shape, bool), NO_BOXES))


def test_blank_paper_has_no_rulings():
    assert rulings_of(np.full((100, 300), 255, np.uint8)) == []


def test_a_bent_line_is_followed_from_end_to_end():
    gray = np.full((200, 600), 255, np.uint8)
    x = np.arange(50, 551)
    y = 100 + 12 * np.sin((x - 50) / 500 * np.pi)
    cv2.polylines(gray, [np.stack([x, y], axis=1).round().astype(np.int32)], False, 90, 2)
    (ruling,) = rulings_of(gray)
    assert abs(ruling.start - 50) < 25
    assert abs(ruling.end - 550) < 25
    inside = (x > ruling.start + 24) & (x < ruling.end - 24)
    assert np.abs(ruling(x[inside]) - y[inside]).max() < 2


def test_the_pieces_of_a_broken_line_are_joined():
    gray = np.full((120, 900), 255, np.uint8)
    gray[60:62, 20:420] = 50
    gray[60:62, 500:880] = 50
    pieces = rulings_of(gray)
    assert len(pieces) == 2
    (whole,) = join_pieces(pieces)
    assert whole.length > 800
    assert join_pieces([]) == []


def test_lines_below_one_another_are_not_joined():
    gray = np.full((120, 900), 255, np.uint8)
    gray[40:42, 20:420] = 50
    gray[80:82, 440:880] = 50
    assert len(join_pieces(rulings_of(gray))) == 2


def test_what_runs_through_digits_is_no_line():
    gray = np.full((80, 400), 255, np.uint8)
    gray[40:42] = 50
    boxes = np.array([[100.0, 25, 130, 60], [200, 42, 230, 70]])
    evidence = find_evidence(gray, np.ones(gray.shape, bool), boxes)
    seen, valid = trace(evidence, np.arange(400.0), np.full(400, 40.5))
    assert not seen[105:125].any()
    # The second digit stands on the line.
    assert seen[205:225].all()
    assert valid[20:380].all()
