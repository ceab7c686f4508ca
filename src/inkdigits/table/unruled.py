"""Tables without a line: numbers that stand in rows and columns."""

import numpy as np
import numpy.typing as npt

from inkdigits.table.lines import Lattice, Line
from inkdigits.table.rows import find_peaks
from inkdigits.table.rulings import STRIP_PX
from inkdigits.table.writing import Writing

Array = npt.NDArray[np.float64]

# At least this many rows and columns, of whose places at least this share holds something.
LEAST_SIDE, LEAST_FILLED = 3, 0.6
# A column holds something in this share of the rows.
COLUMN_FILLED = 0.45
# Digits nearer than this, in their height, are one word; columns lie at least so far apart.
WORD_GAP, COLUMN_GAP = 0.7, 0.45
# How steep, over the length of the writing, rows and columns may still lie on a page that was made straight.
SLOPES, CHANGES = np.linspace(-0.3, 0.3, 61), np.linspace(-0.15, 0.15, 7)
LEVEL, APART, VALLEY = 0.22, 0.75, 0.6
# A gap between columns may be crossed in this share of the rows.
CROSSED = 0.08


def find_unruled(writing: Writing, size: tuple[int, int]) -> list[Lattice]:
    """The table that the writing forms, if it does.

    Args:
        writing: of a straight page.
        size: its width and height.
    """
    height = writing.height
    if len(writing.boxes) < LEAST_SIDE * LEAST_SIDE:
        return []
    left, top, right, bottom = writing.boxes.T
    x, y = (left + right) / 2, (top + bottom) / 2
    slope, change = _find_level(x, y, height)
    down = _straighten(y, x, slope, change)
    at, profile = _profile(down, LEVEL * height)
    peaks = at[find_peaks(profile, APART * height / (at[1] - at[0]))] if len(at) > 1 else np.zeros(0)
    if len(peaks) < LEAST_SIDE:
        return []
    row = np.abs(down[:, None] - peaks[None]).argmin(axis=1)
    words = _find_words(np.stack([left, right], axis=1), y, row, height)
    lean, widen, gaps, widths = _find_columns(words, height)
    across = _straighten(words[:, :2].mean(axis=1), words[:, 2], lean, widen)
    gaps = _join_columns(gaps, widths, across, words[:, 3], len(peaks))
    if len(gaps) < LEAST_SIDE + 1:
        return []
    filled = _find_filled(gaps, across, words[:, 3], len(peaks))
    keep = filled.sum(axis=1) >= 2
    peaks, filled = peaks[keep], filled[keep]
    if len(peaks) < LEAST_SIDE or filled.mean() < LEAST_FILLED:
        return []
    middles = (peaks[1:] + peaks[:-1]) / 2
    pitch = float(np.median(np.diff(peaks)))
    levels = np.concatenate([[peaks[0] - pitch / 2], middles, [peaks[-1] + pitch / 2]])
    rows = tuple(_to_line(level, slope, change, size[0]) for level in levels.tolist())
    columns = tuple(_to_line(gap, lean, widen, size[1]) for gap in gaps.tolist())
    return [Lattice(rows, columns)]


def _straighten(place: Array, along: Array, slope: float, change: float) -> Array:
    """Where the line through each point meets the page's beginning: lines fall by `slope`, more from line to line."""
    return np.asarray((place - slope * along) / (1 + change * along / 1000))


def _to_line(level: float, slope: float, change: float, length: int) -> Line:
    at = np.arange(-STRIP_PX, length + 2.0 * STRIP_PX, STRIP_PX / 2)
    return Line(at, level * (1 + change * at / 1000) + slope * at)


def _find_level(x: Array, y: Array, height: float) -> tuple[float, float]:
    """How rows fall: the way in which digits stand most level."""
    best, found = -1.0, (0.0, 0.0)
    for change in CHANGES:
        for slope in SLOPES:
            place = _straighten(y, x, float(slope), float(change)) / (LEVEL * height)
            counts = np.bincount((place - place.min()).astype(int)).astype(float)
            counts = counts[:-1] + counts[1:] if len(counts) > 1 else counts
            score = float((counts**2).sum()) * (1 - 0.2 * abs(slope) - 0.2 * abs(change))
            if score > best:
                best, found = score, (float(slope), float(change))
    return found


