"""Which neighbouring pieces make a digit: every likely grouping is proposed, and the best row of them chosen.

Source: over-segmentation and dynamic programming over the classifier's answers, as in LeCun et al., "Gradient-Based
Learning Applied to Document Recognition" (1998), section V.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Floats, Ink, enclosing_box, shared_columns

# So many neighbouring pieces make a digit at most, and it is at most so wide (in heights of its line).
MAX_PIECES, MAX_WIDTH = 7, 1.8
# Pieces of different ink are one digit only where one of them is a fragment or their widths overlap by this share.
OVERLAP = 0.5
# A fragment joins what is within this share of its height.
JOIN_GAP = 0.25
# A candidate is framed from no more pixels than this on the longer side: more take long, and show nothing more.
LARGEST_PX = 256
# What a row of digits pays, in units of log-odds: for each digit, what its own lack to the highest that counts (beyond
# these bounds the net's certainty means little); for a part of what hangs together, and for each height that such a
# part is lower than most digits; for each height that a digit is wider than most.
LOG_ODDS = (-3.0, 4.0)
PART_COST = 2.5
LOW_COST, LOW_HEIGHT = 6.0, 0.75
WIDE_COST, WIDE_ASPECT = 8.0, 1.0
# A bar taller than most digits is the side of a frame.
BAR, TALL_COST, TALL_HEIGHT = 0.3, 20.0, 1.35
# And for a piece left out, by its share of a usual one's ink and height.
LEFT_OUT_COST = 7.0

Labels = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Piece:
    """Ink that hangs together, or a part of it between two seams.

    Attributes:
        label: its number on the map of pieces.
        component: the number of the ink that it was cut from.
        box: around it.
        area: in pixels.
        is_fragment: so small beside its neighbours that it is a broken stroke, a point or a speck.
        is_sure: whether the net is sure that it is a digit as it stands.
    """

    label: int
    component: int
    box: Box
    area: int
    is_fragment: bool
    is_sure: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Pieces `start` to `stop` (excluded) of a line, taken as one digit.

    Attributes:
        start: the first piece, by its place in the line.
        stop: one past the last.
        is_part: whether it takes a part of ink that hangs together, and leaves the rest.
        box: around the pieces.
    """

    start: int
    stop: int
    is_part: bool
    box: Box


def usual_height(line: list[Piece]) -> float:
    """The height of digits on a line, in pixels: of its sure digits, or of its whole ink, of which there is some."""
    whole: dict[int, list[Box]] = {}
    for piece in line:
        if not piece.is_fragment:
            whole.setdefault(piece.component, []).append(piece.box)
    sure = {piece.component for piece in line if piece.is_sure} & whole.keys()
    return float(np.median([enclosing_box(whole[component]).height for component in sure or whole.keys()]))


def find_candidates(line: list[Piece], height: float) -> list[Candidate]:
    """Every group of neighbouring pieces of a line, left to right, that may be one digit.

    Args:
        line: the pieces, left to right.
        height: the usual height of digits on this line, in pixels.
    """
    candidates = []
    pieces_of = Counter(piece.component for piece in line)
    for start in range(len(line)):
        for stop in range(start + 1, min(start + MAX_PIECES, len(line)) + 1):
            group = line[start:stop]
            box = enclosing_box([piece.box for piece in group])
            if stop > start + 1 and box.width > MAX_WIDTH * max(height, box.height):
                break
            if _may_join(group):
                taken = Counter(piece.component for piece in group)
                is_part = any(taken[component] < pieces_of[component] for component in taken)
                candidates.append(Candidate(start, stop, is_part, box))
    return candidates


