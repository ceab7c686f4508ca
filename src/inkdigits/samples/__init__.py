"""A few pictures to try; README.md beside them says what they are."""

import csv
from pathlib import Path

SAMPLES = Path(__file__).parent


def load_samples() -> list[tuple[Path, str]]:
    """The pictures, and what stands on them as `Reading.text` has it."""
    with (SAMPLES / "labels.csv").open(encoding="utf-8", newline="") as file:
        return [(SAMPLES / row["file"], row["text"].replace("|", "\n")) for row in csv.DictReader(file)]
