"""Compose numbers, train the transcriber on strips of them, and write OUT/transcriber.keras, .onnx and -8bit.onnx.

    python recipes/train_recognizer.py runs/transcriber   # an hour on 2 cores that know bfloat16, 6 GB of memory
    python recipes/train_recognizer.py runs/second --from runs/transcriber/transcriber.keras --epochs 1 --seed 1

To ship it, copy transcriber-8bit.onnx to src/inkdigits/weights/recognizer.onnx.
"""

import argparse
import json
from pathlib import Path

from inkdigits.training.recognizer.crops import compose_strips
from inkdigits.training.runs.folders import replacing

# For each of so many numbers to learn from, one is held out to measure the loss on; never fewer than the least.
NUMBERS_A_HELD_OUT, LEAST_HELD_OUT = 40, 40
# Strips that tell the net in 8 bits the range of its numbers.
ROUNDING_STRIPS = 1000


def main() -> None:
    """Train as the arguments say."""
    parser = argparse.ArgumentParser(description="Train the net that reads whole numbers.")
    parser.add_argument("out", type=Path, help="the folder to write to")
    parser.add_argument("--numbers", type=int, default=60_000, help="to learn from, about 3.1 strips each")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--from", type=Path, dest="start", help="a trained .keras file to go on with, at half the rate")
    parser.add_argument("--seed", type=int, default=0, help="of numbers, strips and weights")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    held_out_numbers = max(LEAST_HELD_OUT, arguments.numbers // NUMBERS_A_HELD_OUT)
    held_out = compose_strips("validation", held_out_numbers, arguments.seed)
    strips = compose_strips("train", arguments.numbers, arguments.seed)

    # Not before: the processes that compose would each load Keras, too.
    import keras

    from inkdigits.training.exports.page_nets import write_net_8_bits
    from inkdigits.training.recognizer.losses import TASK
    from inkdigits.training.recognizer.net import write_transcriber
    from inkdigits.training.trainer import learn, measure

    start = keras.saving.load_model(arguments.start) if arguments.start else None
    task = TASK._replace(peak_rate=TASK.peak_rate / 2) if start else TASK
    net = learn(task, strips, held_out, arguments.epochs, arguments.seed, start)
    with replacing(arguments.out / "transcriber.keras") as part:
        net.save(part)
    exact = arguments.out / "transcriber.onnx"
    write_transcriber(net, exact)
    write_net_8_bits(exact, strips.ink[:ROUNDING_STRIPS], arguments.out / "transcriber-8bit.onnx")
    print(json.dumps({"strips": len(strips.ink), "held_out_loss": round(measure(net, TASK, held_out), 4)}))


if __name__ == "__main__":
    main()
