import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inkdigits import errors
from inkdigits.onnx_files import Contract, Session, find_model

CONTRACT = Contract("cnn", "1", temperature=1.2, threshold=0.6, commit="abc", misses=70)


def test_no_model_means_the_bundled_one():
    assert find_model(None) == find_model("convnet")
    assert find_model(None).suffix == ".onnx"


def test_a_run_folder_stands_for_the_net_in_it(tmp_path):
    shutil.copy(find_model(None), tmp_path / "model.onnx")
    assert find_model(tmp_path) == tmp_path / "model.onnx"


def test_an_unknown_name_is_told_the_known_ones():
    with pytest.raises(
        errors.ModelNotFoundError, match=r"no model 'resnext'\. Give one of those in the package \(cnn, convnet, tiny\)"
    ):
        find_model("resnext")


def test_a_keras_file_is_told_where_its_onnx_file_is(tmp_path):
    path = tmp_path / "model.keras"
    path.touch()
    with pytest.raises(errors.ModelError, match=r"model\.onnx"):
        find_model(path)


def test_a_contract_survives_the_metadata():
    assert Contract.from_metadata(CONTRACT.to_metadata(), Path("x.onnx")) == CONTRACT


def test_a_file_without_a_contract_is_refused():
    with pytest.raises(errors.ContractError, match=r"x\.onnx has no inkdigits contract"):
        Contract.from_metadata({"producer": "somebody"}, Path("x.onnx"))


def test_a_recognizer_in_place_of_a_classifier_is_told_its_place():
    metadata = {"inkdigits.kind": "recognizer", "inkdigits.name": "recognizer", "inkdigits.version": "3"}
    with pytest.raises(errors.ContractError, match=r"x\.onnx is a recognizer, but .*: --recognizer"):
        Contract.from_metadata(metadata, Path("x.onnx"))


def test_a_run_that_was_not_put_in_place_says_so(tmp_path):
    (tmp_path / "candidate.onnx").touch()
    with pytest.raises(errors.ModelNotFoundError, match=r"not shown to be better .* give .*candidate\.onnx"):
        find_model(tmp_path)


def test_a_file_for_other_frames_is_refused():
    metadata = replace(CONTRACT, frames="0").to_metadata()
    with pytest.raises(errors.ContractError, match="frames of version '0'"):
        Contract.from_metadata(metadata, Path("x.onnx"))


@pytest.mark.parametrize(
    ("key", "value"),
    [("temperature", "0.0"), ("temperature", "nan"), ("temperature", "warm"), ("threshold", "1.5"), ("labels", "abc")],
)
def test_a_contract_that_cannot_be_kept_is_refused(key, value):
    metadata = CONTRACT.to_metadata() | {f"inkdigits.{key}": value}
    with pytest.raises(errors.ContractError, match=r"x\.onnx"):
        Contract.from_metadata(metadata, Path("x.onnx"))


def test_a_broken_file_is_named(tmp_path):
    path = tmp_path / "broken.onnx"
    path.write_bytes(b"not an onnx file")
    with pytest.raises(errors.ModelError, match=r"broken\.onnx cannot be opened"):
        Session(path)


def test_no_frames_give_no_logits():
    assert Session(find_model(None)).logits(np.zeros((0, 28, 28), np.uint8)).shape == (0, 10)
