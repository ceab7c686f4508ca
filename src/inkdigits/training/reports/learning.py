"""How a user's net gets better, training after training: the more was checked, the more of the rest is right."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator, PercentFormatter

from inkdigits.arrays import Ink
from inkdigits.errors import RunError
from inkdigits.training.evaluation.metrics import wilson_interval
from inkdigits.training.reports.plots import BLUE, GREY, STYLE
from inkdigits.training.runs.folders import read_config, replacing

# Pictures beside each other.
ACROSS = 6


class Round(NamedTuple):
    """What a training made of what had been checked until then.

    Attributes:
        run: its folder's name; that of the net it began with, where nothing was learnt yet.
        checked: numbers or digits of the user's that it learnt from.
        held_out: how many it was measured on.
        wrong: how many of these it misreads.
        kept: whether it took the place of the net before.
    """

    run: str
    checked: int
    held_out: int
    wrong: int
    kept: bool

    @property
    def right(self) -> float:
        """The share of the held-out ones that it reads, 0 to 1."""
        return 1 - self.wrong / self.held_out


def find_rounds(run: Path, config: Mapping[str, Any]) -> list[Round]:
    """What was reached with nothing checked, and after each training on the same data, this one included.

    Args:
        run: the folder of this run; runs beside it that learnt the same kind of net from any of the same sources are
            earlier rounds. Data that grew in place has been less then, so each is measured on what there was.
        config: what the config.json of this run says.

    Returns:
        By how much was checked; the last of those with the same number.
    """
    found = {}
    for beside in sorted(run.resolve().parent.iterdir(), key=lambda path: path.stat().st_mtime):
        if (beside / "config.json").is_file() and beside != run.resolve():
            try:
                other = read_config(beside)
            except RunError:
                continue
            if _is_earlier(other, config):
                found[other["own"]["training"]] = _to_round(beside.name, other)
    found[config["own"]["training"]] = _to_round(run.resolve().name, config)
    own = config["compared"]["own"]
    start = Round(str(config["from_model"]), 0, own["n"], own["before"], kept=True)
    return [start, *(found[checked] for checked in sorted(found))]


def _is_earlier(other: Mapping[str, Any], config: Mapping[str, Any]) -> bool:
    is_alike = other.get("model") == config["model"] and not set(config["data"]).isdisjoint(other.get("data", ()))
    return is_alike and "own" in other.get("compared", {})


def _to_round(name: str, config: Mapping[str, Any]) -> Round:
    own = config["compared"]["own"]
    return Round(name, config["own"]["training"], own["n"], own["after"], config["kept"])


def write_rounds(run: Path, rounds: Sequence[Round]) -> None:
    """Write learning.csv: a row a round, with the 95% interval of the share that is right."""
    with replacing(run / "learning.csv") as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["run", "checked", "held_out", "wrong", "right", "low", "high", "kept"])
        for one in rounds:
            low, high = wilson_interval(one.held_out - one.wrong, one.held_out)
            figures = (f"{share:.4f}" for share in (one.right, low, high))
            writer.writerow([*one[:4], *figures, "yes" if one.kept else "no"])


@STYLE
def plot_rounds(rounds: Sequence[Round]) -> Figure:
    """The share that is right on held-out pages against how much was checked, with 95% intervals.

    Args:
        rounds: at least one.
    """
    figure = Figure(figsize=(6, 3.6))
    axes = figure.subplots()
    axes.plot([one.checked for one in rounds], [one.right for one in rounds], "-", color=BLUE, linewidth=1)
    for one in rounds:
        low, high = wilson_interval(one.held_out - one.wrong, one.held_out)
        axes.plot([one.checked] * 2, [low, high], color=GREY, linewidth=1)
        face = BLUE if one.kept else "white"
        axes.plot(one.checked, one.right, "o", color=BLUE, markerfacecolor=face, markersize=6)
    axes.set(title="Right on what was held out", xlabel="checked and learnt")
    if not all(one.kept for one in rounds):
        axes.set_title("hollow: not put in place", loc="right", fontsize=9, fontweight="normal", color=GREY)
    axes.set_xlim(left=-0.03 * max(1, rounds[-1].checked))
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    axes.yaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    return figure


class Doubt(NamedTuple):
    """An example of which two nets say the same, but not what the user says.

    Attributes:
        ink: (H, W) uint8, a crop or a frame.
        text: what the user says.
        read: what the nets say.
        file: where it is from; empty where unknown.
    """

    ink: Ink
    text: str
    read: str
    file: str


@STYLE
def plot_doubts(doubts: Sequence[Doubt]) -> Figure:
    """Examples with what the user says and what was read instead.

    Args:
        doubts: at least one.
    """
    down = -(-len(doubts) // ACROSS)
    figure = Figure(figsize=(9, 0.9 * down + 0.4))
    figure.suptitle("Read otherwise by both models: you say → they say", x=0.01, ha="left", fontsize=11)
    for place, axes in enumerate(figure.subplots(down, ACROSS, squeeze=False).flat):
        axes.axis("off")
        if place < len(doubts):
            ink, text, read, _ = doubts[place]
            axes.imshow(255 - ink, cmap="gray", vmin=0, vmax=255)
            axes.set_title(f"{text or 'nothing'} → {read or 'nothing'}", fontsize=8, loc="center", fontweight="normal")
    return figure
