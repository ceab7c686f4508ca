import base64
import re

import numpy as np
import pandas as pd
import pytest

from inkdigits.training.data.mnist import Images
from inkdigits.training.evaluation.report import Report
from inkdigits.training.reports.run_report import write_pictures, write_report
from inkdigits.training.runs.folders import HISTORY

pytestmark = pytest.mark.slow

CONFIG = {
    "model": "nn",
    "data": ["mnist"],
    "from_model": None,
    "epochs": 2,
    "batch_size": 64,
    "learning_rate": 0.002,
    "seed": 0,
    "seconds": 12.3,
    "machine": {"cpu": "some", "cores": 2},
}
NAMES = {
    "curves.png",
    "confusion.png",
    "confusion.csv",
    "samples.png",
    "mistakes.png",
    "calibration.png",
    "report.html",
}


@pytest.fixture
def part() -> Images:
    rng = np.random.default_rng(0)
    return Images(rng.integers(0, 256, (20, 28, 28), np.uint8), np.arange(20, dtype=np.uint8) % 10)


@pytest.fixture
def report(part) -> Report:
    """A net that reads every 3 as 8."""
    guesses = np.where(part.labels == 3, 8, part.labels)
    return Report("nn", np.eye(10, dtype=np.float32)[guesses], part.labels)


def write(run, history, report, part):
    write_report(run, CONFIG, history, dict.fromkeys(("training", "validation", "test"), report), part)


def test_a_run_without_an_epoch_has_all_its_files(tmp_path, report, part):
    write(tmp_path, pd.DataFrame(columns=list(HISTORY)), report, part)
    assert {path.name for path in tmp_path.iterdir()} == NAMES


def test_the_page_holds_the_very_pictures_of_the_folder(tmp_path, report, part):
    history = pd.DataFrame([(1, 0.5, 0.9, 0.4, 0.92, 1e-3, 2.0)], columns=list(HISTORY))
    write(tmp_path, history, report, part)
    page = (tmp_path / "report.html").read_text("utf-8")
    inside = {base64.b64decode(data) for data in re.findall(r'src="data:image/png;base64,([^"]+)"', page)}
    assert inside == {path.read_bytes() for path in tmp_path.glob("*.png")}


def test_the_csv_has_a_row_for_what_was_meant_and_a_column_for_what_was_read(tmp_path, report, part):
    write_pictures(tmp_path, report, part.images)
    table = pd.read_csv(tmp_path / "confusion.csv", index_col="meant")
    assert table.shape == (10, 10)
    assert table.loc[3, "read_8"] == 2
    np.testing.assert_array_equal(table.to_numpy(), report.confusion)


def test_pictures_replace_older_ones(tmp_path, report, part):
    (tmp_path / "samples.png").write_bytes(b"old")
    write_pictures(tmp_path, report, part.images)
    assert (tmp_path / "samples.png").read_bytes().startswith(b"\x89PNG")
