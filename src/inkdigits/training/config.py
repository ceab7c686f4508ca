"""What to train and how: what the user asked for, filled up from the preset of the model."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from inkdigits.errors import RunError
from inkdigits.training.presets import DETECTOR, PAGE_NETS, RECOGNIZER, check_name, find_preset

MNIST, TRANSFER = "mnist", "transfer"


@dataclass(frozen=True)
class TrainConfig:
    """What the user asks of a training. None is the default or, with `resume`, what the run was started with.

    Attributes:
        model: a classifier of the zoo, `detector` or `recognizer`; by default `cnn`, or the classifier that
            `from_model` is.
        data: what to learn from, mixed. For a classifier `mnist`, .npz, HDF5, IDX or folders of `0/…9/`; by default
            `mnist`. For the recognizer, besides what is composed: a CSV of the columns `file` and `text`, or a folder
            with a checked.csv or folders 0 to 9; by default none. Where a classifier starts from weights and `mnist` is
            not named, it is a user's own digits: mixed with MNIST, and a part of them decides whether it is kept.
        from_model: a bundled net, a run folder or a .keras file whose weights to start from; by default fresh ones.
            The model `transfer` gives it a new head; what else that starts from is in `transfer.load_source`.
            `bundled` is the detector or recognizer in the package, or the classifier that reads by default.
        teachers: run folders, .keras files or names of bundled nets to learn from besides the labels; by default none.
        epochs: how often to go through the data.
        batch_size: examples per step.
        learning_rate: the highest of the schedule.
        seed: of the first weights, the order, the shifts and the dropout; by default 0.
        out: the run folder; by default a new `runs/<model>-<n>`, with `resume` the newest that is not complete.
        fonts: a folder of further fonts (.ttf, .otf, .woff2) that the recognizer learns, too.
        log: `tensorboard` to write what TensorBoard reads; by default nothing.
        resume: go on with a run that was broken off.
    """

    model: str | None = None
    data: tuple[str, ...] | None = None
    from_model: str | None = None
    teachers: tuple[str, ...] | None = None
    epochs: int | None = None
    batch_size: int | None = None
    learning_rate: float | None = None
    seed: int | None = None
    out: str | Path | None = None
    fonts: str | Path | None = None
    log: str | None = None
    resume: bool = False

    def __post_init__(self) -> None:
        for name, least in (("epochs", 1), ("batch_size", 1), ("seed", 0)):
            value = getattr(self, name)
            if value is not None and value < least:
                raise RunError(f"{name} must be at least {least}; got {value}.")
        if self.learning_rate is not None and not 0 < self.learning_rate < 1:
            raise RunError(f"learning_rate must be above 0 and below 1; got {self.learning_rate}.")
        if self.log not in (None, "tensorboard"):
            raise RunError(f"log can be 'tensorboard'; got {self.log!r}.")
        if self.data is not None and (not self.data or isinstance(self.data, str)):
            raise RunError(f"data must be a tuple of sources, such as ('mnist', 'mine/'); got {self.data!r}.")


def is_own(model: str, from_model: str | None, data: Sequence[str] | None) -> bool:
    """Whether a trained classifier is to go on with a user's own digits; who names MNIST, too, mixes them himself."""
    return bool(from_model and data) and model not in (*PAGE_NETS, TRANSFER) and MNIST not in (data or ())


@dataclass(frozen=True)
class Settings:
    """A training with nothing left open: the same settings, data and machine give the same weights.

    Beside what the user asked for, these are the fields of `Preset`.
    """

    model: str
    data: tuple[str, ...]
    from_model: str | None
    teachers: tuple[str, ...]
    fonts: str | None
    seed: int
    log: str | None
    epochs: int
    batch_size: int
    learning_rate: float
    steps: int
    warm_up: float
    hold: float
    fall: str
    betas: tuple[float, float]
    weight_decay: float
    clip_norm: float
    averaged_every: int
    averaged_over: int
    smoothing: float
    shift_px: int
    distort: bool
    pen_share: float
    clutter_share: float
    lots: int

    @property
    def is_own(self) -> bool:
        """Whether a trained classifier goes on with a user's own digits, to be put in place only where it is better."""
        return is_own(self.model, self.from_model, self.data)

    @classmethod
    def of(cls, config: TrainConfig, model: str) -> "Settings":
        """Fill up what the user asked for from the preset of `model`.

        Raises:
            ModelNotFoundError: there is no such net.
            RunError: the model cannot learn from what the user asks for.
        """
        check_name(model)
        if model in PAGE_NETS and config.teachers:
            raise RunError(f"The {model} learns from no teachers. Leave out --teacher.")
        if model == DETECTOR and config.data:
            raise RunError("The detector learns from composed pages, and from no other data. Leave out --data.")
        if config.fonts and model != RECOGNIZER:
            raise RunError(f"Only the recognizer learns from further fonts; leave out fonts for {model}.")
        preset = find_preset(model, bool(config.from_model), is_own(model, config.from_model, config.data))
        asked = {
            name: value
            for name in ("epochs", "batch_size", "learning_rate")
            if (value := getattr(config, name)) is not None
        }
        return cls(
            model=model,
            data=config.data or (() if model in PAGE_NETS else (MNIST,)),
            from_model=config.from_model,
            teachers=config.teachers or (),
            fonts=str(config.fonts) if config.fonts else None,
            seed=config.seed or 0,
            log=config.log,
            **preset._asdict() | asked,
        )

    @classmethod
    def of_run(cls, stored: dict[str, Any], config: TrainConfig) -> "Settings":
        """The settings that a run was started with, as its config.json has them.

        Raises:
            RunError: the user asks for something else now, but a run goes on as it began; or a setting is missing.
        """
        try:
            values = {field.name: stored[field.name] for field in fields(cls)}
        except KeyError as error:
            raise RunError(f"The config.json of the run has no {error}. Start a new run.") from error
        tuples = {name: tuple(values[name]) for name in ("data", "teachers", "betas")}
        settings = cls(**values | tuples)
        for field in fields(cls):
            asked, began = getattr(config, field.name, None), getattr(settings, field.name)
            if asked is not None and asked != began:
                raise RunError(
                    f"The run was started with {field.name} {began!r}; got {asked!r}. A run goes on as it began: "
                    "leave the option out, or start a new run."
                )
        return settings
