"""Rows that no line parts: found from what is written in a table's columns."""

from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.table.lines import Lattice, Line, blend, intersect
from inkdigits.table.writing import Writing

Array = npt.NDArray[np.float64]

# Digits whose middles lie within about this share of their height stand in one row.
LEVEL = 0.22
# Rows are at least this many heights apart; a valley between two is lower than this share of the lower one.
APART, VALLEY = 0.75, 0.6
# A row has writing in at least this share as many columns as the fullest rows have.
LEAST_FILLED = 0.2
# Rows lie this many heights from the lines, and digits fill at least this share of what is between lines.
EDGE, FULL = 0.2, 0.33
# From this many rows between two lines on a table's rows are not all drawn.
UNDRAWN = 3
# There lines count that are seen over so much of the table.
CLEAR = 0.8
# Rows are empty where others stand apart by a multiple of the usual distance, to within this share of it.
MULTIPLE = 0.1
# How steep and how bent rows may lie between lines: in heights of digits at the ends of a row.
TILTS, BENDS = np.linspace(-3, 3, 49), np.linspace(-1, 1, 11)


def split_rows(lattice: Lattice, writing: Writing) -> Lattice:
    """The table with its rows parted where writing stands in several rows between two lines.

    Args:
        lattice: the lines that were seen.
        writing: what stands on the page.
    """
    split = _split(lattice, writing)
    clear = [row for row in lattice.rows[1:-1] if row.cover >= CLEAR]
    if split is None or len(clear) == len(lattice.rows) - 2:
        return split or lattice
    # Rows are not all drawn: what is partly seen may be the line that one number stands on.
    fewer = Lattice((lattice.rows[0], *clear, lattice.rows[-1]), lattice.columns)
    return _split(fewer, writing) or split


def _split(lattice: Lattice, writing: Writing) -> Lattice | None:
    """The table with its rows parted; None where all are drawn."""
    inside = _find_places(lattice, writing)
    if not len(inside.band):
        return None
    count = len(lattice.rows) - 1
    heights: list[float] = []
    bends, stood = [], []
    for band in range(count):
        here = inside.band == band
        down, bend = _level(inside, here, writing.height, is_drawn=_is_drawn(lattice, band))
        bends.append(bend)
        height = float(np.median(lattice.rows[band + 1].place - lattice.rows[band].place))
        heights.append(height)
        stood.append(_find_rows(down, inside.column[here], height, writing.height))
    if max(len(some) for some in stood) < UNDRAWN:
        return None
    parted = [[(a + b) / 2 for a, b in pairwise(some)] for some in _add_empty(stood, heights)]
    rows = [lattice.rows[0]]
    for band, cuts in enumerate(parted):
        upper, lower = lattice.rows[band], lattice.rows[band + 1]
        rows += [*(_between(upper, lower, cut, bends[band], inside) for cut in cuts), lower]
    return Lattice(tuple(rows), lattice.columns)


class _Places(NamedTuple):
    """Where components stand in a table.

    Attributes:
        band: between which two lines.
        column: likewise.
        down: how far below the band's upper line, in pixels of the band's usual height.
        along: from -1 at the left of the table to 1 at its right.
        extent: where its left and its right are.
    """

    band: npt.NDArray[np.intp]
    column: npt.NDArray[np.intp]
    down: Array
    along: Array
    extent: tuple[float, float]


def _find_places(lattice: Lattice, writing: Writing) -> _Places:
    corners = intersect(lattice.rows, lattice.columns)
    left, right = float(corners[..., 0].min()), float(corners[..., 0].max())
    x, y = (writing.boxes[:, 0] + writing.boxes[:, 2]) / 2, (writing.boxes[:, 1] + writing.boxes[:, 3]) / 2
    levels = np.stack([row(x) for row in lattice.rows]) if len(x) else np.zeros((len(lattice.rows), 0))
    sides = np.stack([column(y) for column in lattice.columns]) if len(x) else np.zeros((len(lattice.columns), 0))
    band, column = (levels < y).sum(axis=0) - 1, (sides < x).sum(axis=0) - 1
    inside = (band >= 0) & (band < len(levels) - 1) & (column >= 0) & (column < len(sides) - 1)
    band, column, x, y, levels = band[inside], column[inside], x[inside], y[inside], levels[:, inside]
    upper = np.take_along_axis(levels, band[None], axis=0)[0] if len(band) else y
    lower = np.take_along_axis(levels, band[None] + 1, axis=0)[0] if len(band) else y
    share = (y - upper) / np.maximum(lower - upper, 1)
    # In pixels of the band's usual height, so that a band that narrows does not count as bent.
    usual = np.array([float(np.median(below.place - above.place)) for above, below in pairwise(lattice.rows)])
    along = 2 * (x - left) / max(right - left, 1) - 1
    return _Places(band, column, share * usual[band], along, (left, right))


