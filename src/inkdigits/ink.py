"""Grey photo → ink: light strokes on black, whatever the light, the paper and the pen were.

The paper is estimated where it is hidden by strokes, and divided out; what remains is how much darker than its paper
each point is. That is stretched so that bare paper becomes 0 and the pen's own tone 255.
"""

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Floats, Gray, Ink, check_plane, percentile
from inkdigits.morphology import close

# The paper is looked for on a copy of this size: light changes slowly, and it keeps 50 megapixels cheap.
PAPER_SIDE_PX = 256
# Ink is on the side to which the deviations are skewed: the skewness of the deviation from the local median, over the
# first share of the shorter side, plus this multiple of that from the local mean, over the second. The largest one in a
# hundred of the first are cut down: the few at the corners of a light paper on a dark desk are not strokes. On tightly
# cut digits (USPS) the sum lies within ±1, beyond ±1.8 on 719 composed and 247 real pages, and never on the wrong side.
MEDIAN_SHARE, MEAN_SHARE, MEAN_COUNTS = 0.1, 0.25, 3.0
MOST_PERCENT, CLEAR_SKEWNESS = 99, 1.5
# What hides paper (a stroke) is narrower than this share of the picture's shorter side. A 28×28 picture filled by a
# thick marker has strokes of a third of it.
STROKE_SHARE = 0.5
# Where the ink found is as broad as the share allowed, it is a shadow: the share is narrowed by this factor, down to
# what a few pixels of the small copy can show.
NARROWING = 0.5
NARROWEST_PX = 5
# Smaller pictures are cut tightly around a digit: no edge of a shadow is on them, and looking costs half of the time.
SHADOW_SIDE_PX = 48
# Shadow is what lies deeper inside the ink than this share of the paper's kernel, if it is more than that of all ink.
BROAD_DEPTH, BROAD_AREA = 0.3, 0.1
# A stain is deeper than strokes are broad by this factor, has at least this depth in pixels of the small copy, and is
# paler than strokes. There the paper is looked for with a kernel this many strokes wide.
STAIN_DEPTH, LEAST_STAIN_PX, STAIN_KERNEL = 2.0, 5.0, 3.0
# Ink from this level on can be a shadow; what is paler does no harm.
SHADOW_LEVEL = 40
# Darker than its paper by less than this (0 to 255) is paper grain or JPEG noise.
# So is what stands out of the paper by less than this multiple of its grain, which is about its standard deviation.
MIN_CONTRAST, MIN_SIGNAL = 9, 3.5
# An edge is clear from this share of the mean of the steepest ones, or this multiple of the usual grain (0 to 255).
STEEPEST, CLEAR_EDGE, GRAIN_EDGE, WEAKEST_EDGE = 1000, 0.3, 6, 8
# On a picture of one number strokes and rulings cover a few percent: what is darker than this share of it is full ink.
STROKES_PERCENT = 97.0


def to_ink(gray: Gray) -> Ink:
    """The ink on a grey picture.

    Args:
        gray: (H, W) uint8, dark on light or light on dark.

    Returns:
        (H, W) uint8, 0 = paper, 255 = full ink; all 0 where there is none.

    Raises:
        ArrayError: another shape or dtype.
    """
    gray = check_plane(gray, "gray")
    if is_light_on_dark(gray):
        gray = 255 - gray
    contrast = 255 - cv2.divide(gray, find_paper(gray), scale=255)
    return stretch_contrast(np.asarray(contrast, np.uint8))


