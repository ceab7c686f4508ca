import numpy as np

from inkdigits.training.synthetic.paper import lay_on_paper, photograph, rule


def test_nothing_written_leaves_bare_paper():
    nothing = np.zeros((60, 80), np.uint8)
    sheet = lay_on_paper(nothing, nothing, np.random.default_rng(0))
    assert sheet.shape == (60, 80, 3)
    assert np.ptp(sheet.mean(axis=2)) < 60


def test_what_is_written_stands_out_of_every_paper():
    pen, print_ = np.zeros((60, 80), np.uint8), np.zeros((60, 80), np.uint8)
    pen[20:40, 30:50] = 255
    for seed in range(40):
        sheet = lay_on_paper(pen, print_, np.random.default_rng(seed)).astype(float)
        inside, outside = sheet[22:38, 32:48].mean(axis=(0, 1)), sheet[:18].mean(axis=(0, 1))
        assert np.abs(inside - outside).max() > 25


def test_rulings_are_as_far_apart_as_told():
    for seed in range(30):
        lines = rule((200, 300), 40.0, np.random.default_rng(seed)).max(axis=1) > 0
        starts = np.flatnonzero(lines[1:] & ~lines[:-1])
        if 1 < len(starts) < 20:
            assert np.abs(np.diff(starts) - 40).max() <= 1


def test_a_point_of_the_sheet_is_found_on_the_photo():
    sheet = np.full((200, 300, 3), 240, np.uint8)
    sheet[90:110, 140:160] = 0
    for seed in range(8):
        photo, matrix = photograph(sheet, 20, np.random.default_rng(seed))
        x, y, w = matrix @ (150, 100, 1)
        assert photo[round(y / w), round(x / w)].max() < 80
