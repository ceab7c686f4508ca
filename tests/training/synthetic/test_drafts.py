from dataclasses import replace

import numpy as np
import pytest

from inkdigits.arrays import enclosing_box
from inkdigits.training.synthetic.drafts import (
    EVALUATION_STYLE,
    GAPS,
    PALEST,
    TRAINING_STYLE,
    Draft,
    add_extras,
    write_grid,
    write_lines,
    write_list,
)
from inkdigits.training.synthetic.lettering import EVERYDAY
from inkdigits.training.synthetic.writing import use_font

NOTHING_MORE = TRAINING_STYLE._replace(faint_share=0, words_share=0, behind_share=0, dotted_share=0, framed_share=0)


def draft_lines(seed: int) -> Draft:
    rng = np.random.default_rng(seed)
    draft = Draft(30, 60, use_font(rng), GAPS, EVERYDAY)
    write_lines(draft, 3, rng)
    return draft


@pytest.mark.parametrize("style", [EVALUATION_STYLE, NOTHING_MORE])
def test_a_style_without_extras_adds_nothing_and_draws_no_lot(style):
    draft, rng = draft_lines(0), np.random.default_rng(1)
    others, untouched = list(draft.others), np.random.default_rng(1)
    add_extras(draft, "lines", style, rng)
    assert len(draft.others) == len(others)
    assert draft.frames == []
    assert rng.random() == untouched.random()


@pytest.mark.parametrize("seed", range(5))
def test_extras_stand_around_numbers_and_leave_them_as_they_are(seed):
    draft = draft_lines(seed)
    bare, digits, around = len(draft.others), list(draft.digits), enclosing_box([one.box for one in draft.digits])
    behind = NOTHING_MORE._replace(behind_share=1)
    add_extras(draft, "lines", behind, np.random.default_rng(seed))
    (word,) = draft.others[bare:]
    assert any(digit.box.x + digit.box.width < word.x for digit in draft.digits)
    assert around.y <= word.y + word.ink.shape[0] <= around.y + around.height

    bare = len(draft.others)
    add_extras(draft, "lines", NOTHING_MORE._replace(words_share=1), np.random.default_rng(seed))
    assert 1 <= len(draft.others) - bare <= 4

    bare = len(draft.others)
    add_extras(draft, "lines", NOTHING_MORE._replace(dotted_share=1), np.random.default_rng(seed))
    for line in draft.others[bare:]:
        assert line.ink.shape[1] > around.width
        assert 0.1 < (line.ink > 0).mean() < 0.6
    assert len(draft.others) > bare
    assert all(digit is before for digit, before in zip(draft.digits, digits, strict=True))


def test_of_faint_digits_some_are_paler_and_none_moves():
    draft = draft_lines(6)
    before = list(draft.digits)
    add_extras(draft, "lines", NOTHING_MORE._replace(faint_share=1), np.random.default_rng(0))
    assert [digit.box for digit in draft.digits] == [digit.box for digit in before]
    tones = {round(one.ink.max() / other.ink.max(), 2) for one, other in zip(draft.digits, before, strict=True)}
    assert PALEST - 0.01 <= min(tones) < max(tones) <= 1
    assert len(tones) > 2


def test_a_frame_goes_around_numbers_in_lines_and_not_around_others():
    framed = NOTHING_MORE._replace(framed_share=1)
    draft = draft_lines(3)
    around = enclosing_box([one.box for one in draft.digits])
    add_extras(draft, "columns", framed, np.random.default_rng(0))
    assert draft.frames == []
    add_extras(draft, "lines", framed, np.random.default_rng(0))
    assert enclosing_box([*draft.frames, around]) == draft.frames[0]


def test_every_digit_of_the_numbers_is_written():
    rng = np.random.default_rng(4)
    for write in (write_list, lambda draft, rng: write_grid(draft, "table", rng)):
        draft = replace(draft_lines(4), digits=[], others=[], lines=[])
        write(draft, rng)
        assert sum(len(number) for line in draft.lines for number in line) == len(draft.digits)


def test_in_boxes_every_digit_has_one():
    rng = np.random.default_rng(5)
    draft = Draft(30, 60, use_font(rng), GAPS, EVERYDAY)
    write_grid(draft, "boxes", rng)
    assert len(draft.frames) == len(draft.digits)
