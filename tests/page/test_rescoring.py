import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.page.crops import to_crop
from inkdigits.page.ctc import BLANK
from inkdigits.page.rescoring import TRUST, Read, place, rescore

PAGE = (200, 400)


def read(digit: int, x: int, probability: float = 0.9) -> Read:
    """A digit read at a place; so sure."""
    probabilities = np.full(10, (1 - probability) / 9, np.float32)
    probabilities[digit] = probability
    return Read(Box(x, 50, 30, 60), probabilities)


def write(*middles: int) -> np.ndarray:
    """A page with a bar 20 px wide around each of these columns."""
    ink = np.zeros(PAGE, np.uint8)
    for x in middles:
        ink[50:110, x - 10 : x + 10] = 255
    return ink


def says(crop_width: int, *digits: tuple[int, int], probability: float = 0.9) -> np.ndarray:
    """Probabilities along a crop with these digits at these points, and none elsewhere."""
    probabilities = np.full((crop_width // 2, 11), (1 - probability) / 10, np.float32)
    probabilities[:, BLANK] = probability
    for digit, point in digits:
        probabilities[point] = (1 - probability) / 10
        probabilities[point, digit] = probability
    return probabilities


@pytest.fixture
def number() -> list[Read]:
    return [read(4, 100), read(2, 140)]


@pytest.fixture
def crop(number):
    return to_crop(write(115, 155), [Box(100, 50, 70, 60)])


def point(crop, x: float) -> int:
    """The point of the crop over a column of the page."""
    return int((x - crop.left) * crop.scale / 2)


def test_where_both_read_the_same_nothing_is_placed(number, crop):
    along = says(crop.ink.shape[1], (4, point(crop, 115)), (2, point(crop, 155)))
    assert place(number, crop, along, PAGE) == []


def test_where_the_recognizer_reads_nothing_nothing_is_placed(number, crop):
    along = says(crop.ink.shape[1])
    assert place(number, crop, along, PAGE) == []
    assert rescore(number, [], along).digits[0].guess == 4


def test_other_digits_are_parted_where_there_is_no_ink(number, crop):
    along = says(crop.ink.shape[1], (7, point(crop, 115)), (1, point(crop, 155)))
    left, right = place(number, crop, along, write(115, 155))
    assert left == Box(105, 50, 20, 60)
    assert right == Box(145, 50, 20, 60)


def test_a_reading_that_leaves_out_ink_is_none():
    letters = write(*range(115, 380, 20))
    read_as_a_word = [read(4, 100)._replace(box=Box(100, 50, 290, 60))]
    crop = to_crop(letters, [Box(100, 50, 290, 60)])
    every = [(digit, point(crop, x)) for digit, x in enumerate(range(115, 380, 40))]
    assert len(place(read_as_a_word, crop, says(crop.ink.shape[1], *every), letters)) == len(every)
    assert place(read_as_a_word, crop, says(crop.ink.shape[1], every[0], every[-1]), letters) == []


def test_placed_digits_lie_on_the_page():
    crop = to_crop(write(10, 390), [Box(0, 0, 400, 200)])
    along = says(crop.ink.shape[1], *((digit, 2 * digit + 1) for digit in range(8)))
    boxes = place([read(1, 0)._replace(box=Box(0, 0, 400, 200))], crop, along, np.zeros(PAGE, np.uint8))
    assert len(boxes) == 8
    for box in boxes:
        assert min(box.x, box.y) >= 0
        assert min(box.width, box.height) >= 1
        assert box.x + box.width <= PAGE[1]
        assert box.y + box.height <= PAGE[0]


def test_a_digit_that_is_read_beyond_the_page_stands_at_its_rim():
    number = [read(1, 370)]
    crop = to_crop(write(390), [number[0].box])
    along = says(crop.ink.shape[1], (4, 2), (7, len(crop.ink[0]) // 2 - 2), (1, len(crop.ink[0]) // 2 - 1))
    boxes = place(number, crop, along, write(390))
    assert len(boxes) == 3
    assert max(box.x + box.width for box in boxes) <= PAGE[1]


def test_the_reading_is_taken_that_both_nets_together_find_likelier(number):
    along = says(80, (7, 20), (1, 35), probability=0.99)
    sure = [read(7, 100, 0.95), read(1, 140, 0.95)]
    unsure = [read(7, 100, 0.02), read(1, 140, 0.02)]
    assert [one.guess for one in rescore(number, sure, along).digits] == [7, 1]
    wavering = says(80, (7, 20), (1, 35), probability=0.3)
    assert [one.guess for one in rescore(number, unsure, wavering).digits] == [4, 2]


def test_what_both_see_is_surer_than_what_one_sees(number):
    rescored = rescore(number, [], says(80, (4, 20), (2, 35))).digits
    assert [one.guess for one in rescored] == [4, 2]
    for one, before in zip(rescored, number, strict=True):
        assert one.probabilities.sum() == pytest.approx(1, abs=1e-5)
        assert one.probabilities.max() > before.probabilities.max()
        assert one.box == before.box


def test_what_they_dispute_is_less_sure():
    before = read(1, 100)
    (disputed,) = rescore([before], [], says(80, (7, 20), probability=0.999)).digits
    assert disputed.probabilities[1] < before.probabilities[1]
    assert disputed.probabilities[7] > 5 * before.probabilities[7]


def test_evidence_is_how_much_likelier_the_digits_are_than_none(number):
    along = says(80, (4, 20), (2, 35), probability=0.999)
    for_them = rescore(number, [], along).evidence
    assert for_them == pytest.approx(TRUST * 2 * np.log(0.999 / 0.0001), rel=0.01)
    assert rescore(number, [], says(80, probability=0.999)).evidence < -2
