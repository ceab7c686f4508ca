"""Which of a user's own examples are held out, to see whether a net that learnt from the others reads better."""

import hashlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from inkdigits.errors import DataError

# Fewer cannot show whether a net has become better.
LEAST = 20
# This many are to be held out where that is not more than half of all; of many, at least a quarter.
WANTED, LEAST_SHARE, MOST_SHARE = 50, 0.25, 0.5


def hold_out_own(keys: Sequence[str], unit: str = "numbers") -> npt.NDArray[np.bool_]:
    """Which examples are held out: whole pages, and the same ones again when there are more examples.

    What has been learnt from once is hardly ever held out later: the share of pages that is held out only falls.

    Args:
        keys: (N,) what each example must not be parted from: its page, its file.
        unit: what one is, in messages: `numbers` or `digits`.

    Returns:
        (N,) bool; a quarter of them to a half, by chance and by how large pages are; at least one on each side.

    Raises:
        DataError: fewer than 20 examples, or all of one page.
    """
    count = len(keys)
    if count < LEAST:
        raise DataError(
            f"{count} checked {unit} are too few, at least {LEAST} are needed: a part of them is held out, to see "
            f"whether the new model reads them better, and that is never put in place without proof. Check at least "
            f"{LEAST - count} more; with 200 it becomes worth while."
        )
    places = {key: _to_place(key) for key in keys}
    if len(places) == 1:
        raise DataError(
            f"All {count} checked {unit} are of one page, {keys[0]!r}. Whole pages are held out, as on a page that it "
            "has learnt from any model looks good. Check some of a second page."
        )
    share = min(MOST_SHARE, max(LEAST_SHARE, WANTED / count))
    limit = min(max(share, min(places.values())), np.nextafter(max(places.values()), 0))
    return np.array([places[key] <= limit for key in keys])


def _to_place(key: str) -> float:
    """A place between 0 and 1, always the same, by which pages are held out."""
    return int(hashlib.sha256(key.encode()).hexdigest()[:8], 16) / 16**8
