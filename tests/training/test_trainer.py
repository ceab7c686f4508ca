import io
import re
from contextlib import redirect_stderr
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

from inkdigits.errors import RunError
from inkdigits.training.config import Settings, TrainConfig
from inkdigits.training.runs.checkpoint import Progress
from inkdigits.training.trainee import Batch, Progression, Trainee
from inkdigits.training.trainer import ProgressBar, Task, build_trainee, goes_on, learn

pytestmark = pytest.mark.slow

RAYS = np.array([3, -2, 1, 0.5], np.float32)
SETTINGS = replace(
    Settings.of(TrainConfig(epochs=20, learning_rate=0.3), "detector"), batch_size=16, averaged_every=2, averaged_over=4
)


class Line(Task):
    """Learns to multiply points by `RAYS`."""

    steps = 4

    def __init__(self, settings: Settings = SETTINGS, factor: float = 1.0) -> None:
        keras.utils.set_random_seed(settings.seed)
        self.settings, self.factor, self.is_closed = settings, factor, False
        self.net = self.build("float32")

    def build(self, dtype: str) -> keras.Model:
        point = keras.Input((4,))
        return keras.Model(point, keras.layers.Dense(1, dtype=dtype)(point))

    def loss(self, _: Any, wanted: Any, answers: Any) -> Any:
        """How far the net is from the sum of all that is wanted."""
        return ops.mean((ops.cast(answers[:, 0], "float32") - sum(wanted)) ** 2)

    def draw(self, *seed: int) -> Batch:
        shown = np.random.default_rng(seed).normal(size=(16, 4)).astype(np.float32)
        return shown, (self.factor * shown[:, :2] @ RAYS[:2], self.factor * shown[:, 2:] @ RAYS[2:])

    def teach(self, trainee: Trainee, epoch: int) -> Progression:
        return trainee.learn_batches(self.draw(self.settings.seed, epoch, step) for step in range(self.steps))

    def measure(self) -> dict[str, float]:
        shown, wanted = self.draw(99)
        return {"val_loss": float(self.loss(None, wanted, self.net(shown)))}

    def facts(self) -> dict[str, Any]:
        return {}

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture(scope="module")
def trained(tmp_path_factory) -> tuple[Line, Progress, str, Path]:
    """A net that has learnt, its progress, what was said, and its run folder."""
    task, said, run = Line(), io.StringIO(), tmp_path_factory.mktemp("run")
    with redirect_stderr(said):
        progress, stopped = learn(task, run)
    assert not stopped
    return task, progress, said.getvalue(), run


def test_it_learns_and_says_how_much(trained):
    task, progress, said, _ = trained
    lines = re.findall(r"epoch (\d+)/20: loss (\d+\.\d+), validation loss (\d+\.\d+)", said)
    assert [int(epoch) for epoch, _, _ in lines] == list(range(1, progress.epoch + 1))
    assert float(lines[-1][1]) < 0.1 * float(lines[0][1])
    assert task.net.get_weights()[0][:, 0] == pytest.approx(RAYS, abs=0.2)
    assert {layer.compute_dtype for layer in task.net.layers} == {"float32"}
    assert task.is_closed


def test_the_net_has_the_weights_of_the_best_epoch(trained):
    task, progress, _, _ = trained
    losses = [row["val_loss"] for row in progress.history]
    assert progress.best_epoch == 1 + int(np.argmin(losses))
    assert task.measure()["val_loss"] == pytest.approx(min(losses), rel=1e-4)


def test_the_run_folder_holds_the_history_and_the_checkpoint(trained):
    *_, run = trained
    assert sorted(path.name for path in run.iterdir()) == ["checkpoint.npz", "history.csv"]
    assert (run / "history.csv").read_text().splitlines()[0] == "epoch,loss,val_loss,learning_rate,seconds"


def press_ctrl_c(after: int) -> Any:
    def show(bar: ProgressBar, step: int, logs: dict[str, float]) -> None:
        if bar.done == after and step == 2:
            raise KeyboardInterrupt

    return show


def test_a_training_that_was_broken_off_ends_with_the_same_bits(trained, tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(ProgressBar, "show", press_ctrl_c(after=7))
        progress, stopped = learn(Line(), tmp_path)
    assert (progress.epoch, stopped) == (7, True)
    resumed = Line()
    resumed.net.set_weights([0 * weights for weights in resumed.net.get_weights()])
    progress, stopped = learn(resumed, tmp_path)
    unbroken = trained[1].epoch
    assert (progress.epoch, progress.averaged, stopped) == (unbroken, 2 * unbroken, False)
    for own, expected in zip(resumed.net.get_weights(), trained[0].net.get_weights(), strict=True):
        np.testing.assert_array_equal(own, expected)


def test_ctrl_c_in_the_first_epoch_keeps_what_was_learnt(tmp_path, monkeypatch):
    task = Line()
    before = task.net.get_weights()[0].copy()
    monkeypatch.setattr(ProgressBar, "show", press_ctrl_c(after=0))
    progress, stopped = learn(task, tmp_path)
    assert (progress.epoch, stopped, task.is_closed) == (0, True, True)
    assert not np.array_equal(task.net.get_weights()[0], before)


def test_another_seed_learns_something_else(tmp_path):
    nets = []
    for seed in (0, 1):
        task = Line(replace(SETTINGS, epochs=1, seed=seed))
        learn(task, tmp_path / str(seed))
        nets.append(task.net.get_weights()[0])
    assert np.abs(nets[0] - nets[1]).max() > 0.01


def test_a_loss_that_is_no_number_ends_the_training_at_once(tmp_path):
    with pytest.raises(RunError, match=r"In epoch 1 the loss is not a number any more\. Try a smaller --learning-rate"):
        learn(Line(factor=float("nan")), tmp_path)
    assert not (tmp_path / "history.csv").exists()


def test_what_learns_has_one_rate_for_each_step():
    trainee, twin = build_trainee(Line())
    rates = [float(trainee.optimizer._learning_rate(step)) for step in range(80)]
    assert max(rates) == pytest.approx(0.3)
    assert rates[-1] < 0.001
    assert trainee.optimizer.global_clipnorm == SETTINGS.clip_norm
    assert twin.get_weights()[0].shape == (4, 1)


def progress(*losses: float) -> Progress:
    """After one epoch for each validation loss."""
    return Progress([{"epoch": epoch, "val_loss": loss} for epoch, loss in enumerate(losses, start=1)])


def test_a_training_begins_and_ends_with_its_epochs() -> None:
    assert goes_on(Progress(), 1)
    assert goes_on(progress(1.0), 2)
    assert not goes_on(progress(1.0, 0.9), 2)


def test_a_training_ends_early_where_nothing_improves_in_its_second_half() -> None:
    assert goes_on(progress(*[1.0] * 14), 20)
    assert not goes_on(progress(*[1.0] * 15), 20)


def test_a_longer_training_waits_longer() -> None:
    assert goes_on(progress(*[1.0] * 44), 60)
    assert not goes_on(progress(*[1.0] * 45), 60)


def test_an_epoch_that_improved_is_waited_for_anew() -> None:
    assert goes_on(progress(*[1.0] * 12, 0.5, *[1.0] * 4), 20)
    assert not goes_on(progress(*[1.0] * 12, 0.5, *[1.0] * 5), 20)
