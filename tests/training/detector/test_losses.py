import numpy as np
import pytest

from inkdigits.training import load_mnist
from inkdigits.training.detector.losses import losses, weighted_loss
from inkdigits.training.detector.patches import cut_patches
from inkdigits.training.detector.targets import IGNORED, Patches, beside


@pytest.fixture(scope="module")
def patches() -> Patches:
    """32 patches, a ninth as large as others: what is tested here is not how much is learnt."""
    digits = load_mnist().train
    cut = beside([cut_patches(digits, np.random.default_rng([7, number])) for number in range(12)], axis=0)
    ink, *targets = (array[:32] for array in cut)
    return Patches(ink[:, 64:128, 64:128], *(array[:, 32:64, 32:64] for array in targets))


def perfect(patches: Patches) -> np.ndarray:
    """An output that is right at every point."""
    sure = np.where(patches.is_digit == 1, 20.0, -20.0)
    centre = np.where(patches.centres > 0.9 * 255, 20.0, -20.0)
    octaves = (patches.sizes.astype(float) - 128) / 32
    columns = [sure[..., None], centre[..., None], patches.offsets / 8, octaves[..., None]]
    return np.concatenate(columns, axis=3).astype(np.float32)


def test_a_perfect_answer_has_no_loss_and_each_fault_its_own(patches):
    ink, *targets = patches
    right = perfect(patches)
    assert [float(loss) for loss in losses(ink, targets, right)] == pytest.approx([0, 0, 0, 0], abs=1e-4)
    for column, fault in ((0, 0), (1, 1), (2, 2), (3, 2), (4, 3)):
        wrong = right.copy()
        wrong[..., column] = -wrong[..., column] if column < 2 else wrong[..., column] + 1
        found = np.array([float(loss) for loss in losses(ink, targets, wrong)])
        assert found[fault] > 0.5
        assert np.delete(found, fault) == pytest.approx(np.zeros(3), abs=1e-4)


def test_an_offset_counts_in_points_and_a_size_in_octaves(patches):
    ink, *targets = patches
    wrong = perfect(patches) + np.array([0, 0, 0.25, 0, 0.5], np.float32)
    _, _, of_offsets, of_sizes = losses(ink, targets, wrong)
    assert float(of_offsets) == pytest.approx(2, rel=0.01)
    assert float(of_sizes) == pytest.approx(0.5, rel=0.01)


def test_what_is_open_counts_for_nothing(patches):
    open_everywhere = patches._replace(is_digit=np.full_like(patches.is_digit, IGNORED))
    known = open_everywhere.is_digit.copy()
    known[:, :4, :4] = 0
    ink, *targets = open_everywhere._replace(is_digit=known, centres=np.zeros_like(patches.centres))
    output = np.random.default_rng(0).normal(0, 5, (*known.shape, 5)).astype(np.float32)
    output[:, :4, :4] = [-20, -20, 0, 0, 0]
    assert [float(loss) for loss in losses(ink, targets, output)] == pytest.approx([0, 0, 0, 0], abs=1e-5)


def test_what_is_learnt_is_the_weighted_sum_of_the_losses(patches):
    ink, *targets = patches
    output = np.random.default_rng(0).normal(0, 1, (*patches.is_digit.shape, 5)).astype(np.float32)
    of_ink, of_centres, of_offsets, of_sizes = (float(loss) for loss in losses(ink, targets, output))
    expected = 4 * of_ink + 0.5 * of_centres + 0.15 * of_offsets + 0.5 * of_sizes
    assert float(weighted_loss(ink, targets, output)) == pytest.approx(expected, rel=1e-5)
