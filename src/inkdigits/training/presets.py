"""What each net is trained with unless the user says otherwise: all hyperparameters of training, in one place.

What the composed examples are like (how often digits touch, how faint a page is) is drawn in `synthetic/`; there each
share stands beside what it draws.
"""

from collections.abc import Collection
from typing import Any, Literal, NamedTuple

from inkdigits.errors import ModelNotFoundError, did_you_mean

DETECTOR, RECOGNIZER = "detector", "recognizer"
# The nets that read pages, with what each is; all others are classifiers, see `digit.zoo`.
PAGE_NETS = {
    DETECTOR: "finds the digits on a page; learns from composed pages",
    RECOGNIZER: "reads whole numbers; learns from composed ones and yours",
}


class Preset(NamedTuple):
    """How a net is trained; docs/decisions.md has the measurements.

    Attributes:
        epochs: how often to go through the data; where examples are composed while the net learns, `steps` each time.
        batch_size: examples per step; of crops, those 96 pixels wide.
        learning_rate: the peak.
        steps: of an epoch; 0: as many as one pass through the data takes.
        warm_up: the share of all steps over which the learning rate climbs to its peak.
        hold: the share of all steps after which it begins to fall.
        fall: how it falls to 0.
        betas: of AdamW (Loshchilov and Hutter, 2019).
        weight_decay: of AdamW. The cnn's validation loss with seed 0: 0.0315 without it, 0.0252 with 0.02 and 0.0255
            with 0.1; with seed 1: 0.0291 with 0.05, 0.0279 with 0.1, 0.0278 with 0.2.
        clip_norm: gradients are scaled down to this norm; 0: never.
        averaged_every: after how many steps weights are averaged; 0: after each epoch.
        averaged_over: over about how many of these times.
        smoothing: of labels: the share of 1 that all ten digits share (Szegedy et al., 2016).
        shift_px: by how many pixels frames are shifted at most.
        distort: whether frames are distorted.
        pen_share: digits drawn by the pen for each frame.
        clutter_share: frames without a digit for each frame.
        lots: how many pages are composed to learn from.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    steps: int = 0
    warm_up: float = 0.1
    hold: float = 0.1
    fall: Literal["cosine", "linear"] = "cosine"
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.1
    clip_norm: float = 0.0
    averaged_every: int = 0
    averaged_over: int = 1
    smoothing: float = 0.0
    shift_px: int = 0
    distort: bool = False
    pen_share: float = 0.0
    clutter_share: float = 0.0
    lots: int = 0


# For classifiers that shall read all hands.
HANDS = Preset(16, 128, 3e-3, distort=True, pen_share=0.25, clutter_share=0.18, averaged_over=4)
PRESETS: dict[str, Preset] = {
    "nn": Preset(20, 128, 3e-3, shift_px=1),
    "cnn": Preset(8, 128, 5e-3, shift_px=1),
    "fast": Preset(1, 192, 1.5e-2, betas=(0.7, 0.9), smoothing=0.1),
    "convnet": HANDS,
    "tiny": HANDS,
    "resnet": HANDS._replace(epochs=30),
    "m3": Preset(30, 128, 2e-3, distort=True),
    "m5": Preset(30, 128, 2e-3, distort=True),
    "m7": Preset(30, 128, 2e-3, distort=True),
    "capsnet": Preset(10, 128, 2e-3, shift_px=2),
    "transfer": Preset(60, 32, 3e-3, distort=True, clutter_share=0.15),
    # Averages over 500 steps: EMA with a decay of 0.98 every 10.
    DETECTOR: Preset(
        epochs=6,
        batch_size=16,
        learning_rate=3e-3,
        warm_up=0.06,
        hold=0.06,
        weight_decay=0.01,
        clip_norm=5.0,
        averaged_every=10,
        averaged_over=50,
        lots=4000,
    ),
    # Held for long, then down to 0 (Hägele et al., "Scaling Laws and Compute-Optimal Training Beyond Fixed Training
    # Durations", 2024). EMA with a decay of 0.99 every 10 steps.
    RECOGNIZER: Preset(
        epochs=48,
        batch_size=64,
        learning_rate=1.5e-3,
        steps=500,
        warm_up=0.04,
        hold=0.75,
        fall="linear",
        weight_decay=0.01,
        clip_norm=5.0,
        averaged_every=10,
        averaged_over=100,
    ),
}
# A recognizer that has learnt already and goes on, mostly with a user's own crops.
TUNING = PRESETS[RECOGNIZER]._replace(
    epochs=8, steps=60, learning_rate=4e-4, warm_up=0.1, hold=0.1, fall="cosine", averaged_over=12
)
# How a classifier goes on with a user's own digits, where all else is as in its preset: at this share of its rate.
OWN_RATE = 0.2
OWN_DIGITS: dict[str, Any] = {"epochs": 8, "steps": 60, "averaged_every": 10, "averaged_over": 12}


def check_name(name: str, names: Collection[str] = PRESETS.keys()) -> str:
    """The name itself, where it is one of the names; by default of all that can be trained.

    Raises:
        ModelNotFoundError: it is not; the message lists the names.
    """
    if name not in names:
        raise ModelNotFoundError(
            f"There is no model {name!r} to train.{did_you_mean(name, names)} There are: {', '.join(names)}."
        )
    return name


def find_preset(model: str, is_trained: bool, is_own: bool = False) -> Preset:
    """The preset of a net that there is.

    Args:
        model: a key of `PRESETS`.
        is_trained: whether it starts from trained weights.
        is_own: whether it is a classifier that goes on with a user's own digits.
    """
    if model == RECOGNIZER and is_trained:
        return TUNING
    preset = PRESETS[model]
    return preset._replace(learning_rate=OWN_RATE * preset.learning_rate, **OWN_DIGITS) if is_own else preset
