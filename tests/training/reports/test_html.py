from typing import Any

import numpy as np
import pytest
from outline import Outline

from inkdigits.training.evaluation.report import Report
from inkdigits.training.reports.html import to_page

pytestmark = pytest.mark.slow

PICTURES = dict.fromkeys(("curves", "confusion", "mistakes", "samples", "calibration"), b"PNG")
CONFIG: dict[str, Any] = {
    "status": "training",
    "model": "cnn",
    "data": ["mnist", "my <b>digits</b>"],
    "from_model": None,
    "epochs": 3,
    "batch_size": 64,
    "learning_rate": 0.002,
    "seed": 7,
    "seconds": 12.34,
    "commit": "",
    "temperature": 1.23456789,
    "machine": {"cpu": "A & B <CPU>", "cores": 2},
    "versions": {"keras": "3.15.1"},
}


def reports(wrong: int = 2) -> dict[str, Report]:
    probabilities = np.zeros((10, 10), np.float32)
    probabilities[:, 4] = 1
    probabilities[:wrong] = np.eye(10, dtype=np.float32)[9]
    report = Report("net", probabilities, np.full(10, 4, np.uint8))
    return {"training": report, "validation": report, "test": report}


@pytest.fixture(scope="module")
def page() -> str:
    return to_page(CONFIG, reports(), PICTURES)


def test_a_net_without_mistakes_has_a_page_that_says_so():
    assert "Nothing was misread." in to_page(CONFIG, reports(wrong=0), PICTURES)


def test_every_tag_is_closed(page):
    assert Outline(page).open == []


def test_nothing_is_loaded_from_elsewhere(page):
    outline = Outline(page)
    sources = [value for _, name, value in outline.attributes if name in ("src", "href", "srcset", "action")]
    assert len(sources) == 5
    assert all(source.startswith("data:image/png;base64,") for source in sources)
    assert "url(" not in page
    assert "@import" not in page
    assert "<script" not in page


def test_the_title_has_the_test_accuracy_and_its_interval(page):
    title = page[page.index("<title>") : page.index("</title>")]
    assert "cnn" in title
    assert "80.00%" in title
    assert "49.02% to 94.33%" in title


def test_whatever_came_from_elsewhere_is_escaped(page):
    assert "<b>" not in page
    assert "<CPU>" not in page
    text = Outline(page).text
    assert "my <b>digits</b>" in text
    assert "A & B <CPU>, 2 cores" in text


def test_the_page_says_how_to_train_the_net_again(page):
    command = "inkdigits train cnn --data mnist --data 'my <b>digits</b>' --epochs 3 --batch-size 64"
    assert f"{command} --learning-rate 0.002 --seed 7" in Outline(page).text


def test_settings_are_shown_but_not_the_empty_ones(page):
    text = Outline(page).text
    for word in ("batch size", "1.2346", "keras", "3.15.1", "12.3 s"):
        assert word in text
    for word in ("commit", "from model", "status"):
        assert word not in text


def test_each_part_and_each_digit_has_its_row(page):
    for head in ("training", "validation", "test", *map(str, range(10))):
        assert f'<th scope="row">{head}</th>' in page


def test_the_most_frequent_confusion_is_named(page):
    assert "4 as 9 (2×)" in page


def test_the_page_follows_the_reader_into_the_dark_and_onto_paper(page):
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert 'name="viewport"' in page
