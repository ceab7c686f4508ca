"""Compose numbers, train the recognizer on crops of them, and write OUT/recognizer.keras, .onnx and -8bit.onnx.

    python recipes/train_recognizer.py runs/recognizer   # an hour on 2 cores that know bfloat16, 6 GB of memory
    python recipes/train_recognizer.py runs/second --from runs/recognizer/recognizer.keras --epochs 1 --seed 1

To ship it, copy recognizer-8bit.onnx to src/inkdigits/weights/recognizer.onnx.
"""

import argparse
import json
from pathlib import Path

from inkdigits.training.recognizer.crops import compose_crops
from inkdigits.training.runs.folders import replacing

# For each of so many numbers to learn from, one is held out to measure the loss on; never fewer than the least.
NUMBERS_A_HELD_OUT, LEAST_HELD_OUT = 40, 40
# Crops that tell the net in 8 bits the range of its numbers.
ROUNDING_CROPS = 1000


def main() -> None:
    """Train as the arguments say."""
    parser = argparse.ArgumentParser(description="Train the net that reads whole numbers.")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--numbers", type=int, default=60_000, help="to learn from, about 3.1 crops each")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--from", type=Path, dest="start", help="a trained .keras file to go on with, at half the rate")
    parser.add_argument("--seed", type=int, default=0, help="of numbers, crops and weights")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    held_out_numbers = max(LEAST_HELD_OUT, arguments.numbers // NUMBERS_A_HELD_OUT)
    held_out = compose_crops("validation", held_out_numbers, arguments.seed)
    crops = compose_crops("train", arguments.numbers, arguments.seed)

    # Not before: the processes that compose would each load Keras, too.
    import keras

    from inkdigits.training.exports.page_nets import write_quantized_net, write_recognizer
    from inkdigits.training.recognizer.losses import TASK
    from inkdigits.training.trainer import learn, measure

    start = keras.saving.load_model(arguments.start) if arguments.start else None
    task = TASK._replace(peak_rate=TASK.peak_rate / 2) if start else TASK
    net = learn(task, crops, held_out, arguments.epochs, arguments.seed, start)
    with replacing(arguments.out / "recognizer.keras") as part:
        net.save(part)
    exact = arguments.out / "recognizer.onnx"
    write_recognizer(net, exact)
    write_quantized_net(exact, crops.ink[:ROUNDING_CROPS], arguments.out / "recognizer-8bit.onnx")
    print(json.dumps({"crops": len(crops.ink), "held_out_loss": round(measure(net, TASK, held_out), 4)}))


if __name__ == "__main__":
    main()
