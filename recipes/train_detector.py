"""Compose pages, train the detector on patches of them, and write OUT/detector.keras, .onnx and -8bit.onnx.

    python recipes/train_detector.py runs/detector      # half an hour on 2 cores that know bfloat16, 5 GB of memory

To ship it, copy detector-8bit.onnx to src/inkdigits/weights/detector.onnx.
"""

import argparse
import json
from pathlib import Path

from inkdigits.training.detector.patches import compose_patches
from inkdigits.training.runs.folders import replacing

# For each of so many pages to learn from, one is held out to measure the loss on; never fewer than the least.
PAGES_A_HELD_OUT, LEAST_HELD_OUT = 60, 10
# Patches that tell the net in 8 bits the range of its numbers.
ROUNDING_PATCHES = 320


def main() -> None:
    """Train as the arguments say."""
    parser = argparse.ArgumentParser(description="Train the net that marks digits on a page.")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--pages", type=int, default=4000, help="to learn from, about four patches each")
    parser.add_argument("--epochs", type=int, default=6)
    parser.add_argument("--from", type=Path, dest="start", help="the .keras file of a detector to train on")
    parser.add_argument("--seed", type=int, default=0, help="of pages, patches and weights")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    held_out_pages = max(LEAST_HELD_OUT, arguments.pages // PAGES_A_HELD_OUT)
    held_out = compose_patches("validation", held_out_pages, arguments.seed)
    patches = compose_patches("train", arguments.pages, arguments.seed)

    # Not before: the processes that compose would each load Keras, too.
    import keras

    from inkdigits.training.detector.losses import measure_detector, train_detector
    from inkdigits.training.exports.page_nets import write_detector, write_quantized_net

    start = keras.saving.load_model(arguments.start) if arguments.start else None
    net = train_detector(patches, held_out, arguments.epochs, arguments.seed, start)
    with replacing(arguments.out / "detector.keras") as part:
        net.save(part)
    exact = arguments.out / "detector.onnx"
    write_detector(net, exact)
    write_quantized_net(exact, patches.ink[:ROUNDING_PATCHES], arguments.out / "detector-8bit.onnx")
    print(json.dumps({"patches": len(patches.ink), "held_out_loss": round(measure_detector(net, held_out), 4)}))


if __name__ == "__main__":
    main()
