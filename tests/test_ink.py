import cv2
import numpy as np
import pytest
from conftest import draw_seven

from inkdigits.errors import ArrayError
from inkdigits.ink import is_light_on_dark, to_ink


def page_with_seven(height: int = 400, width: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """A white page with a small 7, and where its ink is."""
    page = np.full((height, width), 255, np.uint8)
    page[100:180, 200:260] = draw_seven(80, 60, 6)
    return page, page < 128


def agreement(ink: np.ndarray, truth: np.ndarray) -> float:
    """Intersection over union."""
    mask = ink > 127
    return float((mask & truth).sum() / (mask | truth).sum())


def test_bare_paper_has_no_ink():
    assert not to_ink(np.full((50, 60), 200, np.uint8)).any()
    assert not to_ink(np.zeros((50, 60), np.uint8)).any()


def test_grain_is_no_ink():
    grain = np.random.default_rng(0).normal(200, 3, (300, 400))
    assert (to_ink(grain.astype(np.uint8)) > 127).mean() < 0.01


def test_ink_is_light_on_black_whatever_the_paper_was():
    page, truth = page_with_seven()
    for picture in (page, 255 - page, page // 2 + 60, 230 - page // 2):
        assert agreement(to_ink(picture.astype(np.uint8)), truth) > 0.85


def test_a_shadow_with_a_hard_edge_is_no_ink():
    page, truth = page_with_seven()
    shaded = page.copy()
    shaded[150:] = shaded[150:] * 0.6
    ink = to_ink(shaded)
    assert agreement(ink, truth) > 0.7
    assert not (ink[250:, 300:] > 127).any()


@pytest.mark.parametrize("depth", [0.85, 0.7])
def test_a_stain_over_a_digit_is_no_ink(depth):
    page, truth = page_with_seven()
    stain = cv2.ellipse(np.zeros(page.shape, np.float32), (250, 150), (90, 60), 20, 0, 360, 1, -1)
    stained = page * (1 - (1 - depth) * cv2.GaussianBlur(stain, (0, 0), 4))
    assert agreement(to_ink(stained.astype(np.uint8)), truth) > 0.6


def test_a_stain_is_no_ink_beside_a_desk_either():
    page = np.full((400, 600), 255, np.uint8)
    for x in range(40, 520, 80):
        page[160:240, x : x + 60] = draw_seven(80, 60, 6)
    lying = np.array([[0.7, 0.15, 60], [-0.15, 0.7, 100]])
    photo = cv2.warpAffine(page, lying, (600, 400), borderMode=cv2.BORDER_CONSTANT, borderValue=110)
    stain = cv2.ellipse(np.zeros(photo.shape, np.float32), (300, 160), (90, 25), 60, 0, 360, 1, -1)
    stained = photo * (1 - 0.3 * cv2.GaussianBlur(stain, (0, 0), 4))
    truth = cv2.warpAffine(255 - page, lying, (600, 400)) > 128
    paper = slice(140, 300), slice(120, 460)
    assert agreement(to_ink(stained.astype(np.uint8))[paper], truth[paper]) > 0.6


def test_a_thick_digit_beside_thin_ones_is_no_stain():
    page = np.full((400, 600), 240, np.uint8)
    page[40:100, 60:110] = np.minimum(240, draw_seven(60, 50, 3))
    page[100:380, 250:500] = np.minimum(240, draw_seven(280, 250, 40))
    assert agreement(to_ink(page), page < 128) > 0.85


def test_paper_is_told_from_ink_under_a_shadow_that_covers_the_rim():
    page, _ = page_with_seven()
    light = np.clip(1.4 - np.hypot(*np.mgrid[-1:1:400j, -1:1:600j]), 0.3, 1)
    assert not is_light_on_dark((page * light).astype(np.uint8))
    assert is_light_on_dark((255 - page * 0.9).astype(np.uint8))


def test_light_paper_on_a_dark_desk_is_paper():
    paper = np.full((400, 600), 230, np.uint8)
    for x in range(40, 520, 80):
        paper[160:240, x : x + 60] = np.minimum(230, draw_seven(80, 60, 6))
    lying = np.array([[0.6, 0.15, 60], [-0.15, 0.6, 140]])
    photo = cv2.warpAffine(paper, lying, (600, 400), borderMode=cv2.BORDER_CONSTANT, borderValue=60)
    assert not is_light_on_dark(photo)
    assert is_light_on_dark(255 - photo)


@pytest.mark.parametrize("tone", [60, 120, 150, 180])
def test_the_corners_of_a_light_paper_on_a_dark_desk_are_no_strokes(tone):
    photo = np.full((600, 600), 40, np.uint8)
    paper = cv2.boxPoints(((300, 300), (420, 420), 15)).astype(np.int32)
    cv2.fillPoly(photo, [paper], 230)
    for line in range(3):
        cv2.putText(photo, "203581", (190, 220 + 90 * line), cv2.FONT_HERSHEY_SIMPLEX, 1.6, tone, 2, cv2.LINE_AA)
    assert not is_light_on_dark(photo)
    assert is_light_on_dark(255 - photo)


@pytest.mark.parametrize("pitch", [20, 24])
@pytest.mark.parametrize("desk", [40, 80])
def test_the_cells_of_squared_paper_on_a_dark_desk_are_no_strokes(pitch, desk):
    paper = np.full((240, 940), 205, np.uint8)
    paper[pitch // 2 :: pitch] = paper[:, pitch // 2 :: pitch] = 120
    cv2.putText(paper, "00  20  382  0542", (60, 140), cv2.FONT_HERSHEY_SIMPLEX, 1.2, 110, 2, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((500, 200), 12, 1)
    photo = cv2.warpAffine(paper, turn, (1000, 440), flags=cv2.INTER_AREA, borderValue=desk)
    assert not is_light_on_dark(photo)
    assert is_light_on_dark(255 - photo)


def test_a_thick_digit_that_fills_its_picture_is_ink_and_not_paper():
    thick = draw_seven(16, 16, 6)
    assert not is_light_on_dark(thick)
    assert is_light_on_dark(255 - thick)


def test_a_few_strokes_on_a_large_page_are_found():
    page = np.full((1500, 2000), 210, np.uint8)
    page[100:130, 100:125] = np.minimum(page[100:130, 100:125], draw_seven(30, 25, 3))
    ink = to_ink(page)
    assert (ink[100:130, 100:125] > 127).sum() > 30
    assert not (ink[200:] > 0).any()


def test_a_picture_with_three_channels_is_refused():
    with pytest.raises(ArrayError, match=r"\(H, W\)"):
        to_ink(np.zeros((10, 10, 3), np.uint8))
