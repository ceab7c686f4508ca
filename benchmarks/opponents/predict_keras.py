"""`keras.Model.predict` and LiteRT (TensorFlow Lite) on one frame and on 1,000. Arguments: a .keras, a .tflite file."""

import json
import os
import sys
import time

import keras
import numpy as np
import tensorflow as tf

FRAMES = np.random.default_rng(0).integers(0, 256, (1000, 28, 28), np.uint8)


def time_calls(call, calls):
    """The median of some calls, in seconds, after two that warm up."""
    seconds = []
    for _ in range(calls + 2):
        began = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - began)
    return float(np.median(seconds[2:]))


def time_litert(path, count, calls):
    """The same for an interpreter that is given this many frames at once."""
    interpreter = tf.lite.Interpreter(path, num_threads=os.cpu_count())
    source, target = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    interpreter.resize_tensor_input(source, (count, 28, 28))
    interpreter.allocate_tensors()

    def run():
        interpreter.set_tensor(source, FRAMES[:count])
        interpreter.invoke()
        return interpreter.get_tensor(target)

    return time_calls(run, calls)


def main():
    """Print microseconds a frame."""
    net = keras.saving.load_model(sys.argv[1], compile=False)
    seconds = {
        "keras_one_us": time_calls(lambda: net.predict(FRAMES[:1], verbose=0), 20),
        "keras_each_of_1000_us": time_calls(lambda: net.predict(FRAMES, batch_size=1000, verbose=0), 3) / 1000,
        "litert_one_us": time_litert(sys.argv[2], 1, 100),
        "litert_each_of_1000_us": time_litert(sys.argv[2], 1000, 3) / 1000,
    }
    print(json.dumps({name: value * 1e6 for name, value in seconds.items()}))


if __name__ == "__main__":
    main()
