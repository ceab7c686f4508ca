"""A run as one page of HTML. No script, font or picture from elsewhere: it can be mailed, printed, kept for years."""

import base64
import shlex
from collections.abc import Iterable, Mapping
from html import escape
from string import Template
from typing import Any

import numpy as np

from inkdigits.arrays import DIGITS
from inkdigits.training.evaluation.report import Report

# The settings of a run that are options of `inkdigits train`, so that the page can say how to repeat it.
OPTIONS = {"from_model": "from", "epochs": "epochs", "batch_size": "batch-size", "learning_rate": "learning-rate"}
# Shown elsewhere on the page, or not final while it is written.
NO_SETTINGS = {"reports", "status", "seconds", "compared", "verdict"}

SHELL = Template("""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark; --paper: #fff; --ink: #1f2933; --soft: #5f6b7a; --line: #d9dde3; --band: #f4f6f8 }
* { box-sizing: border-box }
body { margin: 0 auto; padding: 2rem 1rem 4rem; max-width: 60rem; background: var(--paper); color: var(--ink);
  font: 1rem/1.55 system-ui, sans-serif }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 0 0 .5rem; text-wrap: balance }
h2 { font-size: 1.25rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line) }
p, figcaption { max-width: 44rem; text-wrap: pretty }
figcaption { color: var(--soft); font-size: .9rem; margin: .3rem 0 }
figure { margin: 1rem 0; min-width: 0 }
.scroll { overflow-x: auto }
img { display: block; width: 100%; height: auto }
.wide img { min-width: 40rem }
.half { max-width: 34rem }
.pair { display: grid; grid-template-columns: 1fr; column-gap: 2rem }
.pair figure:first-child figcaption { width: 0; min-width: 100% } /* the table, not its words, sets the width */
@media (min-width: 56rem) { .pair { grid-template-columns: max-content 1fr } }
.columns { columns: 24rem; column-gap: 2rem }
.columns figure { break-inside: avoid; margin-top: 0 }
table { border-collapse: collapse; font-variant-numeric: tabular-nums }
th, td { padding: .25rem .8rem .25rem .3rem; text-align: right; white-space: nowrap; vertical-align: top;
  border-bottom: 1px solid var(--line) }
th { font-weight: 600 }
th:first-child, .text td { text-align: left }
.text td { white-space: normal; overflow-wrap: anywhere }
tbody tr:nth-child(even) { background: var(--band) }
@media (max-width: 30rem) { table { font-size: .875rem } th, td { padding-right: .45rem } }
code { font: .9em ui-monospace, monospace; background: var(--band); padding: .1em .3em; overflow-wrap: anywhere }
@media (prefers-color-scheme: dark) {
  :root { --paper: #141414; --ink: #e3e6ea; --soft: #a3acb8; --line: #34383e; --band: #1d1f22 }
  /* Turns the white of the pictures into the black of the page and keeps their hues. */
  img { filter: invert(.922) hue-rotate(180deg) }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --line: #bbb; --band: #f4f6f8 }
  body { padding: 0; max-width: none; font-size: 10pt }
  img { filter: none }
  .wide img { min-width: 0 }
  .scroll { overflow: visible }
  figure, tr { break-inside: avoid }
  h2 { break-after: avoid }
}
</style>
</head>
<body>
<main>
<h1>$headline</h1>
$body
</main>
</body>
</html>
""")

BODY = Template("""<p>$summary</p>
$parts
<h2>How it learned</h2>
$curves
<h2>Digit by digit</h2>
<div class="pair">
$digits
$confusion
</div>
<h2>Where it was sure and wrong</h2>
$mistakes
<h2>What it saw and what it read</h2>
$samples
<h2>Does it know when it does not know?</h2>
$calibration
<h2>How it was made</h2>
<p>To train it again: <code>$command</code></p>
<div class="columns">
$settings
</div>
""")


def to_page(config: Mapping[str, Any], reports: Mapping[str, Report], pictures: Mapping[str, bytes]) -> str:
    """The page of a run. Whatever came from elsewhere is escaped.

    Args:
        config: see `report.write_report`.
        reports: what the net answers on the parts `training`, `validation` and `test`.
        pictures: PNGs by name: `curves`, `confusion`, `mistakes`, `samples` and `calibration`.
    """
    test, model, machine = reports["test"], str(config["model"]), config["machine"]
    interval = "95% interval {:.2%} to {:.2%}".format(*test.interval)
    body = BODY.substitute(
        summary=escape(
            f"It misreads {test.misses:,} of {test.n:,} pictures that it had never seen. {interval} (Wilson): where "
            f"its share is likely to lie for all digits of that kind. It was trained in {config['seconds']:.1f} s on "
            f"{machine['cpu']}, {machine['cores']} cores."
        ),
        parts=_parts_table(reports),
        digits=_digits_table(test),
        command=escape(_to_command(config)),
        settings=to_settings_tables(config),
        **{name: to_picture(pictures[name], words, layout) for name, (words, layout) in _captions(test).items()},
    )
    title = f"{model}: {test.accuracy:.2%} of the test digits read right ({interval})"
    return to_shell(title, f"{model} reads {test.accuracy:.2%} of the test digits right", body)


