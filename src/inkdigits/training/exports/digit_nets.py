"""A trained net → a file that runs without Keras, checked to answer as Keras does before it is put in place."""

import json
import tempfile
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import keras
import numpy as np
import onnx

from inkdigits.arrays import FRAME_SIZE, Floats, Frames
from inkdigits.digit.classifier import Classifier, softmax
from inkdigits.errors import ExportError, RunError
from inkdigits.onnx_files import Contract, Session, find_bundled
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.models import load_model
from inkdigits.training.exports.quantize import quantize
from inkdigits.training.runs.folders import ENDINGS, export_name, read_config, replacing

# The largest difference of a probability from Keras's that is let through; 1.5e-7 comes.
TOLERANCE = 1e-5
# Of these pictures the first tell a net in 8 bits the range of its numbers; of the rest it may answer this share
# otherwise than in 32 bits. The nets in the package answer none otherwise.
ROUNDING_PICTURES, ROUNDING_LEARNT, MOST_OTHER = 6000, 1000, 0.002
# onnxruntime 1.20, the oldest that inkdigits runs on, knows opsets up to 21; the zoo needs nothing newer than 17.
OPSET = 17


def export(model: str | Path, format: Literal["onnx", "onnx-8bit", "litert"] = "onnx", out: Path | None = None) -> Path:
    """Write a trained net as a file that runs without Keras.

    Input is `frames` (N, 28, 28) uint8, output are the logits (N, 10) float32; N is free.

    Args:
        model: a run folder, a .keras file or the name of a model in the package. The contract comes from the
            config.json beside it, or is that of the package; a .keras file without one gets temperature 1 and refuses
            nothing.
        format: `onnx`, with the contract in its metadata; `onnx-8bit`, the same rounded, a quarter as large and for
            broad nets more than twice as fast; or `litert`, with the contract in a .json file beside it.
        out: the file to write; what is there is replaced. By default it is named after the model, in this folder:
            `cnn-1.onnx`, `cnn-1-8bit.onnx` or `cnn-1.tflite` of the run `runs/cnn-1`.

    Returns:
        The file that was written.

    Raises:
        ModelError: there is no trained net.
        ExportError: no such format, or the file would answer otherwise than the model does; then it is not written.
    """
    if format not in ENDINGS:
        raise ExportError(f"There is no export format {format!r}; there are: {', '.join(ENDINGS)}.")
    net = load_model(model)
    folder = Path(model) if Path(model).is_dir() else Path(model).parent
    path = out or Path(export_name(model, format))
    ending = Path(f"name{ENDINGS[format]}").suffix
    if path.suffix != ending:
        raise ExportError(f"A file of format {format} ends in {ending}; got {path}.")
    bundled = find_bundled()
    if str(model) in bundled:
        contract = Session(bundled[str(model)]).contract
    elif (folder / "config.json").exists():
        contract = contract_of(folder)
    else:
        contract = Contract(net.name, version=Path(model).stem, temperature=1.0, threshold=0.0)
    {"onnx": write_onnx, "onnx-8bit": write_onnx_8_bits, "litert": write_litert}[format](net, contract, path)
    return path


def contract_of(run: Path) -> Contract:
    """What the model of a run promises.

    Raises:
        RunError: the run has no config.json, or one of a run that has not come to its end.
    """
    config = read_config(run)
    if "temperature" not in config:
        raise RunError(f"{run} has not been trained to its end. Go on with: inkdigits train --resume --out {run}")
    return Contract(
        name=config["model"],
        version=run.resolve().name,
        temperature=config["temperature"],
        threshold=config["threshold"],
        commit=config["commit"],
        misses=config["misses"],
    )


def write_onnx(net: keras.Model, contract: Contract, path: Path) -> None:
    """Write `net` as ONNX: input `frames` (N, 28, 28) uint8, output `logits` (N, 10) float32.

    Raises:
        ExportError: the file would answer otherwise than `net` does.
    """
    frames = keras.InputSpec("uint8", (None, FRAME_SIZE, FRAME_SIZE), name="frames")
    with replacing(path) as part:
        model = to_onnx(net, frames, "logits", part)
        onnx.helper.set_model_props(model, contract.to_metadata())
        onnx.save(model, part)
        prove(net, Session(part).logits, path)


