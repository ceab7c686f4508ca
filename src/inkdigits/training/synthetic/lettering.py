"""The words that stand beside numbers on composed pages: everyday ones, and others made up letter by letter.

Everyday words are for measuring. A net that had learnt from them might know them by heart, so it learns from words that
no one has seen, in print and in many hands.
"""

import string
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from inkdigits.arrays import Ink
from inkdigits.training.synthetic.letter_strokes import LETTERS
from inkdigits.training.synthetic.letters import draw_text, find_ornate, load_font
from inkdigits.training.synthetic.strokes import FORMS
from inkdigits.training.synthetic.writing import PEN_WIDTHS, write_form, write_word

# Everyday words, in letters that every font has; none of them could be read as a number by a person.
WORDS = """
milk bread paper total meter water Monday Friday rent garden telephone signature hello kitchen apples receipt amount
name street notes change price weight length school Winter Strasse Summe Datum Menge Gewicht rouge jaune voiture maison
chambre camino ventana mercado leche harina sugar butter remember tomorrow shopping measure
""".split()  # noqa: SIM905 (a list would fill a page)
VOWELS, CONSONANTS, PUNCTUATION = "aeiou", "bcdfghjklmnprstvwxz", ".:,;?!"
# A made-up word of these letters alone could be a number.
LOOKALIKES = set("OoIlSsZzqgbBijDQUuCcGJyYT")
# This many words are made up for a page: some stand on it twice.
VOCABULARY, LONGEST = 40, 11
# How a word is written: by `write_word`, in script or fraktur, else by the pen, letter by letter.
WORD_SHARE, ORNATE_SHARE, MOST_ORNATE, MOST_BY_PEN = 0.45, 0.05, 6, 9
# Gaps between letters in heights: ornate ones; by the pen, joined as often as apart.
ORNATE_GAPS, JOINED_GAPS, GAPS = (0.0, 0.2), (-0.12, 0.15), (0.05, 0.3)
# What stands alone, not in words.
ALONE = {
    *("plus", "minus", "star", "star of five", "ampersand", "dollar", "tick", "arrow"),
    *("triangle", "box", "corner", "cross"),
}
# The others' places in `FORMS + LETTERS`.
LETTER_FORMS = np.array([len(FORMS) + place for place, form in enumerate(LETTERS) if form.name not in ALONE])


class Lettering(NamedTuple):
    """The words that stand beside numbers.

    Attributes:
        words: to draw from by lot.
        write: makes ink of a word whose capitals are this many pixels tall.
    """

    words: tuple[str, ...]
    write: Callable[[str, int, np.random.Generator], Ink]

    def draw(self, height_px: int, rng: np.random.Generator) -> Ink:
        """A word drawn by lot."""
        return self.write(str(rng.choice(self.words)), height_px, rng)


EVERYDAY = Lettering(tuple(WORDS), write_word)


def invent_lettering(rng: np.random.Generator) -> Lettering:
    """Made-up words, written in all ways there are."""
    return Lettering(tuple(invent_word(rng) for _ in range(VOCABULARY)), write_letters)


def invent_word(rng: np.random.Generator) -> str:
    """Letters drawn by lot, mostly vowels and consonants in turn: 1 to 11, maybe a sign, and never a likely number."""
    while True:
        length = min(int(rng.geometric(0.22)) + int(rng.random() < 0.9), LONGEST)
        lot = rng.random()
        if lot < 0.7:
            kinds = (VOWELS, CONSONANTS) if lot < 0.35 else (CONSONANTS, VOWELS)
        else:
            kinds = (string.ascii_letters, string.ascii_letters)
        word = "".join(str(rng.choice(list(kinds[place % 2]))) for place in range(length))
        case = rng.random()
        word = word.capitalize() if case < 0.25 else word.upper() if case < 0.4 else word
        if rng.random() < 0.06:
            word += str(rng.choice(list(PUNCTUATION)))
        if not set(word) <= LOOKALIKES | set(PUNCTUATION):
            return word


def write_letters(text: str, height_px: int, rng: np.random.Generator) -> Ink:
    """A text, its capitals about `height_px` tall; ornate and by the pen it gets other letters, and only a few."""
    lot = rng.random()
    if lot < WORD_SHARE:
        return write_word(text, height_px, rng)
    if lot < WORD_SHARE + ORNATE_SHARE:
        ornate = find_ornate()
        drawn = [ornate[rng.integers(len(ornate))] for _ in text[:MOST_ORNATE]]
        size = max(6, round(1.3 * height_px))
        return _join([draw_text(letter, load_font(font, size)) for letter, font in drawn], height_px, ORNATE_GAPS, rng)
    pen = float(np.exp(rng.uniform(*np.log(PEN_WIDTHS))))
    letters = [
        write_form(rng.choice(LETTER_FORMS), height_px * rng.uniform(0.6, 1.05) * (1 - pen), height_px * pen, rng)
        for _ in text[:MOST_BY_PEN]
    ]
    return _join(letters, height_px, JOINED_GAPS if rng.random() < 0.5 else GAPS, rng)


def _join(letters: list[Ink], height_px: int, gaps: tuple[float, float], rng: np.random.Generator) -> Ink:
    """Letters side by side, their feet on one line."""
    lefts, left = [], 0
    for letter in letters:
        lefts.append(left)
        left = max(0, left + letter.shape[1] + round(height_px * rng.uniform(*gaps)))
    height = max(letter.shape[0] for letter in letters)
    width = max(left + letter.shape[1] for left, letter in zip(lefts, letters, strict=True))
    canvas = np.zeros((height, width), np.uint8)
    for left, letter in zip(lefts, letters, strict=True):
        place = canvas[height - letter.shape[0] :, left : left + letter.shape[1]]
        np.maximum(place, letter, out=place)
    return canvas
