"""What a net says along a crop → the likeliest text within a format, how sure it is, and where its symbols stand.

A beam search by prefixes (Hannun et al., 2014), which walks the format's automaton. Pure functions.
"""

import math
from typing import NamedTuple

import numpy as np

from inkdigits.arrays import DIGITS
from inkdigits.formats import ALPHABET, Format
from inkdigits.page.ctc import TINY, Classes, Logs, Probabilities, best_path, log_likelihoods, vary

# The classes: digits, marks, anything else (a letter, a unit, a word; written as ?), and the blank.
SYMBOLS = ALPHABET + "?"
OTHER, BLANK, CLASSES = len(ALPHABET), len(SYMBOLS), len(SYMBOLS) + 1
POINT, COMMA = SYMBOLS.index("."), SYMBOLS.index(",")
# A symbol that has less than this at a step is not looked for there; and what has less than that beside the likeliest
# is left out of account: symbols between blanks, prefixes.
LEAST_PROBABILITY, NEGLIGIBLE = 1e-4, 1e-5
# How many prefixes are kept from step to step: without a format, where only the likeliest text is looked for, and
# within one, where all that fits is weighed. On 131 crops of a logbook's cells 8 find the same texts as 150; with three
# formats confidences are off by 0.0013 on average with 16, by 0.0009 with 24, where more than 0.3 of the mass fits.
FREE_WIDTH, WIDTH = 8, 24
# This many of the likeliest texts get their exact likelihoods: what a search sums up lacks what fell off its beam.
RESCORED = 3
# A text with this probability needs no search: no other can be likelier; and within a format: none else matters.
NO_OTHER_IS_LIKELIER, NO_OTHER_MATTERS = 0.5, 0.9999


class Text(NamedTuple):
    """A text that may stand on a crop.

    Attributes:
        text: its symbols.
        log_likelihood: the logarithm of its probability, over all alignments.
    """

    text: str
    log_likelihood: float


class Symbol(NamedTuple):
    """One symbol of the likeliest text.

    Attributes:
        text: a digit, a mark, or `?` for anything else.
        step: where it is likeliest.
        probabilities: (19,) of what could stand in its place, if the rest of the text is right; the blank: nothing.
    """

    text: str
    step: int
    probabilities: Logs


class Decoded(NamedTuple):
    """What stands on a crop.

    Attributes:
        text: the likeliest one that fits; empty, with a mass of 0, where none does.
        confidence: its share among all that fits, 0 to 1: without a format its probability, with one an estimate.
        mass: the probability that what stands there fits, 0 to 1, or a little less. 1 without a format.
        symbols: from left to right.
        texts: the likeliest ones that fit, best first.
    """

    text: str
    confidence: float
    mass: float
    symbols: list[Symbol]
    texts: list[Text]


def decode(
    probabilities: Probabilities, form: Format | None = None, count: int = 1, width: int | None = None
) -> Decoded:
    """The likeliest text on a crop.

    A point and a comma count as one, since hands write them alike: their probabilities are added up, and the likelier
    one is written.

    Args:
        probabilities: (T, 19), with the sum 1 at each step.
        form: what the writer could have meant; None: anything.
        count: how many of the likeliest texts are wanted.
        width: how many prefixes the search keeps; None: as many as are needed.
    """
    merged = probabilities.astype(np.float64)
    merged[:, POINT] += merged[:, COMMA]
    merged[:, COMMA] = 0
    condensed, steps = _condense(merged)
    best = "".join(SYMBOLS[one] for one, _ in best_path(merged))
    likely = _score(merged, [best])
    needed = NO_OTHER_IS_LIKELIER if form is None else NO_OTHER_MATTERS
    mass, possible = 1.0, 1.0
    if count > 1 or likely[0].log_likelihood < math.log(needed) or not (form is None or form.matches(best)):
        found, misfit = _search(condensed, form, width or (WIDTH if form else FREE_WIDTH))
        likeliest = sorted(found, key=found.__getitem__, reverse=True)[: max(count, RESCORED)]
        likely = _score(merged, likeliest)
        found.update((one.text, math.exp(one.log_likelihood)) for one in likely)
        mass = min(1.0, sum(found.values()))
        # What fell off the beam is taken to fit as often as what did not.
        possible = mass / (mass + misfit) if likely else 1.0
    if not likely:
        return Decoded("", 0.0, 0.0, [], [])
    symbols = _to_symbols(probabilities, condensed, steps, likely[0].text, form)
    written = "".join(symbol.text for symbol in symbols)
    sign = SYMBOLS[POINT if probabilities[:, POINT].sum() >= probabilities[:, COMMA].sum() else COMMA]
    others = [one._replace(text=one.text.replace(".", sign)) for one in likely[1:count]]
    confidence = min(1.0, math.exp(likely[0].log_likelihood) / possible)
    texts = [likely[0]._replace(text=written), *others]
    return Decoded(written, confidence, mass if form else 1.0, symbols, texts)


