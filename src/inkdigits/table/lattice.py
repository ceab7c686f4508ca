"""Rulings that cross one another → tables, each with its row lines and its column lines from one rim to the other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from inkdigits.table.rulings import STRIP_PX, Evidence, Ruling, find_rulings, trace

Array = npt.NDArray[np.float64]

# A line that is seen over less than this share of its length is writing.
LEAST_COVER = 0.6
# A line of a table is seen over this share of it.
LEAST_SUPPORT = 0.5
# Lines cross if their ends are not farther from the crossing than so much.
REACH_PX = 1.5 * STRIP_PX
# Lines nearer than this share of the usual distance are one: a double line, or parts of one line.
DOUBLE = 0.3


DEBUG=0
@dataclass(frozen=True, slots=True)
class Line:
    """A line between rows or columns of a table: some rulings in a row or beside one another, or none that is seen.

    Attributes:
        rulings: its parts.
        course: how the lines of this table run; this one runs beside it.
        offset: how far it lies below (right of) the course, and how that changes along it.
    """

    rulings: tuple[Ruling, ...]
    course: Ruling
    offset: tuple[float, float]

    def __call__(self, along: npt.ArrayLike) -> Array:
        """How far down (to the right) it lies."""
        along = np.asarray(along, np.float64)
        place = self.course(along) + self.offset[0] + self.offset[1] * (along - self.course.at.mean())
        weight, sum_ = np.zeros_like(place), np.zeros_like(place)
        for ruling in self.rulings:
            here = ((along >= ruling.start - 1) & (along <= ruling.end + 1)).astype(float)
            weight += here
            sum_ += here * ruling(along)
        return np.where(weight > 0, sum_ / np.maximum(weight, 1), place)

    def trace(self, evidence: Evidence, along: Array) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """At which of these places it, or one of two that it joins, is seen; and which are on the photo."""
        seen, valid = trace(evidence, along, self(along))
        for ruling in self.rulings:
            seen |= trace(evidence, along, ruling(along))[0] & (along >= ruling.start) & (along <= ruling.end)
        return seen, valid


@dataclass(frozen=True, slots=True)
class Lattice:
    """The lines of one table.

    Attributes:
        rows: from top to bottom, the outer ones included; at least two.
        columns: likewise, from left to right.
    """

    rows: tuple[Line, ...]
    columns: tuple[Line, ...]


def find_lattices(level: Evidence, upright: Evidence) -> list[Lattice]:
    """The tables that rulings form, those that are higher up first.

    Args:
        level: what speaks for lines from left to right on a straight page.
        upright: what speaks for such lines on the transposed page.
    """
    rows = [line for line in find_rulings(level) if is_drawn(line, level)]
    columns = [line for line in find_rulings(upright) if is_drawn(line, upright)]
    if len(rows) < 2 or len(columns) < 2:
        return []
    found = []
    for some, others in _components(find_crossings(rows, columns)):
        lattice = _to_lattice([rows[i] for i in some], [columns[j] for j in others], level, upright)
        if lattice is not None:
            found.append(lattice)
    return found


def is_drawn(line: Ruling, evidence: Evidence) -> bool:
    """Whether it is a line rather than writing in a row."""
    along = np.arange(np.ceil(line.start), line.end)
    seen, valid = trace(evidence, along, line(along))
    return float(seen.sum()) >= LEAST_COVER * max(float(valid.sum()), 1.0)


def find_crossings(level: list[Ruling], upright: list[Ruling]) -> npt.NDArray[np.bool_]:
    """(rows, columns): which lines cross, or nearly reach one another."""
    y = np.array([np.median(line.place) for line in level])
    x = np.array([np.median(line.place) for line in upright])
    # Two steps from the middles to the crossing: lines are nearly straight.
    at_x, at_y = np.tile(x, (len(level), 1)), np.tile(y[:, None], (1, len(upright)))
    for _ in range(2):
        at_y = np.stack([line(row) for line, row in zip(level, at_x, strict=True)])
        at_x = np.stack([line(column) for line, column in zip(upright, at_y.T, strict=True)], axis=1)
    start_x, end_x = (np.array([getattr(line, name) for line in level])[:, None] for name in ("start", "end"))
    start_y, end_y = (np.array([getattr(line, name) for line in upright])[None] for name in ("start", "end"))
    crosses = (at_x >= start_x - REACH_PX) & (at_x <= end_x + REACH_PX)
    return np.asarray(crosses & (at_y >= start_y - REACH_PX) & (at_y <= end_y + REACH_PX))


def _components(crosses: npt.NDArray[np.bool_]) -> list[tuple[list[int], list[int]]]:
    """Groups of lines that hang together, each crossing at least two of its group."""
    crosses = crosses.copy()
    while True:
        loose_rows = (crosses.sum(axis=1) < 2) & crosses.any(axis=1)
        crosses[loose_rows] = False
        loose_columns = (crosses.sum(axis=0) < 2) & crosses.any(axis=0)
        crosses[:, loose_columns] = False
        if not loose_rows.any() and not loose_columns.any():
            break
    groups, left = [], set(np.flatnonzero(crosses.any(axis=1)).tolist())
    while left:
        rows, columns = np.zeros(len(crosses), bool), np.zeros(crosses.shape[1], bool)
        rows[min(left)] = True
        while True:
            reached = crosses[rows].any(axis=0)
            more = crosses[:, reached].any(axis=1)
            if (more == rows).all() and (reached == columns).all():
                break
            rows, columns = more, reached
        left -= set(np.flatnonzero(rows).tolist())
        groups.append((np.flatnonzero(rows).tolist(), np.flatnonzero(columns).tolist()))
    return groups


def _to_lattice(
    level: list[Ruling], upright: list[Ruling], level_evidence: Evidence, upright_evidence: Evidence
) -> Lattice | None:
    rows, columns = to_lines(level), to_lines(upright)
    crossings = intersect(rows, columns)
    cover_rows = measure_cover(rows, crossings[..., 0], level_evidence)
    cover_columns = measure_cover(columns, crossings[..., 1].T, upright_evidence)
    kept_rows, kept_columns = list(range(len(rows))), list(range(len(columns)))
    while len(kept_rows) > 1 and len(kept_columns) > 1:
        seen_rows = np.array([mean_cover(cover_rows[i](kept_columns)) for i in kept_rows])
        seen_columns = np.array([mean_cover(cover_columns[i](kept_rows)) for i in kept_columns])
        if DEBUG: print(len(kept_rows),len(kept_columns),np.sort(seen_rows).round(2).tolist(),np.sort(seen_columns).round(2).tolist())
        if min(seen_rows.min(), seen_columns.min()) >= LEAST_SUPPORT:
            rows, columns = [rows[i] for i in kept_rows], [columns[i] for i in kept_columns]
            rows, columns = add_outer(rows, columns), add_outer(columns, rows)
            return Lattice(tuple(rows), tuple(columns))
        if seen_rows.min() <= seen_columns.min():
            kept_rows.pop(int(seen_rows.argmin()))
        else:
            kept_columns.pop(int(seen_columns.argmin()))
    return None


# From some lines across, by their number, to how much of a line is seen between each two of them; NaN where that is not on the photo.
Cover = Callable[[Sequence[int]], Array]


def measure_cover(lines: list[Line], crossings: Array, evidence: Evidence) -> list[Cover]:
    """How much of each line is seen.

    Args:
        lines: of one kind.
        crossings: (lines, lines across), where along them they are crossed.
        evidence: of their kind.
    """
    return [_measure_line(line, ends, evidence) for line, ends in zip(lines, crossings, strict=True)]


def _measure_line(line: Line, ends: Array, evidence: Evidence) -> Cover:
    along = np.arange(np.floor(ends.min()), np.ceil(ends.max()) + 1)
    seen, valid = (np.concatenate([[0.0], np.cumsum(flags)]) for flags in line.trace(evidence, along))
    places = np.clip(np.round(ends - along[0]).astype(int), 0, len(along))

    def measure(across: Sequence[int]) -> Array:
        at = places[list(across)]
        on_photo = np.diff(valid[at])
        return np.where(on_photo > 0.3 * np.diff(at), np.diff(seen[at]) / np.maximum(on_photo, 1), np.nan)

    return measure


def mean_cover(cover: Array) -> float:
    """Of those parts that are on the photo; 0 where that is none."""
    known = cover[~np.isnan(cover)]
    return float(known.mean()) if len(known) else 0.0


def to_lines(rulings: list[Ruling]) -> list[Line]:
    """Join rulings that are parts of one line, or a double line: lines in their order."""
    course = max(rulings, key=lambda ruling: ruling.length)
    offsets = []
    for ruling in rulings:
        off = ruling.place - course(ruling.at)
        slope = 0.0
        if ruling.length > 0.5 * course.length and len(ruling.at) > 2:
            slope = float(np.polyfit(ruling.at, off, 1)[0])
        offsets.append((float(np.median(off - slope * (ruling.at - course.at.mean()))), slope))
    order = np.argsort([offset for offset, _ in offsets], kind="stable").tolist()
    gaps = np.diff([offsets[i][0] for i in order])
    wide = gaps[gaps > 6]
    limit = max(6.0, DOUBLE * float(np.median(wide))) if len(wide) else 6.0
    lines, group = [], [order[0]]
    for i, gap in zip(order[1:], gaps, strict=True):
        if gap < limit:
            group.append(i)
        else:
            lines.append(_join([rulings[k] for k in group], [offsets[k] for k in group], course))
            group = [i]
    lines.append(_join([rulings[k] for k in group], [offsets[k] for k in group], course))
    return lines


def _join(rulings: list[Ruling], offsets: list[tuple[float, float]], course: Ruling) -> Line:
    weight = np.array([ruling.length for ruling in rulings])
    joined = (np.array(offsets) * weight[:, None]).sum(axis=0) / weight.sum()
    return Line(tuple(rulings), course, (float(joined[0]), float(joined[1])))


def add_outer(lines: list[Line], across: list[Line]) -> list[Line]:
    """Add a line at either side where the lines across go on for at least half of the usual distance."""
    places = np.array([float(line(line.course.at.mean())) for line in lines])
    pitch = float(np.median(np.diff(places))) if len(lines) > 1 else np.inf
    starts = float(np.median([min(ruling.start for ruling in line.rulings) for line in across]))
    ends = float(np.median([max(ruling.end for ruling in line.rulings) for line in across]))
    added = list(lines)
    if places[0] - starts > 0.5 * pitch:
        first = lines[0]
        added.insert(0, Line((), first.course, (first.offset[0] - (places[0] - starts), first.offset[1])))
    if ends - places[-1] > 0.5 * pitch:
        last = lines[-1]
        added.append(Line((), last.course, (last.offset[0] + ends - places[-1], last.offset[1])))
    return added


def intersect(rows: Sequence[Line], columns: Sequence[Line]) -> Array:
    """(rows, columns, 2): where the lines of a table cross, x and y."""
    y = np.repeat(np.array([[float(row(row.course.at.mean()))] for row in rows]), len(columns), axis=1)
    x = np.zeros_like(y)
    for _ in range(3):
        x = np.stack([column(at) for column, at in zip(columns, y.T, strict=True)], axis=1)
        y = np.stack([row(at) for row, at in zip(rows, x, strict=True)])
    return np.stack([x, y], axis=-1)
