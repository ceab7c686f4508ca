"""An ONNX file in 32 bits → the same net in 8: a quarter of the size, and broad nets answer more than twice as fast.

Weights and what flows between the layers become whole numbers (Jacob et al., "Quantization and Training of Neural
Networks for Efficient Integer-Arithmetic-Only Inference", 2018), by ONNX Runtime's own tool.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx

# Pictures that tell how large the numbers between the layers become go through the net in batches of this size. All of
# their range counts: with 99.999% of it as many are misread (validation, convnet 33 and 32, tiny 31, 32, cnn 40, 39).
BATCH = 20


class _Batches:
    """Pictures as ONNX Runtime's calibration asks for them: batch after batch, then None."""

    def __init__(self, name: str, pictures: npt.NDArray[np.uint8]) -> None:
        self._name = name
        self._batches = iter(np.split(pictures, range(BATCH, len(pictures), BATCH)))

    def get_next(self) -> dict[str, npt.NDArray[np.uint8]] | None:
        batch = next(self._batches, None)
        return None if batch is None else {self._name: batch}


def quantize(source: Path, pictures: npt.NDArray[np.uint8], path: Path, exact: Sequence[str] = ()) -> None:
    """Write an exported net in 8 bits, with its contract.

    Args:
        source: the net as `write_onnx` wrote it.
        pictures: (N, H, W) uint8 to learn the range of its numbers from; 1,000 frames are plenty.
        path: the file to write.
        exact: the nodes that stay in 32 bits.
    """
    from onnxruntime.quantization import QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.quant_utils import add_pre_process_metadata

    model = onnx.load(source)
    contract = {entry.key: entry.value for entry in model.metadata_props}
    add_pre_process_metadata(model)  # else it advises to fuse what these graphs do not hold
    quantize_static(
        model,
        path,
        _Batches(model.graph.input[0].name, pictures),
        quant_format=QuantFormat.QDQ,
        per_channel=True,
        nodes_to_exclude=list(exact),
        activation_type=QuantType.QUInt8,
        weight_type=QuantType.QInt8,
        reduce_range=True,  # weights of 7 bits: on processors without VNNI sums of products of 8 overflow
    )
    rounded = onnx.load(path)
    onnx.helper.set_model_props(rounded, contract)
    onnx.save(rounded, path)
