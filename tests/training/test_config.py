from dataclasses import asdict, replace

import pytest

from inkdigits.errors import ModelNotFoundError, RunError
from inkdigits.training.config import Settings, TrainConfig
from inkdigits.training.digit.zoo import MODELS
from inkdigits.training.presets import PAGE_NETS, PRESETS, TUNING


def test_whoever_asks_for_nothing_gets_the_preset():
    settings = Settings.of(TrainConfig(), "cnn")
    preset = PRESETS["cnn"]
    assert (settings.epochs, settings.batch_size, settings.learning_rate) == preset[:3]
    assert (settings.data, settings.seed, settings.log) == (("mnist",), 0, None)


def test_every_net_has_a_preset():
    assert PRESETS.keys() == {*MODELS, *PAGE_NETS}


def test_what_the_user_asks_for_goes_before_the_preset():
    config = TrainConfig(data=("a", "b"), epochs=1, batch_size=2, learning_rate=0.5, seed=3, log="tensorboard")
    settings = Settings.of(config, "nn")
    assert (settings.data, settings.epochs, settings.batch_size) == (("a", "b"), 1, 2)
    assert (settings.learning_rate, settings.seed, settings.log) == (0.5, 3, "tensorboard")


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("epochs", 0),
        ("batch_size", -1),
        ("seed", -1),
        ("learning_rate", 0.0),
        ("learning_rate", float("nan")),
        ("log", "wandb"),
        ("data", ()),
        ("data", "mnist"),
    ],
)
def test_senseless_values_are_refused_by_name(option, value):
    with pytest.raises(RunError, match=option):
        TrainConfig(**{option: value})


def test_an_unknown_net_is_refused():
    with pytest.raises(ModelNotFoundError, match="'rnn'"):
        Settings.of(TrainConfig(), "rnn")


def test_a_run_goes_on_with_its_own_settings():
    began = Settings.of(TrainConfig(data=("own.npz",), epochs=3), "nn")
    stored = asdict(began) | {"data": ["own.npz"], "status": "training"}
    assert Settings.of_run(stored, TrainConfig(resume=True)) == began
    assert Settings.of_run(stored, TrainConfig(model="nn", epochs=3, resume=True)) == began


def test_a_run_without_one_of_its_settings_does_not_go_on():
    stored = asdict(Settings.of(TrainConfig(), "nn"))
    del stored["shift_px"]
    with pytest.raises(RunError, match="has no 'shift_px'"):
        Settings.of_run(stored, TrainConfig(resume=True))


@pytest.mark.parametrize("asked", [{"model": "cnn"}, {"epochs": 4}, {"seed": 1}, {"data": ("mnist",)}])
def test_a_run_does_not_go_on_with_other_settings(asked):
    stored = asdict(Settings.of(TrainConfig(data=("own.npz",), epochs=3), "nn"))
    (name,) = asked
    with pytest.raises(RunError, match=f"was started with {name}"):
        Settings.of_run(stored, replace(TrainConfig(resume=True), **asked))


def test_a_trained_recognizer_goes_on_for_less_long_and_at_a_lower_rate():
    fresh = Settings.of(TrainConfig(), "recognizer")
    tuned = Settings.of(TrainConfig(from_model="bundled"), "recognizer")
    assert (tuned.epochs, tuned.steps, tuned.learning_rate) == (TUNING.epochs, TUNING.steps, TUNING.learning_rate)
    assert tuned.epochs * tuned.steps < 0.1 * fresh.epochs * fresh.steps
    assert tuned.learning_rate < fresh.learning_rate


@pytest.mark.parametrize(
    ("model", "asked", "message"),
    [
        ("detector", {"data": ("mine/",)}, "no other data"),
        ("recognizer", {"teachers": ("cnn",)}, "no teachers"),
        ("cnn", {"fonts": "fonts/"}, "further fonts"),
    ],
)
def test_what_a_net_cannot_learn_from_is_refused(model, asked, message):
    with pytest.raises(RunError, match=message):
        Settings.of(TrainConfig(**asked), model)


@pytest.mark.parametrize(
    ("model", "from_model", "data", "own"),
    [
        ("cnn", None, ("mine/",), False),
        ("cnn", "bundled", None, False),
        ("cnn", "bundled", ("mine/",), True),
        ("cnn", "bundled", ("mnist", "mine/"), False),
        ("transfer", "convnet", ("mine/",), False),
        ("recognizer", "bundled", ("mine.csv",), False),
    ],
)
def test_a_trained_classifier_that_is_given_digits_alone_learns_a_users_own(model, from_model, data, own):
    assert Settings.of(TrainConfig(model, data=data, from_model=from_model), model).is_own == own
