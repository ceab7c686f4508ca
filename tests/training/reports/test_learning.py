import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from inkdigits.training.reports.learning import Doubt, Round, find_rounds, plot_doubts, plot_rounds, write_rounds

OWN = {"n": 40, "before": 8, "after": 2}


def config(training: int, after: int = 2, **others: Any) -> dict[str, Any]:
    return {
        "status": "complete",
        "model": "recognizer",
        "from_model": "bundled",
        "data": ["checked.csv"],
        "own": {"training": training, "held_out": 40},
        "kept": True,
        "compared": {"own": OWN | {"after": after}},
    } | others


def write_run(folder: Path, age: int, config: dict[str, Any]) -> None:
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps(config))
    os.utime(folder, (2_000_000_000 - age,) * 2)


def test_the_first_training_has_its_start_and_itself(tmp_path):
    write_run(tmp_path / "recognizer-1", 0, config(100))
    assert find_rounds(tmp_path / "recognizer-1", config(100)) == [
        Round("bundled", 0, 40, 8, kept=True),
        Round("recognizer-1", 100, 40, 2, kept=True),
    ]


def test_earlier_trainings_on_the_same_data_are_rounds_and_others_are_not(tmp_path):
    write_run(tmp_path / "older", 9, config(50, 7))
    write_run(tmp_path / "old", 8, config(50, 6, kept=False))
    write_run(tmp_path / "more", 7, config(70, 5, data=["more/", "checked.csv"]))
    write_run(tmp_path / "others", 6, config(80, 5, data=["others.csv"]))
    write_run(tmp_path / "digits", 5, config(85, 5, model="cnn"))
    write_run(tmp_path / "unfinished", 4, {k: v for k, v in config(90).items() if k not in ("compared", "kept")})
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("{")
    write_run(tmp_path / "now", 0, config(100))
    rounds = find_rounds(tmp_path / "now", config(100))
    assert [one.run for one in rounds] == ["bundled", "old", "more", "now"]
    assert [one.kept for one in rounds] == [True, False, True, True]


def test_rounds_are_written_with_their_intervals(tmp_path):
    write_rounds(tmp_path, [Round("bundled", 0, 40, 8, kept=True), Round("r", 100, 40, 2, kept=False)])
    first, second = csv.DictReader((tmp_path / "learning.csv").open())
    assert first == {
        "run": "bundled",
        "checked": "0",
        "held_out": "40",
        "wrong": "8",
        "right": "0.8000",
        "low": "0.6524",
        "high": "0.8950",
        "kept": "yes",
    }
    assert second["kept"] == "no"


def test_every_round_is_a_point_of_the_curve():
    (axes,) = plot_rounds([Round("bundled", 0, 40, 8, kept=True), Round("r", 100, 40, 2, kept=False)]).axes
    line, *marks = axes.lines
    assert line.get_xdata().tolist() == [0, 100]
    assert line.get_ydata().tolist() == [0.8, 0.95]
    assert [mark.get_markerfacecolor() for mark in marks[1::2]] == ["#0072B2", "white"]
    assert axes.get_title("right") == "hollow: not put in place"


def test_doubtful_texts_stand_above_their_pictures():
    doubts = [
        Doubt(np.zeros((32, 64), np.uint8), "12", "17", "a.png"),
        Doubt(np.zeros((28, 28), np.uint8), "", "3", ""),
    ]
    titles = [axes.get_title() for axes in plot_doubts(doubts).axes]
    assert titles[:3] == ["12 → 17", "nothing → 3", ""]
