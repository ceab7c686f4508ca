"""The nets that trainings start from: fresh ones, or trained ones with the numbers fitted to their confidences."""

from pathlib import Path

import keras

from inkdigits.errors import ModelError, ModelNotFoundError
from inkdigits.onnx_files import WEIGHTS, open_net
from inkdigits.page import detector, recognizer
from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.config import Settings
from inkdigits.training.detector.net import build_detector
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.digit.transfer import copy_backbone, load_source
from inkdigits.training.digit.zoo import TRANSFER
from inkdigits.training.exports.page_nets import DETECTOR_NUMBERS
from inkdigits.training.presets import DETECTOR, PAGE_NETS, RECOGNIZER
from inkdigits.training.recognizer.net import build_recognizer

BUNDLED = "bundled"


def load_page_net(kind: str, model: str) -> keras.Model:
    """A trained detector or recognizer.

    Args:
        kind: `detector` or `recognizer`.
        model: `bundled`, a run folder or a .keras file.

    Raises:
        ModelNotFoundError: nothing there.
        ModelError: not a Keras model, or another net.
    """
    path = _find(kind, model, ".keras")
    if not path.is_file():
        raise ModelNotFoundError(f"There is no Keras model at {path}. Give {BUNDLED}, a run folder or a .keras file.")
    try:
        net: keras.Model = keras.saving.load_model(path, compile=False)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path} cannot be opened as a Keras model: {error}") from error
    if net.name != kind:
        raise ModelError(f"{path} is a {net.name}, but a {kind} is to be trained.")
    return net


def load_numbers(kind: str, model: str | None) -> dict[str, float]:
    """What is fitted to the confidences of a net, from its contract.

    Args:
        kind: `detector` or `recognizer`.
        model: as for `load_page_net`; None, or a net without an .onnx file beside it: those of the bundled one.

    Raises:
        ModelError: the file has no contract that this version can serve.
    """
    path = _find(kind, model or BUNDLED, ".onnx")
    path = path if path.is_file() else _find(kind, BUNDLED, ".onnx")
    if kind == DETECTOR:
        return open_net(path, kind, detector.GEOMETRY, "", DETECTOR_NUMBERS, 1)[1].numbers
    return open_net(path, kind, recognizer.GEOMETRY, SYMBOLS, recognizer.NUMBERS, 1)[1].numbers


def _find(kind: str, model: str, suffix: str) -> Path:
    if model == BUNDLED:
        return (WEIGHTS / kind).with_suffix(suffix)
    path = Path(model)
    return path / f"model{suffix}" if path.is_dir() else path.with_suffix(suffix)


def load_start(settings: Settings) -> keras.Model | None:
    """The net to start from; None where all weights are fresh."""
    if settings.model in PAGE_NETS:
        return load_page_net(settings.model, settings.from_model) if settings.from_model else None
    if settings.model == TRANSFER:
        return load_source(settings.from_model)
    return load_model(settings.from_model) if settings.from_model else None


def build_start(settings: Settings, source: keras.Model | None) -> keras.Model:
    """The net to train: with fresh weights, the same for the same seed, or with those of `source`.

    In a transfer it is of the same kind as `source`, and its head alone has fresh weights.

    Raises:
        ModelError: the weights of `source` are of another net.
    """
    keras.utils.set_random_seed(settings.seed)
    transfer = settings.model == TRANSFER
    if settings.model == DETECTOR:
        net = build_detector()
    elif settings.model == RECOGNIZER:
        net = build_recognizer()
    else:
        net = build_model(source.name if transfer and source else settings.model)
    if source is None:
        return net
    if [weights.shape for weights in source.weights] != [weights.shape for weights in net.weights]:
        raise ModelError(f"{settings.from_model} is not a {net.name}: its weights have other shapes.")
    if transfer:
        copy_backbone(source, net)
    else:
        net.set_weights(source.get_weights())
    return net
