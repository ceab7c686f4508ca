"""Changes to frames while a net learns, so that it sees no picture twice: a shift, or all that hands and pens do.

Written with `keras.ops` and `keras.random` alone: it runs inside the compiled training step on any backend. Sources:
affine and elastic distortions, Simard et al., "Best Practices for Convolutional Neural Networks" (2003).
"""

from typing import Any

import keras
from keras import ops

from inkdigits.arrays import FRAME_SIZE
from inkdigits.digit.frame import DIGIT_SIDE

# Chosen on the validation sets, see docs/decisions.md. Angles in radians, lengths in pixels of the frame.
ROTATION, SHEAR, ASPECT = 0.17, 0.35, 0.25
# Elastic: knots a side of the grid of random moves, and the largest of their standard deviations, one a picture.
KNOTS, MOVE_PX = 5, 1.2
# The share of frames that are left as they are: else a net never sees how MNIST itself looks.
AS_IT_IS_SHARE = 0.25
# Shares of frames that are ...
COARSE_SHARE, CRISP_SHARE, GAP_SHARE, STRAY_SHARE = 0.12, 0.15, 0.1, 0.06
GAP_PX = 4


class RandomShift(keras.layers.Layer):
    """Moves each frame by up to `reach_px` pixels in each direction while training, and by nothing otherwise."""

    def __init__(self, reach_px: int, seed: int) -> None:
        super().__init__(name="random_shift", dtype="uint8")
        self.reach_px = reach_px
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, frames: Any, training: bool = False) -> Any:
        """Shift (N, 28, 28) uint8 frames; what leaves the square is lost, what comes in is paper."""
        if not training:
            return frames
        reach = self.reach_px
        shape = (2, ops.shape(frames)[0], 1, 1)
        moves = keras.random.randint(shape, 0, 2 * reach + 1, seed=self.seed_generator)
        rows = ops.pad(frames, ((0, 0), (reach, reach), (0, 0)))
        frames = _pick(moves[0], [rows[:, start : start + FRAME_SIZE] for start in range(2 * reach + 1)])
        columns = ops.pad(frames, ((0, 0), (0, 0), (reach, reach)))
        return _pick(moves[1], [columns[:, :, start : start + FRAME_SIZE] for start in range(2 * reach + 1)])


def _pick(which: Any, choices: list[Any]) -> Any:
    """Of each picture the choice of its number. Three selections cost less than one gather by index."""
    result = choices[0]
    for number, choice in enumerate(choices[1:], start=1):
        result = ops.where(which == number, choice, result)
    return result


class Distortion(keras.layers.Layer):
    """Changes frames (N, 28, 28) uint8 while training, and leaves them alone otherwise."""

    def __init__(self, seed: int) -> None:
        super().__init__(name="distortion", dtype="float32")
        self.seed_generator = keras.random.SeedGenerator(seed)

    def call(self, frames: Any, training: bool = False) -> Any:
        """Distort, thicken or thin, soil, and frame again, but for some: (N, 28, 28) float32 of 0 to 255."""
        frames = ops.cast(frames, "float32")
        if not training:
            return frames
        ink = self._warp(frames / 255)
        ink = self._stroke(ink)
        ink = self._soil(ink)
        ink = self._tone(recentre(ink)) * 255
        return ops.where(self._share(ops.shape(frames)[0], AS_IT_IS_SHARE) > 0, frames, ink)

    def _uniform(self, shape: tuple[Any, ...], low: float = -1.0, high: float = 1.0) -> Any:
        return keras.random.uniform(shape, low, high, seed=self.seed_generator)

    def _share(self, count: Any, share: float) -> Any:
        return ops.cast(self._uniform((count, 1, 1), 0, 1) < share, "float32")

    def _warp(self, ink: Any) -> Any:
        """Turn, slant, stretch and bend."""
        count = ops.shape(ink)[0]
        turn, shear, aspect = (
            ROTATION * self._uniform((count, 1, 1)),
            SHEAR * self._uniform((count, 1, 1)),
            ops.exp(ASPECT * self._uniform((count, 1, 1))),
        )
        axis = ops.arange(FRAME_SIZE, dtype="float32") - (FRAME_SIZE - 1) / 2
        y, x = axis[None, :, None], axis[None, None, :]
        x, y = ops.cos(turn) * x - ops.sin(turn) * y, ops.sin(turn) * x + ops.cos(turn) * y
        x = x * ops.sqrt(aspect) + shear * y
        y = y / ops.sqrt(aspect)
        knots = keras.random.normal((count, KNOTS, KNOTS, 2), seed=self.seed_generator)
        knots = knots * MOVE_PX * self._uniform((count, 1, 1, 1), 0, 1)
        moves = ops.image.resize(knots, (FRAME_SIZE, FRAME_SIZE), interpolation="bicubic")
        middle = (FRAME_SIZE - 1) / 2
        return sample(ink, y + moves[..., 0] + middle, x + moves[..., 1] + middle)

    def _stroke(self, ink: Any) -> Any:
        """A thicker or a thinner pen."""
        change = self._uniform((ops.shape(ink)[0], 1, 1), -0.7, 1.0)
        image = ink[..., None]
        thick = ops.max_pool(image, 3, 1, "same")[..., 0]
        # A hairline would vanish: what is left of it at least is faint, and is brought back to full ink in framing.
        thin = ops.maximum(-ops.max_pool(-image, 3, 1, "same")[..., 0], 0.4 * ink)
        return ink + ops.relu(change) * (thick - ink) + ops.relu(-change) * (thin - ink)

    def _soil(self, ink: Any) -> Any:
        """A gap in a stroke, a stray line."""
        count = ops.shape(ink)[0]
        axis = ops.arange(FRAME_SIZE, dtype="float32")
        y, x = axis[None, :, None], axis[None, None, :]
        place = self._uniform((2, count, 1, 1), 5, FRAME_SIZE - 5)
        gap = ops.cast(ops.maximum(ops.abs(y - place[0]), ops.abs(x - place[1])) < GAP_PX / 2, "float32")
        ink = ink * (1 - gap * self._share(count, GAP_SHARE))
        angle = self._uniform((count, 1, 1), 0, 3.1416)
        distance = ops.abs(ops.cos(angle) * (x - place[1]) + ops.sin(angle) * (y - place[0]))
        line = ops.clip(1.2 - distance, 0, 1) * self._share(count, STRAY_SHARE) * self._uniform((count, 1, 1), 0.2, 0.7)
        return ops.maximum(ink, line)

    def _tone(self, ink: Any) -> Any:
        """Few pixels, hard edges, a soft lens, pale ink."""
        count = ops.shape(ink)[0]
        image = ink[..., None]
        coarse = ops.image.resize(ops.average_pool(image, 2, 2), (FRAME_SIZE, FRAME_SIZE))[..., 0]
        ink = ink + self._share(count, COARSE_SHARE) * (coarse - ink)
        soft = ops.average_pool(ink[..., None], 3, 1, "same")[..., 0]
        ink = ink + self._uniform((count, 1, 1), 0, 0.6) * self._share(count, 0.5) * (soft - ink)
        crisp = ops.clip((ink - 0.45) * 8 + 0.5, 0, 1)
        ink = ink + self._share(count, CRISP_SHARE) * (crisp - ink)
        return ops.power(ops.maximum(ink, 1e-6), ops.exp(0.4 * self._uniform((count, 1, 1)))) * self._uniform(
            (count, 1, 1), 0.85, 1
        )


