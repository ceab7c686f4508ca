"""The training wing: learn from MNIST or one's own digits, measure, export. Needs the extra `train`.

Names are resolved when they are first used: `from inkdigits.training import load_mnist` does not wait for Keras.
"""

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from inkdigits.errors import MissingExtraError

# Keras on TensorFlow unless the user chose otherwise, and only errors of TensorFlow's own log.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

if TYPE_CHECKING:
    from inkdigits.training.comparing import compare
    from inkdigits.training.config import TrainConfig
    from inkdigits.training.data.mnist import Images, Split, load_mnist
    from inkdigits.training.data.sources import load_images
    from inkdigits.training.evaluation.report import Report, evaluate
    from inkdigits.training.exports.digit_nets import export
    from inkdigits.training.fitting import fit

__all__ = [
    "Images",
    "Report",
    "Split",
    "TrainConfig",
    "compare",
    "evaluate",
    "export",
    "fit",
    "load_images",
    "load_mnist",
]

_HOMES = {
    "Images": "data.mnist",
    "Report": "evaluation.report",
    "Split": "data.mnist",
    "TrainConfig": "config",
    "compare": "comparing",
    "evaluate": "evaluation.report",
    "export": "exports.digit_nets",
    "fit": "fitting",
    "load_images": "data.sources",
    "load_mnist": "data.mnist",
}
_WITHOUT_KERAS = ("data.mnist", "data.sources")


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = _HOMES[name]
    try:
        if home not in _WITHOUT_KERAS and "keras" not in sys.modules:
            with _silence():
                importlib.import_module("keras")
        return getattr(importlib.import_module(f"{__name__}.{home}"), name)
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("inkdigits"):
            raise
        raise MissingExtraError.of("train", "Training") from error


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


@contextmanager
def _silence() -> Iterator[None]:
    """Drop what is written to file descriptor 2: while it loads, TensorFlow logs there whatever its log level is."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
