"""The kinds of arrays that flow through inkdigits, their checks, and boxes in them.

| name     | shape       | dtype | meaning                                                     |
|----------|-------------|-------|-------------------------------------------------------------|
| `photo`  | (H, W, 3)   | uint8 | a picture as people see it, RGB, upright                    |
| `gray`   | (H, W)      | uint8 | the same in grey, still dark on light or light on dark      |
| `ink`    | (H, W)      | uint8 | 0 = paper, 255 = full ink, whatever the paper looked like   |
| `frame`  | (28, 28)    | uint8 | the ink of one digit, sized and centred as MNIST's are      |
| `frames` | (N, 28, 28) | uint8 | many of them                                                |

The names are aliases for the reader's eye; the type checker sees arrays of a dtype.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.errors import ArrayError

Photo = npt.NDArray[np.uint8]
Gray = npt.NDArray[np.uint8]
Ink = npt.NDArray[np.uint8]
Frame = npt.NDArray[np.uint8]
Frames = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]

FRAME_SIZE = 28
DIGITS = 10

# Which way of making frames a net was trained for. It stands in every exported model's contract; raise it when
# `frame.to_frame` changes what a net would see, so that no old file is fed new frames.
FRAME_VERSION = "1"


class Box(NamedTuple):
    """A rectangle in the pixels of the upright photo; (0, 0) is its top left corner."""

    x: int
    y: int
    width: int
    height: int


def enclosing_box(boxes: list[Box]) -> Box:
    """The smallest box around at least one box."""
    left, top = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.width for box in boxes), max(box.y + box.height for box in boxes)
    return Box(left, top, right - left, bottom - top)


def shared_columns(a: Box, b: Box) -> int:
    """How many columns two boxes share; negative: how many lie between them."""
    return min(a.x + a.width, b.x + b.width) - max(a.x, b.x)


def check_frames(frames: npt.ArrayLike) -> Frames:
    """Frames as (N, 28, 28) uint8; a single (28, 28) frame becomes N = 1.

    Raises:
        ArrayError: another shape or dtype.
    """
    array = np.asarray(frames)
    if array.dtype != np.uint8:
        raise ArrayError(
            f"frames must be uint8 (0 = paper, 255 = full ink); got {array.dtype}. "
            "Multiply values of 0 to 1 by 255 and use .astype('uint8')."
        )
    if array.shape[-2:] != (FRAME_SIZE, FRAME_SIZE) or array.ndim not in (2, 3):
        raise ArrayError(
            f"frames must have the shape (N, 28, 28); got {array.shape}. "
            "inkdigits.to_frame makes a frame of the ink of one digit, Reader.read_digit reads any picture."
        )
    return array.reshape(-1, FRAME_SIZE, FRAME_SIZE)


def check_plane(array: npt.ArrayLike, kind: str) -> npt.NDArray[np.uint8]:
    """A (H, W) uint8 array of at least one pixel, called `kind` (`ink`, `gray`) in the message.

    Raises:
        ArrayError: another shape or dtype.
    """
    plane: npt.NDArray[Any] = np.asarray(array)
    if plane.ndim != 2 or plane.dtype != np.uint8 or plane.size == 0:
        raise ArrayError(f"{kind} must be a (H, W) uint8 array; got {plane.shape} {plane.dtype}.")
    return plane


def percentile(numbers: npt.NDArray[np.uint8] | npt.NDArray[np.float32], percent: float) -> float:
    """What `np.percentile` gives; that takes several times as long for a digit's few points, and loads numpy.ma first.

    Args:
        numbers: (N,) in any order, at least one, none of them NaN.
        percent: 0 to 100; at 50 it is the median.

    Returns:
        One of the numbers, or between two of them in proportion.
    """
    place = percent / 100 * (numbers.size - 1)
    below, above = int(place), min(int(place) + 1, numbers.size - 1)
    ordered = np.partition(numbers, (below, above))
    low, high = float(ordered[below]), float(ordered[above])
    return low + (high - low) * (place - below)