def _is_drawn(lattice: Lattice, band: int) -> bool:
    return bool(lattice.rows[band].rulings and lattice.rows[band + 1].rulings)


def _level(inside: _Places, here: npt.NDArray[np.bool_], height: float, is_drawn: bool) -> tuple[Array, Array]:
    """How far down the components of a band stand once its rows are made level; and the tilt and bend of the rows."""
    down, along = inside.down[here], inside.along[here]
    if len(down) < 6:
        return down, np.zeros(2)
    step = LEVEL * height
    best, found = -1.0, (0.0, 0.0)
    # Lines above and below show how rows run; without them they may lie askew.
    for tilt in TILTS[np.abs(TILTS) <= (1.0 if is_drawn else 3.0)]:
        for bend in BENDS:
            place = down - height * (tilt * along + bend * (along**2 - 0.33))
            counts = np.bincount(np.clip((place / step + 40).astype(int), 0, 4000))
            counts = counts[:-1] + counts[1:] if len(counts) > 1 else counts
            score = float((counts.astype(float) ** 2).sum()) * (1 - 0.03 * abs(tilt) - 0.05 * abs(bend))
            if score > best:
                best, found = score, (float(tilt), float(bend))
    taken = height * np.array(found)
    return down - taken[0] * along - taken[1] * (along**2 - 0.33), taken


def _find_rows(down: Array, column: Array, tall: float, height: float) -> list[float]:
    """Where the rows stand in a band so tall, in pixels below its upper line."""
    if not len(down) or tall < 1.6 * height:
        return []
    at = np.arange(-height, tall + height)
    profile = np.zeros_like(at)
    # A column counts once a row, however many digits it has.
    for one in np.unique(column):
        places = down[column == one]
        profile += np.exp(-0.5 * ((at[:, None] - places[None]) / (LEVEL * height)) ** 2).max(axis=1)
    rows = [float(at[peak]) for peak in find_peaks(profile, APART * height)]
    # What stands on the lines is a part of them.
    rows = [row for row in rows if EDGE * height < row < tall - EDGE * height]
    return rows if len(rows) * height >= FULL * tall else []


def _add_empty(bands: list[list[float]], heights: list[float]) -> list[list[float]]:
    """The rows of each band, those added in which nothing is written: where rows stand farther apart than usual."""
    gaps = np.concatenate([np.diff(band) for band in bands if len(band) > 1])
    pitch = float(np.median(gaps))
    full = [(band, tall) for band, tall in zip(bands, heights, strict=True) if len(band) >= UNDRAWN]
    above = min(float(np.median([band[0] for band, _ in full])), 1.5 * pitch)
    below = min(float(np.median([tall - band[-1] for band, tall in full])), 1.5 * pitch)
    added = []
    for band, tall in zip(bands, heights, strict=True):
        if len(band) < UNDRAWN:
            added.append(band)
            continue
        missing_above, missing_below = (
            max(0, round((room - usual) / pitch - 0.3)) for room, usual in ((band[0], above), (tall - band[-1], below))
        )
        rows = [band[0] - pitch * i for i in range(missing_above, 0, -1)]
        for upper, lower in pairwise(band):
            count = max(1, round((lower - upper) / pitch))
            count = count if abs((lower - upper) / pitch - count) < MULTIPLE else 1
            rows += [upper + (lower - upper) * i / count for i in range(count)]
        added.append([*rows, band[-1], *(band[-1] + pitch * i for i in range(1, missing_below + 1))])
    return added


def find_peaks(profile: Array, apart: float) -> list[int]:
    """The peaks that stand out, so far apart, ascending."""
    least = LEAST_FILLED * float(profile.max())
    inner = (
        np.flatnonzero((profile[1:-1] >= profile[:-2]) & (profile[1:-1] > profile[2:]) & (profile[1:-1] > least)) + 1
    )
    kept: list[int] = []
    for peak in inner.tolist():
        while kept:
            last = kept[-1]
            lower = min(profile[last], profile[peak])
            if peak - last >= apart and profile[last : peak + 1].min() < VALLEY * lower:
                kept.append(peak)
                break
            if profile[peak] <= profile[last]:
                break
            kept.pop()
        else:
            kept.append(peak)
    return kept


def _between(upper: Line, lower: Line, cut: float, bend: Array, inside: _Places) -> Line:
    """The line between two rows, this many pixels of the band's usual height below its upper line."""
    usual = float(np.median(lower.place - upper.place))
    left, right = inside.extent
    along = np.clip(2 * (upper.at - left) / max(right - left, 1) - 1, -1.3, 1.3)
    share = (cut + bend[0] * along + bend[1] * (along**2 - 0.33)) / max(usual, 1)
    return blend(upper, lower, share)
