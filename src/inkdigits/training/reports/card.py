"""The card of a net that learnt from a user: whose writing, how much of it, and what came of it."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from inkdigits.training.evaluation.sampling import Estimate
from inkdigits.training.presets import RECOGNIZER
from inkdigits.training.reports.learning import Round
from inkdigits.training.runs.folders import replacing

CARD = "card.md"


def unit_of(model: str) -> str:
    """What one example of a net is."""
    return "numbers" if model == RECOGNIZER else "digits"


def write_card(run: Path, config: Mapping[str, Any], rounds: Sequence[Round], estimate: Estimate | None) -> None:
    """Write card.md into a run folder."""
    with replacing(run / CARD) as part:
        part.write_text(to_card(run.resolve().name, config, rounds, estimate), "utf-8")


def to_card(name: str, config: Mapping[str, Any], rounds: Sequence[Round], estimate: Estimate | None) -> str:
    """The card as Markdown.

    Args:
        name: of the run.
        config: what its config.json says.
        rounds: see `learning.find_rounds`.
        estimate: of what was not checked, by the net before.
    """
    own, unit = config["own"], unit_of(config["model"])
    pages = f", of {own['pages']:,} pages or files together" if own.get("pages") else ""
    shown = {"own": f"your held-out {unit}"}
    lines = [
        f"# {name}",
        "",
        f"A {config['model']} that began as `{config['from_model']}` and learnt from {own['training']:,} {unit} in "
        f"{', '.join(f'`{source}`' for source in config['data'])}. {own['held_out']:,} more were held out{pages}. "
        f"Begun {config['started']}, seed {config['seed']}.",
        "",
        config["verdict"],
        *([] if config["kept"] else ["", "So this model is called candidate, and the one before stays in use."]),
        *(["", f"By {estimate.n:,} cells drawn at random, {estimate.to_text()} (model before)."] if estimate else []),
        "",
        "| | examples | wrong before | wrong now |",
        "|---|--:|--:|--:|",
        *(
            f"| {shown.get(what, what)} | {counts['n']:,} | {counts['before']:,} | {counts['after']:,} |"
            for what, counts in config["compared"].items()
        ),
        "",
        f"| {unit} learnt from | held out | right of these |",
        "|--:|--:|--:|",
        *(f"| {one.checked:,} | {one.held_out:,} | {one.right:.1%} |" for one in rounds),
        "",
        "The model files hold no picture. `learning.html`, `doubtful.png` and `doubtful.csv` show some of yours or "
        "name their files: take them out before you pass the folder on.",
    ]
    return "\n".join(lines) + "\n"
