from pathlib import Path

import keras
import numpy as np
import pytest

from inkdigits.errors import ModelError, ModelNotFoundError
from inkdigits.onnx_files import Session
from inkdigits.training import TrainConfig, fit
from inkdigits.training.config import Settings
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.digit.transfer import backbone_of, copy_backbone, head_epochs, load_source
from inkdigits.training.digit.zoo import MODELS, mobilenet
from inkdigits.training.runs.folders import read_config
from inkdigits.training.trainer import ProgressBar

pytestmark = pytest.mark.slow

FRAMES, LABELS = load_part("train").images[:240], load_part("train").labels[:240]


@pytest.fixture(scope="module")
def turned(tmp_path_factory) -> str:
    """Digits upside down, as somebody's own data: what a net must learn anew."""
    path = tmp_path_factory.mktemp("data") / "turned.npz"
    np.savez(path, x=FRAMES[:, ::-1, ::-1], y=LABELS)
    return str(path)


@pytest.fixture(scope="module")
def photographs(tmp_path_factory) -> str:
    """Weights of MobileNetV2 in a file; random ones, as the real ones are not here."""
    keras.utils.set_random_seed(3)
    path = tmp_path_factory.mktemp("weights") / "mobilenet.weights.h5"
    mobilenet(None).save_weights(path)
    return str(path)


def test_without_weights_or_net_to_start_from_there_is_no_transfer(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"no weights at .*gone\.h5"):
        load_source(str(tmp_path / "gone.h5"))
    with pytest.raises(ModelNotFoundError, match=r"no Keras model at .*gone"):
        load_source(str(tmp_path / "gone"))


def test_a_file_of_other_weights_is_named(tmp_path):
    build_model("nn").save_weights(tmp_path / "nn.weights.h5")
    with pytest.raises(ModelError, match=r"MobileNetV2 in .*nn\.weights\.h5 cannot be had"):
        load_source(str(tmp_path / "nn.weights.h5"))


def test_weights_that_cannot_be_downloaded_are_asked_for_as_a_file(monkeypatch):
    def refuse(*_: object, **__: object) -> None:
        raise OSError("URL fetch failure")

    monkeypatch.setattr(keras.applications, "MobileNetV2", refuse)
    with pytest.raises(ModelError, match=r"cannot be had: URL fetch failure\. Give a file of them"):
        load_source(None)


@pytest.mark.parametrize("name", ["cnn", "tiny", "capsnet", "m7"])
def test_only_the_head_is_new(name):
    source = build_model(name)
    source.set_weights([weights + 0.1 for weights in source.get_weights()])
    net = build_model(name)
    copy_backbone(source, net)
    kept = [weights for layer in backbone_of(net) for weights in layer.get_weights()]
    before = [weights for layer in backbone_of(source) for weights in layer.get_weights()]
    for now, then in zip(kept, before, strict=True):
        np.testing.assert_array_equal(now, then)
    head, old = net.layers[-MODELS[name].head], source.layers[-MODELS[name].head]
    assert not np.allclose(head.get_weights()[0], old.get_weights()[0], atol=0.05)


def test_weights_of_photographs_come_from_a_file(photographs):
    net = load_source(photographs)
    assert net.name == "transfer"
    inner = next(layer for layer in net.layers if isinstance(layer, keras.Model))
    keras.utils.set_random_seed(3)
    for now, then in zip(inner.get_weights(), mobilenet(None).get_weights(), strict=True):
        np.testing.assert_array_equal(now, then)


def test_the_head_learns_alone_for_a_fifth_of_the_epochs():
    epochs = {count: head_epochs(Settings.of(TrainConfig(epochs=count), "transfer")) for count in (1, 5, 10, 60)}
    assert epochs == {1: 1, 5: 1, 10: 2, 60: 12}
    assert head_epochs(Settings.of(TrainConfig(epochs=30), "cnn")) == 0


def test_a_net_that_only_has_the_name_of_one_of_the_zoo_is_refused(turned, tmp_path):
    frames = keras.Input((28, 28), dtype="uint8")
    layers = [keras.layers.Flatten(dtype="float32"), keras.layers.Dense(10)]
    keras.Sequential([frames, *layers], name="cnn").save(tmp_path / "other.keras")
    with pytest.raises(ModelError, match=r"other\.keras is not a cnn: its weights have other shapes"):
        transfer(tmp_path / "other.keras", turned, 1, tmp_path / "run")


@pytest.fixture(scope="module")
def source(tmp_path_factory) -> Path:
    """A cnn that has learnt nothing yet."""
    keras.utils.set_random_seed(1)
    net, path = build_model("cnn"), tmp_path_factory.mktemp("source") / "cnn.keras"
    net.save(path)
    return path


def transfer(source: Path, data: str, epochs: int, out: Path) -> Path:
    return fit(TrainConfig("transfer", from_model=str(source), data=(data,), epochs=epochs, out=out))


def test_the_backbone_waits_for_the_head_and_then_learns_too(source, turned, tmp_path):
    first = load_model(source)
    alone = load_model(transfer(source, turned, 1, tmp_path / "alone"))
    both = load_model(transfer(source, turned, 3, tmp_path / "both"))
    for layer, waited, learnt in zip(first.layers[:-1], alone.layers, both.layers, strict=False):
        for before, now, later in zip(layer.get_weights(), waited.get_weights(), learnt.get_weights(), strict=True):
            np.testing.assert_array_equal(now, before)
            assert not np.array_equal(later, before)
    assert not np.array_equal(alone.layers[-1].get_weights()[0], first.layers[-1].get_weights()[0])


def test_a_transfer_that_was_broken_off_ends_as_the_unbroken_one(source, turned, tmp_path, monkeypatch):
    def press_ctrl_c(bar: ProgressBar, step: int, logs: dict[str, float]) -> None:
        if bar.done == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(ProgressBar, "show", press_ctrl_c)
        broken = transfer(source, turned, 3, tmp_path / "broken")
    assert read_config(broken)["status"] == "stopped"
    resumed = load_model(fit(TrainConfig("transfer", out=broken, resume=True)))
    unbroken = load_model(transfer(source, turned, 3, tmp_path / "unbroken"))
    for now, expected in zip(resumed.get_weights(), unbroken.get_weights(), strict=True):
        np.testing.assert_array_equal(now, expected)


def test_a_net_that_knows_photographs_is_taught_digits_and_exported(photographs, turned, tmp_path):
    run = transfer(photographs, turned, 2, tmp_path / "run")
    assert load_model(run).name == "transfer"
    assert Session(run / "model.onnx").logits(FRAMES[:3]).shape == (3, 10)
