from dataclasses import replace

import keras
import numpy as np
import pytest
from bars import FakeComposer, build_tiny, draw_example

from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.config import Settings, TrainConfig
from inkdigits.training.recognizer import task as tasks
from inkdigits.training.recognizer.examples import Example
from inkdigits.training.recognizer.own import Own
from inkdigits.training.recognizer.task import RecognizerTask, measure_recognizer
from inkdigits.training.trainer import learn

pytestmark = pytest.mark.slow

SETTINGS = replace(
    Settings.of(TrainConfig(epochs=6), "recognizer"), steps=20, batch_size=16, learning_rate=4e-3, averaged_over=4
)


@pytest.fixture(autouse=True)
def _bars(monkeypatch):
    monkeypatch.setattr(tasks, "Composer", FakeComposer)
    monkeypatch.setattr(tasks, "build_recognizer", build_tiny)
    monkeypatch.setattr(tasks, "HELD_OUT", 48)


def build_task(own: Own | None = None, settings: Settings = SETTINGS) -> RecognizerTask:
    keras.utils.set_random_seed(0)
    return RecognizerTask(build_tiny(), settings, own)


def test_an_epoch_has_its_steps_and_half_of_them_show_what_is_new():
    batches = list(build_task().draw_batches(epoch=0))
    assert len(batches) == 20
    assert len({id(batch) for batch in batches}) == 10


def test_an_epoch_is_always_the_same_and_no_other_is_like_it():
    task = build_task()
    first, again, second = (list(task.draw_batches(epoch)) for epoch in (0, 0, 1))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one.ink, other.ink)
        assert np.array_equal(one.classes, other.classes)
    assert not any(np.array_equal(one.ink, other.ink) for one, other in zip(first, second, strict=True))


def test_half_of_what_is_learnt_is_the_users_own_where_there_is_any():
    mine = Example(np.full((32, 64), 200, np.uint8), "999")
    task = build_task(Own([mine], [mine]))
    classes = np.concatenate([batch.classes for batch in list(task.draw_batches(0))[::2]])
    is_own = classes[:, 0] == SYMBOLS.index("9")
    assert 0.35 < is_own.mean() < 0.65
    assert task.measure().keys() == {"val_loss", "val_accuracy"}
    assert task.facts()["own"] == {"training": 1, "held_out": 1, "pages": 0}


def test_what_it_learns_from_is_told_apart():
    mine, other = Example(np.full((32, 64), 200, np.uint8), "9"), Example(np.full((32, 64), 200, np.uint8), "8")
    digests = [
        build_task(own).facts()["data_sha256"] for own in (None, Own([mine], []), Own([mine], []), Own([other], []))
    ]
    assert digests[1] == digests[2]
    assert len(set(digests)) == 3


def test_a_score_counts_the_crops_whose_likeliest_path_is_the_right_text():
    net, examples = build_tiny(), [draw_example([9, number]) for number in range(30)]
    score = measure_recognizer(net, examples)
    assert score.is_right.shape == (30,)
    assert score.loss > 5
    assert score.accuracy == score.is_right.mean()


def test_a_comma_for_a_point_is_no_mistake(monkeypatch):
    comma = SYMBOLS.index(",")
    monkeypatch.setattr(tasks, "best_path", lambda _: [(comma, 3)])
    examples = [Example(np.zeros((32, 64), np.uint8), text) for text in (".", ",", "1", "")]
    assert measure_recognizer(build_tiny(), examples).is_right.tolist() == [True, True, False, False]


def test_a_score_is_in_the_order_of_its_examples_however_wide_they_are(monkeypatch):
    one = SYMBOLS.index("1")
    monkeypatch.setattr(tasks, "best_path", lambda row: [(one, 0)] * (len(row) // 8))
    examples = [Example(np.zeros((32, width), np.uint8), "1" * (width // 16)) for width in (64, 96, 64, 128, 96)]
    score = measure_recognizer(build_tiny(), examples)
    assert score.texts == [example.text for example in examples]
    assert score.is_right.all()


def test_what_a_net_knew_before_is_measured_only_where_it_is_to_be_replaced():
    mine = Own([Example(np.full((32, 64), 200, np.uint8), "9")] * 3, [draw_example([1, 2])])
    assert build_task(mine).before == {}
    before = build_task(mine, replace(SETTINGS, from_model="bundled")).before
    assert {name: len(right) for name, right in before.items()} == {
        "own": 1, "learnt": 3, "composed numbers": 48, "digits of MNIST": 48
    }  # fmt: skip


def test_digits_of_mnist_are_crops_as_those_of_photos():
    digits = tasks.take_digits(10)
    assert {example.ink.shape[0] for example in digits} == {32}
    assert all(example.ink.max() > 200 and example.text.isdigit() for example in digits)


def test_it_learns_to_read_in_seconds(tmp_path):
    task = build_task()
    before = task.measure()
    progress, _ = learn(task, tmp_path)
    assert progress.history[-1]["val_loss"] < 0.2 * before["val_loss"]
    assert task.measure()["val_loss"] == min(row["val_loss"] for row in progress.history)
    assert task.composer.is_closed
