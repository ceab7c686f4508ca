"""One training of several: made, gone on with, or found complete. So a recipe can be broken off and called again."""

from dataclasses import replace
from pathlib import Path

from inkdigits.training import TrainConfig, fit
from inkdigits.training.runs.folders import read_config


def train(config: TrainConfig) -> Path:
    """The run folder `config.out`, trained to its end."""
    run = Path(str(config.out))
    if not (run / "config.json").exists():
        fit(config)
    elif read_config(run)["status"] != "complete":
        fit(replace(config, resume=True))
    if read_config(run)["status"] != "complete":
        raise KeyboardInterrupt
    return run
