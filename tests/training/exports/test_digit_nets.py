import json
from dataclasses import asdict, replace
from pathlib import Path

import keras
import numpy as np
import onnx
import pytest

from inkdigits.digit.classifier import Classifier, softmax
from inkdigits.errors import ExportError, ModelNotFoundError, RunError
from inkdigits.onnx_files import Contract, Session, find_bundled
from inkdigits.training import export as export_from_package
from inkdigits.training.data.mnist import load_part
from inkdigits.training.digit.models import build_model, load_model
from inkdigits.training.digit.zoo import MODELS
from inkdigits.training.exports.digit_nets import OPSET, TOLERANCE, export, write_onnx, write_onnx_8_bits
from inkdigits.training.runs.folders import ENDINGS, write_config

pytestmark = pytest.mark.slow

FRAMES = load_part("test").images[:500]
CONTRACT = Contract("cnn", "cnn-7", temperature=1.25, threshold=0.5, commit="abc", misses=60)


@pytest.fixture(scope="module")
def cnn() -> keras.Model:
    keras.utils.set_random_seed(0)
    net = build_model("cnn")
    net.set_weights([weights * 2 for weights in net.get_weights()])
    return net


@pytest.fixture
def run(tmp_path, cnn, monkeypatch):
    """A run folder with no more than an export needs, in the working folder."""
    monkeypatch.chdir(tmp_path)
    run = tmp_path / "cnn-7"
    run.mkdir()
    cnn.save(run / "model.keras")
    write_config(run, asdict(CONTRACT) | {"model": "cnn", "status": "complete"})
    return run


def test_no_frames_give_no_logits(run):
    assert Session(export(run)).logits(FRAMES[:0]).shape == (0, 10)


@pytest.mark.parametrize("name", MODELS)
def test_the_onnx_file_answers_as_keras_does(tmp_path, name):
    net = build_model(name)
    write_onnx(net, CONTRACT, tmp_path / "net.onnx")
    session = Session(tmp_path / "net.onnx")
    for batch in (1, 7, 200):
        exported = softmax(session.logits(FRAMES[:batch]), 1.0)
        expected = softmax(net.predict(FRAMES[:batch], verbose=0), 1.0)
        assert np.abs(exported - expected).max() <= TOLERANCE
        np.testing.assert_array_equal(exported.argmax(axis=1), expected.argmax(axis=1))


def test_the_onnx_file_carries_the_contract_of_its_run(run):
    assert Classifier(export(run)).contract == CONTRACT


def test_the_onnx_file_has_the_promised_input_and_output_and_an_old_opset(run):
    model = onnx.load(export(run))
    onnx.checker.check_model(model, full_check=True)
    sides = [
        (value.name, kind.elem_type, [d.dim_param or d.dim_value for d in kind.shape.dim])
        for value in (*model.graph.input, *model.graph.output)
        for kind in [value.type.tensor_type]
    ]
    assert sides == [
        ("frames", onnx.TensorProto.UINT8, ["N", 28, 28]),
        ("logits", onnx.TensorProto.FLOAT, ["N", 10]),
    ]
    assert model.opset_import[0].version == OPSET <= 21
    assert model.ir_version <= 10


def test_the_onnx_graph_is_free_of_oddities(run):
    kinds = [node.op_type for node in onnx.load(export(run)).graph.node]
    assert "Transpose" not in kinds
    assert "Identity" not in kinds
    assert len(kinds) <= 20


def test_the_litert_file_answers_as_keras_does_and_its_contract_lies_beside_it(run):
    path = export(run, "litert")
    assert path == Path("cnn-7.tflite")
    assert json.loads(Path("cnn-7.json").read_text()) == CONTRACT.to_metadata()


def test_in_8_bits_a_net_is_smaller_and_answers_alike(tmp_path):
    bundled = find_bundled(".keras")["tiny"]
    exact, rounded = (export(bundled, form, tmp_path / f"{form}.onnx") for form in ("onnx", "onnx-8bit"))
    assert rounded.stat().st_size < 0.4 * exact.stat().st_size
    answers, expected = Classifier(rounded).probabilities(FRAMES), Classifier(exact).probabilities(FRAMES)
    np.testing.assert_array_equal(answers.argmax(axis=1), expected.argmax(axis=1))
    assert 1e-5 < np.abs(answers - expected).max() < 0.1


