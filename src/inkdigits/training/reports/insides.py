"""What a net has inside, as pictures: the weights of its first layer, and what its layers make of a frame.

Source: Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks" (2014).
"""

from collections.abc import Sequence
from typing import Any

import cv2
import keras
import numpy as np
import numpy.typing as npt
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from inkdigits.arrays import FRAME_SIZE, Frame, check_frames
from inkdigits.drawing import AGAINST, FOR
from inkdigits.errors import ArrayError, ModelError
from inkdigits.training.reports.plots import STYLE, TEXT

# Blue and orange mean what they mean in `draw_explanation`.
SIGNED = LinearSegmentedColormap.from_list("signed", [[c / 255 for c in color] for color in (AGAINST, (255,) * 3, FOR)])
ACROSS, MOST_FILTERS = 16, 128
# Rows of maps: spread over the depth of the net, where it is deeper than that.
MOST_LAYERS = 6
# The room that each small picture gets: its side in pixels, and the gap to the next. The grey of the rim shows where an
# empty map ends.
SIDE_PX, GAP_PX, RIM = 56, 8, 0.85
# What comes out of these layers is what went in, in another form; the inside of a net in a net cannot be reached.
PASSING_ON = (
    keras.Model,
    keras.layers.AveragePooling2D,
    keras.layers.BatchNormalization,
    keras.layers.Dropout,
    keras.layers.MaxPooling2D,
    keras.layers.Rescaling,
    keras.layers.Reshape,
    keras.layers.UpSampling2D,
)


@STYLE
def plot_filters(net: keras.Model) -> Figure:
    """The weights of a net's first layer: what each of its units looks for.

    Args:
        net: one whose first weights are those of a convolution over frames or of a dense layer over their pixels.

    Returns:
        One small picture a unit, of at most 128: blue where ink excites it, orange where ink silences it, each to its
        own scale.

    Raises:
        ModelError: the first layer looks at something else than frames.
    """
    layer = next((layer for layer in net.layers if layer.weights), None)
    kernel: npt.NDArray[Any] = layer.get_weights()[0] if layer else np.zeros(0)
    if kernel.ndim == 4 and kernel.shape[2] == 1:
        pictures = kernel[:, :, 0].transpose(2, 0, 1)
    elif kernel.ndim == 2 and len(kernel) == FRAME_SIZE**2:
        pictures = kernel.T.reshape(-1, FRAME_SIZE, FRAME_SIZE)
    else:
        raise ModelError(f"The first weights of {net.name!r} do not look at a frame: their shape is {kernel.shape}.")
    shown = pictures[:MOST_FILTERS]
    strongest = np.abs(shown).max(axis=(1, 2), keepdims=True)
    shades = SIGNED(0.5 + 0.5 * shown / np.maximum(strongest, 1e-9))
    rows = [shades[start : start + ACROSS] for start in range(0, len(shades), ACROSS)]
    said = "all" if len(shown) == len(pictures) else f"{len(shown)} of"
    height, width = pictures.shape[1:]
    title = f"{net.name}: what its first layer looks for; {said} {len(pictures)} units, {height}×{width} weights each"
    return _show(rows, [""] * len(rows), title)


@STYLE
def plot_feature_maps(net: keras.Model, frame: Frame) -> Figure:
    """What the convolutions of a net make of a frame, from the first to the last.

    Args:
        net: one with convolutions.
        frame: (28, 28) uint8, 0 = paper, 255 = full ink.

    Returns:
        A row a layer, of at most six; in it the answers of its first 16 filters, each a map of where on the frame the
        filter found what it looks for: the darker, the more, each layer to its own scale.

    Raises:
        ArrayError: another shape or dtype, or several frames.
        ModelError: no convolution in it.
    """
    frames = check_frames(frame)
    if len(frames) != 1:
        raise ArrayError(f"one (28, 28) frame is shown at a time; got {len(frames)}.")
    layers = [layer for layer in net.layers if len(layer.output.shape) == 4 and _says_what_it_found(layer)]
    if not layers:
        raise ModelError(f"{net.name!r} has no convolution, so it makes no maps. plot_filters shows what it looks for.")
    places = np.linspace(0, len(layers) - 1, min(len(layers), MOST_LAYERS)).round().astype(int)
    layers = [layers[place] for place in places]
    answers = keras.Model(net.inputs, {layer.name: layer.output for layer in layers}).predict(frames, verbose=0)
    rows, names = [], []
    for layer in layers:
        maps = answers[layer.name][0]
        ink = np.maximum(maps, 0).transpose(2, 0, 1)[:ACROSS] / max(float(maps.max()), 1e-9)
        rows.append(np.repeat(1 - ink[..., None], 3, axis=3))
        names.append(f"{layer.name}\n{maps.shape[0]}×{maps.shape[1]}, {maps.shape[2]} maps")
    return _show(rows, names, f"{net.name}: what its layers make of the frame; {ACROSS} maps of each")


def _says_what_it_found(layer: keras.Layer) -> bool:
    """Whether its maps are answers: not where it only passes on, nor before what is below 0 is cut off."""
    if isinstance(layer, keras.layers.Conv2D):
        return layer.activation is not keras.activations.linear
    return not isinstance(layer, PASSING_ON)


def _show(rows: Sequence[npt.NDArray[np.floating]], names: Sequence[str], title: str) -> Figure:
    """Small pictures in rows, each row (n, h, w, 3 or 4) of 0 to 1 with its name before it.

    One picture of them all: a subplot for each would take seconds.
    """
    cell = SIDE_PX + GAP_PX
    canvas = np.ones((len(rows) * cell, ACROSS * cell, 3), np.float32)
    for down, row in enumerate(rows):
        for across, picture in enumerate(row[..., :3].astype(np.float32)):
            room = canvas[down * cell : (down + 1) * cell, across * cell : (across + 1) * cell]
            room[: SIDE_PX + 2, : SIDE_PX + 2] = RIM
            enlarged = cv2.resize(picture, (SIDE_PX, SIDE_PX), interpolation=cv2.INTER_NEAREST)
            room[1 : SIDE_PX + 1, 1 : SIDE_PX + 1] = enlarged
    figure = Figure(figsize=(9, 0.4 + (7.6 if any(names) else 9) * len(rows) / ACROSS))
    axes = figure.subplots()
    axes.imshow(canvas, interpolation="nearest")
    axes.set_axis_off()
    for down, name in enumerate(names):
        axes.text(-2 * GAP_PX, (down + 0.45) * cell, name, ha="right", va="center", fontsize=8.5)
    figure.suptitle(title, x=0.01, ha="left", fontsize=11, fontweight="bold", color=TEXT)
    return figure
