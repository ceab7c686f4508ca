"""What a net made of a user's own writing: the verdict, the texts in doubt, the learning curve, the card."""

import csv
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from inkdigits.training.digit.task import LEARNT as LEARNT_DIGITS
from inkdigits.training.digit.task import DigitTask
from inkdigits.training.evaluation.gate import Pair, judge
from inkdigits.training.evaluation.sampling import Estimate, estimate_right
from inkdigits.training.recognizer.task import LEARNT, RecognizerTask
from inkdigits.training.reports.card import unit_of, write_card
from inkdigits.training.reports.learning import Doubt, find_rounds, plot_doubts, plot_rounds, write_rounds
from inkdigits.training.reports.own_page import to_own_page
from inkdigits.training.reports.run_report import draw
from inkdigits.training.runs.folders import replacing
from inkdigits.training.trainer import OWN

# What checked.csv does not say: how many cells nobody has checked. With very many the interval is the widest.
UNCHECKED = 10**6
# This many pictures with doubtful texts are shown.
SHOWN = 60

Rights = Mapping[str, npt.NDArray[np.bool_]]


def judge_numbers(run: Path, task: RecognizerTask) -> dict[str, Any]:
    """Compare a recognizer with its start, say what comes of it, and list the texts that both contradict."""
    assert task.own
    scores = task.measure_all()
    doubts, doubtful = [], 0
    for name, examples, files in (
        (OWN, task.own.held_out, task.own.held_out_files),
        (LEARNT, task.own.train, task.own.train_files),
    ):
        before, after = task.scores_before[name], scores[name]
        places = _find_doubtful(before.texts, after.texts, after.is_right)
        doubtful += len(places) if name == OWN else 0
        doubts += [Doubt(examples[i].ink, examples[i].text, after.texts[i], files[i] if files else "") for i in places]
    after_all = {name: score.is_right for name, score in scores.items() if name != LEARNT}
    return _judge(run, task.settings.model, task.before, after_all, doubts, doubtful)


def judge_digits(run: Path, task: DigitTask) -> dict[str, Any]:
    """Compare a classifier with its start, say what comes of it, and show the labels that both contradict."""
    assert task.own
    guesses = task.guess_all()
    right = task.find_right(guesses)
    doubts, doubtful = [], 0
    for name, part in ((OWN, task.own.held_out), (LEARNT_DIGITS, task.own.train)):
        before, after = (some[name].tolist() for some in (task.guesses_before, guesses))
        places = _find_doubtful(before, after, right[name])
        doubtful += len(places) if name == OWN else 0
        doubts += [Doubt(part.images[i], str(part.labels[i]), str(after[i]), "") for i in places]
    after_all = {name: some for name, some in right.items() if name != LEARNT_DIGITS}
    return _judge(run, task.settings.model, task.before, after_all, doubts, doubtful)


def _find_doubtful(before: Sequence[Any], after: Sequence[Any], is_right: npt.NDArray[np.bool_]) -> list[int]:
    """Where both nets say the same, but not what the user says."""
    return [i for i, (one, other) in enumerate(zip(before, after, strict=True)) if one == other and not is_right[i]]


def _judge(
    run: Path, model: str, before: Rights, after: Rights, doubts: Sequence[Doubt], doubtful: int
) -> dict[str, Any]:
    pairs = {name: Pair(before[name], right) for name, right in after.items()}
    others = {name: pair for name, pair in pairs.items() if name != OWN}
    verdict = judge(pairs[OWN], others, unit_of(model), doubtful)
    if doubts:
        write_doubts(run, doubts)
    compared = {name: pair.to_counts() for name, pair in pairs.items()}
    return {"kept": verdict.is_kept, "verdict": verdict.words, "compared": compared}


def write_doubts(run: Path, doubts: Sequence[Doubt]) -> None:
    """Write doubtful.csv, with the file of each where it is known, and doubtful.png."""
    with replacing(run / "doubtful.csv") as part, part.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["file", "text", "read"])
        writer.writerows([doubt.file, doubt.text, doubt.read] for doubt in doubts)
    draw(run, {"doubtful": partial(plot_doubts, doubts[:SHOWN])})


def write_own(run: Path, config: Mapping[str, Any]) -> None:
    """Write what a run that learnt from a user leaves besides: learning.csv, .png and .html, and card.md."""
    rounds, estimate = find_rounds(run, config), to_estimate(config["own"])
    write_rounds(run, rounds)
    draw(run, {"learning": partial(plot_rounds, rounds)})
    write_card(run, config, rounds, estimate)
    files = {name: run / f"{name}.png" for name in ("learning", "curves", "doubtful")}
    pictures = {name: path.read_bytes() for name, path in files.items() if path.exists()}
    with replacing(run / "learning.html") as part:
        part.write_text(to_own_page(run.resolve().name, config, rounds, estimate, pictures), "utf-8")


def to_estimate(own: Mapping[str, int]) -> Estimate | None:
    """What cells that were drawn at random say of the rest; None where none were.

    Args:
        own: as config.json has it: `drawn`, `drawn_right`.
    """
    return estimate_right(own["drawn_right"], own["drawn"], UNCHECKED) if own.get("drawn") else None
