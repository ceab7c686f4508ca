from itertools import islice

import numpy as np
import pytest

from inkdigits.errors import DataError, DataNotFoundError
from inkdigits.page.decoding import SYMBOLS
from inkdigits.training import load_mnist
from inkdigits.training.recognizer.examples import (
    WIDTHS_PX,
    Example,
    compose_example,
    find_fonts,
    squeeze,
    to_batches,
    to_ranges,
    vary,
)


def example(width: int, text: str = "1") -> Example:
    return Example(np.full((32, width), 255, np.uint8), text)


@pytest.fixture(scope="module")
def composed() -> list[Example]:
    digits = load_mnist().train
    found = (compose_example([], digits, np.random.default_rng([3, number])) for number in range(120))
    return [one for one in found if one]


def test_composed_crops_are_of_one_kind(composed):
    assert len(composed) > 100
    for ink, text in composed:
        assert (ink.shape[0], ink.dtype) == (32, np.uint8)
        assert ink.shape[1] in range(16, 257, 8)
        assert set(text) <= set(SYMBOLS)
        assert len(text) <= 16


def test_composed_numbers_have_marks_and_some_crops_none(composed):
    texts = [text for _, text in composed]
    assert "" in texts
    assert {*"0123456789"} <= set("".join(texts))
    assert {*".,-"} & set("".join(texts))


def test_a_longer_text_takes_a_wider_crop(composed):
    assert np.corrcoef([len(text) for _, text in composed], [ink.shape[1] for ink, _ in composed])[0, 1] > 0.4


def test_the_same_chance_composes_the_same():
    digits = load_mnist().train
    one, again, other = (compose_example([], digits, np.random.default_rng(seed)) for seed in (5, 5, 6))
    assert np.array_equal(one.ink, again.ink)
    assert one.text == again.text
    assert one.ink.shape != other.ink.shape or not np.array_equal(one.ink, other.ink)


def test_a_crop_that_is_far_too_wide_is_left_out_and_one_a_bit_too_wide_squeezed():
    assert squeeze(example(336).ink) is None
    assert squeeze(example(328).ink).shape == (32, 256)
    assert squeeze(example(64).ink).shape == (32, 64)


def test_varied_crops_stay_crops():
    ink = example(256).ink
    for seed in range(40):
        varied = vary(ink, np.random.default_rng(seed))
        assert varied.shape[1] in range(16, 257, 8)
        assert varied.dtype == np.uint8


def test_a_batch_holds_crops_of_one_width_and_its_size_falls_with_it():
    batches = list(islice(to_batches((example(width) for _ in range(99) for width in (64, 200)), 8), 4))
    shapes = {batch.ink.shape for batch in batches}
    assert shapes == {(12, 32, 64), (3, 32, 256)}
    assert {batch.classes.shape[1] for batch in batches} == {16}


def test_crops_stand_at_the_left_or_anywhere_in_their_padding():
    many = [example(16)] * 400
    (left,) = to_batches(many[:12], 8)
    assert left.ink[:, :, :16].min() == 255
    assert left.ink[:, :, 16:].max() == 0
    rng = np.random.default_rng(0)
    starts = [row.any(axis=0).argmax() for batch in to_batches(many, 8, rng) for row in batch.ink]
    assert 0.55 < np.mean(np.array(starts) == 0) < 0.85
    assert max(starts) == WIDTHS_PX[0] - 16


def test_the_classes_are_those_of_the_symbols():
    (batch,) = to_batches([example(64, "-1,5"), example(64, "")], 8, keep_rest=True)
    assert [SYMBOLS[place] for place in batch.classes[0, :4]] == list("-1,5")
    assert (batch.classes[0, 4:] == -1).all()
    assert (batch.classes[1] == -1).all()


def test_what_does_not_fill_a_batch_is_kept_only_when_asked():
    few = [example(64), example(96), example(96)]
    assert list(to_batches(few, 8)) == []
    assert [len(batch.ink) for batch in to_batches(few, 8, keep_rest=True)] == [1, 2]


def test_crops_that_tell_ranges_are_cut_or_padded():
    ranges = to_ranges([example(16), example(256)])
    assert ranges.shape == (2, 32, 128)
    assert ranges[0, :, 16:].max() == 0
    assert ranges[1].min() == 255


def test_fonts_are_found_in_a_fixed_order(tmp_path):
    for name in ("b.woff2", "a.ttf", "readme.txt"):
        (tmp_path / name).touch()
    assert [path.name for path in find_fonts(tmp_path)] == ["a.ttf", "b.woff2"]
    assert find_fonts(None) == []


def test_a_folder_without_fonts_is_refused(tmp_path):
    with pytest.raises(DataError, match="holds no font"):
        find_fonts(tmp_path)
    with pytest.raises(DataNotFoundError, match="no folder of fonts"):
        find_fonts(tmp_path / "gone")
