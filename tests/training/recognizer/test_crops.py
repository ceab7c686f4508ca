import numpy as np
import pytest

from inkdigits.training import load_mnist
from inkdigits.training.recognizer import crops
from inkdigits.training.recognizer.crops import STREAM, Crops, compose_crops, cut_crops


def cut(*seed: int) -> Crops:
    return cut_crops(load_mnist().train, np.random.default_rng([STREAM, *seed]))


@pytest.fixture(scope="module")
def numbers() -> list[Crops]:
    return [cut(3, 0, number) for number in range(100)]


def test_crops_are_of_one_size_and_kind(numbers):
    for one in numbers:
        assert 1 <= len(one.ink) == len(one.digits) <= crops.EMPTY_CROPS
        assert [(array.shape[1:], array.dtype) for array in one] == [((32, 160), np.uint8), ((6,), np.int8)]


def test_there_are_numbers_of_any_length_and_pages_without_digits(numbers):
    lengths = [int((one.digits[0] >= 0).sum()) for one in numbers]
    assert set(lengths) == set(range(7))
    assert lengths.count(0) < 20


def test_nothing_follows_the_last_digit(numbers):
    for one in numbers:
        assert -1 <= one.digits.min() <= one.digits.max() <= 9
        there = one.digits >= 0
        assert not (there[:, 1:] & ~there[:, :-1]).any()


def read(one: Crops) -> list[str]:
    return ["".join(map(str, row[row >= 0])) for row in one.digits]


def test_a_crop_says_what_it_shows_of_its_number(monkeypatch):
    monkeypatch.setattr(crops, "EMPTY_SHARE", 0.0)
    monkeypatch.setattr(crops, "MISSED_SHARE", 0.0)
    whole = [read(cut(4, 0, number)) for number in range(12)]
    assert all(len(set(texts)) == 1 and texts[0] for texts in whole)
    monkeypatch.setattr(crops, "MISSED_SHARE", 1.0)
    pairs = [(text, texts[0]) for number, texts in enumerate(whole) for text in read(cut(4, 0, number))]
    for text, all_of_it in pairs:
        assert text in ((all_of_it, all_of_it[1:], all_of_it[:-1]) if len(all_of_it) > 1 else (all_of_it,))
    assert any(text == all_of_it[1:] != all_of_it[:-1] for text, all_of_it in pairs)
    assert any(text == all_of_it[:-1] != all_of_it[1:] for text, all_of_it in pairs)


def test_crops_of_one_number_differ(numbers):
    assert np.mean([np.array_equal(one.ink[0], one.ink[1]) for one in numbers if one.digits[0, 0] >= 0]) < 0.1


def test_crops_of_numbers_hold_ink(numbers):
    # On a page that is too dim there may be none: then there are no digits, either.
    pairs = [pair for one in numbers for pair in zip(*one, strict=True)]
    inked = [(ink > 100).any(axis=0).sum() for ink, digits in pairs if digits[0] >= 0]
    assert min(inked) > 0
    assert np.mean(np.array(inked) > 4) > 0.97


def test_a_longer_number_takes_more_of_its_crop(numbers):
    lengths, reach = zip(
        *(
            (int((one.digits[0] >= 0).sum()), int((one.ink > 60).any(axis=(0, 1)).sum()))
            for one in numbers
            if one.digits[0, 0] >= 0
        ),
        strict=True,
    )
    assert np.corrcoef(lengths, reach)[0, 1] > 0.3


def test_a_page_without_digits_gives_crops_without_any(monkeypatch):
    monkeypatch.setattr(crops, "EMPTY_SHARE", 1.0)
    blank = [cut(4, 0, number) for number in range(5)]
    assert all((one.digits == -1).all() for one in blank)
    assert any(one.ink.any() for one in blank)


def test_the_same_seed_gives_the_same_crops_in_one_process_or_many(numbers):
    # More numbers than one process takes at a time.
    composed = compose_crops("train", 40, seed=3)
    for array, expected in zip(composed, zip(*numbers[:40], strict=True), strict=True):
        assert np.array_equal(array, np.concatenate(expected))
    for part, seed in (("validation", 3), ("train", 4)):
        assert not np.array_equal(compose_crops(part, 1, seed).ink[0], composed.ink[0])
