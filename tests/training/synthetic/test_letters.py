import numpy as np

from inkdigits.training.synthetic.letters import (
    HAND_FAMILIES,
    draw_text,
    find_fonts,
    find_hands,
    find_ornate,
    load_font,
)


def test_text_without_ink_is_one_pixel_of_paper() -> None:
    assert draw_text(" ", load_font(find_fonts()[0], 48)).tolist() == [[0]]


def test_text_is_cropped_to_its_ink() -> None:
    ink = draw_text("HI", load_font(find_fonts()[0], 48))
    assert ink.dtype == np.uint8
    assert ink.max() == 255
    assert all(edge.max() >= 48 for edge in (ink[0], ink[-1], ink[:, 0], ink[:, -1]))


def test_every_font_draws_every_digit_in_its_own_way() -> None:
    for path in find_fonts():
        drawn = {draw_text(str(digit), load_font(path, 48)).tobytes() for digit in range(10)}
        assert len(drawn) == 10, path.name


def test_every_ornate_letter_is_in_its_font_and_none_is_drawn_like_another() -> None:
    letters = find_ornate()
    assert len(letters) > 100
    for font in {font for _, font in letters}:
        drawn = {draw_text(letter, load_font(font, 48)).tobytes() for letter, held in letters if held == font}
        assert len(drawn) == sum(held == font for _, held in letters), font.name


def test_hands_are_many_fonts_that_have_every_letter_but_those_written_like_digits() -> None:
    letters = find_hands()
    fonts = {font for _, font in letters}
    assert len(fonts) == len(HAND_FAMILIES)
    for font in fonts:
        drawn = [draw_text(letter, load_font(font, 48)) for letter, held in letters if held == font]
        assert min(ink.shape[0] for ink in drawn) > 5, font.name
    assert not any("Satisfy" in font.stem for letter, font in letters if letter == "F"), "a barred 7"
