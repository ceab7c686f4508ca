"""The pictures that show how a net learned and how well it reads. Each function returns a matplotlib Figure.

The figures are made without pyplot, so they need no screen and leave no global state.
"""

import io
import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import matplotlib
import numpy as np
import pandas as pd
import seaborn as sns
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator, PercentFormatter

from inkdigits.arrays import DIGITS, FRAME_SIZE, Frames
from inkdigits.training.evaluation.comparison import Comparison
from inkdigits.training.evaluation.metrics import wilson_interval
from inkdigits.training.evaluation.report import Report

# Two of Okabe and Ito's colours, which people with any colour vision tell apart. Vermilion marks what is wrong or new,
# and never alone: there is a frame, another marker or a word to it.
BLUE, VERMILION = "#0072B2", "#D55E00"
TEXT, GREY, LINES, PALE = "#1f2933", "#5f6b7a", "#e5e7eb", "#dbe9f4"
# From never misread to most often: so light that dark figures stand out on each of them.
MISREAD = ["#f6f7f9", "#f8d3b4", "#ee8a47"]

STYLE = matplotlib.rc_context(
    {
        "figure.constrained_layout.use": True,
        "font.size": 10,
        "text.color": TEXT,
        "axes.labelcolor": TEXT,
        "axes.edgecolor": GREY,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.titlelocation": "left",
        "axes.titlesize": 11,
        "axes.titleweight": "bold",
        "axes.titlecolor": TEXT,
        "axes.grid": True,
        "axes.axisbelow": True,
        "grid.color": LINES,
        "legend.frameon": False,
        "xtick.color": GREY,
        "ytick.color": GREY,
    }
)

# The pictures are about 900 px wide on a page; screens of phones and laptops show two pixels where a page has one.
DPI = 160


class Cell(NamedTuple):
    """The room that a gallery gives to one picture and its caption, in pixels of the picture."""

    width: int
    height: int


SAMPLES_ACROSS, SAMPLE_CELL = 15, Cell(34, 37)
MISTAKES_ACROSS, MISTAKES_DOWN, MISTAKE_CELL = 6, 5, Cell(34, 42)
FRAME_CELL = Cell(36, 36)
TITLE_INCHES = 0.3


