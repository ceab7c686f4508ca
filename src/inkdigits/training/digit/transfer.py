"""What a trained net knows, put to a new use: a new head learns while the rest waits, then all learn on, more slowly.

Source: Yosinski, Clune, Bengio and Lipson, "How transferable are features in deep neural networks?" (2014).
"""

from pathlib import Path

import keras

from inkdigits.errors import ModelError, ModelNotFoundError
from inkdigits.training.config import Settings
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.digit.zoo import MODELS, TRANSFER, mobilenet

# Of all epochs; and by what the rate is multiplied once all learn. With the digits of benchmarks/digits/transfer.py,
# seed 7: 1 gave 88.5%, 0.5 95.8%, 0.3 96.7%, 0.15 96.8%; a third of the epochs instead of a fifth, at 0.5, 94.6%.
HEAD_SHARE, LOWER = 0.2, 0.15


def load_source(model: str | None) -> keras.Model:
    """The net to start a transfer from.

    Args:
        model: a run folder, a .keras file or the name of a bundled net; weights of Keras's MobileNetV2 (alpha 0.35,
            without its top) in an .h5 file; None for those that it learnt from ImageNet, which Keras downloads.

    Raises:
        ModelError: not found, not to be had, or of another kind.
    """
    if model is not None and not model.endswith(".h5"):
        return load_model(model)
    if model is not None and not Path(model).is_file():
        raise ModelNotFoundError(f"There are no weights at {model}.")
    try:
        backbone = mobilenet(model or "imagenet")
    except Exception as error:  # Keras raises a bare Exception where it cannot download, and many kinds for a bad file
        raise ModelError(
            f"The weights of MobileNetV2 {f'in {model} ' if model else ''}cannot be had: {error}. Give a file of them, "
            "or a model to start from: --from MODEL"
        ) from error
    net = build_model(TRANSFER)
    inner = next(layer for layer in net.layers if isinstance(layer, keras.Model))
    inner.set_weights(backbone.get_weights())
    return net


def copy_backbone(source: keras.Model, net: keras.Model) -> None:
    """Give `net` the weights of `source`, a net of the same kind, but for those of the head."""
    for old, new in zip(backbone_of(source), backbone_of(net), strict=True):
        new.set_weights(old.get_weights())


def backbone_of(net: keras.Model) -> list[keras.Layer]:
    """All layers of a net of the zoo but those of its head."""
    layers: list[keras.Layer] = net.layers[: -MODELS[net.name].head]
    return layers


def head_epochs(settings: Settings) -> int:
    """In how many of the first epochs only the head learns: none where nothing is transferred."""
    return max(1, round(HEAD_SHARE * settings.epochs)) if settings.model == TRANSFER else 0


def freeze(trainee: keras.Model, twin: keras.Model, frozen: bool) -> None:
    """Let the backbone of `twin`, which is in the compiled `trainee`, learn or not."""
    learnt = len(trainee.trainable_variables)
    for layer in backbone_of(twin):
        layer.trainable = not frozen
        for inner in getattr(layer, "layers", ()):
            # What MobileNetV2 normalises by it averages over thousands of steps, more than few pictures make.
            if isinstance(inner, keras.layers.BatchNormalization):
                inner.trainable = False
    if len(trainee.trainable_variables) != learnt:
        trainee.make_train_function(force=True)  # the one it has was compiled for the variables that learnt before