def _profile(down: Array, width: float) -> tuple[Array, Array]:
    at = np.arange(down.min() - 3 * width, down.max() + 3 * width, max(width / 3, 0.5))
    return at, np.exp(-0.5 * ((at[:, None] - down[None]) / width) ** 2).sum(axis=1)


def _find_words(spans: Array, y: Array, row: npt.NDArray[np.intp], height: float) -> Array:
    """(N, 4) left, right, how far down, row of the words: digits that stand close together in a row."""
    words: list[list[float]] = []
    for one in np.unique(row):
        here = np.flatnonzero(row == one)
        here = here[np.argsort(spans[here, 0])]
        current: list[float] = []
        for i in here.tolist():
            if current and spans[i, 0] - current[1] < WORD_GAP * height:
                current[1] = max(current[1], float(spans[i, 1]))
            else:
                current = [float(spans[i, 0]), float(spans[i, 1]), float(y[i]), float(one)]
                words.append(current)
    return np.array(words)


def _find_filled(gaps: Array, across: Array, row: Array, rows: int) -> npt.NDArray[np.bool_]:
    """(rows, columns): where at least one word stands."""
    column = np.searchsorted(gaps, across) - 1
    inside = (column >= 0) & (column < len(gaps) - 1)
    filled = np.zeros((rows, len(gaps) - 1), bool)
    filled[row[inside].astype(int), column[inside]] = True
    return filled


def _join_columns(gaps: Array, widths: Array, across: Array, row: Array, rows: int) -> Array:
    """Where columns are parted, without the gaps within numbers whose digits stand far apart."""
    while len(widths):
        share = _find_filled(gaps, across, row, rows).mean(axis=0)
        emptiest = int(share.argmin())
        if share[emptiest] >= COLUMN_FILLED:
            break
        # It belongs to the neighbour that is nearer.
        left = widths[emptiest - 1] if emptiest > 0 else np.inf
        right = widths[emptiest] if emptiest < len(widths) else np.inf
        gone = emptiest - 1 if left <= right else emptiest
        widths, gaps = np.delete(widths, gone), np.delete(gaps, gone + 1)
    return gaps


def _find_columns(words: Array, height: float) -> tuple[float, float, Array, Array]:
    """How upright gaps lean; where they lie, the outer sides included; how wide those inside are."""
    rows = len(np.unique(words[:, 3]))
    best, found = -1.0, (0.0, 0.0, np.zeros(0), np.zeros(0))
    for change in CHANGES:
        for slope in SLOPES:
            ends = np.stack([_straighten(words[:, side], words[:, 2], float(slope), float(change)) for side in (0, 1)])
            low = float(ends.min())
            crossing = np.zeros(int(ends.max() - low) + 3)
            np.add.at(crossing, (ends[0] - low).astype(int), 1)
            np.add.at(crossing, (ends[1] - low).astype(int) + 1, -1)
            free = np.cumsum(crossing)[:-1] <= CROSSED * rows
            edges = np.flatnonzero(np.diff(free, prepend=True, append=True))
            starts, stops = edges[1::2], edges[2::2]
            wide = stops[: len(starts)] - starts[: len(stops)] >= COLUMN_GAP * height
            gaps = (stops[: len(starts)] - starts[: len(stops)])[wide]
            score = float(np.minimum(gaps, 3 * height).sum()) * (1 - 0.3 * abs(slope) - 0.3 * abs(change))
            if score > best:
                best = score
                middles = ((starts[: len(wide)] + stops[: len(wide)]) / 2)[wide] + low
                outer = np.array([low - 0.4 * height]), np.array([float(ends.max()) + 0.4 * height])
                found = (float(slope), float(change), np.concatenate([outer[0], middles, outer[1]]), gaps.astype(float))
    return found
