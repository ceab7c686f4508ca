"""Draw docs/pictures/pen.png: every form that the pen knows, each written several times.

    python scripts/pictures/draw_pen_variants.py

The same versions of numpy and OpenCV draw the same picture.
"""

from pathlib import Path

import cv2
import numpy as np
from matplotlib.figure import Figure
from PIL import Image

from inkdigits.training.synthetic.pen import draw_forms
from inkdigits.training.synthetic.strokes import FORMS

PATH = Path(__file__).parents[2] / "docs" / "pictures" / "pen.png"
TIMES = 9
COLUMNS = 3
ZOOM = 2
SEED = 0


def main() -> None:
    """Write the picture."""
    rng = np.random.default_rng(SEED)
    rows = -(-len(FORMS) // COLUMNS)
    figure = Figure(figsize=(15.8, 0.46 * rows), facecolor="white")
    space = {"left": 0.15, "right": 0.99, "bottom": 0.01, "top": 0.99, "wspace": 0.64, "hspace": 0.1}
    axes = figure.subplots(rows, COLUMNS, squeeze=False, gridspec_kw=space).T.ravel()
    for ax in axes:
        ax.set_axis_off()
    for number, (ax, form) in enumerate(zip(axes, FORMS, strict=False)):
        frames = draw_forms(np.full(TIMES, number), rng)
        strip = cv2.resize(np.hstack(list(frames)), None, fx=ZOOM, fy=ZOOM, interpolation=cv2.INTER_CUBIC)
        ax.imshow(255 - strip, cmap="gray", vmin=0, vmax=255)
        ax.text(-6, 14 * ZOOM, f"{form.digit}  {form.name}", ha="right", va="center", fontsize=9)
    PATH.parent.mkdir(parents=True, exist_ok=True)
    part = PATH.with_suffix(".part.png")
    figure.savefig(part, dpi=110)
    Image.open(part).convert("L").quantize(16).save(part, optimize=True)
    part.replace(PATH)
    print(f"wrote {PATH}")


if __name__ == "__main__":
    main()
