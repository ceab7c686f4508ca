"""Rulings on a straight page: drawn or printed lines that run level, bent or broken as they may be.

In each of many upright strips the lines show as peaks of a profile; peaks that continue one another are a ruling.
Upright rulings are the level ones of the transposed page.
"""

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats, Gray

# Darker than what lies this many pixels above and below it: thin lines and thick ones.
REACHES_PX = (3, 7)
# The page is smoothed along the lines over this many pixels, which dims writing; a strip is so broad.
SMOOTH_PX, LENGTH_PX, STRIP_PX = 13, 19, 24
# A line is darker than its paper by this share of it; more does not count. So much is taken off for
# what differs between its two sides.
LEAST, CLEAR, EDGE = 0.025, 0.06, 0.3
# Lines are looked for on the level, and as much as this aslant: bent ones.
BENT = 0.08
# A line covers this share of a strip; a line may miss this many strips before it ends.
COVER, MISSING = 0.65, 2
# It may leave its direction by this many pixels at a strip, and by this many more for each missed strip.
STEP_PX, DRIFT_PX = 2.5, 0.8
# How many strips at an end tell where the line would go on.
END_STRIPS = 8
# Pieces of a line meet within this many pixels, and this many more a pixel between them; that is this share of
# the longer one at most.
JOIN_PX, JOIN_DRIFT, JOIN_GAP = 3.0, 0.02, 0.3
# What runs through a component, but for this share of its height at its top and foot, is a stroke of it.
RIM = 0.2

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Ruling:
    """A line that runs across the page, from left to right or (transposed) from top to bottom.

    Attributes:
        at: where it was measured, along the page, ascending.
        place: how far down it lies there.
        cover: which share of the strip there it covers, 0 to 1; 0 where it is not seen.
        start: where it begins.
        end: where it ends.
        slopes: how much it falls where it begins and where it ends.
    """

    at: Array
    place: Array
    cover: Array
    start: float
    end: float
    slopes: tuple[float, float]

    def __call__(self, along: npt.ArrayLike) -> Array:
        """How far down it lies; beyond its ends it goes on straight."""
        along = np.asarray(along, np.float64)
        before = np.minimum(along - self.at[0], 0) * self.slopes[0]
        after = np.maximum(along - self.at[-1], 0) * self.slopes[1]
        return np.asarray(np.interp(along, self.at, self.place) + before + after)

    @property
    def length(self) -> float:
        """Along the page."""
        return self.end - self.start


class Evidence(NamedTuple):
    """What speaks for level lines on a page.

    Attributes:
        ridges: (H, W) float32, how much darker than above and below each point is, as a share of the paper's tone.
        is_line: (H, W) uint8, 1 where that is clear over a length that strokes of digits seldom have, and next to it.
        valid: (H, W) bool, where the photo shows enough to tell.
        boxes: (N, 4) left, top, right, bottom of what may be digits.
    """

    ridges: Floats
    is_line: npt.NDArray[np.uint8]
    valid: npt.NDArray[np.bool_]
    boxes: Array


def measure_ridges(gray: Gray, reaches: tuple[int, ...] = REACHES_PX) -> Floats:
    """How much darker each point is than both what is above and what is below it: a share of the lesser of these.

    The edge of a paper is no line: where the two differ, more is asked for.
    """
    exact = gray.astype(np.float32)
    best = np.full(gray.shape, -1, np.float32)
    for reach in reaches:
        padded = cv2.copyMakeBorder(exact, reach, reach, 0, 0, cv2.BORDER_REPLICATE)
        above, below = padded[: -2 * reach], padded[2 * reach :]
        around = np.minimum(above, below)
        deep = around - exact - EDGE * np.abs(above - below)
        np.maximum(best, deep / np.maximum(around, 24), out=best)
    return best


def find_evidence(gray: Gray, valid: npt.NDArray[np.bool_], boxes: Array) -> Evidence:
    """What speaks for level lines on a straight page.

    Args:
        gray: (H, W) uint8, dark on light.
        valid: (H, W) bool, what of it is the photo.
        boxes: (N, 4) left, top, right, bottom of what may be digits: what runs through their middles is no line.
    """
    # Clipped first: one dark stroke does not stand for a line.
    seen = cv2.erode(valid.astype(np.uint8), np.ones((2 * max(REACHES_PX) + 1, 3), np.uint8))
    clear = np.asarray(np.clip(measure_ridges(gray), -CLEAR, CLEAR) * seen, np.float32)
    strength, is_line = _smooth(clear)
    height, width = gray.shape
    for slope in (-BENT, BENT):
        shear = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]], np.float32)
        inverse = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        # Back by the nearest point: what is a line stays one.
        sheared = [
            cv2.warpAffine(found, shear, (width, height), flags=cv2.INTER_NEAREST)
            for found in _smooth(np.asarray(cv2.warpAffine(clear, shear, (width, height), flags=inverse), np.float32))
        ]
        np.maximum(strength, sheared[0], out=strength)
        np.maximum(is_line, sheared[1], out=is_line)
    return Evidence(strength, is_line, seen > 0, boxes)


