"""Average the weights of runs that come of each other or of one, and make a run of it: calibrated, exported, measured.

    python recipes/average_runs.py OUT RUN RUN...

All settings and the history are those of the last of them. Source: Izmailov et al., "Averaging Weights Leads to Wider
Optima and Better Generalization" (2018); Wortsman et al., "Model soups" (2022).
"""

import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from inkdigits.training.config import Settings, TrainConfig
from inkdigits.training.data.sources import load_split
from inkdigits.training.digit.models import load_model
from inkdigits.training.digit.task import DigitTask
from inkdigits.training.finishing import finish_classifier
from inkdigits.training.runs.checkpoint import Progress
from inkdigits.training.runs.folders import new_run, read_config, write_config
from inkdigits.training.runs.provenance import commit


def average(out: Path, runs: list[Path]) -> None:
    """Write the run `out`."""
    began = time.perf_counter()
    last = runs[-1]
    net, config = load_model(last), read_config(last)
    weights = zip(*(load_model(run).get_weights() for run in runs), strict=True)
    net.set_weights([np.mean(parts, axis=0) for parts in weights])
    split = load_split(tuple(config["data"]))
    run = new_run(net.name, out)
    write_config(run, config | {"status": "averaging", "averaged": [str(run) for run in runs], "commit": commit()})
    history = pd.read_csv(last / "history.csv").to_dict("records")
    task = DigitTask(net, split, Settings.of_run(config, TrainConfig()))
    finish_classifier(run, task, Progress(history), "complete", began)


if __name__ == "__main__":
    average(Path(sys.argv[1]), [Path(run) for run in sys.argv[2:]])
