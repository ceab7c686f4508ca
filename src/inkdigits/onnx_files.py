"""An .onnx file opened, its contract checked; the only module that knows onnxruntime."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from inkdigits.arrays import DIGITS, FRAME_VERSION, Floats, Frames
from inkdigits.errors import ContractError, ModelError, ModelNotFoundError, did_you_mean

WEIGHTS = Path(__file__).parent / "weights"
BUNDLED = "convnet"
LABELS = "0123456789"
INPUT = "frames (N, 28, 28) uint8, 0 = paper, 255 = full ink"


@dataclass(frozen=True, slots=True)
class Contract:
    """What an exported model promises, kept in the `metadata_props` of its ONNX file.

    Attributes:
        name: of the net in the zoo.
        version: of these weights.
        temperature: by which its logits are divided to give calibrated probabilities (Guo et al., 2017).
        threshold: the confidence below which a digit is refused.
        commit: of the code that trained it; empty where unknown.
        misses: wrong answers on the 10,000 pictures of the MNIST test set; -1 where it was not measured.
        frames: the version of frames that it was trained on.
    """

    name: str
    version: str
    temperature: float
    threshold: float
    commit: str = ""
    misses: int = -1
    frames: str = FRAME_VERSION

    def to_metadata(self) -> dict[str, str]:
        """The contract as ONNX metadata: every value a string."""
        return {
            "inkdigits.name": self.name,
            "inkdigits.version": self.version,
            "inkdigits.labels": LABELS,
            "inkdigits.input": INPUT,
            "inkdigits.frames": self.frames,
            "inkdigits.temperature": repr(self.temperature),
            "inkdigits.threshold": repr(self.threshold),
            "inkdigits.commit": self.commit,
            "inkdigits.misses": str(self.misses),
        }

    @classmethod
    def from_metadata(cls, metadata: dict[str, str], path: Path) -> "Contract":
        """Read a contract and refuse what this version cannot serve.

        Raises:
            ContractError: no contract, a broken one, or one of other labels, input or frames; names `path`.
        """
        try:
            contract = cls(
                name=metadata["inkdigits.name"],
                version=metadata["inkdigits.version"],
                temperature=float(metadata["inkdigits.temperature"]),
                threshold=float(metadata["inkdigits.threshold"]),
                commit=metadata["inkdigits.commit"],
                misses=int(metadata["inkdigits.misses"]),
                frames=metadata["inkdigits.frames"],
            )
            labels, layout = metadata["inkdigits.labels"], metadata["inkdigits.input"]
        except KeyError as error:
            if kind := metadata.get("inkdigits.kind"):
                advice = " Give it as the recognizer: --recognizer." if kind == "recognizer" else ""
                raise ContractError(
                    f"{path} is a {kind}, but a classifier of single digits is needed here.{advice}"
                ) from error
            raise ContractError(
                f"{path} has no inkdigits contract ({error} is missing from its metadata). "
                "Use a file that `inkdigits train` or `inkdigits export` wrote."
            ) from error
        except ValueError as error:
            raise ContractError(f"{path} has a broken contract: {error}. Export it again.") from error
        if contract.frames != FRAME_VERSION:
            raise ContractError(
                f"{path} was trained on frames of version {contract.frames!r}, this inkdigits makes version "
                f"{FRAME_VERSION!r}. Train it again, or install the inkdigits that made it."
            )
        if labels != LABELS or layout != INPUT or not contract.temperature > 0 or not 0 <= contract.threshold < 1:
            raise ContractError(
                f"{path} promises labels {labels!r}, input {layout!r}, temperature {contract.temperature}, threshold "
                f"{contract.threshold}; expected {LABELS!r}, {INPUT!r}, above 0, and 0 to 1. Export it again."
            )
        return contract


def find_bundled(suffix: str = ".onnx") -> dict[str, Path]:
    """The nets in the package by name, each in its newest version: their .onnx or their .keras files."""
    paths = sorted(WEIGHTS.glob(f"*-v*{suffix}"), key=lambda path: int(path.stem.rpartition("-v")[2]))
    return {path.stem.rpartition("-v")[0]: path for path in paths}


def find_model(model: str | Path | None) -> Path:
    """The .onnx file that is meant.

    Args:
        model: None for the bundled net, the name of a bundled net, a run folder, or an .onnx file.

    Raises:
        ModelNotFoundError: nothing there; the message lists the names that exist.
        ModelError: a file of another kind.
    """
    names = find_bundled()
    if model is None or str(model) in names:
        return names[BUNDLED if model is None else str(model)]
    advice = f"Give one of those in the package ({', '.join(sorted(names))}), a run folder, or an .onnx file."
    return find_file(model, f"{did_you_mean(str(model), names)} {advice}".lstrip())


def find_file(model: str | Path, advice: str = "Give a run folder, or an .onnx file.") -> Path:
    """The .onnx file of a run folder, or the file itself.

    Raises:
        ModelNotFoundError: nothing there; ends with `advice`.
        ModelError: a file of another kind.
    """
    path = Path(model)
    if path.is_dir():
        path = path / "model.onnx"
        if not path.is_file() and (candidate := path.with_name("candidate.onnx")).is_file():
            raise ModelNotFoundError(
                f"{model} was not shown to be better than the model it came from (card.md in it says why), so it is "
                f"not put in place. To read with it all the same, give {candidate}."
            )
    if not path.is_file():
        raise ModelNotFoundError(f"There is no model {str(model)!r}. {advice}")
    if path.suffix != ".onnx":
        raise ModelError(
            f"{path} is not an .onnx file, and reading pictures needs one. The run folder it came from holds "
            "model.onnx; `inkdigits export` writes one."
        )
    return path


def open_onnx(path: Path, threads: int) -> Any:
    """An .onnx file as an `onnxruntime.InferenceSession` on the CPU.

    Args:
        path: the file.
        threads: how many work on one picture; 0: one for each core.

    Raises:
        ModelError: the file is no ONNX model.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3  # its warnings speak of graph rewrites, nothing that a reader can act on
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no base but Exception
        raise ModelError(f"{path} cannot be opened as an ONNX model: {error}") from error


