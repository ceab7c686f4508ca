"""What the recognizer says of cells → what stands in each, within its column's format and what must fit each other."""

from decimal import Decimal
from typing import NamedTuple

import numpy as np

from inkdigits.arrays import DIGITS, Floats
from inkdigits.errors import FormatError
from inkdigits.formats import Format, to_decimal
from inkdigits.page.decoding import Decoded, decode
from inkdigits.page.placing import find_number
from inkdigits.page.recognizer import Recognizer
from inkdigits.table.checks import Bond, Candidate, Place, find_misfits, weigh

# A cell holds no number where that is as likely as this.
NO_NUMBER = 0.5
# This many texts are taken into account where a check may decide between them, or several are worth the same.
CANDIDATES = 4
MISFIT = "does not fit the format of its column"


class Answer(NamedTuple):
    """What stands in a cell.

    Attributes:
        decoded: the symbols, from which those before and behind the number are not yet parted; None where there is no
            number.
        least: a symbol less likely than this is not sure.
        text: the number as it is written; empty where there is none.
        value: what it is worth, if that is clear.
        confidence: the chance that this is right.
        is_other: where there is no number: whether something else stands there.
        candidates: what it may be worth, the likeliest first.
        notes: what does not fit.
    """

    decoded: Decoded | None
    least: float
    text: str
    value: Decimal | None
    confidence: float
    is_other: bool = False
    candidates: tuple[Candidate, ...] = ()
    notes: tuple[str, ...] = ()


def find_answer(probabilities: Floats, recognizer: Recognizer, form: Format | None, has_checks: bool) -> Answer:
    """What stands in a cell by itself.

    Args:
        probabilities: (T, 19), what the recognizer says along its crop.
        recognizer: that said it.
        form: of the cell's column.
        has_checks: whether it matters what else could stand there.
    """
    # Over all alignments: no step holds a digit.
    nothing = float(np.prod(1 - probabilities[:, :DIGITS].sum(axis=1, dtype=np.float64)))
    if nothing >= NO_NUMBER:
        return Answer(None, 0.0, "", None, nothing, is_other="?" in decode(probabilities).text)
    count = CANDIDATES if has_checks or (form and form.implied) else 1
    decoded, least = recognizer.decode(probabilities, form, count)
    text = decoded.text[find_number(decoded.text)]
    if not any(map(str.isdigit, text)):
        return Answer(None, 0.0, "", None, nothing, is_other="?" in decoded.text)
    if form and not form.matches(text):
        return Answer(decoded, least, text, None, 0.0, notes=(MISFIT,))
    there = 1 - nothing if form else 1.0  # within a format, that nothing is there was left out of account
    candidates = _find_candidates(decoded, form, there)
    value = form.to_decimal(text) if form else to_decimal(text)
    confidence = decoded.confidence * there
    if form and form.implied and candidates and candidates[0].value == value:
        confidence = candidates[0].probability  # with a point or without: that is the same number
    return Answer(decoded, least, text, value, confidence, candidates=candidates)


def _find_candidates(decoded: Decoded, form: Format | None, there: float) -> tuple[Candidate, ...]:
    """What a number may be worth, each value once, with the likeliest text for it."""
    found: dict[Decimal, Candidate] = {}
    likelihoods = np.exp([one.log_likelihood - decoded.texts[0].log_likelihood for one in decoded.texts])
    for one, likelihood in zip(decoded.texts, (likelihoods * decoded.confidence * there).tolist(), strict=True):
        text = one.text[find_number(one.text)]
        value = form.to_decimal(text) if form else to_decimal(text)
        if value is not None:
            so_far = found.setdefault(value, Candidate(text, value, 0.0))
            found[value] = so_far._replace(probability=min(1.0, so_far.probability + likelihood))
    return tuple(sorted(found.values(), key=lambda one: -one.probability))


def decide(answers: dict[Place, Answer], said: dict[Place, Floats], bonds: list[Bond]) -> dict[Place, Answer]:
    """The same answers after all that must fit was taken into account: surer, less sure, or others.

    Args:
        answers: of each cell by itself; rows below the header.
        said: what the recognizer says along the crops of these cells.
        bonds: what must fit.
    """
    numbers = {place: answer.candidates for place, answer in answers.items() if answer.decoded}
    bound = {place for bond in bonds for place in (*bond.cells, bond.result)} & numbers.keys()
    decided = dict(answers)
    for place, weights in weigh(numbers, bonds).items():
        if place in bound and weights:
            best = int(np.argmax(weights))
            decided[place] = _choose(answers[place], answers[place].candidates[best], weights[best], said[place])
    misfits = find_misfits({place: decided[place].value for place in numbers}, bonds)
    return {place: answer._replace(notes=(*answer.notes, *misfits.get(place, ()))) for place, answer in decided.items()}


def _choose(answer: Answer, candidate: Candidate, confidence: float, said: Floats) -> Answer:
    """An answer with one of its candidates, which may be another than the likeliest by itself."""
    if candidate.value == answer.value:
        return answer._replace(confidence=confidence)
    try:
        decoded = decode(said, Format(choices=[candidate.text]))
    except FormatError:  # it has a symbol that is none of the alphabet's
        return answer
    return answer._replace(decoded=decoded, text=candidate.text, value=candidate.value, confidence=confidence)
