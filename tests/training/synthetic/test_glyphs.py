"""Characters of fonts and of MNIST as other hands would write them."""

import numpy as np

from inkdigits.digit.frame import crop_to_ink
from inkdigits.training.data.mnist import load_mnist
from inkdigits.training.synthetic.glyphs import (
    HEIGHT_PX,
    Glyph,
    Manner,
    draw_font,
    draw_manner,
    enlarge,
    load_glyph,
    rewrite,
)

AS_IT_IS = Manner(0.0, 1.0, 0.0)
BAR = Glyph(np.full((HEIGHT_PX, 6), 255, np.uint8), -HEIGHT_PX)


def _lean(ink: np.ndarray) -> float:
    """How far the head of a stroke stands to the right of its foot, in pixels."""
    head, foot = (np.average(np.arange(ink.shape[1]), weights=rows.sum(axis=0)) for rows in (ink[8:14], ink[-14:-8]))
    return float(head - foot)


def test_a_character_without_ink_stays_empty() -> None:
    empty = rewrite(Glyph(np.zeros((9, 9), np.uint8), -9), AS_IT_IS, 1.0, np.random.default_rng(0))
    assert not empty.ink.any()


def test_a_slanted_hand_leans_its_characters_to_the_right() -> None:
    rng = np.random.default_rng(0)
    leans = [_lean(rewrite(BAR, Manner(30.0, 1.0, 0.0), 1.0, rng).ink) for _ in range(20)]
    assert min(leans) > 8


def test_size_and_width_are_as_asked_for() -> None:
    rng = np.random.default_rng(1)
    wide = Glyph(np.full((HEIGHT_PX, 40), 255, np.uint8), -HEIGHT_PX)
    shapes = np.array([rewrite(wide, Manner(0.0, 1.4, 0.0), 0.5, rng).ink.shape for _ in range(40)])
    assert abs(np.median(shapes[:, 1]) - 28) < 6
    assert abs(np.median(shapes[:, 0]) - HEIGHT_PX / 2) < 8


def test_a_lower_level_is_a_broader_pen() -> None:
    def ink_of(level: float) -> float:
        return float(rewrite(BAR, Manner(0.0, 1.0, level), 1.0, np.random.default_rng(2)).ink.sum())

    assert ink_of(40.0) > 1.15 * ink_of(120.0)


def test_characters_stand_on_the_baseline() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        glyph = rewrite(BAR, AS_IT_IS, 1.0, rng)
        foot = glyph.top + np.flatnonzero(glyph.ink.max(axis=1) > 128)[-1]
        assert abs(foot) < 5


def test_manners_differ_and_stay_within_bounds() -> None:
    rng = np.random.default_rng(4)
    manners = [draw_manner(rng) for _ in range(200)]
    assert len({manner.slant_deg for manner in manners}) > 150
    assert all(-14 <= manner.slant_deg <= 36 and 0.55 <= manner.width <= 1.5 for manner in manners)


def test_fonts_give_digits_of_one_height() -> None:
    font = draw_font(False, [], np.random.default_rng(5))
    glyph = load_glyph(font, "0")
    assert glyph is not None
    assert abs(len(glyph.ink) - HEIGHT_PX) <= 2


def test_a_space_has_no_ink() -> None:
    assert load_glyph(draw_font(True, [], np.random.default_rng(6)), " ") is None


def test_a_digit_of_mnist_becomes_as_tall_as_the_others() -> None:
    small = crop_to_ink(load_mnist().validation.images[0])
    assert small is not None
    large = enlarge(small)
    rows = np.flatnonzero(large.ink.max(axis=1) > 100)
    assert abs(np.ptp(rows) - HEIGHT_PX) < 6
