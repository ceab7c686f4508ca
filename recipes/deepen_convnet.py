"""Give a `convnet` of five convolutions a sixth that changes nothing yet: a deeper net to train on from.

    git show 02abfb0:src/inkdigits/weights/convnet-v1.keras > five.keras
    python recipes/deepen_convnet.py five.keras six.keras

The sixth convolution hands on what comes in, and its normalisation, set to the mean and the spread that 5,000 pictures
of MNIST give, undoes itself. Source: Chen, Goodfellow and Shlens, "Net2Net: Accelerating Learning via Knowledge
Transfer" (2016).
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np

from inkdigits.training.data.mnist import load_mnist
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.runs.folders import replacing

PICTURES = 5000


def deepen(shallow: Any) -> Any:
    """A `convnet` of the zoo that answers as `shallow`, which has a convolution less, does."""
    import keras

    deep = build_model("convnet")
    body, deep_body = cut(shallow), cut(deep)
    for old, new in zip(shallow.layers[:body], deep.layers[:body], strict=True):
        new.set_weights(old.get_weights())
    for old, new in zip(shallow.layers[body:], deep.layers[deep_body:], strict=True):
        new.set_weights(old.get_weights())
    convolution, normalisation, _ = deep.layers[body:deep_body]
    kernel = np.zeros(convolution.kernel.shape, np.float32)
    kernel[1, 1] = np.eye(len(kernel[1, 1]))
    convolution.set_weights([kernel])
    seen = keras.Sequential(shallow.layers[:body]).predict(load_mnist().train.images[:PICTURES], verbose=0)
    mean, variance = seen.mean(axis=(0, 1, 2)), seen.var(axis=(0, 1, 2))
    normalisation.set_weights([np.sqrt(variance + normalisation.epsilon), mean, mean, variance])
    return deep


def cut(net: Any) -> int:
    """How many layers there are before the averaging over the picture."""
    return next(i for i, layer in enumerate(net.layers) if type(layer).__name__ == "GlobalAveragePooling2D")


if __name__ == "__main__":
    with replacing(Path(sys.argv[2])) as part:
        deepen(load_model(sys.argv[1])).save(part)