def to_contrast(gray: Gray) -> Ink:
    """How much darker than its paper each point is, as one number's strokes fill the range: what a recognizer reads.

    Unlike `to_ink` it decides nothing: faint strokes and the paper's grain stay.

    Args:
        gray: (H, W) uint8, dark on light or light on dark.

    Returns:
        (H, W) uint8, 0 = paper, 255 = full ink.
    """
    gray = check_plane(gray, "gray")
    # One number fills the picture, so strokes are rarer than paper within any half of it. Of 1,491 composed cutouts
    # this decides 0.1% wrongly, `is_light_on_dark` 1.5%; of 778 real cells none.
    if _skewness(_deviate(gray, STROKE_SHARE)) > 0:
        gray = 255 - gray
    contrast = np.asarray(255 - cv2.divide(gray, find_paper(gray), scale=255), np.uint8)
    values = contrast.ravel()
    low = percentile(values, 50)
    high = max(percentile(values, STROKES_PERCENT), low + MIN_CONTRAST)
    table = np.clip((np.arange(256, dtype=np.float32) - low) * (255 / (high - low)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(contrast, table), np.uint8)


def is_light_on_dark(gray: Gray) -> bool:
    """Whether the strokes are lighter than what they stand on.

    Ink is rarer than paper and farther from the middle tone: the skewness of how it differs from what is around tells.
    From the local median it does so best on a desk and under shadows, from the local mean where strokes are broad or
    paper is squared. A thick digit that fills its picture leaves that open; there the rim is paper.
    """
    small = _small(gray)
    skewness = MEAN_COUNTS * _skewness(_deviate(small, MEAN_SHARE))
    if min(small.shape) >= SHADOW_SIDE_PX:
        deviation = small.astype(np.float32) - cv2.medianBlur(small, int(min(small.shape) * MEDIAN_SHARE) | 1)
        most = percentile(np.abs(deviation).ravel(), MOST_PERCENT)
        skewness += _skewness(np.clip(deviation, -most, most))
    if abs(skewness) > CLEAR_SKEWNESS:
        return skewness > 0
    threshold, _ = cv2.threshold(gray, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    rim = np.concatenate([gray[0], gray[-1], gray[1:-1, 0], gray[1:-1, -1]])
    return float((rim <= threshold).mean()) > 0.5


def _deviate(gray: Gray, share: float) -> Floats:
    """How each point differs from the mean around it, over a share of the shorter side."""
    exact, side = gray.astype(np.float32), int(min(gray.shape) * share) | 1
    return np.asarray(exact - cv2.blur(exact, (side, side), borderType=cv2.BORDER_REFLECT), np.float32)


def _skewness(deviation: npt.NDArray[np.float32]) -> float:
    spread = max(float(np.mean(deviation**2)), 1e-6)
    return float(np.mean(deviation * deviation * deviation) / spread**1.5)  # `**3` takes 8 ms, this 0.1


def find_paper(gray: Gray) -> Gray:
    """How bright the bare paper is at each point of a picture with dark strokes: (H, W) uint8, at least 1."""
    small = _small(gray)
    side = int(min(small.shape) * STROKE_SHARE) | 1
    paper = _close(small, side)
    if min(small.shape) >= SHADOW_SIDE_PX:
        contrast, depth = _measure(small, paper)
        while side * NARROWING >= NARROWEST_PX and _has_shadow(depth, side):
            side = int(side * NARROWING) | 1
            paper = _close(small, side)
            contrast, depth = _measure(small, paper)
        stains, stroke = _find_stains(contrast, depth)
        if stains.any():
            paper = np.where(stains, _close(small, max(NARROWEST_PX, int(STAIN_KERNEL * stroke) | 1)), paper)
    full = cv2.resize(paper, (gray.shape[1], gray.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.maximum(full, 1), np.uint8)


def _small(gray: Gray) -> Gray:
    height, width = gray.shape
    scale = min(1.0, PAPER_SIDE_PX / max(height, width))
    size = max(1, round(width * scale)), max(1, round(height * scale))
    return np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)


def _close(gray: Gray, side: int) -> Gray:
    return np.asarray(cv2.GaussianBlur(close(gray, side), (0, 0), max(side / 16, 1.0)), np.uint8)


def _measure(gray: Gray, paper: Gray) -> tuple[Gray, Floats]:
    """How much darker than its paper each point is, and how deep inside the ink it lies."""
    contrast = np.asarray(255 - cv2.divide(gray, np.maximum(paper, 1), scale=255), np.uint8)
    mask = (stretch_contrast(contrast) > SHADOW_LEVEL).astype(np.uint8)
    beyond = cv2.copyMakeBorder(mask, 1, 1, 1, 1, cv2.BORDER_REPLICATE)
    return contrast, np.asarray(cv2.distanceTransform(beyond, cv2.DIST_L2, 3)[1:-1, 1:-1], np.float32)


def _has_shadow(depth: Floats, side: int) -> bool:
    """Whether the ink is in good part broader than strokes can be that a kernel of `side` hides."""
    return float((depth > BROAD_DEPTH * side).sum()) > BROAD_AREA * max(float((depth > 0).sum()), 1.0)


def _find_stains(contrast: Gray, depth: Floats) -> tuple[npt.NDArray[np.bool_], float]:
    """Where ink is much broader than strokes are, and paler: a stain, a small shadow. And how broad strokes are."""
    ridge = (depth >= cv2.dilate(depth, np.ones((3, 3), np.uint8))) & (depth > 0)
    if not ridge.any():
        return np.zeros(depth.shape, np.bool_), 0.0
    # What the rim cuts is a desk rather than a stroke, where there is other ink.
    inner = ridge & ~_is_cut_by_rim(depth > 0)
    ridge = inner if inner.any() else ridge
    stroke = 2 * percentile(depth[ridge], 50)
    least = max(STAIN_DEPTH * stroke, LEAST_STAIN_PX)
    pen = percentile(contrast[ridge & (depth <= stroke)], 90)
    core = ((depth > least) & (cv2.blur(contrast, (3, 3)) < pen)).astype(np.uint8)
    if not core.any():
        return np.zeros(depth.shape, np.bool_), stroke
    # The core is grown back to the whole stain, and as far again: its edge is soft.
    side = 4 * int(np.ceil(least)) + 1
    return cv2.dilate(core, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))) > 0, stroke


