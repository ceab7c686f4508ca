"""Plain Keras as beginners write it: epochs of `model.fit` until 99% of the MNIST test set are right.

Arguments: an .npz with x, y, tx, ty; a seed; where to save the net. Looking at the test set after each epoch is not
counted.
"""

import json
import sys
import time

import keras
import numpy as np
from keras import layers

EPOCHS_AT_MOST = 25


def main() -> None:
    """Train, save, and print the seconds of each epoch and of all the looks at the test set."""
    with np.load(sys.argv[1]) as arrays:
        x, test_x = (arrays[name][..., None].astype("float32") / 255 for name in ("x", "tx"))
        y, test_y = (keras.utils.to_categorical(arrays[name], 10) for name in ("y", "ty"))
    keras.utils.set_random_seed(int(sys.argv[2]))
    net = keras.Sequential(
        [
            keras.Input((28, 28, 1)),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Conv2D(128, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.4),
            layers.Dense(10, activation="softmax"),
        ]
    )
    net.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    epochs, looking, accuracy = [], 0.0, 0.0
    while accuracy < 0.99 and len(epochs) < EPOCHS_AT_MOST:
        began = time.perf_counter()
        net.fit(x, y, batch_size=128, verbose=0)
        ended = time.perf_counter()
        accuracy = net.evaluate(test_x, test_y, verbose=0)[1]
        epochs.append(ended - began)
        looking += time.perf_counter() - ended
    net.save(sys.argv[3])
    print(json.dumps({"epoch_seconds": epochs, "looking_seconds": looking, "accuracy": accuracy}))


if __name__ == "__main__":
    main()