def sample(images: Any, y: Any, x: Any) -> Any:
    """Images (N, H, W) at places (N, 28, 28), linearly between pixels, 0 outside."""
    count, size = ops.shape(images)[0], FRAME_SIZE + 2
    padded = ops.reshape(ops.pad(images, ((0, 0), (1, 1), (1, 1))), (count, size * size))
    y, x = ops.clip(y + 1, 0, size - 1.001), ops.clip(x + 1, 0, size - 1.001)
    top, left = ops.floor(y), ops.floor(x)
    fraction_y, fraction_x = y - top, x - left
    corner = ops.reshape(ops.cast(top * size + left, "int32"), (count, FRAME_SIZE * FRAME_SIZE))

    def pixel(offset: int) -> Any:
        return ops.reshape(ops.take_along_axis(padded, corner + offset, axis=1), (count, FRAME_SIZE, FRAME_SIZE))

    above = pixel(0) * (1 - fraction_x) + pixel(1) * fraction_x
    below = pixel(size) * (1 - fraction_x) + pixel(size + 1) * fraction_x
    return above * (1 - fraction_y) + below * fraction_y


def recentre(ink: Any) -> Any:
    """Frame anew: the ink's longer side to 20 pixels, its centre of mass in the middle. (N, 28, 28) of 0 to 1."""
    rows, columns = ops.max(ink, axis=2, initial=0.0), ops.max(ink, axis=1, initial=0.0)
    side = ops.maximum(extent(rows), extent(columns))
    mass = ops.maximum(ops.sum(ink, axis=(1, 2)), 1e-3)
    axis = ops.arange(FRAME_SIZE, dtype="float32")
    middle_y = ops.sum(ops.sum(ink, axis=2) * axis, axis=1) / mass
    middle_x = ops.sum(ops.sum(ink, axis=1) * axis, axis=1) / mass
    step = ops.clip(side / DIGIT_SIDE, 0.5, 1.5)
    framed = ops.einsum("nij,njk,nlk->nil", mixing(middle_y, step), ink, mixing(middle_x, step))
    return framed / ops.maximum(ops.max(framed, axis=(1, 2), keepdims=True, initial=0.0), 0.2)


def extent(profile: Any) -> Any:
    """(N,) how many pixels lie between the first and the last inked row or column of (N, 28) profiles."""
    inked = ops.cast(profile > 0.2, "float32")
    axis = ops.arange(FRAME_SIZE, dtype="float32")
    last = ops.max(inked * axis, axis=1, initial=0.0)
    first = FRAME_SIZE - 1 - ops.max(inked * (FRAME_SIZE - 1 - axis), axis=1, initial=0.0)
    return ops.maximum(last - first + 1, 1)


def mixing(middle: Any, step: Any) -> Any:
    """(N, 28, 28): how much of each old row goes into each new one."""
    axis = ops.arange(FRAME_SIZE, dtype="float32")
    places = middle[:, None] + (axis - FRAME_SIZE / 2)[None] * step[:, None]
    return ops.relu(1 - ops.abs(places[:, :, None] - axis))
