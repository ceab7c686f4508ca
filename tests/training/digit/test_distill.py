from pathlib import Path

import keras
import numpy as np
import pytest

from inkdigits.errors import ModelError, ModelNotFoundError
from inkdigits.training.digit.distill import DigitAccuracy, load_committee, soft_cross_entropy, to_targets
from inkdigits.training.digit.models import build_model

pytestmark = pytest.mark.slow


def write_net(path: Path, seed: int) -> keras.Model:
    keras.utils.set_random_seed(seed)
    net = build_model("cnn")
    net.save(path)
    return net


def frames() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (7, 28, 28), dtype=np.uint8)


def test_targets_of_nothing_are_an_empty_table() -> None:
    assert to_targets(np.zeros(0, np.uint8), 0).shape == (0, 10)


def test_a_label_is_one_digit_and_clutter_is_none() -> None:
    targets = to_targets(np.array([3], np.uint8), 2)
    assert targets[0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    np.testing.assert_allclose(targets[1:], 0.1)


def test_smoothing_shares_out_a_part_of_what_is_sure() -> None:
    targets = to_targets(np.array([3], np.uint8), 1, smoothing=0.1)
    np.testing.assert_allclose(targets[0], [0.01, 0.01, 0.01, 0.91, *[0.01] * 6], rtol=1e-6)
    np.testing.assert_allclose(targets[1], 0.1)


def test_each_of_a_committee_answers_for_its_part_and_does_not_drop_out(tmp_path: Path) -> None:
    paths = [tmp_path / "a.keras", tmp_path / "b.keras"]
    members = [write_net(path, seed) for seed, path in enumerate(paths)]
    committee = load_committee([str(path) for path in paths], "float32")
    wanted = [keras.ops.softmax(member(part)) for member, part in zip(members, np.split(frames(), [4]), strict=True)]
    np.testing.assert_allclose(committee(frames(), training=True), np.concatenate(wanted), atol=1e-6)
    np.testing.assert_allclose(committee(frames()[:1]), wanted[0][:1], atol=1e-6)


def test_who_learns_from_a_committee_does_not_teach_it(tmp_path: Path) -> None:
    write_net(tmp_path / "a.keras", 0)
    committee = load_committee([str(tmp_path / "a.keras")], "float32")
    inputs = keras.Input((28, 28), dtype="uint8")
    model = keras.Model(inputs, committee(inputs))
    assert model.variables
    assert not model.trainable_variables


def test_a_missing_teacher_is_named() -> None:
    with pytest.raises(ModelNotFoundError, match="nobody"):
        load_committee(["nobody"], "float32")


def test_a_teacher_from_outside_the_zoo_is_refused(tmp_path: Path) -> None:
    inputs = keras.Input((28, 28), dtype="uint8")
    scaled = keras.layers.Rescaling(1.0)(keras.layers.Flatten()(inputs))
    keras.Model(inputs, keras.layers.Dense(10)(scaled), name="stranger").save(tmp_path / "x.keras")
    with pytest.raises(ModelError, match="stranger"):
        load_committee([str(tmp_path / "x.keras")], "float32")


def loss_with(answers: list[float]) -> float:
    """Of an answer of half for 0 and the rest evenly, where the label is 0."""
    logits = np.log(np.array([[0.5] + [0.5 / 9] * 9], np.float32))
    targets = to_targets(np.array([0], np.uint8), 0)
    return float(soft_cross_entropy(targets, np.append(logits, np.array([answers], np.float32), axis=1))[0])


def test_the_loss_weighs_labels_and_teachers_alike() -> None:
    assert loss_with([]) == pytest.approx(np.log(2), abs=1e-5)
    doubt = [0.6, 0.4, *[0.0] * 8]
    assert loss_with(doubt) == pytest.approx(0.8 * np.log(2) + 0.2 * np.log(18), abs=1e-5)


def test_a_teacher_who_is_sure_of_another_digit_is_not_heard() -> None:
    assert loss_with([0.4, 0.6, *[0.0] * 8]) == pytest.approx(np.log(2), abs=1e-5)


def test_a_teacher_who_is_sure_of_a_digit_where_there_is_none_is_not_heard() -> None:
    targets = to_targets(np.zeros(0, np.uint8), 1)
    logits = np.zeros((1, 10), np.float32)
    sure = np.append(logits, np.array([[1, *[0] * 9]], np.float32), axis=1)
    assert float(soft_cross_entropy(targets, sure)[0]) == pytest.approx(np.log(10), abs=1e-5)


def test_accuracy_counts_digits_alone() -> None:
    accuracy = DigitAccuracy()
    assert float(accuracy.result()) == 0
    targets = to_targets(np.array([1, 2], np.uint8), 3)
    answers = np.eye(10, dtype=np.float32)[[1, 5, 0, 0, 0]]
    accuracy.update_state(targets, answers)
    assert float(accuracy.result()) == 0.5
