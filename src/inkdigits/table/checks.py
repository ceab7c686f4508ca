"""Which readings of cells fit each other: sums, means, differences, by belief propagation.

Each cell has candidates, with what the recognizer gives them; each check ties some cells to one that holds the outcome.
What a check says of a cell is summed up over all candidates of the others, partial outcomes being kept as sums do not
multiply (forward and backward along the cells), and cells that stand in several checks pass on what they learnt (Pearl,
1988; on graphs with loops it is an approximation). Pure functions.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from typing import NamedTuple

from inkdigits.table.columns import Check

Place = tuple[int, int]
# Partial outcomes, each with its weight.
Outcomes = dict[float, float]

# How often a check does not hold on paper, because its writer was wrong; and how many values a number could have by
# chance, about: that many times as likely as before are readings that fit.
WRONG_ON_PAPER, CHANCES = 0.03, 100.0
# How often cells tell each other; partial outcomes with less than this beside the likeliest are left out, and all but
# this many.
ROUNDS, NEGLIGIBLE, KEPT = 3, 1e-6, 64
# Outcomes differ by less than this only in how they were added up.
ROUNDING = 1e-6


class Candidate(NamedTuple):
    """What may stand in a cell.

    Attributes:
        text: as it would be written.
        value: what that is worth.
        probability: by the recognizer, 0 to 1; those of a cell sum to 1 at most, the rest is something else.
    """

    text: str
    value: Decimal
    probability: float


class Bond(NamedTuple):
    """A check between certain cells.

    Attributes:
        kind: as that of the check.
        cells: rows and columns of those that are counted; rows below the header.
        result: where the outcome stands.
        tolerance: how far it may be off.
        note: what to say where it does not hold.
    """

    kind: str
    cells: tuple[Place, ...]
    result: Place
    tolerance: float
    note: str


def find_bonds(checks: Sequence[Check], rows: int, names: Callable[[int], str]) -> Iterator[Bond]:
    """The cells that checks tie together in a table of this many rows.

    Args:
        checks: of a template.
        rows: how many there are below the header.
        names: what a column is called.
    """
    for check in checks:
        sign = " − " if check.kind == "difference" else ", "
        if check.rows is None:
            what = f"{check.kind} of {sign.join(map(names, check.columns))}"
            for row in range(rows):
                cells = tuple((row, column) for column in check.columns)
                yield Bond(
                    check.kind, cells, (row, check.result), check.tolerance, f"{names(check.result)} is not the {what}"
                )
            continue
        first, last = check.rows
        repeats = 1 if not check.every else check.times or rows
        for down in (i * check.every for i in range(repeats)):
            if max(last, check.result) + down >= rows:
                break
            what = f"{check.kind} of rows {first + down + 1} to {last + down + 1}"
            for column in check.columns:
                cells = tuple((row + down, column) for row in range(first, last + 1))
                result = check.result + down
                yield Bond(check.kind, cells, (result, column), check.tolerance, f"row {result + 1} is not the {what}")


def weigh(candidates: Mapping[Place, Sequence[Candidate]], bonds: Sequence[Bond]) -> dict[Place, list[float]]:
    """How likely each candidate is when it is known which cells should fit each other.

    Args:
        candidates: of each cell that holds a number; a cell that is missing is empty, and does not count.
        bonds: what should fit.

    Returns:
        For each cell the probabilities of its candidates.
    """
    prior = {place: _with_rest([one.probability for one in some]) for place, some in candidates.items()}
    values = {place: [float(one.value) for one in some] for place, some in candidates.items()}
    used = [(bond, present) for bond in bonds if (present := _present(bond, candidates))]
    told: dict[tuple[int, Place], list[float]] = {}
    of_place: dict[Place, list[int]] = {}
    for i, (_, places) in enumerate(used):
        for place in places:
            of_place.setdefault(place, []).append(i)

    def belief(place: Place, but: int = -1) -> list[float]:
        found = list(prior[place])
        for i in of_place.get(place, []):
            if i != but and (i, place) in told:
                found = [a * b for a, b in zip(found, told[i, place], strict=True)]
        total = sum(found)
        return [one / total for one in found]

    for _ in range(ROUNDS):
        news = {}
        for i, (bond, places) in enumerate(used):
            beliefs = [belief(place, i) for place in places]
            units = [one.value.as_tuple().exponent for one in candidates[bond.result]]
            rounding = [0.5 * 10.0 ** int(unit) for unit in units] if bond.kind == "mean" else [0.0] * len(units)
            for place, message in zip(
                places, _tell(bond, beliefs, [values[place] for place in places], rounding), strict=True
            ):
                news[i, place] = message
        told = news
    return {place: belief(place)[:-1] for place in candidates}


def find_misfits(values: Mapping[Place, Decimal | None], bonds: Sequence[Bond]) -> dict[Place, list[str]]:
    """What does not fit, for each cell that takes part in it.

    Args:
        values: of the cells that hold a number; None where that is not clear, and nothing can be said.
        bonds: what should fit.
    """
    notes: dict[Place, list[str]] = {}
    for bond in bonds:
        places = _present(bond, values)
        known = {place: value for place in places if (value := values[place]) is not None}
        if not places or len(known) < len(places):
            continue
        result = known[bond.result]
        rounding = 0.5 * 10.0 ** int(result.as_tuple().exponent) if bond.kind == "mean" else 0.0
        signs = _signs(bond, len(places) - 1)
        counted = [sign * float(known[place]) for place, sign in zip(places, signs, strict=False)]
        outcome = reduce(_join(bond.kind), counted)
        if not _holds(bond, outcome, len(places) - 1, float(result), rounding):
            for place in places:
                notes.setdefault(place, []).append(bond.note)
    return notes


def _present(bond: Bond, known: Mapping[Place, object]) -> tuple[Place, ...]:
    """The cells of a bond that are not empty, the result last; none where it says nothing."""
    cells = tuple(place for place in bond.cells if place in known)
    says_nothing = bond.result not in known or not cells or (bond.kind == "difference" and len(cells) < 2)
    return () if says_nothing else (*cells, bond.result)


def _with_rest(probabilities: list[float]) -> list[float]:
    """The same and, last, how likely something else is; never nothing."""
    return [*probabilities, max(1e-6, 1 - sum(probabilities))]


def _signs(bond: Bond, count: int) -> list[int]:
    return [1, -1] if bond.kind == "difference" else [1] * count


def _join(kind: str) -> Callable[[float, float], float]:
    return {"max": max, "min": min}.get(kind, lambda a, b: a + b)


def _holds(bond: Bond, outcome: float, count: int, result: float, rounding: float) -> bool:
    meant = outcome / count if bond.kind == "mean" else outcome
    return abs(meant - result) <= bond.tolerance + rounding + ROUNDING


def _tell(
    bond: Bond, beliefs: list[list[float]], values: list[list[float]], rounding: list[float]
) -> list[list[float]]:
    """What a bond says of each candidate of its cells, and of something else, given what else is known of them.

    A combination that fits counts `CHANCES` times as much as one in which something else stands anywhere, and one that
    does not fit `WRONG_ON_PAPER` as much.
    """
    count, join = len(beliefs) - 1, _join(bond.kind)
    each = [
        {sign * value: weight for value, weight in zip(known, belief, strict=False)}
        for sign, known, belief in zip(_signs(bond, count), values, beliefs, strict=False)
    ]
    before: list[Outcomes | None] = [None]
    for some in each[:-1]:
        before.append(_combine(before[-1], some, join))
    behind: list[Outcomes | None] = [None]
    for some in each[:0:-1]:
        behind.append(_combine(behind[-1], some, join))
    behind.reverse()

    def weigh_result(outcome: float) -> float:
        fits = 0.0
        for value, weight, unit in zip(values[-1], beliefs[-1], rounding, strict=False):
            fits += weight * (CHANCES if _holds(bond, outcome, count, value, unit) else WRONG_ON_PAPER)
        return fits + beliefs[-1][-1]

    messages = []
    for place, some in enumerate(each):
        others = _combine(before[place], behind[place], join) if count > 1 else None
        message = []
        for value in some:
            if others is None:
                message.append(weigh_result(value))
                continue
            known = sum(others.values())
            message.append(sum(w * weigh_result(join(o, value)) for o, w in others.items()) + max(0.0, 1 - known))
        messages.append([*message, 1.0])
    totals = _combine(before[-1], each[-1], join)
    unknown = max(0.0, 1 - sum(totals.values()))
    to_result = []
    for value, unit in zip(values[-1], rounding, strict=True):
        fits = sum(
            w * (CHANCES if _holds(bond, outcome, count, value, unit) else WRONG_ON_PAPER)
            for outcome, w in totals.items()
        )
        to_result.append(fits + unknown)
    return [*messages, [*to_result, 1.0]]


def _combine(one: Outcomes | None, other: Outcomes | None, join: Callable[[float, float], float]) -> Outcomes:
    """All outcomes of two parts together, the likeliest of them."""
    if one is None or other is None:
        return one if one is not None else other or {}
    found: Outcomes = {}
    for a, p in one.items():
        for b, q in other.items():
            outcome = round(join(a, b), 6)
            found[outcome] = found.get(outcome, 0.0) + p * q
    likeliest = sorted(found.items(), key=lambda item: -item[1])[:KEPT]
    return {outcome: weight for outcome, weight in likeliest if weight > NEGLIGIBLE * likeliest[0][1]}