def _smooth(ridges: Floats) -> tuple[Floats, npt.NDArray[np.uint8]]:
    """Ridges smoothed along level lines, and where they are lines."""
    smooth = np.maximum(cv2.blur(ridges, (SMOOTH_PX, 1)), 0)
    # Strokes of digits are short; a line that falls a little goes on in the next row.
    broad = cv2.dilate((smooth > LEAST).astype(np.uint8), np.ones((3, 1), np.uint8))
    is_line = cv2.morphologyEx(broad, cv2.MORPH_OPEN, np.ones((1, LENGTH_PX), np.uint8))
    return np.asarray(smooth, np.float32), np.asarray(is_line, np.uint8)


def find_rulings(evidence: Evidence) -> list[Ruling]:
    """The rulings of a straight page, from top to bottom, as far as each can be followed."""
    centres, peaks = _find_peaks(evidence)
    tracks = _follow(peaks)
    return sorted((_to_ruling(track, centres) for track in tracks), key=lambda line: float(np.median(line.place)))


def _find_peaks(evidence: Evidence) -> tuple[Array, list[tuple[Array, Array]]]:
    """The middle of each strip; and for each the places of what may be lines in it, and how much of it they cover."""
    height, width = evidence.is_line.shape
    strips = max(1, round(width / STRIP_PX))
    edges = np.linspace(0, width, strips + 1).astype(int)
    peaks = []
    for left, right in pairwise(edges.tolist()):
        cover = evidence.is_line[:, left:right].mean(axis=1)
        strength = evidence.ridges[:, left:right].mean(axis=1)
        strength = cv2.GaussianBlur(strength.reshape(-1, 1), (1, 5), 1.0).ravel()
        highest = cv2.dilate(strength.reshape(-1, 1), np.ones((7, 1), np.uint8)).ravel()
        # Of a line two pixels broad the upper one counts.
        rises = np.diff(strength, prepend=-1.0) > 1e-6
        y = np.flatnonzero((cover >= COVER) & (strength >= highest - 1e-6) & rises)
        inner = np.clip(y, 1, height - 2)
        above, at, below = strength[inner - 1], strength[inner], strength[inner + 1]
        bow = np.minimum(above + below - 2 * at, -1e-6)
        peaks.append((inner + np.clip(0.5 * (above - below) / bow, -0.5, 0.5), cover[y].astype(np.float64)))
    return (edges[:-1] + edges[1:]) / 2.0, peaks


def _follow(peaks: list[tuple[Array, Array]]) -> list[list[tuple[int, float, float]]]:
    """Join peaks that continue one another: tracks of (strip, place, cover), of three strips at least."""
    ended: list[list[tuple[int, float, float]]] = []
    active: list[list[tuple[int, float, float]]] = []
    for strip, (places, covers) in enumerate(peaks):
        still: list[list[tuple[int, float, float]]] = []
        for track in active:
            (still if strip - track[-1][0] <= MISSING else ended).append(track)
        active = still
        free = np.ones(len(places), bool)
        # The clearest and longest first: a peak belongs to what has been followed farthest.
        for track in sorted(active, key=lambda some: sum(one[2] for one in some), reverse=True):
            if not free.any():
                break
            expected, gap = _extrapolate(track, strip), strip - track[-1][0]
            off = np.where(free, np.abs(places - expected), np.inf)
            nearest = int(np.argmin(off))
            if off[nearest] <= STEP_PX + DRIFT_PX * (gap - 1):
                free[nearest] = False
                track.append((strip, float(places[nearest]), float(covers[nearest])))
        active += [[(strip, float(places[i]), float(covers[i]))] for i in np.flatnonzero(free)]
    return [track for track in [*ended, *active] if len(track) >= 3]


