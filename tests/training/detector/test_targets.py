import numpy as np
import pytest

from inkdigits.arrays import Box, Floats, Ink
from inkdigits.page.detector import STRIDE
from inkdigits.training.detector.targets import IGNORED, SIZE_PX, beside, mark_patch
from inkdigits.training.synthetic.writing import use_pen

NO_DIGITS = np.zeros((0, 4), np.float32), np.zeros(0)


def bar(box: Box, side: int = 96, level: int = 255) -> tuple[Ink, np.ndarray, Floats, Floats]:
    """A digit that fills its box, as `mark_patch` wants it; it may reach beyond the patch."""
    ink = np.zeros((side, side), np.uint8)
    ink[max(0, box.y) : box.y + box.height, max(0, box.x) : box.x + box.width] = level
    shown = np.array([(ink > 0).sum() / (box.width * box.height)])
    return ink, (ink > 0).astype(np.uint16), np.array([box], np.float32), shown


def test_on_an_empty_patch_nothing_is_marked():
    ink = np.zeros((64, 32), np.uint8)
    patches = mark_patch(ink, ink.astype(np.uint16), *NO_DIGITS)
    assert [array.shape for array in patches] == [(1, 64, 32), (1, 32, 16), (1, 32, 16, 2), (1, 32, 16), (1, 32, 16)]
    assert not any(array.any() for array in patches[:4])


def test_ink_that_is_no_digit_s_is_none():
    ink = np.full((64, 64), 255, np.uint8)
    assert not mark_patch(ink, np.zeros((64, 64), np.uint16), *NO_DIGITS).is_digit.any()


def test_every_point_of_a_digit_says_where_its_centre_is_and_how_large_it_is():
    (is_digit,), (offsets,), (centres,), (sizes,) = mark_patch(*bar(Box(30, 40, 12, 24)))[1:]
    rows, columns = np.nonzero(is_digit == 1)
    assert (columns.min(), columns.max(), rows.min(), rows.max()) == (15, 20, 20, 31)
    assert np.unique(np.stack([columns, rows], axis=1) + offsets[rows, columns], axis=0).tolist() == [[18, 26]]
    assert np.unravel_index(centres.argmax(), centres.shape) == (26, 18)
    assert centres.max() == 255
    assert (centres > 128).sum() < 12
    assert SIZE_PX * 2 ** ((sizes[26, 18] - 128.0) / 32) == pytest.approx(24, rel=0.02)


def test_every_digit_has_one_centre_wherever_it_stands():
    rng = np.random.default_rng(0)
    ink, marks, boxes = np.zeros((192, 192), np.uint8), np.zeros((192, 192), np.uint16), []
    for number, height in enumerate(rng.permutation(range(14, 39, 2)), start=1):
        digit = use_pen(rng)(int(rng.integers(10)), int(height))
        y, x = 46 * ((number - 1) // 4) + 4, 46 * ((number - 1) % 4) + 4
        ink[y : y + digit.shape[0], x : x + digit.shape[1]] = digit
        marks[y : y + digit.shape[0], x : x + digit.shape[1]] = np.where(digit >= 48, number, 0)
        boxes.append(Box(x, y, digit.shape[1], digit.shape[0]))
    patches = mark_patch(ink, marks, np.array(boxes, np.float32), np.ones(len(boxes)))
    rows, columns = np.nonzero(patches.centres[0] == 255)
    assert sorted(zip(columns.tolist(), rows.tolist(), strict=True)) == sorted(
        ((box.x + box.width / 2) // STRIDE, (box.y + box.height / 2) // STRIDE) for box in boxes
    )


@pytest.mark.parametrize(
    "box",
    [Box(-9, 40, 14, 24), Box(40, -9, 12, 26), Box(40, 86, 12, 24), Box(20, 20, 20, 48), Box(20, 20, 6, 10)],
    ids=["left of the rim", "cut by the rim", "below the rim", "large", "small"],
)
def test_a_digit_that_may_be_marked_or_not_is_left_open(box):
    patches = mark_patch(*bar(box))
    assert not (patches.is_digit == 1).any()
    assert (patches.is_digit == IGNORED).any()
    assert not patches.centres.any()


@pytest.mark.parametrize("box", [Box(20, 20, 40, 60), Box(20, 20, 4, 7)], ids=["far too large", "far too small"])
def test_a_digit_of_a_wrong_size_is_none(box):
    patches = mark_patch(*bar(box))
    assert not patches.is_digit.any()
    assert not patches.centres.any()


def test_a_digit_whose_ink_was_lost_is_left_open():
    ink, *rest = bar(Box(30, 40, 12, 24))
    for lost in (np.zeros_like(ink), np.where(np.arange(96)[:, None] < 43, ink, 0), ink // 15):
        patches = mark_patch(lost, *rest)
        assert not patches.centres.any()
        assert patches.is_digit[0, 26, 18] == IGNORED
        assert not (patches.is_digit == 1).any()
    assert mark_patch(ink // 10, *rest).centres.any()


def test_ink_blurred_out_of_a_stroke_is_still_the_digit_s():
    ink, marks, *rest = bar(Box(30, 40, 12, 24))
    ink[39:65, 29:43] = np.maximum(ink[39:65, 29:43], 60)
    assert mark_patch(ink, marks, *rest).is_digit[0, 26, 14] == 1


def test_patches_are_put_beside_each_other():
    one, other = mark_patch(*bar(Box(30, 40, 12, 24))), mark_patch(*bar(Box(10, 10, 12, 24)))
    assert [array.shape[:3] for array in beside([one, other], axis=1)] == [(1, 192, 96)] + 4 * [(1, 96, 48)]
    right = beside([one, other], axis=2)
    assert np.array_equal(right.ink[0, :, 96:], other.ink[0])
    assert np.array_equal(right.offsets[0, :, 48:], other.offsets[0])
    assert len(beside([one, other, one], axis=0).ink) == 3
