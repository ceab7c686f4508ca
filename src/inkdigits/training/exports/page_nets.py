"""The nets that read pages as ONNX files, in 32 bits and in 8."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import keras
import numpy as np
import onnx

from inkdigits.arrays import Ink
from inkdigits.errors import ExportError
from inkdigits.onnx_files import PageContract, open_onnx
from inkdigits.page import detector, recognizer
from inkdigits.page.crops import CROP_PX
from inkdigits.page.decoding import SYMBOLS
from inkdigits.training.data.mnist import load_part
from inkdigits.training.exports.digit_nets import to_onnx
from inkdigits.training.exports.quantize import quantize
from inkdigits.training.presets import DETECTOR, RECOGNIZER
from inkdigits.training.runs.folders import replacing
from inkdigits.training.runs.provenance import commit

# The largest difference from Keras's answers that is let through; 2e-5 comes.
TOLERANCE = 1e-3
# What `page.detector.Detector` asks of a contract.
DETECTOR_NUMBERS = ("threshold",)


def write_detector(net: keras.Model, version: str, numbers: Mapping[str, float], path: Path) -> None:
    """Write a detector as ONNX: input `ink` (N, H, W) uint8, output `marks` (N, h, w, 5) float32.

    Args:
        net: as `build_detector` builds it.
        version: of its weights.
        numbers: what is fitted to its confidences: the names of `DETECTOR_NUMBERS`.
        path: the file to write.

    Raises:
        ExportError: a number is missing, or the file would answer otherwise than `net` does.
    """
    noise = np.random.default_rng(0).integers(0, 256, (2, 48, 80), np.uint8)
    digits = np.hstack([np.vstack(list(column)) for column in load_part("test").images[:16].reshape(4, 4, 28, 28)])
    contract = to_contract(DETECTOR, version, detector.GEOMETRY, "", DETECTOR_NUMBERS, numbers)
    write_net(net, contract, ("HW", "hwc"), (noise, noise[:1, :16, :16], digits[None]), path)


def write_recognizer(net: keras.Model, version: str, numbers: Mapping[str, float], path: Path) -> None:
    """Write a recognizer as ONNX: input `ink` (N, 32, W) uint8, output `symbols` (N, W / 2, 19) float32.

    Args:
        net: as `build_recognizer` builds it.
        version: of its weights.
        numbers: what is fitted to its confidences: the names of `page.recognizer.NUMBERS`.
        path: the file to write.

    Raises:
        ExportError: a number is missing, or the file would answer otherwise than `net` does.
    """
    noise = np.random.default_rng(0).integers(0, 256, (2, CROP_PX, 80), np.uint8)
    digits = np.pad(np.hstack(list(load_part("test").images[:4])), [(2, 2), (0, 0)])
    contract = to_contract(RECOGNIZER, version, recognizer.GEOMETRY, SYMBOLS, recognizer.NUMBERS, numbers)
    write_net(net, contract, ("HW", "wc"), (noise, noise[:1, :, :16], digits[None]), path)


def to_contract(
    kind: str, version: str, geometry: str, alphabet: str, names: Sequence[str], numbers: Mapping[str, float]
) -> PageContract:
    """The contract of a net that reads pages.

    Raises:
        ExportError: a number is missing.
    """
    missing = [name for name in names if name not in numbers]
    if missing:
        raise ExportError(f"The contract of a {kind} needs {', '.join(names)}; {', '.join(missing)} is missing.")
    return PageContract(kind, kind, version, commit(), geometry, alphabet, {name: numbers[name] for name in names})


def write_net(
    net: keras.Model, contract: PageContract, sides: Sequence[str], probes: Sequence[Ink], path: Path
) -> None:
    """Write a net as ONNX: input `ink` (N, …) uint8, output as its last layer is called, float32.

    Args:
        net: the net.
        contract: goes into the file.
        sides: what the sides of the input and of the output are called, a letter each; where they are fixed, too.
        probes: ink on which the file is compared with the net.
        path: the file to write.

    Raises:
        ExportError: the file would answer otherwise than `net` does.
    """
    ink = keras.InputSpec("uint8", net.input.shape, name="ink")
    with replacing(path) as part:
        model = to_onnx(net, ink, net.output_names[0], part)
        for value, names in zip((model.graph.input[0], model.graph.output[0]), sides, strict=True):
            for dimension, name in zip(value.type.tensor_type.shape.dim[1:], names, strict=True):
                if not dimension.dim_value:
                    dimension.dim_param = name
        onnx.helper.set_model_props(model, contract.to_metadata())
        onnx.save(model, part)
        prove(net, probes, part, path)


def write_numbers(path: Path, numbers: Mapping[str, float]) -> None:
    """Put numbers into the contract of a file; those of other names stay as they are."""
    model = onnx.load(path)
    held = {entry.key: entry.value for entry in model.metadata_props}
    onnx.helper.set_model_props(model, held | {f"inkdigits.{name}": repr(number) for name, number in numbers.items()})
    with replacing(path) as part:
        onnx.save(model, part)


def write_quantized_net(exact: Path, ink: Ink, path: Path) -> None:
    """Write what `write_net` wrote in 8 bits: a quarter as large, more than twice as fast.

    Args:
        exact: what `write_net` wrote. Its last layer stays as it is: what is said last must be exact.
        ink: (N, H, W) uint8 to learn the range of its numbers from; a few hundred.
        path: the file to write.
    """
    convolutions = [node.name for node in onnx.load(exact).graph.node if node.op_type == "Conv"]
    with replacing(path) as part:
        quantize(exact, ink, part, exact=convolutions[-1:])


def prove(net: keras.Model, probes: Sequence[Ink], part: Path, path: Path) -> None:
    """Compare what was written to `part`, to become `path`, with `net`.

    Raises:
        ExportError: they differ.
    """
    session = open_onnx(part, threads=0)
    for ink in probes:
        difference = float(np.abs(session.run(None, {"ink": ink})[0] - np.asarray(net(ink, training=False))).max())
        if not difference <= TOLERANCE:
            raise ExportError(
                f"{path} was not written: for ink of shape {ink.shape} it differs from Keras by {difference:.1e}, "
                f"and {TOLERANCE:.0e} is allowed. Please report it with the versions of keras, onnx and onnxruntime."
            )
