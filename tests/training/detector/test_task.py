from dataclasses import replace

import keras
import numpy as np
import pytest

from inkdigits.errors import DataError
from inkdigits.training import load_mnist
from inkdigits.training.config import Settings, TrainConfig
from inkdigits.training.detector import task as tasks
from inkdigits.training.detector.net import build_detector
from inkdigits.training.detector.patches import cut_patches
from inkdigits.training.detector.targets import Patches, beside
from inkdigits.training.detector.task import DetectorTask, measure_detector
from inkdigits.training.trainer import learn

pytestmark = pytest.mark.slow

SETTINGS = replace(Settings.of(TrainConfig(epochs=5), "detector"), averaged_over=4, averaged_every=1)


@pytest.fixture(scope="module")
def patches() -> Patches:
    """32 patches, a ninth as large as others: what is tested here is not how much is learnt."""
    digits = load_mnist().train
    cut = beside([cut_patches(digits, np.random.default_rng([7, number])) for number in range(12)], axis=0)
    ink, *targets = (array[:32] for array in cut)
    return Patches(ink[:, 64:128, 64:128], *(array[:, 32:64, 32:64] for array in targets))


def build_task(patches: Patches) -> DetectorTask:
    keras.utils.set_random_seed(0)
    return DetectorTask(build_detector(), patches, patches, SETTINGS)


def test_too_few_patches_are_named(patches):
    with pytest.raises(DataError, match="needs 16 patches; got 15"):
        build_task(Patches(*(array[:15] for array in patches)))


def test_it_learns(patches, tmp_path):
    task = build_task(patches)
    before = measure_detector(task.net, patches)
    progress, _ = learn(task, tmp_path)
    assert measure_detector(task.net, patches) < before
    assert task.measure()["val_loss"] == pytest.approx(min(row["val_loss"] for row in progress.history), rel=1e-3)


class Witness:
    """Instead of a trainee: what it is shown."""

    def learn_batches(self, batches):
        self.batches = list(batches)
        return iter(())


def test_each_epoch_shows_whole_batches_in_an_order_of_its_own(patches):
    task = build_task(Patches(*(np.concatenate([array, array[:5]]) for array in patches)))
    witnesses = [Witness() for _ in range(3)]
    for witness, epoch in zip(witnesses, (0, 0, 1), strict=True):
        task.teach(witness, epoch)
    assert [[len(ink) for ink, _ in witness.batches] for witness in witnesses] == [[16, 16]] * 3
    first, again, second = (witness.batches[0][0] for witness in witnesses)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, second)
    assert len(witnesses[0].batches[0][1]) == len(patches) - 1


def test_pages_are_composed_as_the_settings_say(patches, monkeypatch):
    asked = []

    def compose(*arguments: object) -> Patches:
        asked.append(arguments)
        return patches

    monkeypatch.setattr(tasks, "compose_patches", compose)
    task = DetectorTask.compose(build_detector(), replace(SETTINGS, lots=1200, seed=5))
    assert sorted(asked) == [("train", 1200, 5), ("validation", 20, 5)]
    assert task.steps == 2
    assert task.facts()["patches"] == {"training": 32, "validation": 32}
