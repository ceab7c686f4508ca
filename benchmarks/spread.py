"""The figures that stand for several of one kind."""

import statistics
from collections.abc import Sequence


def spread(values: Sequence[float]) -> dict[str, float]:
    """The median, the least and the most, to four digits."""
    kinds = {"median": statistics.median, "least": min, "most": max}
    return {name: float(f"{of(values):.4g}") for name, of in kinds.items()}
