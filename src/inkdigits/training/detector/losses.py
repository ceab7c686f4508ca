"""How the detector learns from patches: its losses."""

from typing import Any

from keras import ops

from inkdigits.page.detector import STRIDE
from inkdigits.training.detector.targets import IGNORED, OFFSET_UNIT, SIZE_STEPS, SIZE_ZERO

# How much each loss counts: of ink, of centres, of offsets in points, of sizes in octaves.
WEIGHTS = (4.0, 0.5, 0.15, 0.5)
# Where there is less ink, reading asks nothing; there an answer counts by this weight.
STROKE_LEVEL, PAPER_WEIGHT = 32, 0.1
# A point from this on is a centre; around it, the further away, the more a point counts as none.
CENTRE = 0.9


def weighted_loss(ink: Any, targets: Any, output: Any) -> Any:
    """One number for a batch; see `losses`."""
    return sum(weight * loss for weight, loss in zip(WEIGHTS, losses(ink, targets, output), strict=True))


def losses(ink: Any, targets: Any, output: Any) -> tuple[Any, Any, Any, Any]:
    """How wrong a net is on a batch about ink, centres, offsets (in points) and sizes (in octaves).

    Centres are learnt as in Zhou, Wang and Krähenbühl, "Objects as Points" (2019).

    Args:
        ink: (N, H, W) uint8.
        targets: the rest of `Patches`.
        output: (N, h, w, 5) float32.
    """
    is_digit, offsets, centres, sizes = targets
    known = ops.cast(is_digit != IGNORED, "float32")
    digit = ops.cast(is_digit == 1, "float32")
    fullest = ops.max_pool(ops.cast(ink, "float32")[..., None], STRIDE, STRIDE, "same")[..., 0]
    weight = known * ops.where(fullest > STROKE_LEVEL, 1.0, PAPER_WEIGHT)
    of_ink = ops.sum(weight * ops.binary_crossentropy(digit, output[..., 0], from_logits=True)) / ops.sum(weight)

    gaussian, logit = ops.cast(centres, "float32") / 255, output[..., 1]
    probability, is_centre = ops.sigmoid(logit), ops.cast(gaussian > CENTRE, "float32")
    hit = is_centre * (1 - probability) ** 2 * ops.log_sigmoid(logit)
    rest = (1 - is_centre) * known * (1 - gaussian) ** 4 * probability**2 * ops.log_sigmoid(-logit)
    of_centres = -ops.sum(hit + rest) / (ops.sum(is_centre) + 1)

    def mean_over_digits(error: Any) -> Any:
        return ops.sum(digit * error) / (ops.sum(digit) + 1)

    away = ops.abs(OFFSET_UNIT * output[..., 2:4] - ops.cast(offsets, "float32"))
    octaves = (ops.cast(sizes, "float32") - SIZE_ZERO) / SIZE_STEPS
    return of_ink, of_centres, mean_over_digits(ops.sum(away, -1)), mean_over_digits(ops.abs(output[..., 4] - octaves))
