import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.page.segment import Piece, choose, cut_out, find_candidates, log_odds, usual_height


def answers(candidates, sure: dict[tuple[int, int], float]) -> np.ndarray:
    """Probabilities: as sure as told of pieces `start` to `stop`, and 0.2 of the rest."""
    table = np.full((len(candidates), 10), 0.01, np.float32)
    for row, candidate in zip(table, candidates, strict=True):
        row[3] = sure.get((candidate.start, candidate.stop), 0.2)
    return table


def spans(line, sure, height=40.0):
    candidates = find_candidates(line, height)
    return [
        (candidates[i].start, candidates[i].stop) for i in choose(line, candidates, answers(candidates, sure), height)
    ]


def halves(component: int, x: int) -> list[Piece]:
    return [Piece(component * 10 + i, component, Box(x + 15 * i, 0, 15, 40), 150, False) for i in (0, 1)]


def test_no_pieces_make_no_digits():
    assert find_candidates([], 40.0) == []


def test_what_is_sure_as_a_whole_stays_whole():
    assert spans(halves(1, 0), {(0, 2): 0.99, (0, 1): 0.99, (1, 2): 0.99}) == [(0, 2)]


def test_what_is_sure_only_in_parts_is_parted():
    assert spans(halves(1, 0), {(0, 2): 0.001, (0, 1): 0.999, (1, 2): 0.999}) == [(0, 1), (1, 2)]


def test_two_whole_digits_side_by_side_are_never_joined():
    line = [Piece(1, 1, Box(0, 0, 20, 40), 200, False), Piece(2, 2, Box(24, 0, 20, 40), 200, False)]
    assert spans(line, {(0, 2): 1.0}) == [(0, 1), (1, 2)]


def test_a_near_fragment_is_joined_and_a_far_one_is_left_out():
    digit = Piece(1, 1, Box(0, 10, 20, 40), 200, False)
    assert spans([digit, Piece(2, 2, Box(18, 4, 12, 5), 30, True)], {(0, 2): 0.99}) == [(0, 2)]
    assert spans([digit, Piece(2, 2, Box(50, 45, 5, 5), 20, True)], {(0, 1): 0.99, (0, 2): 0.99}) == [(0, 1)]


def test_a_cut_out_candidate_is_alone_and_at_full_ink():
    ink = np.zeros((60, 80), np.uint8)
    labels = np.zeros((60, 80), np.int32)
    ink[10:50, 10:16], ink[10:50, 20:26] = 120, 255
    labels[10:50, 10:16], labels[10:50, 20:26] = 1, 2
    alone = cut_out(ink, labels, [1], Box(10, 10, 6, 40))
    assert alone.max() == 255
    assert (alone > 0).sum() == 240


def test_the_usual_height_is_that_of_whole_ink():
    assert usual_height([*halves(1, 0), Piece(9, 9, Box(0, 0, 3, 3), 9, True)]) == 40


def test_the_usual_height_is_that_of_sure_digits_where_there_are_any():
    sure = Piece(1, 1, Box(0, 0, 20, 30), 200, False, is_sure=True)
    assert usual_height([*halves(2, 40), *halves(3, 80), sure]) == 30


def test_a_bar_much_taller_than_the_digits_is_left_out():
    line = [Piece(1, 1, Box(0, 0, 20, 40), 200, False), Piece(2, 2, Box(30, 0, 6, 70), 300, False)]
    assert spans(line, {(0, 1): 0.99, (1, 2): 0.99}) == [(0, 1)]


def test_the_log_odds_grow_with_the_chance_and_have_bounds():
    odds = [log_odds(probability) for probability in (0.0, 0.3, 0.5, 0.9, 1.0)]
    assert odds == sorted(odds)
    assert odds[2] == pytest.approx(0, abs=1e-3)
    assert odds[-1] < 10