def decode_middle(probabilities: Probabilities, step: float, reach: float) -> Probabilities:
    """What the one digit is that stands about at a step, whatever stands beside it.

    Args:
        probabilities: (T, 19), with the sum 1 at each step.
        step: where its middle is.
        reach: how far from it, in steps, its peak may be: the standard deviation of a Gaussian.

    Returns:
        (11,): the probabilities of the ten digits, and that it is none; the sum is 1.
    """
    weights = np.exp(-(((np.arange(len(probabilities)) - step) / reach) ** 2) / 2)
    weighed = probabilities * weights[:, None]
    # A symbol may peak for several steps: the highest one counts, and nothing there counts as no digit.
    peaks = weighed[:, :BLANK].max(axis=0)
    none = max(0.0, 1 - float(peaks.max())) + float(peaks[DIGITS:].sum())
    found = np.append(peaks[:DIGITS], none)
    return np.asarray(found / found.sum())


def mix_digit(probabilities: Probabilities, digit: Probabilities) -> Probabilities:
    """Probabilities along the crop of one digit, with what another net says of it: the mean where a digit stands.

    Args:
        probabilities: (T, 19), with the sum 1 at each step.
        digit: (10,), with the sum 1.
    """
    mixed = probabilities.copy()
    mixed[:, :DIGITS] = (mixed[:, :DIGITS] + mixed[:, :DIGITS].sum(axis=1, keepdims=True) * digit) / 2
    return mixed


def _condense(probabilities: Logs) -> tuple[Logs, list[int]]:
    """The same with one step for each run of steps where nothing but the blank is likely; and where they begin."""
    is_written = np.asarray((probabilities[:, :BLANK] > NEGLIGIBLE).any(axis=1))
    steps = np.flatnonzero(is_written | np.append(True, is_written)[:-1])
    condensed = np.where(is_written[steps, None], probabilities[steps], 0)
    condensed[:, BLANK] = np.multiply.reduceat(probabilities[:, BLANK], steps)
    return condensed, steps.tolist()


def _to_classes(texts: list[str]) -> Classes:
    longest = max(map(len, texts), default=0)
    rows = [[*map(SYMBOLS.index, text), *[-1] * (longest - len(text))] for text in texts]
    return np.reshape(np.array(rows, np.intp), (len(texts), longest))


def _score(probabilities: Logs, texts: list[str]) -> list[Text]:
    """The texts with their exact likelihoods, best first."""
    exact = log_likelihoods(probabilities, _to_classes(texts)).tolist()
    return sorted(map(Text, texts, exact), key=lambda one: -one.log_likelihood)


def _search(probabilities: Logs, form: Format | None, width: int) -> tuple[dict[str, float], float]:
    """The likeliest texts that fit, each with its probability, and the probability of all that is sure not to fit.

    What falls off the beam counts neither here nor there: it might have fitted.
    """
    # Of each prefix its probability, and what of that is due to alignments that end in a blank, and in its last symbol.
    beam = [(1.0, "", 1.0, 0.0)]
    states: dict[str, str | None] = {"": form.start() if form else None}
    misfit = 0.0
    for row in probabilities.tolist():
        likely = [(one, p) for one, p in zip(SYMBOLS, row, strict=False) if p > LEAST_PROBABILITY]
        least = NEGLIGIBLE * beam[0][0] * max(row)
        if len(beam) == width:  # what is less likely than the last of the beam will be falls off it
            least = max(least, beam[-1][0] * row[BLANK])
        in_blank = {text: both * row[BLANK] for both, text, _, _ in beam}
        in_symbol: dict[str, float] = {}
        for both, text, blank, symbol in beam:
            last = text[-1:]
            for one, p in likely:
                gain = both * p
                if one == last:  # the same symbol goes on, or comes again after a blank
                    in_symbol[text] = in_symbol.get(text, 0.0) + symbol * p
                    gain = blank * p
                if gain <= least:
                    continue
                longer = text + one
                if form and longer not in states:
                    states[longer] = form.step(states[text] or "", one)
                if form and states[longer] is None:
                    misfit += gain
                else:
                    in_symbol[longer] = in_symbol.get(longer, 0.0) + gain
        beam = [
            (blank + in_symbol.get(text, 0.0), text, blank, in_symbol.pop(text, 0.0))
            for text, blank in in_blank.items()
        ]
        beam += [(symbol, text, 0.0, symbol) for text, symbol in in_symbol.items()]
        beam = sorted(beam, reverse=True)[:width]
    found = {text: both for both, text, _, _ in beam}
    if form:
        misfit += sum(p for text, p in found.items() if not form.is_final(states[text] or ""))
        found = {text: p for text, p in found.items() if p and form.is_final(states[text] or "")}
    return found, misfit


def _to_symbols(
    probabilities: Probabilities, condensed: Logs, steps: list[int], text: str, form: Format | None
) -> list[Symbol]:
    """The symbols of a text, with what else could stand in the place of each."""
    if not text:
        return []
    likelihoods, places = vary(condensed, _to_classes([text])[0], NEGLIGIBLE)
    found = []
    for i, (logs, place) in enumerate(zip(likelihoods, places, strict=True)):
        if form:
            fits = [form.matches(text[:i] + other + text[i + 1 :]) for other in (*SYMBOLS, "")]
            logs[~np.array(fits)] = -np.inf
        beside = np.exp(logs - logs.max())
        point, comma = probabilities[steps[place], [POINT, COMMA]].tolist()
        share = point / max(point + comma, TINY)
        beside[COMMA], beside[POINT] = beside[POINT] * (1 - share), beside[POINT] * share
        written = SYMBOLS[POINT if share >= 0.5 else COMMA] if text[i] == SYMBOLS[POINT] else text[i]
        found.append(Symbol(written, steps[place], beside / beside.sum()))
    return found
