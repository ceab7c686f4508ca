"""Markdown tables, and what the sets of other people's handwriting are called in them; for fill_figures.py."""

SETS = {
    "ardis_train": "Swedish church books 1895–1970 (ARDIS)",
    "usps_train": "US zip codes, 16×16 (USPS)",
    "single": "one digit a picture, drawn, scanned or photographed by 49 people",
    "scenes": "photos and scans of several numbers",
    "cells": "cells of a clinic's logbook, about 60×34 px, faint",
}


def table(header: list[str], rows: list[list[str]]) -> str:
    """A Markdown table; all columns but the first are numbers."""
    lines = [header, ["---", *["--:"] * (len(header) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"
