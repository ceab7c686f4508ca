from pathlib import Path

import keras
import numpy as np
import pytest

from inkdigits.errors import RunError
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.augment import RandomShift
from inkdigits.training.runs.checkpoint import NAME, Progress, load_checkpoint, save_checkpoint

pytestmark = pytest.mark.slow

IMAGES, LABELS = (array[:256] for array in load_part("test"))


def build_trainee(units: int = 8, seed: int = 0) -> keras.Model:
    """A small net with all that has a state: Adam, dropout and shifts."""
    keras.utils.set_random_seed(seed)
    layers = keras.layers
    trainee = keras.Sequential(
        [
            keras.Input((28, 28), dtype="uint8"),
            RandomShift(1, seed),
            layers.Rescaling(1 / 255),
            layers.Flatten(),
            layers.Dense(units, activation="relu"),
            layers.Dropout(0.4),
            layers.Dense(10),
        ]
    )
    schedule = keras.optimizers.schedules.CosineDecay(0.01, 16)
    trainee.compile(keras.optimizers.Adam(schedule), keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    trainee.optimizer.build(trainee.trainable_variables)
    return trainee


def learn(trainee: keras.Model) -> None:
    trainee.fit(IMAGES, LABELS, batch_size=32, shuffle=False, verbose=0)


def rows(*losses: float) -> list[dict[str, float]]:
    return [{"epoch": epoch, "val_loss": loss} for epoch, loss in enumerate(losses, start=1)]


def test_no_epoch_is_no_progress():
    progress = Progress()
    assert (progress.epoch, progress.best_epoch) == (0, 0)


def test_the_best_epoch_is_that_of_least_validation_loss():
    progress = Progress(rows(0.3, 0.1, 0.2))
    assert (progress.epoch, progress.best_epoch) == (3, 2)


def test_weights_are_averaged_over_all_epochs_at_first_and_then_fade():
    progress, averages = Progress(), []
    for loss, weight in enumerate((8, 4, 0, 0)):
        progress.add([np.full(2, weight, np.float32)], over=2)
        progress.history = rows(*range(loss + 1))
        averages.append(float(progress.average[0][0]))
    assert averages == [8, 6, 3, 1.5]


def test_averaged_over_one_epoch_weights_stay_as_they_are_to_the_bit():
    progress = Progress()
    for number in range(3):
        weights = np.random.default_rng(number).standard_normal(50).astype(np.float32)
        progress.add([weights], over=1)
        progress.history = rows(*range(number + 1))
        np.testing.assert_array_equal(progress.average[0], weights)


def test_a_folder_without_a_checkpoint_is_no_progress(tmp_path):
    trainee = build_trainee()
    before = trainee.get_weights()
    assert load_checkpoint(tmp_path, trainee) == Progress()
    assert all(np.array_equal(a, b) for a, b in zip(before, trainee.get_weights(), strict=True))


def test_a_training_that_goes_on_from_a_checkpoint_ends_with_the_same_bits(tmp_path: Path):
    unbroken = build_trainee()
    learn(unbroken)
    save_checkpoint(tmp_path, unbroken, Progress(rows(0.5), unbroken.get_weights(), [np.arange(3)], 7))
    learn(unbroken)
    resumed = build_trainee(seed=7)
    progress = load_checkpoint(tmp_path, resumed)
    learn(resumed)
    assert progress.history == rows(0.5)
    assert len(progress.best) == len(resumed.get_weights())
    assert [part.tolist() for part in progress.average] == [[0, 1, 2]]
    assert progress.averaged == 7
    for a, b in zip(unbroken.variables, resumed.variables, strict=True):
        np.testing.assert_array_equal(np.asarray(a), np.asarray(b))
    assert int(resumed.optimizer.iterations) == 16


def test_a_checkpoint_of_another_net_is_refused(tmp_path):
    save_checkpoint(tmp_path, build_trainee(8), Progress(rows(0.5)))
    with pytest.raises(RunError, match=r"checkpoint\.npz is the state of another model"):
        load_checkpoint(tmp_path, build_trainee(9))


@pytest.mark.parametrize("kept_bytes", [0, 100, 20_000])
def test_a_truncated_checkpoint_is_named(tmp_path, kept_bytes):
    trainee = build_trainee()
    save_checkpoint(tmp_path, trainee, Progress(rows(0.5)))
    path = tmp_path / NAME
    path.write_bytes(path.read_bytes()[:kept_bytes])
    with pytest.raises(RunError, match=r"checkpoint\.npz is broken"):
        load_checkpoint(tmp_path, trainee)