def test_in_8_bits_misses_are_counted_anew(tmp_path):
    net = load_model("tiny")
    write_onnx_8_bits(net, replace(CONTRACT, misses=-1), tmp_path / "unmeasured.onnx")
    assert Session(tmp_path / "unmeasured.onnx").contract == replace(CONTRACT, misses=-1)
    write_onnx_8_bits(net, replace(CONTRACT, misses=10_000), tmp_path / "measured.onnx")
    assert 20 < Session(tmp_path / "measured.onnx").contract.misses < 100


def test_a_net_that_8_bits_are_too_few_for_is_not_written(run, cnn):
    kernel = cnn.layers[-1].kernel.numpy()
    cnn.layers[-1].kernel.assign(np.repeat(kernel[:, :1], 10, axis=1) + 1e-5 * kernel)
    cnn.save(run / "model.keras")
    cnn.layers[-1].kernel.assign(kernel)
    with pytest.raises(ExportError, match=r"cnn-7-8bit\.onnx was not written: in 8 bits \d+ of 5000"):
        export(run, "onnx-8bit")
    assert not Path("cnn-7-8bit.onnx").exists()


def test_a_net_that_would_answer_otherwise_is_not_written(run, cnn, monkeypatch):
    path = export(run)
    before = path.read_bytes()
    monkeypatch.setattr("inkdigits.onnx_files.Session.logits", lambda _, frames: cnn(frames).numpy() + np.eye(10)[0])
    with pytest.raises(ExportError, match=r"cnn-7\.onnx was not written"):
        export(run)
    assert path.read_bytes() == before
    assert sorted(file.name for file in Path().iterdir()) == ["cnn-7", "cnn-7.onnx"]
    assert sorted(file.name for file in run.iterdir()) == ["config.json", "model.keras"]


def test_a_bare_keras_file_is_exported_without_calibration(tmp_path, cnn):
    cnn.save(tmp_path / "mine.keras")
    path = export(tmp_path / "mine.keras", out=tmp_path / "mine.onnx")
    contract = Classifier(path).contract
    assert (contract.name, contract.version, contract.temperature, contract.threshold) == ("cnn", "mine", 1.0, 0.0)


def test_a_model_of_the_package_keeps_its_calibration(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("config.json").write_text("{}")  # of something else
    path = export("cnn")
    assert path == Path("cnn.onnx")
    assert Classifier(path).contract == Session(find_bundled()["cnn"]).contract


def test_a_run_that_was_broken_off_says_how_to_go_on(run):
    write_config(run, {"model": "cnn", "status": "training"})
    with pytest.raises(RunError, match=r"has not been trained to its end\. Go on with: inkdigits train --resume"):
        export(run)


def test_nothing_to_export_is_named(tmp_path):
    with pytest.raises(ModelNotFoundError, match=r"no Keras model at .*model\.keras"):
        export(tmp_path)


@pytest.mark.parametrize("form", ["onnx", "litert"])
def test_a_folder_that_is_not_there_is_made(run, form):
    path = run / "new" / f"net{ENDINGS[form]}"
    assert export(run, form, path) == path
    assert path.exists()


def test_a_place_that_cannot_be_written_is_named(run):
    with pytest.raises(RunError, match=r"model\.keras/net\.onnx cannot be written"):
        export(run, "onnx", run / "model.keras" / "net.onnx")


def test_an_unknown_format_and_a_wrong_ending_are_refused(run):
    with pytest.raises(ExportError, match="no export format 'coreml'; there are: onnx, onnx-8bit, litert"):
        export(run, "coreml")
    with pytest.raises(ExportError, match=r"ends in \.tflite; got .*net\.bin"):
        export(run, "litert", run / "net.bin")


def test_the_package_gives_the_function_not_the_module():
    assert export_from_package is export