def to_onnx(net: keras.Model, source: keras.InputSpec, target: str, part: Path) -> Any:
    """The ONNX graph of a model, its input named as `source` says, output `target`; `part` is written on the way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # keras looks whether numpy still has np.object
        net.export(part, format="onnx", verbose=False, opset_version=OPSET, input_signature=[source])
    model = onnx.load(part)
    rename(model, source.name, target)
    return model


def write_onnx_8_bits(net: keras.Model, contract: Contract, path: Path) -> None:
    """Write `net` as ONNX in 8 bits; where its misses were counted, they are counted anew.

    Raises:
        ExportError: the file would too often give another answer than in 32 bits.
    """
    pictures = load_part("train").images[:ROUNDING_PICTURES]
    with tempfile.TemporaryDirectory() as scratch, replacing(path) as part:
        exact = Path(scratch) / "model.onnx"
        write_onnx(net, contract, exact)
        quantize(exact, pictures[:ROUNDING_LEARNT], part)
        compared = pictures[ROUNDING_LEARNT:]
        guesses, exact_guesses = (Classifier(file).probabilities(compared).argmax(axis=1) for file in (part, exact))
        other = int((guesses != exact_guesses).sum())
        if other > MOST_OTHER * len(compared):
            raise ExportError(
                f"{path} was not written: in 8 bits {other} of {len(compared)} pictures of MNIST get another answer "
                f"than in 32, and {MOST_OTHER * len(compared):.0f} are allowed. Export it as onnx."
            )
        if contract.misses >= 0:
            test = load_part("test")
            misses = int((Classifier(part).probabilities(test.images).argmax(axis=1) != test.labels).sum())
            write_contract(replace(contract, misses=misses), part)


def write_contract(contract: Contract, path: Path) -> None:
    """Put a contract into the metadata of an ONNX file."""
    model = onnx.load(path)
    onnx.helper.set_model_props(model, contract.to_metadata())
    onnx.save(model, path)


def write_litert(net: keras.Model, contract: Contract, path: Path) -> None:
    """Write `net` for LiteRT (TensorFlow Lite), by Keras's own export, and its contract in a .json file beside it.

    Raises:
        ExportError: the file would answer otherwise than `net` does.
    """
    import tensorflow as tf

    with replacing(path) as part, replacing(path.with_suffix(".json")) as beside:
        net.export(part, format="litert", verbose=False)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # that the interpreter will move to a package of its own
            interpreter = tf.lite.Interpreter(str(part))
        prove(net, lambda frames: run_litert(interpreter, frames), path)
        beside.write_text(json.dumps(contract.to_metadata(), indent=2) + "\n", "utf-8")


def run_litert(interpreter: Any, frames: Frames) -> Floats:
    """The logits (N, 10) that a LiteRT interpreter gives for frames (N, 28, 28)."""
    source, target = interpreter.get_input_details()[0]["index"], interpreter.get_output_details()[0]["index"]
    interpreter.resize_tensor_input(source, frames.shape)
    interpreter.allocate_tensors()
    interpreter.set_tensor(source, frames)
    interpreter.invoke()
    logits: Floats = interpreter.get_tensor(target)
    return logits


def rename(model: Any, source: str, target: str) -> None:
    """Give the input, the output, nodes and values of an ONNX graph short names instead of Keras's scopes."""
    graph = model.graph
    names = {graph.input[0].name: source, graph.output[0].name: target}
    for number, weights in enumerate(graph.initializer, start=1):
        names.setdefault(weights.name, f"weights_{number}")
    for number, node in enumerate(graph.node, start=1):
        node.name = f"{node.op_type.lower()}_{number}"
        for output in node.output:
            names.setdefault(output, node.name)
    for values in (graph.input, graph.output, graph.initializer):
        for value in values:
            value.name = names[value.name]
    for node in graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names[name] for name in node.output]
    for value in (graph.input[0], graph.output[0]):
        value.type.tensor_type.shape.dim[0].dim_param = "N"
    del graph.value_info[:]


def prove(net: keras.Model, logits: Callable[[Frames], Floats], path: Path) -> None:
    """Compare exported answers with the model's own, at batch 1 and 7, on noise and on digits.

    Raises:
        ExportError: they differ.
    """
    noise = np.random.default_rng(0).integers(0, 256, (7, FRAME_SIZE, FRAME_SIZE), np.uint8)
    digits = load_part("test").images[:7]
    for frames in (noise, noise[:1], digits, digits[:1]):
        expected = softmax(np.asarray(net(frames)), 1.0)
        difference = float(np.abs(softmax(logits(frames), 1.0) - expected).max())
        if not difference <= TOLERANCE:
            raise ExportError(
                f"{path} was not written: on {len(frames)} frames its probabilities differ from Keras's by up to "
                f"{difference:.1e}, and {TOLERANCE:.0e} is allowed. Please report it with the versions in config.json."
            )
