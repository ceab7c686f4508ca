import csv
import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from inkdigits.errors import RunError
from inkdigits.training.runs.folders import (
    HISTORY,
    find_unfinished,
    new_run,
    read_config,
    replacing,
    write_config,
    write_history,
)


@pytest.fixture(autouse=True)
def work_in_an_empty_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_no_epochs_make_a_history_of_its_header_alone(tmp_path):
    write_history(tmp_path, [])
    assert (tmp_path / "history.csv").read_text().strip() == ",".join(HISTORY)


def test_runs_of_a_net_are_numbered():
    assert [str(new_run(name, None)) for name in ("cnn", "cnn", "nn")] == ["runs/cnn-1", "runs/cnn-2", "runs/nn-1"]


def test_numbers_go_on_after_the_highest(tmp_path):
    for name in ("cnn-9", "cnn-10", "cnn-old"):
        (tmp_path / "runs" / name).mkdir(parents=True)
    assert new_run("cnn", None).name == "cnn-11"


def test_trainings_that_begin_at_the_same_time_have_folders_of_their_own():
    with ThreadPoolExecutor(8) as pool:
        runs = set(pool.map(lambda _: new_run("cnn", None), range(24)))
    assert runs == {Path("runs") / f"cnn-{number}" for number in range(1, 25)}


def test_a_file_called_runs_is_named(tmp_path):
    (tmp_path / "runs").touch()
    with pytest.raises(RunError, match="The run folder runs cannot be made"):
        new_run("cnn", None)


def test_a_named_folder_may_be_there_if_it_is_empty(tmp_path):
    (tmp_path / "mine").mkdir()
    assert new_run("cnn", tmp_path / "mine") == tmp_path / "mine"
    assert new_run("cnn", tmp_path / "deep" / "er").is_dir()


def test_a_folder_with_files_in_it_is_not_written_over(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").touch()
    with pytest.raises(RunError, match=r"mine is not empty. Go on with its run by --resume"):
        new_run("cnn", tmp_path / "mine")


def test_a_file_where_the_folder_should_be_is_named(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(RunError, match="mine cannot be made"):
        new_run("cnn", tmp_path / "mine")


def test_the_newest_run_that_is_not_complete_is_found():
    for age, (model, status) in enumerate(
        [("cnn", "complete"), ("nn", "training"), ("cnn", "stopped"), ("cnn", "training"), ("cnn", "complete")]
    ):
        run = new_run(model, None)
        write_config(run, {"status": status})
        os.utime(run / "config.json", (2_000_000_000 - age, 2_000_000_000 - age))
    assert find_unfinished(None).name == "nn-1"
    assert find_unfinished("cnn").name == "cnn-2"


def test_where_no_run_is_unfinished_the_error_says_what_to_do():
    with pytest.raises(RunError, match="no run to go on with"):
        find_unfinished(None)


def test_a_config_comes_back_as_it_was_written(tmp_path):
    config = {"status": "training", "data": ["mnist", "große/"], "learning_rate": 1e-3}
    write_config(tmp_path, config)
    assert read_config(tmp_path) == config


def test_a_folder_without_a_config_is_no_run(tmp_path):
    with pytest.raises(RunError, match="is not a run folder"):
        read_config(tmp_path)


def test_a_config_of_something_else_is_no_run(tmp_path):
    (tmp_path / "config.json").write_text('{"theme": "dark"}')
    with pytest.raises(RunError, match=r"config\.json is not that of a run"):
        read_config(tmp_path)


def test_a_broken_config_is_named(tmp_path):
    (tmp_path / "config.json").write_text('{"status": ')
    with pytest.raises(RunError, match=r"config\.json cannot be read"):
        read_config(tmp_path)


def test_a_history_has_a_row_an_epoch(tmp_path):
    rows = [dict.fromkeys(HISTORY, 0.5) | {"epoch": epoch} for epoch in (1, 2)]
    write_history(tmp_path, rows)
    with (tmp_path / "history.csv").open(newline="") as file:
        assert [row["epoch"] for row in csv.DictReader(file)] == ["1", "2"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "file.txt"
    path.write_text("old")

    def write_half() -> None:
        with replacing(path) as part:
            part.write_text("ne")
            raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(RunError, match=r"file\.txt cannot be written: No space left on device"):
        write_half()
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("file.txt", "old")]