def to_png(figure: Figure) -> bytes:
    """The figure as the bytes of a PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, pil_kwargs={"compress_level": 1})  # a sixth larger, a quarter faster
    return buffer.getvalue()


def _say(words: str) -> Figure:
    """A figure for when there is nothing to show."""
    figure = Figure(figsize=(9, 0.5))
    figure.suptitle(words)
    return figure


@STYLE
def plot_curves(history: pd.DataFrame) -> Figure:
    """Loss and accuracy over the epochs, training against validation; the epoch of least validation loss is marked.

    Args:
        history: one row an epoch, the columns as in history.csv; of no row, the figure only says so. A column that a
            net does not have is left out.
    """
    if history.empty:
        return _say("No epoch was finished")
    figure = Figure(figsize=(9, 3.6))
    losses, accuracies = figure.subplots(1, 2)
    best = history.loc[history["val_loss"].idxmin()]
    for axes, column, title in ((losses, "loss", "Loss"), (accuracies, "accuracy", "Accuracy")):
        axes.axvline(best["epoch"], color=GREY, linewidth=1, linestyle=(0, (2, 3)))
        for name, line, color, label in (
            (column, "o-", BLUE, "training"),
            (f"val_{column}", "s-", VERMILION, "validation"),
        ):
            if name in history:
                axes.plot(history["epoch"], history[name], line, color=color, markersize=4, label=label)
        axes.set(title=title, xlabel="epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.set_xlim(0.7, history["epoch"].max() + 0.3)
    shown = history[["loss", "val_loss"]].to_numpy()
    if shown.max() > 4 * shown.min() > 0:  # below that, a logarithmic axis may have no round number to label
        losses.set_yscale("log")
        losses.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        losses.yaxis.set_minor_locator(NullLocator())
        losses.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    accuracies.yaxis.set_major_formatter(PercentFormatter(1))
    losses.legend(loc="upper right", framealpha=1, edgecolor="none", frameon=True)
    losses.set_title(f"┊ epoch {best['epoch']:.0f} was kept", loc="right", fontsize=9, fontweight="normal", color=GREY)
    return figure


@STYLE
def plot_confusion(report: Report) -> Figure:
    """How often each digit (row) was read as each digit (column), with recall and precision at the rims."""
    confusion = report.confusion
    wrong = ~np.eye(DIGITS, dtype=bool)
    figure = Figure(figsize=(7.4, 6.6))
    axes = figure.subplots()
    counts = np.where(confusion > 0, confusion.astype(str), "")
    shared: dict[str, Any] = {"annot": counts, "fmt": "", "cbar": False, "square": True, "ax": axes, "linewidths": 1}
    shared |= {"annot_kws": {"color": TEXT}}
    sns.heatmap(confusion, mask=wrong, cmap=ListedColormap([PALE]), **shared)
    most = max(1, int(confusion[wrong].max()))
    sns.heatmap(confusion, mask=~wrong, cmap=sns.blend_palette(MISREAD, as_cmap=True), vmin=0, vmax=most, **shared)
    rim: dict[str, Any] = {"color": GREY, "fontsize": 9}
    for score, guessed in zip(report.per_class, confusion.sum(axis=0), strict=True):
        recall = f"{score.recall:.1%}" if score.support else "–"
        precision = f"{score.precision:.1%}" if guessed else "–"
        axes.text(DIGITS + 0.15, score.digit + 0.5, recall, va="center", **rim)
        axes.text(score.digit + 0.5, DIGITS + 0.35, precision, ha="center", **rim)
    axes.text(DIGITS + 0.15, -0.18, "recall", **rim)
    axes.text(DIGITS + 0.15, DIGITS + 0.35, "precision", **rim)
    axes.tick_params(
        length=0, labelsize=11, labelcolor=TEXT, labelrotation=0, top=True, labeltop=True, labelbottom=False
    )
    axes.xaxis.set_label_position("top")
    axes.set(xlabel="read as", ylabel="meant")
    return figure


@STYLE
def plot_samples(images: Frames, report: Report) -> Figure:
    """The first 225 pictures, 15 × 15, each with what was read; the misread ones framed, with what was meant.

    Args:
        images: (N, 28, 28) uint8, the frames that `report` is about.
        report: what was read.
    """
    shown = np.arange(min(report.n, SAMPLES_ACROSS**2))
    wrong = report.guesses[shown] != report.labels[shown]
    figure, axes, corners = _gallery(images[shown], SAMPLES_ACROSS, SAMPLE_CELL)
    for (x, y), guess, label, missed in zip(corners, report.guesses, report.labels, wrong, strict=False):
        place: dict[str, Any] = {"x": x + SAMPLE_CELL.width / 2, "y": y + FRAME_SIZE, "ha": "center", "va": "top"}
        if missed:
            frame = Rectangle((x + 0.5, y - 2), SAMPLE_CELL.width - 2, SAMPLE_CELL.height - 1)
            frame.set(fill=False, color=VERMILION, linewidth=2, clip_on=False)
            axes.add_patch(frame)
            axes.text(s=f"{guess}, not {label}", color=VERMILION, fontsize=8, fontweight="bold", **place)
        else:
            axes.text(s=str(guess), color=GREY, fontsize=8, **place)
    axes.set_title(f"The first {len(shown)} pictures and what was read: {wrong.sum() or 'none'} misread")
    return figure


@STYLE
def plot_mistakes(images: Frames, report: Report) -> Figure:
    """The surest mistakes, surest first: the picture, what was read and what was meant, and how likely the net held it.

    Args:
        images: (N, 28, 28) uint8, the frames that `report` is about.
        report: what was read.
    """
    shown = report.mistakes[: MISTAKES_ACROSS * MISTAKES_DOWN]
    if len(shown) == 0:
        return _say(f"No mistake on {report.n:,} pictures")
    figure, axes, corners = _gallery(images[shown], MISTAKES_ACROSS, MISTAKE_CELL)
    for (x, y), index in zip(corners, shown, strict=True):
        guess, label, sure = report.guesses[index], report.labels[index], report.probabilities[index]
        style: dict[str, Any] = {"x": x + 3, "va": "top", "fontsize": 9.5}
        axes.text(y=y + FRAME_SIZE + 2, s=f"read {guess}, {sure[guess]:.1%}", color=VERMILION, weight="bold", **style)
        axes.text(y=y + FRAME_SIZE + 6.5, s=f"meant {label}, {sure[label]:.1%}", **style)
    axes.set_title(f"The surest mistakes first; {report.misses:,} of {report.n:,} pictures were misread")
    return figure


@STYLE
def plot_frames(images: Frames, captions: Sequence[object] = (), title: str = "", across: int = 10) -> Figure:
    """Frames in rows, as dark ink on paper, each with a caption below it.

    Args:
        images: (N, 28, 28) uint8; of none, the figure only shows the title.
        captions: what to write below the first frames, a word or two each; none by default.
        title: above them all.
        across: frames in a row, which is 9 inches wide.
    """
    if len(images) == 0:
        return _say(title)
    figure, axes, corners = _gallery(images, across, FRAME_CELL)
    size = min(9.0, 90 / across)
    for (x, y), caption in zip(corners, captions, strict=False):
        place: dict[str, Any] = {"x": x + FRAME_CELL.width / 2, "y": y + FRAME_SIZE, "ha": "center", "va": "top"}
        axes.text(s=str(caption), fontsize=size, color=GREY, **place)
    axes.set_title(title)
    return figure


def _gallery(images: Frames, across: int, cell: Cell) -> tuple[Figure, Axes, list[tuple[int, int]]]:
    """Pictures in rows, as dark ink on paper: the figure, its axes, the top left corner of each cell.

    One picture of them all, placed by hand: a subplot for each would take seconds, and to let matplotlib find the
    layout of all these words takes as long as drawing them.
    """
    down = math.ceil(len(images) / across)
    left = (cell.width - FRAME_SIZE) // 2
    cells = np.zeros((down * across, *reversed(cell)), np.uint8)
    cells[: len(images), :FRAME_SIZE, left : left + FRAME_SIZE] = images
    ink = cells.reshape(down, across, cell.height, cell.width).swapaxes(1, 2).reshape(down * cell.height, -1)
    height = 9 * ink.shape[0] / ink.shape[1] + TITLE_INCHES
    figure = Figure(figsize=(9, height))
    figure.set_layout_engine("none")
    axes = figure.add_axes((0, 0, 1, 1 - TITLE_INCHES / height))
    axes.imshow(255 - ink, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes.set_axis_off()
    corners = [(index % across * cell.width, index // across * cell.height) for index in range(len(images))]
    return figure, axes, corners


@STYLE
def plot_calibration(report: Report) -> Figure:
    """The reliability diagram: how often the net was right at each level of confidence, and how many pictures that was.

    A point stands for the pictures of one bin; its bar is Wilson's 95% interval. On the diagonal, sure means right.
    """
    bins = report.calibration
    full = bins.counts > 0
    counts, confidence, accuracy = bins.counts[full], bins.confidence[full], bins.accuracy[full]
    hits = np.rint(accuracy * counts).astype(int)
    limits = np.array([wilson_interval(int(h), int(n)) for h, n in zip(hits, counts, strict=True)]).T
    figure = Figure(figsize=(6, 6.2))
    upper, lower = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    upper.plot([0, 1], [0, 1], color=GREY, linewidth=1, linestyle=(0, (2, 3)), label="perfectly calibrated")
    spread = np.abs(limits - accuracy)
    upper.errorbar(
        confidence, accuracy, spread, fmt="o", color=BLUE, elinewidth=1.2, label="this model, with 95% interval"
    )
    upper.set(ylabel="share that was right", ylim=(-0.03, 1.03), xlim=(0, 1.02))
    upper.set_title(f"Calibration error {bins.error:.2%}")
    upper.legend(loc="lower right")
    lower.bar((np.arange(len(full)) + 0.5) / len(full), bins.counts, width=0.92 / len(full), color=BLUE)
    lower.set_yscale("symlog", linthresh=1)
    lower.set(xlabel="confidence of the model", ylabel="pictures")
    lower.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    for axis in (upper.yaxis, lower.xaxis):
        axis.set_major_formatter(PercentFormatter(1))
    return figure


@STYLE
def plot_comparison(comparison: Comparison) -> Figure:
    """Misses of each net as bars: the mean over its seeds, its standard deviation, and each seed as a dot."""
    rows = comparison.rows
    figure = Figure(figsize=(9, 0.75 * len(rows) + 1))
    axes = figure.subplots()
    means = [float(np.mean(row.misses)) for row in rows]
    axes.barh(range(len(rows)), means, height=0.62, color=PALE)
    for place, (row, mean) in enumerate(zip(rows, means, strict=True)):
        if row.accuracy_std is not None:
            axes.errorbar(mean, place, xerr=row.accuracy_std * comparison.n, color=BLUE, capsize=4)
        axes.plot(row.misses, [place] * len(row.misses), "o", color=BLUE, alpha=0.7, markersize=5)
        axes.annotate(
            row.accuracy_text,
            (max(row.misses), place),
            xytext=(14, 0),
            textcoords="offset points",
            va="center",
            fontweight="bold",
        )
    axes.set_yticks(range(len(rows)), [row.model for row in rows])
    axes.tick_params(axis="y", length=0, labelsize=11, labelcolor=TEXT)
    axes.grid(visible=False, axis="y")
    axes.invert_yaxis()
    axes.margins(x=0.25)
    axes.set_xlim(left=0)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.set(xlabel=f"misses on {comparison.n:,} pictures; a dot is one seed")
    return figure
