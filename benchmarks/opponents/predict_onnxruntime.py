"""ONNX Runtime as its first example has it, on 10,000 frames: all at once, and 1,000 at a time. Argument: a file."""

import json
import sys
import time

import numpy as np
import onnxruntime

FRAMES = np.random.default_rng(0).integers(0, 256, (10_000, 28, 28), np.uint8)


def main():
    """Print the frames a second of the faster way."""
    session = onnxruntime.InferenceSession(sys.argv[1])
    name = session.get_inputs()[0].name
    rates = []
    for batch in (1000, 10_000):
        for _ in range(3):
            began = time.perf_counter()
            for start in range(0, len(FRAMES), batch):
                session.run(None, {name: FRAMES[start : start + batch]})
            rates.append(len(FRAMES) / (time.perf_counter() - began))
    print(json.dumps({"frames_per_second": max(rates)}))


if __name__ == "__main__":
    main()
