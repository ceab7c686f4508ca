"""What to train and how: what the user asked for, filled up from the preset of the net."""

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, NamedTuple

from inkdigits.errors import RunError
from inkdigits.training.digit.zoo import check_name


class Preset(NamedTuple):
    """What a net is trained with unless the user says otherwise; docs/decisions.md has the measurements."""

    epochs: int
    batch_size: int
    learning_rate: float
    shift_px: int
    distort: bool = False
    pen_share: float = 0.0
    clutter_share: float = 0.0
    betas: tuple[float, float] = (0.9, 0.999)
    smoothing: float = 0.0
    averaged_epochs: int = 1


# For nets that shall read all hands.
HANDS = Preset(
    epochs=16,
    batch_size=128,
    learning_rate=3e-3,
    shift_px=0,
    distort=True,
    pen_share=0.25,
    clutter_share=0.18,
    averaged_epochs=4,
)
PRESETS: dict[str, Preset] = {
    "nn": Preset(epochs=20, batch_size=128, learning_rate=3e-3, shift_px=1),
    "cnn": Preset(epochs=8, batch_size=128, learning_rate=5e-3, shift_px=1),
    "fast": Preset(epochs=1, batch_size=192, learning_rate=1.5e-2, shift_px=0, betas=(0.7, 0.9), smoothing=0.1),
    "convnet": HANDS,
    "tiny": HANDS,
    "resnet": HANDS._replace(epochs=30),
    "m3": Preset(epochs=30, batch_size=128, learning_rate=2e-3, shift_px=0, distort=True),
    "m5": Preset(epochs=30, batch_size=128, learning_rate=2e-3, shift_px=0, distort=True),
    "m7": Preset(epochs=30, batch_size=128, learning_rate=2e-3, shift_px=0, distort=True),
    "capsnet": Preset(epochs=10, batch_size=128, learning_rate=2e-3, shift_px=2),
    "transfer": Preset(epochs=60, batch_size=32, learning_rate=3e-3, shift_px=0, distort=True, clutter_share=0.15),
}


@dataclass(frozen=True)
class TrainConfig:
    """What the user asks of a training. None is the default or, with `resume`, what the run was started with.

    Attributes:
        model: a net of the zoo; by default `cnn`, or the net that `from_model` is.
        data: what to learn from, mixed: `mnist`, .npz, HDF5, IDX or folders of `0/…9/`; by default `mnist`.
        from_model: a bundled net, a run folder or a .keras file whose weights to start from; by default fresh ones.
            The model `transfer` gives it a new head; what else that starts from is in `transfer.load_source`.
        teachers: run folders, .keras files or names of bundled nets to learn from besides the labels; by default none.
        epochs: how often to go through the data.
        batch_size: pictures a step.
        learning_rate: the highest of the schedule.
        seed: of the first weights, the order, the shifts and the dropout; by default 0.
        out: the run folder; by default a new `runs/<model>-<n>`, with `resume` the newest that is not complete.
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


@dataclass(frozen=True)
class Settings:
    """A training with nothing left open: the same settings, data and machine give the same weights."""

    model: str
    data: tuple[str, ...]
    from_model: str | None
    teachers: tuple[str, ...]
    epochs: int
    batch_size: int
    learning_rate: float
    shift_px: int
    distort: bool
    pen_share: float
    clutter_share: float
    betas: tuple[float, float]
    smoothing: float
    averaged_epochs: int
    seed: int
    log: str | None

    @classmethod
    def of(cls, config: TrainConfig, model: str) -> "Settings":
        """Fill up what the user asked for from the preset of `model`.

        Raises:
            ModelNotFoundError: the zoo has no such net.
        """
        preset = PRESETS[check_name(model)]
        return cls(
            model=model,
            data=config.data or ("mnist",),
            from_model=config.from_model,
            teachers=config.teachers or (),
            epochs=config.epochs or preset.epochs,
            batch_size=config.batch_size or preset.batch_size,
            learning_rate=config.learning_rate or preset.learning_rate,
            shift_px=preset.shift_px,
            distort=preset.distort,
            pen_share=preset.pen_share,
            clutter_share=preset.clutter_share,
            betas=preset.betas,
            smoothing=preset.smoothing,
            averaged_epochs=preset.averaged_epochs,
            seed=config.seed or 0,
            log=config.log,
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
