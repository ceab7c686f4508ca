"""Rulings that cross one another → tables, each with its row lines and its column lines from one rim to the other."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from inkdigits.table.lines import Lattice, Line, blend, intersect, join, shift, through
from inkdigits.table.rulings import STRIP_PX, Evidence, Ruling, find_rulings, join_pieces, trace

Array = npt.NDArray[np.float64]

# A line that is seen over less than this share of its length is writing.
LEAST_COVER = 0.6
# A line of a table is seen over this share of it, and over such a share of what its clearest lines are: rows more so,
# for those without a line are found from the writing.
LEAST_SUPPORT, ROWS_OF_BEST, COLUMNS_OF_BEST = 0.5, 0.7, 0.5
# Where lines are this many times as far apart as usual, one in between may be faint: seen over this share of the table,
# at least this many times as much as what is around it, and within this share of where it should be.
WIDE_GAP, FAINT, CLEARER, OFF = 1.6, 0.25, 1.6, 0.2
# Lines are equally distant if this share of the gaps are multiples of one distance.
REGULAR = 0.85
# Lines cross if their ends are not farther from the crossing than so much.
REACH_PX = 1.5 * STRIP_PX
# Lines nearer than this share of the usual distance are one: a double line, or parts of one line.
DOUBLE, LEAST_DISTANCE_PX = 0.3, 6.0
# What is beyond the outermost line is a row, too, if it is as tall as this share of the others, and lines across are
# seen in it by this share as much as between the others.
OPEN, CLEAR_COVER = 0.55, 0.8


def find_lattices(level: Evidence, upright: Evidence) -> list[Lattice]:
    """The tables that rulings form.

    Args:
        level: what speaks for lines from left to right on a straight page.
        upright: what speaks for such lines on the transposed page.
    """
    rows = join_pieces([line for line in find_rulings(level) if is_drawn(line, level)])
    columns = join_pieces([line for line in find_rulings(upright) if is_drawn(line, upright)])
    found, free = [], set(range(len(columns)))
    if len(rows) > 1 and len(columns) > 1:
        for some, others in _components(find_crossings(rows, columns)):
            lattice = _to_lattice([rows[i] for i in some], [columns[j] for j in others], level, upright)
            if lattice is not None:
                found.append(lattice)
                free -= set(others)
    return found + _find_open([columns[j] for j in sorted(free)], upright)


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
    """Connected components of lines, each of which crosses at least two others."""
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
            reached = np.asarray(crosses[rows].any(axis=0))
            more = np.asarray(crosses[:, reached].any(axis=1))
            if (more == rows).all() and (reached == columns).all():
                break
            rows, columns = more, reached
        left -= set(np.flatnonzero(rows).tolist())
        groups.append((np.flatnonzero(rows).tolist(), np.flatnonzero(columns).tolist()))
    return groups


def _to_lattice(
    level: list[Ruling], upright: list[Ruling], level_evidence: Evidence, upright_evidence: Evidence
) -> Lattice | None:
    height, width = level_evidence.is_line.shape
    rows, columns = to_lines(level, width), to_lines(upright, height)
    crossings = intersect(rows, columns)
    cover_rows = measure_cover(rows, crossings[..., 0], level_evidence)
    cover_columns = measure_cover(columns, crossings[..., 1].T, upright_evidence)
    kept_rows, kept_columns = list(range(len(rows))), list(range(len(columns)))
    while len(kept_rows) > 1 and len(kept_columns) > 1:
        seen_rows = np.array([mean_cover(cover_rows[i](kept_columns)) for i in kept_rows])
        seen_columns = np.array([mean_cover(cover_columns[i](kept_rows)) for i in kept_columns])
        short_rows = seen_rows - _least(seen_rows, ROWS_OF_BEST)
        short_columns = seen_columns - _least(seen_columns, COLUMNS_OF_BEST)
        if min(short_rows.min(), short_columns.min()) >= 0:
            rows = _without_close([replace(rows[i], cover=float(c)) for i, c in zip(kept_rows, seen_rows, strict=True)])
            columns = _without_close(
                [replace(columns[i], cover=float(c)) for i, c in zip(kept_columns, seen_columns, strict=True)]
            )
            rows = fill_gaps(rows, columns, level_evidence)
            columns = fill_gaps(columns, rows, upright_evidence)
            outer_rows = add_outer(rows, columns, upright_evidence)
            columns = add_outer(columns, rows, level_evidence)
            rows = outer_rows
            return Lattice(tuple(rows), tuple(columns))
        if short_rows.min() <= short_columns.min():
            kept_rows.pop(int(short_rows.argmin()))
        else:
            kept_columns.pop(int(short_columns.argmin()))
    return None


def _without_close(lines: list[Line]) -> list[Line]:
    """The clearer one of lines that are too near to one another for something to stand in between."""
    kept = list(lines)
    while len(kept) > 2:
        gaps = np.diff([float(np.median(line.place)) for line in kept])
        narrow = int(gaps.argmin())
        if gaps[narrow] >= DOUBLE * float(np.median(gaps)):
            break
        kept.pop(narrow if kept[narrow].cover < kept[narrow + 1].cover else narrow + 1)
    return kept


def _least(seen: Array, of_best: float) -> float:
    """How much of a line must be seen beside the others of its table."""
    return max(LEAST_SUPPORT, of_best * float(np.quantile(seen, 0.75)))


# From some lines across, by their number, to how much of a line is seen between each two of them; NaN where that is
# not on the photo.
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
    seen, valid = (np.concatenate([[0.0], np.cumsum(flags)]) for flags in trace_line(line, evidence, along))
    places = np.clip(np.round(ends - along[0]).astype(int), 0, len(along))

    def measure(across: Sequence[int]) -> Array:
        at = places[list(across)]
        on_photo = np.diff(valid[at])
        return np.where(on_photo > 0.3 * np.diff(at), np.diff(seen[at]) / np.maximum(on_photo, 1), np.nan)

    return measure


def trace_line(line: Line, evidence: Evidence, along: Array) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """At which of these places a line, or one of two that it joins, is seen; and which are on the photo."""
    seen, valid = trace(evidence, along, line(along))
    for ruling in line.rulings:
        seen |= trace(evidence, along, ruling(along))[0] & (along >= ruling.start) & (along <= ruling.end)
    return seen, valid


def mean_cover(cover: Array) -> float:
    """Of those parts that are on the photo; 0 where that is none."""
    known = cover[~np.isnan(cover)]
    return float(known.mean()) if len(known) else 0.0


def to_lines(rulings: list[Ruling], length: int) -> list[Line]:
    """Join rulings that are parts of one line, or a double line: lines in their order, over the page's whole length."""
    course = max(rulings, key=lambda ruling: ruling.length)
    offsets = [float(np.median(ruling.place - course(ruling.at))) for ruling in rulings]
    order = np.argsort(offsets, kind="stable").tolist()
    gaps = np.diff([offsets[i] for i in order])
    wide = gaps[gaps > LEAST_DISTANCE_PX]
    limit = max(LEAST_DISTANCE_PX, DOUBLE * float(np.median(wide))) if len(wide) else LEAST_DISTANCE_PX
    groups = [[order[0]]]
    for i, gap in zip(order[1:], gaps, strict=True):
        if gap < limit:
            groups[-1].append(i)
        else:
            groups.append([i])
    return [join([rulings[i] for i in group], course, length) for group in groups]


