from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import inkdigits
from inkdigits.digit.classifier import BATCH, softmax
from inkdigits.errors import ArrayError


@pytest.fixture(scope="module")
def classifier() -> inkdigits.Classifier:
    return inkdigits.Classifier()


def frames(count: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (count, 28, 28), np.uint8)


def test_no_frames_have_no_probabilities(classifier):
    assert classifier.probabilities(frames(0)).shape == (0, 10)


def test_probabilities_are_float32_and_rows_sum_to_one(classifier):
    probabilities = classifier.probabilities(frames(7))
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


def test_a_frame_has_the_same_answer_alone_and_in_a_large_batch(classifier):
    many = frames(BATCH + 3)
    together = classifier.probabilities(many)
    np.testing.assert_allclose(classifier.probabilities(many[-1]), together[-1:], atol=1e-5)


def test_many_threads_get_the_answers_that_one_gets(classifier):
    batches = [frames(5 + i) for i in range(16)]
    expected = [classifier.probabilities(batch) for batch in batches]
    with ThreadPoolExecutor(8) as pool:
        for got, wanted in zip(pool.map(classifier.probabilities, batches), expected, strict=True):
            np.testing.assert_allclose(got, wanted, atol=1e-5)


def test_a_higher_temperature_is_less_sure_and_of_the_same_opinion():
    logits = np.array([[2.0, 1.0, -3.0]], np.float32)
    warm, cold = softmax(logits, 2.0), softmax(logits, 0.5)
    assert warm.argmax() == cold.argmax() == 0
    assert warm.max() < cold.max()


def test_huge_logits_do_not_overflow():
    np.testing.assert_array_equal(softmax(np.array([[1e4, 0.0]], np.float32), 1.0), [[1.0, 0.0]])


def test_floats_are_refused(classifier):
    with pytest.raises(ArrayError, match="uint8"):
        classifier.probabilities(np.zeros((1, 28, 28), np.float32))
