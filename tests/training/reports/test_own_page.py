from typing import Any

import pytest
from outline import Outline

from inkdigits.training.evaluation.sampling import estimate_right
from inkdigits.training.reports.card import to_card
from inkdigits.training.reports.learning import Round
from inkdigits.training.reports.own_page import to_own_page

CONFIG: dict[str, Any] = {
    "model": "recognizer",
    "from_model": "bundled",
    "data": ["mine <b>/"],
    "started": "2026-11-30T12:00:00+00:00",
    "seed": 3,
    "own": {"training": 150, "held_out": 50, "pages": 9},
    "kept": True,
    "verdict": "12 of 50 <held-out> numbers of yours were wrong before, 4 now.",
    "compared": {
        "own": {"n": 50, "before": 12, "after": 4},
        "composed numbers": {"n": 1000, "before": 20, "after": 21},
    },
}
ROUNDS = [Round("bundled", 0, 50, 12, kept=True), Round("recognizer-3", 150, 50, 4, kept=True)]
PICTURES = dict.fromkeys(("learning", "curves"), b"PNG")
ESTIMATE = estimate_right(59, 60, 1140)


def test_without_texts_in_doubt_and_cells_drawn_at_random_nothing_is_said_of_them():
    page = Outline(to_own_page("recognizer-3", CONFIG, ROUNDS, None, PICTURES))
    assert page.open == []
    assert "recognizer-3 is put in place" in page.text
    assert "doubt" not in page.text
    assert "drawn at random" not in page.text
    assert "drawn at random" not in to_card("recognizer-3", CONFIG, ROUNDS, None)


def test_all_is_told_and_escaped():
    page = Outline(to_own_page("recognizer-3", CONFIG, ROUNDS, ESTIMATE, PICTURES | {"doubtful": b"PNG"}))
    assert page.open == []
    for words in (
        CONFIG["verdict"],
        "your held-out numbers",
        "Texts in doubt",
        "92.0%",
        ESTIMATE.to_text(),
        "mine <b>/",
    ):
        assert words in page.text
    assert len([tag for tag, name, _ in page.attributes if (tag, name) == ("img", "src")]) == 3


@pytest.mark.parametrize(("kept", "says"), [(True, False), (False, True)])
def test_the_card_says_whose_data_how_many_and_what_came_of_it(kept, says):
    card = to_card("recognizer-3", CONFIG | {"kept": kept}, ROUNDS, ESTIMATE)
    for words in ("learnt from 150 numbers in `mine <b>/`. 50 more were held out, of 9 pages", CONFIG["verdict"]):
        assert words in card
    assert "| composed numbers | 1,000 | 20 | 21 |" in card
    assert "| 150 | 50 | 92.0% |" in card
    assert ("called candidate" in card) == says


def test_a_classifier_learns_digits():
    page = to_own_page("cnn-2", CONFIG | {"model": "cnn", "kept": False}, ROUNDS, None, PICTURES)
    assert "cnn-2 is not put in place" in page
    assert "your held-out digits" in page
