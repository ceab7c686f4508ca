"""What a net learnt from a user as one page of HTML: the verdict, the learning curve, the texts in doubt."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from inkdigits.training.evaluation.sampling import Estimate
from inkdigits.training.reports.card import unit_of
from inkdigits.training.reports.html import to_picture, to_settings_tables, to_shell, to_table
from inkdigits.training.reports.learning import Round


def to_own_page(
    name: str,
    config: Mapping[str, Any],
    rounds: Sequence[Round],
    estimate: Estimate | None,
    pictures: Mapping[str, bytes],
) -> str:
    """The page. Whatever came from elsewhere is escaped.

    Args:
        name: of the run.
        config: what its config.json says.
        rounds: see `learning.find_rounds`.
        estimate: of what was not checked, by the net before.
        pictures: PNGs by name: `learning`, `curves`, and `doubtful` where any text is in doubt.
    """
    own, unit = config["own"], unit_of(config["model"])
    placed = "is put in place" if config["kept"] else "is not put in place"
    shown = {"own": f"your held-out {unit}"}
    compared = [
        (shown.get(what, what), *(f"{counts[key]:,}" for key in ("n", "before", "after")))
        for what, counts in config["compared"].items()
    ]
    curve = [
        (
            one.run,
            f"{one.checked:,}",
            f"{one.held_out:,}",
            f"{one.wrong:,}",
            f"{one.right:.1%}",
            "yes" if one.kept else "no",
        )
        for one in rounds
    ]
    parts = [
        f"<p>{escape(config['verdict'])}</p>",
        to_table(
            ("", "examples", "wrong before", "wrong now"),
            compared,
            f"Learnt from {own['training']:,} {unit}; {own['held_out']:,} were held out and only measured on.",
        ),
        f"<p>{escape(f'By {estimate.n:,} cells drawn at random, {estimate.to_text()} (model before).')}</p>"
        if estimate
        else "",
        "<h2>How it gets better</h2>",
        to_picture(
            pictures["learning"],
            f"Of the held-out {unit}, the share that is right, against how many were learnt, training by training. The "
            "lines are 95% intervals. Where the curve is flat, checking more teaches little.",
            "half",
        ),
        to_table(("training", "learnt from", "held out", "wrong", "right", "in place"), curve, "The same as a table."),
    ]
    if "doubtful" in pictures:
        words = (
            "Both models say the same, but not what you say. Some of these are hard; others are slips. Put these right "
            "in the CSV and train again. Their files are in doubtful.csv."
        )
        parts += ["<h2>Texts in doubt</h2>", to_picture(pictures["doubtful"], words, "wide")]
    parts += [
        "<h2>How it learned</h2>",
        to_picture(
            pictures["curves"], f"Loss and accuracy after each epoch; validation is on the held-out {unit}.", "wide"
        ),
        "<h2>How it was made</h2>",
        f'<div class="columns">\n{to_settings_tables(config)}\n</div>',
    ]
    return to_shell(f"{name} {placed}", f"{name} {placed}", "\n".join(parts))
