import json
import shutil
import sys
from pathlib import Path

import numpy as np
import pytest

from inkdigits.errors import ModelNotFoundError, RunError
from inkdigits.onnx_files import find_model
from inkdigits.training import TrainConfig, compare
from inkdigits.training.data.mnist import load_part
from inkdigits.training.evaluation.comparison import Comparison, Duel, Row
from inkdigits.training.reports.plots import plot_comparison
from inkdigits.training.runs.folders import read_config

pytestmark = pytest.mark.slow

BUNDLED = str(find_model("cnn"))


@pytest.fixture(scope="module")
def config(tmp_path_factory) -> TrainConfig:
    """One short epoch on a few pictures."""
    images, labels = load_part("train")
    path = tmp_path_factory.mktemp("data") / "digits.npz"
    np.savez(path, x=images[:600], y=labels[:600])
    return TrainConfig(data=(str(path),), epochs=1, batch_size=50)


@pytest.fixture(scope="module")
def comparison(config, tmp_path_factory) -> Comparison:
    return compare(["nn", BUNDLED], 2, tmp_path_factory.mktemp("runs") / "compare-1", config)


def row(model: str, *misses: int) -> Row:
    return Row(model, misses, 1 - misses[0] / 10_000, 0.0004 if len(misses) > 1 else None, 101_770, 12.5, 8.7)


def side_by_side(*rows: Row, duels: tuple[Duel, ...] = ()) -> Comparison:
    return Comparison(10_000, rows, duels, {"cpu": "some", "cores": 2, "system": "Linux"}, Path("runs/compare-1"))


@pytest.mark.parametrize(
    ("models", "seeds"), [([], 1), (["nn", "nn"], 1), (["nn"], 0)], ids=["none", "twice", "no-seed"]
)
def test_nothing_to_compare_is_refused_before_anything_is_written(models, seeds, tmp_path):
    with pytest.raises(RunError, match="at least one seed"):
        compare(models, seeds, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_wrong_name_is_told_before_the_first_training(tmp_path):
    with pytest.raises(ModelNotFoundError, match="nm"):
        compare(["nn", "nm"], 1, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_each_seed_is_trained_and_measured(comparison):
    nn = comparison.rows[0]
    configs = [read_config(comparison.folder / f"nn-seed{seed}") for seed in range(2)]
    assert [config["seed"] for config in configs] == [0, 1]
    assert nn.misses == tuple(config["misses"] for config in configs)
    assert nn.accuracy_mean == pytest.approx(1 - np.mean(nn.misses) / comparison.n)
    assert nn.accuracy_std == pytest.approx(np.std(nn.misses, ddof=1) / comparison.n)
    assert nn.parameters == 101_770
    assert nn.training_seconds == pytest.approx(np.mean([config["seconds"] for config in configs]))
    assert 0 < nn.prediction_us < 1e5


def test_a_trained_net_is_measured_as_it_is(comparison):
    bundled = comparison.rows[1]
    assert bundled.model == BUNDLED
    assert len(bundled.misses) == 1
    assert bundled.accuracy_std is None


def test_neighbours_are_tested_with_their_median_runs(comparison):
    (duel,) = comparison.duels
    assert (duel.first, duel.second) == ("nn", BUNDLED)
    assert duel.only_second - duel.only_first == min(comparison.rows[0].misses) - comparison.rows[1].misses[0]
    assert duel.p_value < 1e-6


def test_table_figures_and_chart_are_written(comparison):
    folder = comparison.folder
    assert (folder / "comparison.txt").read_text("utf-8") == comparison.to_text() + "\n"
    assert json.loads((folder / "comparison.json").read_text("utf-8"))["rows"][0]["misses"] == list(
        comparison.rows[0].misses
    )
    assert (folder / "comparison.png").read_bytes().startswith(b"\x89PNG")


def test_a_run_folder_brings_its_figures_along_and_a_keras_file_has_no_onnx_to_time(comparison, tmp_path):
    run = comparison.folder / "nn-seed1"
    shutil.copy(run / "model.keras", tmp_path / "net.keras")
    folder, file = compare([str(run), str(tmp_path / "net.keras")], 5, tmp_path / "out").rows
    assert folder.misses == file.misses == comparison.rows[0].misses[1:]
    assert folder.parameters == 101_770
    assert folder.training_seconds == read_config(run)["seconds"]
    assert file.parameters is file.training_seconds is file.prediction_us is None


def test_a_training_that_was_stopped_is_not_compared(config, tmp_path, monkeypatch):
    def stopped(asked: TrainConfig) -> Path:
        asked.out.mkdir(parents=True)
        (asked.out / "config.json").write_text('{"status": "stopped"}')
        return asked.out

    monkeypatch.setattr(sys.modules["inkdigits.training.comparing"], "fit", stopped)
    with pytest.raises(KeyboardInterrupt, match="nn-seed0"):
        compare(["nn"], 1, tmp_path / "out", config)
    assert not (tmp_path / "out" / "comparison.txt").exists()


def test_columns_are_aligned_and_unknown_figures_are_dashes():
    unknown = Row("a/rather/long/name.keras", (55,), 0.9945, None, None, None, None)
    lines = side_by_side(row("nn", 200, 210), unknown).to_text().splitlines()
    assert {len(line) for line in lines[:4]} == {len(lines[0])}
    assert "205.0   98.00 ± 0.04%      101,770     12.5 s         9 µs" in lines[2]
    assert lines[3].split() == ["a/rather/long/name.keras", "1", "55", "99.45%", "–", "–", "–"]


@pytest.mark.parametrize(
    ("duel", "words"),
    [
        (Duel("nn", "cnn", 20, 150, 3e-26), "cnn is better (p < 0.000001; only nn reads 20, only cnn 150)"),
        (Duel("nn", "cnn", 30, 12, 0.008), "nn is better (p = 0.008;"),
        (Duel("nn", "cnn", 5, 5, 1.0), "no difference shown (p = 1;"),
    ],
    ids=["second", "first", "none"],
)
def test_a_duel_says_who_won(duel, words):
    assert words in side_by_side(row("nn", 200), row("cnn", 80), duels=(duel,)).to_text()


def test_the_dict_is_json():
    figures = json.loads(json.dumps(side_by_side(row("nn", 200, 210)).to_dict()))
    assert figures["rows"][0]["model"] == "nn"
    assert figures["folder"] == "runs/compare-1"


def test_the_chart_has_a_bar_a_net_and_a_dot_a_seed():
    (axes,) = plot_comparison(side_by_side(row("nn", 200, 210, 190), row("cnn", 80))).axes
    assert [round(bar.get_width()) for bar in axes.patches] == [200, 80]
    dots = [line.get_xdata() for line in axes.lines if line.get_marker() == "o"]
    assert [len(seeds) for seeds in dots] == [3, 1]