def _extrapolate(track: list[tuple[int, float, float]], strip: int) -> float:
    if len(track) < 4:
        return track[-1][1]
    recent = track[-6:]
    x = np.array([one[0] for one in recent], float)
    y = np.array([one[1] for one in recent], float)
    slope = float(((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum())
    return float(y.mean() + np.clip(slope, -2.5, 2.5) * (strip - x.mean()))


def _to_ruling(track: list[tuple[int, float, float]], centres: Array) -> Ruling:
    strips = np.array([one[0] for one in track])
    half = (centres[1] - centres[0]) / 2 if len(centres) > 1 else centres[0]
    at = centres[strips[0] : strips[-1] + 1]
    place = np.interp(at, centres[strips], [one[1] for one in track])
    cover = np.zeros(len(at))
    cover[strips - strips[0]] = [one[2] for one in track]
    if len(place) >= 5:  # one step aside is writing that touches the line
        padded = np.pad(place, 2, mode="edge")
        place = np.median(np.stack([padded[i : i + len(place)] for i in range(5)]), axis=0)
    few = min(len(at), END_STRIPS)
    slopes = float(np.polyfit(at[:few], place[:few], 1)[0]), float(np.polyfit(at[-few:], place[-few:], 1)[0])
    return Ruling(at, np.asarray(place), cover, float(at[0] - half), float(at[-1] + half), slopes)


def join_pieces(rulings: list[Ruling]) -> list[Ruling]:
    """Join rulings that go on in one another: a line that was broken or crossed out in between."""
    joined: list[Ruling] = []
    for ruling in sorted(rulings, key=lambda one: one.start):
        if joined:
            ends = np.array([one.end for one in joined])
            gaps = np.maximum(ruling.start - ends, 0)
            lengths = np.array([one.length for one in joined])
            near = np.array([one.place[-1] + one.slopes[1] * gap / 2 for one, gap in zip(joined, gaps, strict=True)])
            off = np.abs(near - (ruling.place[0] - ruling.slopes[0] * gaps / 2))
            fits = (off <= JOIN_PX + JOIN_DRIFT * gaps) & (gaps <= JOIN_GAP * np.maximum(lengths, ruling.length))
            fits &= (ends < ruling.start + STRIP_PX) & (ends < ruling.end)
            if fits.any():
                best = int(np.where(fits, off, np.inf).argmin())
                joined[best] = _chain(joined[best], ruling)
                continue
        joined.append(ruling)
    return joined


def _chain(first: Ruling, second: Ruling) -> Ruling:
    later = second.at > first.at[-1]
    step = STRIP_PX if not later.any() else float(second.at[later][0] - first.at[-1])
    between = np.linspace(first.at[-1], first.at[-1] + step, max(1, round(step / STRIP_PX)) + 1)[1:-1]
    known = np.concatenate([first.at, second.at[later]]), np.concatenate([first.place, second.place[later]])
    at = np.concatenate([first.at, between, second.at[later]])
    cover = np.concatenate([first.cover, np.zeros(len(between)), second.cover[later]])
    slopes = first.slopes[0], second.slopes[1]
    return Ruling(at, np.interp(at, *known), cover, first.start, max(first.end, second.end), slopes)


def trace(evidence: Evidence, along: Array, place: Array) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Which points of a path (along, place) lie on a line, not on strokes, and which on the photo.

    Args:
        evidence: of the page.
        along: (N,) from left to right, in pixels.
        place: (N,) how far down.
    """
    height, width = evidence.is_line.shape
    x, y = np.round(along).astype(int), np.round(place).astype(int)
    inside = (y >= 1) & (y < height - 1) & (x >= 0) & (x < width)
    x, y = np.clip(x, 0, width - 1), np.clip(y, 1, height - 2)
    seen = (evidence.is_line[y - 1, x] | evidence.is_line[y, x] | evidence.is_line[y + 1, x]) > 0
    seen &= inside & ~_is_straddled(evidence.boxes, along, place)
    return seen, evidence.valid[y, x] & inside


def _is_straddled(boxes: Array, along: Array, place: Array) -> npt.NDArray[np.bool_]:
    """Which points of a level path run through the middle of components, not along their top or foot.

    Args:
        boxes: (N, 4) left, top, right, bottom.
        along: (M,) one pixel apart, ascending.
        place: (M,) how far down.
    """
    count = np.zeros(len(along) + 1)
    if len(boxes) and len(along):
        left, top, right, bottom = boxes.T
        at = np.interp((left + right) / 2, along, place)
        rim = RIM * (bottom - top)
        crossed = (at > top + rim) & (at < bottom - rim) & (right > along[0]) & (left < along[-1])
        first = np.clip(np.round(left[crossed] - along[0]).astype(int), 0, len(along))
        last = np.clip(np.round(right[crossed] - along[0]).astype(int), 0, len(along))
        np.add.at(count, first, 1)
        np.add.at(count, last, -1)
    return np.cumsum(count)[:-1] > 0
