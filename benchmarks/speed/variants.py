"""The nets in the package in 32, 16 and 8 bits: as good, how large, how fast? All side by side in one run.

    python -m benchmarks.speed.variants      # a minute on 2 cores

In 8 bits a net is what `inkdigits export --format onnx-8bit` makes of it: the range of its numbers is learnt before.
Where it is found anew for each batch ("dynamic"), and in 16 bits, onnxruntime's own tools are taken as they are. Rounds
take turns; ratios to 32 bits are medians over the rounds.
"""

import logging
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from tqdm import tqdm

from benchmarks.record import record
from benchmarks.spread import spread
from inkdigits.arrays import Floats, Frames
from inkdigits.onnx_files import Session, find_bundled
from inkdigits.training import Images, load_mnist
from inkdigits.training.comparing import time_prediction
from inkdigits.training.exports.digit_nets import ROUNDING_LEARNT
from inkdigits.training.exports.quantize import quantize

ROUNDS = 5
EXACT = "32_bits"
PILE = 2_000


def main() -> None:
    """Measure, print and keep the figures."""
    split = load_mnist()
    with tempfile.TemporaryDirectory() as scratch:
        files = {
            (net, kind): file
            for net, path in find_bundled().items()
            for kind, file in write_variants(path, split.train.images[:ROUNDING_LEARNT], Path(scratch) / net).items()
        }
        sessions = {key: Session(file) for key, file in files.items()}
        figures: dict[str, Any] = {net: {} for net in find_bundled()}
        for (net, kind), session in sessions.items():
            figures[net][kind] = {
                "bytes": files[net, kind].stat().st_size,
                "validation_misses": misses(session, split.validation),
                "test_misses": misses(session, split.test),
            }
    pictures = split.test.images[:PILE]
    rounds = [
        {key: measure(session, pictures) for key, session in sessions.items()}
        for _ in tqdm(range(ROUNDS), desc="rounds")
    ]
    for net, kind in sessions:
        for speed in rounds[0][net, kind]:
            figures[net][kind][speed] = spread([each[net, kind][speed] for each in rounds])
            ratios = [each[net, kind][speed] / each[net, EXACT][speed] for each in rounds]
            figures[net][kind][f"{speed}_as_32_bits"] = spread(ratios)
    counts = {"n": ROUNDS, "n_validation": len(split.validation.labels), "n_test": len(split.test.labels)}
    record("variants", counts | figures)


def write_variants(path: Path, frames: Frames, folder: Path) -> dict[str, Path]:
    """The files of one net by kind: itself, and those written into `folder`."""
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.float16 import convert_float_to_float16

    folder.mkdir()
    files = {kind: folder / f"{kind}.onnx" for kind in ("16_bits", "8_bits", "8_bits_dynamic")}
    onnx.save(convert_float_to_float16(onnx.load(path), keep_io_types=True), files["16_bits"])
    quantize(path, frames, files["8_bits"])
    logging.disable(logging.WARNING)  # it advises to fuse what these graphs do not hold
    quantize_dynamic(path, files["8_bits_dynamic"], per_channel=True, weight_type=QuantType.QInt8)
    logging.disable(logging.NOTSET)
    return {EXACT: path, **files}


def misses(session: Session, images: Images) -> int:
    """Wrong answers."""
    return int((answer_pile(session, images.images, 64).argmax(axis=1) != images.labels).sum())


def measure(session: Session, frames: Frames) -> dict[str, float]:
    """Frames a second: one after the other on one core, and a pile that goes through on all by 64 and by 1,000."""
    return {
        "one_per_second": 1e6 / time_prediction(session),
        "by_64_per_second": time_pile(session, frames, 64),
        "by_1000_per_second": time_pile(session, frames, 1000),
    }


def time_pile(session: Session, frames: Frames, batch: int) -> float:
    """Frames a second, after a batch that warms up."""
    session.logits(frames[:batch])
    began = time.perf_counter()
    answer_pile(session, frames, batch)
    return len(frames) / (time.perf_counter() - began)


def answer_pile(session: Session, frames: Frames, batch: int) -> Floats:
    """The logits (N, 10) of many frames, this many at a time, one batch a core."""
    batches = [frames[start : start + batch] for start in range(0, len(frames), batch)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(session.logits, batches)))


if __name__ == "__main__":
    main()
