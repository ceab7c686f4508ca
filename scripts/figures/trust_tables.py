"""Tables of how far the nets in the package can be trusted, for fill_figures.py."""

from collections.abc import Callable
from typing import Any

from markdown_tables import SETS, table


def trust(result: dict[str, Any]) -> str:
    """What confidence is worth on other hands."""
    rows = [
        [
            f"`{net}`",
            SETS[name],
            f"{scores['calibration_error']:.2f}%",
            f"{scores['sure']:.1f}%",
            f"{scores['wrong_when_sure']:.2f}%",
            f"{scores['answered_at_one_in_a_thousand']:.1f}%",
            f"{scores['answered_at_one_in_a_hundred']:.1f}%",
        ]
        for net, sets in result["figures"].items()
        for name, scores in sets.items()
        if "sure" in scores
    ]
    head = ["model", "set", "calibration error", "at least 99% sure", "wrong among these"]
    return table([*head, "answered at 0.1% error", "at 1% error"], rows)


def trust_mnist(result: dict[str, Any]) -> str:
    """What confidence is worth on the MNIST test set."""
    rows = [
        [
            f"`{net['file']}`",
            f"{100 * net['calibration_error']:.2f}%",
            f"{100 * net['sure']:.1f}%",
            f"{100 * net['wrong_when_sure']:.3f}%",
            f"{100 * net['answered_at_one_in_a_thousand']:.1f}%",
            f"{100 * net['answered_at_one_in_a_hundred']:.1f}%",
        ]
        for net in result["figures"].values()
    ]
    head = ["MNIST test", "calibration error", "at least 99% sure", "wrong among these"]
    return table([*head, "answered at 0.1% error", "at 1% error"], rows)


REFUSED = {
    "printed": "letters and signs in four fonts that no model learnt from",
    "hands": "the same in other fonts, which imitate handwriting",
    "written": "letters and signs that the pen writes",
    "clutter": "letters, pairs, scribbles, textures, blots and blanks, drawn anew",
    "mnist": "real digits: the MNIST test set",
}


def refusal(result: dict[str, Any]) -> str:
    """What is refused."""
    nets = result["figures"]
    first = next(iter(nets.values()))
    rows = [
        [text, f"{first[name]['n']:,}", *(f"{sets[name]['refused']:.1f}%" for sets in nets.values())]
        for name, text in REFUSED.items()
        if name in first
    ]
    return table(["refused", "pictures", *(f"`{name}`" for name in nets)], rows)


def committee(result: dict[str, Any]) -> str:
    """Several nets together."""
    figures = result["figures"]
    alone = figures["misses_alone"]
    return (
        f"- each alone, {len(alone)} seeds: {100 * figures['accuracy_alone_mean']:.2f} ± "
        f"{100 * figures['accuracy_alone_std']:.2f}% ({', '.join(map(str, alone))} misread of {figures['n']:,})\n"
        f"- a committee of {figures['members']} of {figures['candidates']}, chosen on validation: "
        f"{100 * figures['accuracy_together']:.2f}% ({figures['misses_together']} misread; 95% interval "
        + " to ".join(f"{100 * bound:.2f}" for bound in figures["interval_together"])
        + f"%; calibration error {100 * figures['calibration_error_together']:.2f}%)\n"
    )


def ablation(result: dict[str, Any]) -> str:
    """What each ingredient buys."""
    figures = result["figures"]
    names = list(figures["n"])
    rows = [[row["step"], *(f"{row[name]:.2f}%" if name in row else "–" for name in names)] for row in figures["rows"]]
    text = table(["first guess right", *(f"{name} ({figures['n'][name]:,})" for name in names)], rows)
    return f"{text}\n{figures['epochs']} epochs each, seed {figures['seed']}.\n"


RENDERERS: dict[str, tuple[str, Callable[[dict[str, Any]], str]]] = {
    "ablation": ("ablation", ablation),
    "committee": ("committee", committee),
    "refusal": ("refusal", refusal),
    "trust": ("handwriting", trust),
    "trust_mnist": ("bundled", trust_mnist),
}
