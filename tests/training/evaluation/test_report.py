import json

import numpy as np
import pytest

from inkdigits.digit.classifier import Classifier, softmax
from inkdigits.errors import ArrayError, ModelError, ModelNotFoundError
from inkdigits.training import Report, evaluate
from inkdigits.training.data.mnist import Images, load_part
from inkdigits.training.digit.models import build_model

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def digits() -> Images:
    test = load_part("test")
    return Images(test.images[:200], test.labels[:200])


def report_of(guesses: list[int], labels: list[int], confidence: float | list[float] = 0.91) -> Report:
    """Answers of the given confidence, the rest spread over the other nine digits."""
    sure = np.broadcast_to(np.float32(confidence), len(guesses))
    probabilities = np.repeat((1 - sure)[:, None] / 9, 10, axis=1).astype(np.float32)
    probabilities[np.arange(len(guesses)), guesses] = sure
    return Report("net", probabilities, np.array(labels, np.uint8))


def test_no_pictures_cannot_be_measured():
    with pytest.raises(ArrayError, match="at least one picture"):
        Report("net", np.zeros((0, 10), np.float32), np.zeros(0, np.uint8))


@pytest.mark.parametrize(
    ("probabilities", "labels", "message"),
    [
        (np.full((2, 10), 0.1), np.zeros(3), r"\(2, 10\).*\(3,\)"),
        (np.full((2, 9), 1 / 9), np.zeros(2), r"\(2, 9\)"),
        (np.full((2, 10), 0.1), np.array([0, 10]), "got 10"),
        (np.full((2, 10), 3.0), np.zeros(2), "softmax"),
        (np.eye(10)[:2] * 3 - 0.2, np.zeros(2), "softmax"),
        (np.full((2, 10), np.nan), np.zeros(2), "softmax"),
    ],
    ids=["other-lengths", "nine-columns", "label-ten", "logits", "negative", "nan"],
)
def test_what_cannot_be_measured_is_refused(probabilities, labels, message):
    with pytest.raises(ArrayError, match=message):
        Report("net", probabilities.astype(np.float32), labels.astype(np.uint8))


def test_a_report_counts_its_misses():
    report = report_of([1, 2, 3, 4], [1, 2, 3, 9])
    assert (report.n, report.misses, report.accuracy) == (4, 1, 0.75)
    assert report.confusion[9, 4] == 1
    assert report.interval[0] < 0.75 < report.interval[1]
    assert report.per_class[9].recall == 0
    assert report.loss == pytest.approx((3 * -np.log(0.91) - np.log(0.01)) / 4, rel=1e-6)


def test_the_surest_mistake_comes_first():
    report = report_of([1, 2, 3, 4], [0, 2, 0, 0], [0.5, 0.99, 0.7, 0.6])
    assert report.mistakes.tolist() == [2, 3, 0]


def test_the_dict_is_json_and_has_the_promised_keys():
    figures = json.loads(json.dumps(report_of([1, 2], [1, 3]).to_dict()))
    assert {"model", "n", "accuracy", "loss", "misses", "confusion"} <= set(figures)
    assert (figures["model"], figures["n"], figures["misses"], figures["accuracy"]) == ("net", 2, 1, 0.5)
    assert figures["confusion"][3][2] == 1
    assert figures["per_class"][1] == {"digit": 1, "precision": 1, "recall": 1, "f1": 1, "support": 1}


def test_the_text_is_aligned_however_many_pictures_there_are():
    for count in (1, 20_000):
        lines = report_of([7] * count, [7] * count).to_text().splitlines()
        matrix = [line for line in lines if "│" in line or "┼" in line]
        assert len(matrix) == 13
        assert {len(line) for line in matrix[1:]} == {len(matrix[1])}
        assert {line.index("│") for line in matrix if "│" in line} == {matrix[2].index("┼")}
        table = lines[lines.index("digit   precision    recall        f1  pictures") :][:11]
        assert {len(line) for line in table} == {len(table[0])}


def test_the_text_says_accuracy_interval_and_loss():
    text = report_of([1, 2, 3, 4], [1, 2, 3, 9]).to_text()
    assert "net on 4 pictures" in text
    assert "75.00%, 1 misread; 95% interval 30.06% to 95.44%" in text
    assert "1.2220" in text


def test_a_bundled_net_is_measured_on_the_test_set_of_mnist():
    report = evaluate()
    assert report.n == 10_000
    assert report.accuracy > 0.985
    assert report.misses == Classifier().contract.misses


def test_the_measured_probabilities_are_the_calibrated_ones(digits):
    np.testing.assert_array_equal(evaluate("cnn", digits).probabilities, Classifier("cnn").probabilities(digits.images))


def test_own_data_can_be_measured_on(digits, tmp_path):
    np.savez(tmp_path / "mine.npz", x=digits.images, y=digits.labels)
    report = evaluate(data=tmp_path / "mine.npz")
    assert report.n == 200
    np.testing.assert_array_equal(report.labels, digits.labels)


def test_a_keras_file_is_measured_without_calibration(digits, tmp_path):
    net = build_model("nn")
    net.save(tmp_path / "net.keras")
    report = evaluate(tmp_path / "net.keras", digits)
    expected = softmax(np.asarray(net(digits.images)), 1.0)
    np.testing.assert_allclose(report.probabilities, expected, atol=1e-6)


def test_a_missing_net_is_named(digits, tmp_path):
    with pytest.raises(ModelNotFoundError, match="gone"):
        evaluate(tmp_path / "gone.keras", digits)


def test_a_file_that_is_no_net_is_named(digits, tmp_path):
    (tmp_path / "text.keras").write_text("no net")
    with pytest.raises(ModelError, match=r"text\.keras"):
        evaluate(tmp_path / "text.keras", digits)