def _is_cut_by_rim(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which points of a mask are connected with the rim."""
    count, labels = cv2.connectedComponents(mask.astype(np.uint8), connectivity=8)
    is_cut = np.zeros(count, np.bool_)
    is_cut[np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]])] = True
    is_cut[0] = False
    return np.asarray(is_cut[labels])


def stretch_contrast(contrast: Gray) -> Ink:
    """Bare paper to 0 and the pen's own tone to 255; all 0 where nothing stands out of the paper's grain."""
    around_edges = contrast[_find_edges(contrast)]
    if around_edges.size == 0:
        return np.zeros_like(contrast)
    threshold, _ = cv2.threshold(around_edges, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    strokes = around_edges[around_edges > threshold]
    if strokes.size == 0:
        return np.zeros_like(contrast)
    tones = np.arange(256)
    # Medians from the histogram: on six million points that takes a tenth of the time.
    counts = cv2.calcHist([contrast], [0], None, [256], [0, 256]).ravel()[: int(threshold) + 1]
    middle = _median(tones, counts)
    grain = 1.5 * _median(np.abs(tones - middle), counts)
    low = min(middle + 3 * grain, threshold)
    high = percentile(strokes, 60)
    if high - low < MIN_CONTRAST or high - middle < MIN_SIGNAL * grain:
        return np.zeros_like(contrast)
    table = np.clip((tones.astype(np.float32) - low) * (255 / (high - low)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(contrast, table), np.uint8)


def _median(values: npt.NDArray[np.generic], counts: npt.NDArray[np.generic]) -> float:
    """The median of `values`, of which the first occur `counts` times; the rest do not occur."""
    order = np.argsort(values[: len(counts)], kind="stable")
    total = np.cumsum(counts[order].astype(np.float64))
    return float(values[order][np.searchsorted(total, total[-1] / 2)])


def _find_edges(contrast: Gray) -> npt.NDArray[np.bool_]:
    """The points within a few pixels of a clear edge: there are strokes and paper, in like parts, on any page."""
    smooth = cv2.GaussianBlur(contrast, (0, 0), 1.0)
    steepness = cv2.morphologyEx(smooth, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
    count = min(STEEPEST, 1 + steepness.size // 100)
    strongest = float(np.partition(steepness, -count, axis=None)[-count:].mean())
    least = min(CLEAR_EDGE * strongest, max(GRAIN_EDGE * float(np.median(steepness)), WEAKEST_EDGE))
    edges = (steepness > least).astype(np.uint8)
    return cv2.dilate(edges, np.ones((5, 5), np.uint8)) > 0