def fill_gaps(lines: list[Line], across: list[Line], evidence: Evidence) -> list[Line]:
    """Add faint lines where equally distant lines leave one out."""
    ends = intersect(lines, across)[..., 0]
    middle = float(ends.mean())
    gaps = np.diff([float(line(middle)) for line in lines])
    pitch = _find_pitch(gaps)
    filled = [lines[0]]
    for i, gap in enumerate(gaps):
        count = round(float(gap) / pitch)
        if gap > WIDE_GAP * pitch and abs(gap / count - pitch) < OFF * pitch:
            along = np.arange(ends[i, 0], ends[i, -1])
            shares = np.arange(3, gap - 3) / gap
            between = [blend(lines[i], lines[i + 1], float(share)) for share in shares]
            cover = np.array([trace(evidence, along, line(along))[0].mean() for line in between])
            for number in range(1, count):
                near = np.flatnonzero(np.abs(shares * count - number) < OFF)
                best = int(near[cover[near].argmax()])
                if cover[best] > max(FAINT, CLEARER * float(np.median(cover))):
                    filled.append(between[best])
        filled.append(lines[i + 1])
    return filled


def _find_pitch(gaps: Array) -> float:
    """The largest distance of which most gaps are about a multiple; the usual one where there is none."""
    for pitch in sorted(gaps.tolist(), reverse=True):
        counts = np.maximum(np.round(gaps / pitch), 1)
        if (np.abs(gaps / counts - pitch) < OFF * pitch).mean() >= REGULAR:
            return float(pitch)
    return float(np.median(gaps))


def add_outer(lines: list[Line], across: list[Line], evidence: Evidence) -> list[Line]:
    """Add a line at either side where the lines across go on for about as long as lines are apart.

    Args:
        lines: of a table.
        across: those that cross them.
        evidence: for those across.
    """
    drawn = [line for line in across if line.rulings]
    middle = float(np.median([(line.start + line.end) / 2 for line in lines if line.rulings]))
    first, last = float(lines[0](middle)), float(lines[-1](middle))
    pitch = float(np.median(np.diff([float(line(middle)) for line in lines])))
    start, end = (float(np.median([getattr(line, name) for line in drawn])) for name in ("start", "end"))
    added = list(lines)
    inside = _median_cover(drawn, evidence, first, last)
    if first - start > OPEN * pitch and _median_cover(drawn, evidence, start, first) > CLEAR_COVER * inside:
        added.insert(0, shift(lines[0], start - first))
    if end - last > OPEN * pitch and _median_cover(drawn, evidence, last, end) > CLEAR_COVER * inside:
        added.append(shift(lines[-1], end - last))
    return added


def _median_cover(lines: list[Line], evidence: Evidence, start: float, end: float) -> float:
    along = np.arange(start, end)
    covers = []
    for line in lines:
        seen, valid = trace_line(line, evidence, along)
        covers.append(float(seen.sum()) / max(float(valid.sum()), 1.0))
    return float(np.median(covers))


def _find_open(columns: list[Ruling], upright: Evidence) -> list[Lattice]:
    """Tables with lines between columns alone: upright lines that begin and end at the same height."""
    width, height = upright.is_line.shape
    found = []
    left = sorted(columns, key=lambda line: -line.length)
    while left:
        longest = left[0]
        group = [line for line in left if _is_beside(line, longest)]
        left = [line for line in left if line not in group]
        lines = to_lines(group, height)
        if len(lines) < 2:
            continue
        top = through(np.array([(float(line(line.start)), line.start) for line in lines]), width)
        bottom = through(np.array([(float(line(line.end)), line.end) for line in lines]), width)
        found.append(Lattice((top, bottom), tuple(lines)))
    return found


def _is_beside(line: Ruling, other: Ruling) -> bool:
    shared = min(line.end, other.end) - max(line.start, other.start)
    return shared > 0.75 * max(line.length, other.length)