@dataclass(frozen=True, slots=True)
class PageContract:
    """What a net that reads pages promises, kept in the `metadata_props` of its ONNX file.

    Attributes:
        kind: `detector` or `recognizer`.
        name: of the net.
        version: of these weights.
        commit: of the code that trained it; empty where unknown.
        geometry: what goes in and what comes out.
        alphabet: the symbols that it knows, in the order of its output; empty where it knows none.
        numbers: all that is fitted to its confidences: temperature, thresholds.
    """

    kind: str
    name: str
    version: str
    commit: str
    geometry: str
    alphabet: str
    numbers: dict[str, float]

    def to_metadata(self) -> dict[str, str]:
        """The contract as ONNX metadata: every value a string."""
        texts = ("kind", "name", "version", "commit", "geometry", "alphabet")
        return {f"inkdigits.{name}": getattr(self, name) for name in texts} | {
            f"inkdigits.{name}": repr(number) for name, number in self.numbers.items()
        }


def open_net(
    path: Path, kind: str, geometry: str, alphabet: str, numbers: Sequence[str], threads: int
) -> tuple[Any, PageContract]:
    """A net that reads pages as an `onnxruntime.InferenceSession`, with its contract.

    Args:
        path: the .onnx file.
        kind: what it must be.
        geometry: what it must take and give.
        alphabet: the symbols that it must know.
        numbers: the names of those that it must bring along.
        threads: as for `open_onnx`.

    Raises:
        ModelError: the file is not an ONNX model.
        ContractError: no contract, a broken one, or one of another kind, geometry or alphabet; names `path`.
    """
    session = open_onnx(path, threads)
    held = session.get_modelmeta().custom_metadata_map
    try:
        texts = {
            name: held[f"inkdigits.{name}"] for name in ("kind", "name", "version", "commit", "geometry", "alphabet")
        }
        contract = PageContract(**texts, numbers={name: float(held[f"inkdigits.{name}"]) for name in numbers})
    except (KeyError, ValueError) as error:
        raise ContractError(
            f"{path} has no contract of a {kind}, or a broken one ({error}). Use a file that "
            f"`inkdigits train {kind}` wrote."
        ) from error
    for name, wanted in (("kind", kind), ("geometry", geometry), ("alphabet", alphabet)):
        if texts[name] != wanted:
            raise ContractError(
                f"{path} has the {name} {texts[name]!r}, but {wanted!r} is needed. Train it again with this inkdigits."
            )
    return session, contract


class Session:
    """A net ready to run. One session serves many threads at once.

    Attributes:
        path: the .onnx file.
        contract: what the file promises.
    """

    def __init__(self, path: Path) -> None:
        """Open an .onnx file.

        Raises:
            ModelError: the file is no ONNX model.
            ContractError: it is one, but not of inkdigits, or of another version.
        """
        # A frame is too small a work to share between threads: with one, a server answers 1.6 times as many requests.
        self._session = open_onnx(path, threads=1)
        self.path = path
        self.contract = Contract.from_metadata(self._session.get_modelmeta().custom_metadata_map, path)
        self._input = self._session.get_inputs()[0].name

    def logits(self, frames: Frames) -> Floats:
        """The net's raw answers, (N, 10) float32, for (N, 28, 28) uint8 frames; N may be 0."""
        if len(frames) == 0:
            return np.zeros((0, DIGITS), np.float32)
        result: Floats = self._session.run(None, {self._input: frames})[0]
        return result
