import io
import re
from contextlib import redirect_stderr

import keras
import numpy as np
import pytest

from inkdigits.errors import DataError, RunError
from inkdigits.training import load_mnist, marker_fit
from inkdigits.training.marker_fit import build_trainee, losses, measure_marker, train_marker
from inkdigits.training.marker_net import build_marker
from inkdigits.training.targets import IGNORED, Windows, beside
from inkdigits.training.windows import cut_windows


@pytest.fixture(scope="module")
def windows() -> Windows:
    """32 windows, a ninth as large as others: what is tested here is not how much is learnt."""
    digits = load_mnist().train
    cut = beside([cut_windows(digits, np.random.default_rng([7, number])) for number in range(12)], axis=0)
    ink, *targets = (array[:32] for array in cut)
    return Windows(ink[:, 64:128, 64:128], *(array[:, 32:64, 32:64] for array in targets))


def perfect(windows: Windows) -> np.ndarray:
    """An output that is right at every point."""
    sure = np.where(windows.is_digit == 1, 20.0, -20.0)
    middle = np.where(windows.middles > 0.9 * 255, 20.0, -20.0)
    octaves = (windows.sizes.astype(float) - 128) / 32
    columns = [sure[..., None], middle[..., None], windows.offsets / 8, octaves[..., None]]
    return np.concatenate(columns, axis=3).astype(np.float32)


def test_too_few_windows_are_named(windows):
    few = Windows(*(array[:15] for array in windows))
    with pytest.raises(DataError, match="needs 16 windows, but 15 came"):
        train_marker(few, windows, epochs=1, seed=0)
    with pytest.raises(DataError, match="needs 16 windows, but 15 came"):
        train_marker(windows, few, epochs=1, seed=0)


def test_a_perfect_answer_has_no_loss_and_each_fault_its_own(windows):
    ink, *targets = windows
    right = perfect(windows)
    assert [float(loss) for loss in losses(ink, targets, right)] == pytest.approx([0, 0, 0, 0], abs=1e-4)
    for column, fault in ((0, 0), (1, 1), (2, 2), (3, 2), (4, 3)):
        wrong = right.copy()
        wrong[..., column] = -wrong[..., column] if column < 2 else wrong[..., column] + 1
        found = np.array([float(loss) for loss in losses(ink, targets, wrong)])
        assert found[fault] > 0.5
        assert np.delete(found, fault) == pytest.approx(np.zeros(3), abs=1e-4)


def test_an_offset_counts_in_points_and_a_size_in_octaves(windows):
    ink, *targets = windows
    wrong = perfect(windows) + np.array([0, 0, 0.25, 0, 0.5], np.float32)
    _, _, of_offsets, of_sizes = losses(ink, targets, wrong)
    assert float(of_offsets) == pytest.approx(2, rel=0.01)
    assert float(of_sizes) == pytest.approx(0.5, rel=0.01)


def test_what_is_open_counts_for_nothing(windows):
    open_everywhere = windows._replace(is_digit=np.full_like(windows.is_digit, IGNORED))
    known = open_everywhere.is_digit.copy()
    known[:, :4, :4] = 0
    ink, *targets = open_everywhere._replace(is_digit=known, middles=np.zeros_like(windows.middles))
    output = np.random.default_rng(0).normal(0, 5, (*known.shape, 5)).astype(np.float32)
    output[:, :4, :4] = [-20, -20, 0, 0, 0]
    assert [float(loss) for loss in losses(ink, targets, output)] == pytest.approx([0, 0, 0, 0], abs=1e-5)


@pytest.fixture(scope="module")
def trained(windows) -> tuple[keras.Model, str]:
    """A marker, and what was said while it learnt."""
    said = io.StringIO()
    with redirect_stderr(said):
        return train_marker(windows, windows, epochs=10, seed=0), said.getvalue()


def test_it_learns(windows, trained):
    net, said = trained
    lines = re.findall(r"epoch (\d+)/10: loss (\d+\.\d+), of held-out windows (\d+\.\d+)", said)
    assert [int(epoch) for epoch, _, _ in lines] == list(range(1, 11))
    assert float(lines[-1][1]) < 0.4 * float(lines[0][1])
    assert measure_marker(net, windows) < measure_marker(build_marker(), windows)
    assert {layer.compute_dtype for layer in net.layers} == {"float32"}


def test_it_goes_on_from_a_marker(windows, trained):
    net, said = trained
    first, last = (float(loss) for loss in re.findall(r": loss (\d+\.\d+)", said)[::9])
    heard = io.StringIO()
    with redirect_stderr(heard):
        train_marker(windows, windows, epochs=1, seed=1, start=net)
    (loss,) = re.findall(r": loss (\d+\.\d+)", heard.getvalue())
    assert abs(float(loss) - last) < abs(float(loss) - first)


def test_the_same_seed_learns_the_same(windows, trained):
    again = train_marker(windows, windows, epochs=10, seed=0)
    for one, other in zip(trained[0].get_weights(), again.get_weights(), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-3)


def test_the_rate_climbs_to_its_peak_and_falls_to_nothing():
    rate = build_trainee(build_marker(), steps=100).optimizer._learning_rate
    rates = [float(rate(step)) for step in range(101)]
    assert max(rates) == rates[6] == pytest.approx(3e-3)
    assert rates[0] == pytest.approx(6e-5)
    assert rates[53] == pytest.approx(1.5e-3)
    assert rates[100] == pytest.approx(0, abs=1e-8)


class Pretender:
    """In place of a `Trainee`: its weights say how many steps there were."""

    def __init__(self, loss: float) -> None:
        self.loss, self.steps, self.net = loss, 0, build_marker()

    def train_on_batch(self, ink: np.ndarray, _: tuple) -> float:
        assert len(ink) == 16
        self.steps += 1
        return self.loss

    def test_on_batch(self, *_: object) -> float:
        return 1.0

    def get_weights(self) -> list[np.ndarray]:
        return [np.full_like(weights, self.steps) for weights in self.net.get_weights()]


def test_in_the_end_it_has_the_mean_of_its_last_weights(windows, monkeypatch):
    monkeypatch.setattr(marker_fit, "build_trainee", lambda *_: Pretender(1.0))
    for epochs, expected in ((20, 0.98 * 30 + 0.02 * 40), (10, 20), (2, 4)):
        net = train_marker(windows, windows, epochs, seed=0)
        assert net.get_weights()[0].ravel()[0] == pytest.approx(expected)


def test_a_loss_that_is_no_number_ends_the_training(windows, monkeypatch):
    monkeypatch.setattr(marker_fit, "build_trainee", lambda *_: Pretender(float("nan")))
    with pytest.raises(RunError, match="In epoch 1 the loss is no number"):
        train_marker(windows, windows, epochs=2, seed=0)
