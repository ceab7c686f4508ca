"""What is written about a net: its pictures and tables, and for a run the page that holds them all."""

import csv
import io
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd
from matplotlib.figure import Figure
from tqdm import tqdm

from inkdigits.arrays import DIGITS, Frames
from inkdigits.training.data.mnist import Images
from inkdigits.training.evaluation.metrics import Counts
from inkdigits.training.evaluation.report import Report
from inkdigits.training.reports.html import to_page
from inkdigits.training.reports.plots import (
    plot_calibration,
    plot_confusion,
    plot_curves,
    plot_mistakes,
    plot_samples,
    to_png,
)
from inkdigits.training.runs.folders import replacing


def write_report(
    run: Path, config: Mapping[str, Any], history: pd.DataFrame, reports: Mapping[str, Report], test: Images
) -> None:
    """Write curves.png, what `write_pictures` writes for the test part, and report.html into a run folder.

    Args:
        run: the folder; it exists.
        config: what its config.json says: the `Settings`, `seconds`, `machine`; whatever else is there is shown, too.
        history: one row an epoch, the columns of `runs.HISTORY`; no row where the first epoch was broken off.
        reports: what the net answers on the parts `training`, `validation` and `test`.
        test: the pictures of the test part.
    """
    curves = draw(run, {"curves": partial(plot_curves, history)})
    pictures = curves | write_pictures(run, reports["test"], test.images)
    _write(run / "report.html", to_page(config, reports, pictures).encode())


def write_pictures(folder: Path, report: Report, images: Frames) -> dict[str, bytes]:
    """Write confusion.csv, confusion.png, samples.png, mistakes.png and calibration.png.

    Args:
        folder: where to; it exists.
        report: what to show.
        images: (N, 28, 28) uint8, the frames that `report` is about.

    Returns:
        The PNGs by name, without their suffix.
    """
    _write(folder / "confusion.csv", _to_csv(report.confusion))
    plots = {
        "confusion": partial(plot_confusion, report),
        "samples": partial(plot_samples, images, report),
        "mistakes": partial(plot_mistakes, images, report),
        "calibration": partial(plot_calibration, report),
    }
    return draw(folder, plots)


def draw(folder: Path, plots: Mapping[str, Callable[[], Figure]]) -> dict[str, bytes]:
    """Make figures and write them; on a busy machine, where it takes its time, with a bar."""
    pictures = {}
    for name, plot in tqdm(plots.items(), desc="drawing", unit="picture", delay=1, leave=False):
        pictures[name] = to_png(plot())
        _write(folder / f"{name}.png", pictures[name])
    return pictures


def _write(path: Path, content: bytes) -> None:
    """The whole file or none."""
    with replacing(path) as part:
        part.write_bytes(content)


def _to_csv(confusion: Counts) -> bytes:
    """A row a digit that was meant, a column a digit that was read, both with a head."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["meant", *(f"read_{digit}" for digit in range(DIGITS))])
    writer.writerows([digit, *row] for digit, row in enumerate(confusion.tolist()))
    return text.getvalue().encode()