def to_shell(title: str, headline: str, body: str) -> str:
    """A page in the project's style; title and headline are escaped, the body is HTML."""
    return SHELL.substitute(title=escape(title), headline=escape(headline), body=body)


def _captions(test: Report) -> dict[str, tuple[str, str]]:
    """What to say below each picture, and how it is laid out."""
    wrong = test.confusion * ~np.eye(DIGITS, dtype=bool)
    often = [divmod(int(place), DIGITS) for place in np.argsort(-wrong, axis=None, kind="stable")[:3]]
    pairs = [f"{meant} as {read} ({wrong[meant, read]:,}×)" for meant, read in often if wrong[meant, read]]
    return {
        "curves": (
            "Loss and accuracy after each epoch. The training figures are taken while the model still learns and, "
            "where it is trained so, on shifted digits and with some of its units switched off: they may be the worse "
            "ones.",
            "wide",
        ),
        "confusion": (
            "Rows: the digit that was meant; columns: the digit that was read. "
            + (f"Most often misread: {', '.join(pairs)}." if pairs else "Nothing was misread."),
            "half",
        ),
        "mistakes": (
            "Below each picture: what was read and what was meant, each with the chance that the model gave it. Some "
            "of MNIST's own labels are wrong or can be argued about; they turn up here.",
            "wide",
        ),
        "samples": ("The first test pictures with what was read; the misread ones are framed.", "wide"),
        "calibration": (
            "Of the digits of which it was 90% sure, nine in ten should be right: then the points lie on the dotted "
            "line. Their bars are 95% intervals. Below: how many pictures there are at each level (logarithmic).",
            "half",
        ),
    }


def to_picture(png: bytes, words: str, layout: str) -> str:
    """A picture within the page, and the words below it."""
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    words = escape(words)
    image = f'<div class="scroll"><img src="{source}" alt="{words}"></div>'
    return f'<figure class="{layout}">{image}<figcaption>{words}</figcaption></figure>'


def to_table(head: Iterable[str], rows: Iterable[Iterable[str]], words: str, kind: str = "numbers") -> str:
    """Words and the table below them; the first cell of each row is its head. All is escaped."""
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in rest)}</tr>'
        for first, *rest in rows
    )
    top = f"<thead><tr>{heads}</tr></thead>" if heads else ""
    table = f'<div class="scroll"><table class="{kind}">{top}<tbody>{body}</tbody></table></div>'
    return f"<figure><figcaption>{escape(words)}</figcaption>{table}</figure>"


def _parts_table(reports: Mapping[str, Report]) -> str:
    """Accuracy and loss on each part of the data."""
    rows = [
        (
            part,
            f"{report.accuracy:.2%}",
            "{:.2%} – {:.2%}".format(*report.interval),
            f"{report.loss:.4f}",
            f"{report.misses:,}",
            f"{report.n:,}",
        )
        for part, report in reports.items()
    ]
    head = ("part", "accuracy", "95% interval", "loss", "misread", "pictures")
    return to_table(head, rows, "Learned on training data, chosen on validation data, measured once on test data.")


def _digits_table(report: Report) -> str:
    """Precision, recall and F1 of each digit."""
    rows = [
        (str(s.digit), f"{s.precision:.2%}", f"{s.recall:.2%}", f"{s.f1:.2%}", f"{s.support:,}")
        for s in report.per_class
    ]
    words = "Precision: of all read as this digit, the share that is one. Recall: of all that are one, the share found."
    return to_table(("digit", "precision", "recall", "F1", "pictures"), rows, words)


def _to_command(config: Mapping[str, Any]) -> str:
    """The command that trains the same net again."""
    words = ["inkdigits", "train", str(config["model"])]
    for source in config["data"]:
        words += ["--data", str(source)]
    for key, option in OPTIONS.items():
        if config[key] is not None:
            words += [f"--{option}", str(config[key])]
    return shlex.join([*words, "--seed", str(config["seed"])])


def to_settings_tables(config: Mapping[str, Any]) -> str:
    """All of config.json: what is a table in it becomes one here."""
    shown = {key: value for key, value in config.items() if key not in NO_SETTINGS and value not in (None, "")}
    tables = {"settings": {key: value for key, value in shown.items() if not isinstance(value, dict)}}
    tables |= {key: value for key, value in shown.items() if isinstance(value, dict)}
    return "\n".join(
        to_table((), [(_words(key), _to_text(value)) for key, value in table.items()], _words(name), "text")
        for name, table in tables.items()
    )


def _words(key: str) -> str:
    return key.replace("_", " ")


def _to_text(value: Any) -> str:
    """A setting for people: lists by commas, numbers rounded to what can matter."""
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return f"{value:.5g}" if isinstance(value, float) else str(value)
