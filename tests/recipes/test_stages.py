import runpy
import sys
from pathlib import Path

import numpy as np
import pytest

from inkdigits.training import TrainConfig
from inkdigits.training.data.mnist import load_part
from inkdigits.training.runs.folders import read_config, write_config

pytestmark = pytest.mark.slow

RECIPES = Path(__file__).parents[2] / "recipes"


@pytest.fixture
def stages() -> dict:
    return runpy.run_path(str(RECIPES / "stages.py"))


def test_a_stage_is_trained_once_and_gone_on_with_where_it_was_broken_off(stages, tmp_path):
    data = tmp_path / "few.npz"
    np.savez(data, **{name: part[:300] for name, part in zip("xy", load_part("test"), strict=True)})
    config = TrainConfig("nn", data=(str(data),), epochs=1, out=tmp_path / "run")
    run = stages["train"](config)
    written = (run / "model.keras").stat().st_mtime_ns
    stages["train"](config)
    assert (run / "model.keras").stat().st_mtime_ns == written
    write_config(run, read_config(run) | {"status": "stopped"})
    stages["train"](config)
    assert read_config(run)["status"] == "complete"
    assert (run / "model.keras").stat().st_mtime_ns > written


@pytest.mark.parametrize("recipe", ["classifier", "detector", "recognizer"])
def test_every_shipped_net_has_a_recipe_that_says_how_it_is_called(recipe, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", [f"{recipe}.py", "--help"])
    monkeypatch.syspath_prepend(str(RECIPES))
    with pytest.raises(SystemExit, match="0"):
        runpy.run_path(str(RECIPES / f"{recipe}.py"), run_name="__main__")
    assert "out" in capsys.readouterr().out
    assert f"python recipes/{recipe}.py" in (RECIPES / f"{recipe}.py").read_text("utf-8")


def test_the_recipe_of_the_detector_trains_twice_on_other_pages(monkeypatch, tmp_path):
    asked: list[TrainConfig] = []
    monkeypatch.syspath_prepend(str(RECIPES))
    recipe = runpy.run_path(str(RECIPES / "detector.py"))
    recipe["main"].__globals__["train"] = lambda config: asked.append(config) or config.out
    recipe["main"](tmp_path)
    assert [(one.model, one.from_model, one.seed) for one in asked] == [
        ("detector", None, 0),
        ("detector", str(tmp_path / "first"), 1),
    ]


def test_the_recipe_of_convnet_ends_with_the_mean_of_what_came_of_one_net(monkeypatch, tmp_path):
    asked: list[TrainConfig] = []
    means: list[tuple] = []
    monkeypatch.syspath_prepend(str(RECIPES))
    recipe = runpy.run_path(str(RECIPES / "classifier.py"))
    scope = recipe["train_convnet"].__globals__
    scope["train"] = lambda config: asked.append(config) or config.out
    scope["average"] = lambda *arguments: means.append(arguments)
    recipe["train_convnet"](tmp_path)
    third = tmp_path / "third"
    assert [one.out.name for one in asked][3:5] == ["second", "third"]
    assert len(asked[3].teachers) == 3
    assert {one.from_model for one in asked[5:]} == {str(third)}
    assert means == [(tmp_path / "mean", [third, *(one.out for one in asked[5:])])]
