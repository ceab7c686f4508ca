import keras
import numpy as np
import onnx
import pytest

from inkdigits.onnx_files import open_net
from inkdigits.page.detector import GEOMETRY, Detector
from inkdigits.training import load_mnist
from inkdigits.training.detector.net import build_detector, losses, weighted_loss
from inkdigits.training.detector.patches import cut_patches
from inkdigits.training.detector.targets import IGNORED, Patches, beside
from inkdigits.training.exports.page_nets import write_detector

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def net() -> keras.Model:
    keras.utils.set_random_seed(0)
    return build_detector()


@pytest.fixture(scope="module")
def path(net, tmp_path_factory):
    path = tmp_path_factory.mktemp("detector") / "detector.onnx"
    write_detector(net, "7", {"threshold": 0.4}, path)
    return path


def test_the_detector_has_as_many_weights_as_it_should(net):
    assert net.count_params() == 521_025


def test_it_answers_for_every_second_pixel_of_any_size(net):
    assert net(np.zeros((1, 16, 16), np.uint8)).shape == (1, 8, 8, 5)
    assert net(np.zeros((2, 48, 80), np.uint8)).shape == (2, 24, 40, 5)


def test_a_fresh_one_hardly_sees_centres(net):
    noise = np.random.default_rng(0).integers(0, 256, (1, 64, 64), np.uint8)
    assert np.median(net(noise)[..., 1]) < -2


def test_it_can_be_kept_and_loaded(net, tmp_path):
    net.save(tmp_path / "detector.keras")
    ink = np.random.default_rng(1).integers(0, 256, (1, 32, 32), np.uint8)
    np.testing.assert_array_equal(keras.models.load_model(tmp_path / "detector.keras")(ink), net(ink))


def test_the_file_says_what_it_is(path):
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    sides = [
        (
            value.name,
            value.type.tensor_type.elem_type,
            [d.dim_param or d.dim_value for d in value.type.tensor_type.shape.dim],
        )
        for value in (*model.graph.input, *model.graph.output)
    ]
    assert sides == [
        ("ink", onnx.TensorProto.UINT8, ["N", "H", "W"]),
        ("marks", onnx.TensorProto.FLOAT, ["N", "h", "w", 5]),
    ]
    assert model.opset_import[0].version == 17


def test_the_detector_opens_the_file_with_its_contract(path):
    assert Detector(path).find(np.zeros((60, 90), np.uint8)) == []
    session, contract = open_net(path, "detector", GEOMETRY, "", ("threshold",), 1)
    assert (contract.kind, contract.version, contract.numbers) == ("detector", "7", {"threshold": 0.4})
    assert [one.name for one in session.get_inputs()] == ["ink"]


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