def cut_out(ink: Ink, labels: Labels, chosen: Sequence[int], box: Box) -> Ink:
    """The ink of some pieces alone, with the soft edge of its strokes, stretched to full ink.

    Large ones are scaled down to 256 pixels on the longer side.

    Args:
        ink: (H, W) uint8.
        labels: (H, W) int32, the map of pieces.
        chosen: the labels of those that are wanted.
        box: around them.
    """
    x, y, width, height = box
    around = slice(max(0, y - 2), y + height + 2), slice(max(0, x - 2), x + width + 2)
    window, own = ink[around], labels[around]
    wanted = own == chosen[0]
    for label in chosen[1:]:
        wanted |= own == label
    near = cv2.dilate(wanted.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    alone = np.where(near & (wanted | (own == 0)), window, 0)
    scale = LARGEST_PX / max(alone.shape)
    if scale < 1:
        size = max(1, round(alone.shape[1] * scale)), max(1, round(alone.shape[0] * scale))
        alone = cv2.resize(alone, size, interpolation=cv2.INTER_AREA)
    inked = alone[alone > 0.5 * alone.max()]
    tone = float(np.percentile(inked, 60)) if inked.size else 255.0
    return np.asarray(np.clip(alone * (255.0 / tone), 0, 255), np.uint8)


def choose(line: list[Piece], candidates: list[Candidate], probabilities: Floats, height: float) -> list[int]:
    """The best row of candidates, as indices into `candidates`, left to right.

    Args:
        line: the pieces, left to right.
        candidates: the groups proposed.
        probabilities: (N, 10), one row a candidate.
        height: the usual height of digits on this line, in pixels.
    """
    area = float(np.median([piece.area for piece in line if not piece.is_fragment]))
    best = [0.0] + [-np.inf] * len(line)
    came: list[tuple[int, int | None]] = [(0, None)] * (len(line) + 1)
    ending: dict[int, list[int]] = {}
    for index, candidate in enumerate(candidates):
        ending.setdefault(candidate.stop, []).append(index)
    scores = [_score(c, float(p.max()), height) for c, p in zip(candidates, probabilities, strict=True)]
    for stop in range(1, len(line) + 1):
        piece = line[stop - 1]
        best[stop] = best[stop - 1] - LEFT_OUT_COST * min(1.0, piece.area / area) * min(1.0, piece.box.height / height)
        came[stop] = (stop - 1, None)
        for index in ending.get(stop, []):
            value = best[candidates[index].start] + scores[index]
            if value > best[stop]:
                best[stop], came[stop] = value, (candidates[index].start, index)
    chosen = []
    stop = len(line)
    while stop > 0:
        stop, taken = came[stop]
        if taken is not None:
            chosen.append(taken)
    return chosen[::-1]


def _may_join(group: list[Piece]) -> bool:
    """Whether pieces of different ink may be one digit: fragments, or one above the other."""
    whole: dict[int, list[Box]] = {}
    for piece in group:
        if not piece.is_fragment:
            whole.setdefault(piece.component, []).append(piece.box)
    boxes = [enclosing_box(parts) for parts in whole.values()]
    for piece in group:
        others = [other.box for other in group if other is not piece]
        if piece.is_fragment and others:
            rest = enclosing_box(others)
            gap = max(
                -shared_columns(piece.box, rest),
                piece.box.y - rest.y - rest.height,
                rest.y - piece.box.y - piece.box.height,
            )
            if gap > JOIN_GAP * rest.height:
                return False
    return all(shared_columns(a, b) >= OVERLAP * min(a.width, b.width) for i, a in enumerate(boxes) for b in boxes[:i])


def log_odds(probability: float) -> float:
    """How much speaks for a digit that has this chance to be right, within bounds; 0 where it is even."""
    return float(np.clip(np.log((probability + 1e-6) / (1 - probability + 1e-6)), *LOG_ODDS))


def _score(candidate: Candidate, probability: float, height: float) -> float:
    box = candidate.box
    cost = WIDE_COST * max(0.0, box.width / max(height, box.height) - WIDE_ASPECT)
    if box.width < BAR * box.height:
        cost += TALL_COST * max(0.0, box.height / height - TALL_HEIGHT)
    if candidate.is_part:
        cost += PART_COST + LOW_COST * max(0.0, LOW_HEIGHT - box.height / height)
    return log_odds(probability) - LOG_ODDS[1] - cost
