"""Draw docs/pictures/stages-digit.png and stages-page.png: what each stage of the reader makes of a photo.

python scripts/pictures/draw_stages.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.patches import Circle, Polygon

import inkdigits
from inkdigits.arrays import DIGITS
from inkdigits.digit.explain import explain
from inkdigits.digit.frame import to_frame
from inkdigits.digit.locate import find_main
from inkdigits.drawing import draw_explanation, draw_reading
from inkdigits.images import load_photo, to_gray
from inkdigits.ink import to_ink
from inkdigits.page.decoding import SYMBOLS
from inkdigits.page.groups import Group, find_groups
from inkdigits.samples import SAMPLES

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
# Colours that the colour-blind tell apart (Okabe and Ito, 2008), for neighbouring groups.
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"]
# A digit's row below a crop, and the gap between both, in pixels of the crop.
ROW_PX, GAP_PX = 7, 2


def show(axes: Axes, title: str, picture: npt.ArrayLike) -> None:
    """One stage; what is one plane is shown from black to white."""
    axes.imshow(picture, cmap="gray", vmin=0, vmax=255, interpolation="nearest")
    axes.set_title(title, fontsize=14)
    axes.axis("off")


def draw_digit(path: Path) -> None:
    """From the photo of one digit to the answer."""
    photo = load_photo(path)
    ink = to_ink(to_gray(photo))
    frame = to_frame(find_main(ink).ink)
    classifier = inkdigits.Classifier()
    probabilities = classifier.probabilities(frame)[0]
    figure, axes = plt.subplots(1, 5, figsize=(13, 3), layout="constrained")
    show(axes[0], "photo", photo)
    show(axes[1], "ink", ink)
    show(axes[2], "frame, 28×28", frame)
    bars = axes[3].barh(range(10), probabilities, color="#0072b2")
    axes[3].bar_label(bars, [f"{p:.1%}" if p > 0.01 else "" for p in probabilities], padding=3, fontsize=11)
    axes[3].set(yticks=range(10), xlim=(0, 1.35), xticks=[], title="probabilities")
    axes[3].title.set_fontsize(14)
    axes[3].invert_yaxis()
    axes[3].spines[["top", "right", "bottom"]].set_visible(False)
    show(axes[4], "what spoke for it", np.asarray(draw_explanation(frame, explain(frame, classifier))))
    figure.savefig(PICTURES / "stages-digit.png", dpi=100)


def draw_page(path: Path) -> None:
    """From the photo of a page to the reading."""
    photo = load_photo(path)
    gray = to_gray(photo)
    ink = to_ink(gray)
    reader = inkdigits.Reader()
    detections = reader.detector.find(ink)
    groups = [group for line in find_groups(detections, gray) for group in line]
    figure, axes = plt.subplots(2, 3, figsize=(13, 8), layout="constrained")
    show(axes[0, 0], "photo", photo)
    show(axes[0, 1], "ink", ink)
    show(axes[0, 2], "what the detector finds", 255 - ink // 3)
    for one in detections:
        axes[0, 2].add_patch(Circle((one.x, one.y), one.size / 2, fill=False, color=COLOURS[4], linewidth=2))
    show(axes[1, 0], "groups and their crops", 255 - ink // 3)
    for place, group in enumerate(groups):
        axes[1, 0].add_patch(outline(group, COLOURS[place % len(COLOURS)]))
    draw_symbols(axes[1, 1], max(groups, key=lambda group: len(group.detections)), reader)
    show(axes[1, 2], "reading", np.asarray(draw_reading(reader.read(path), path)))
    figure.savefig(PICTURES / "stages-page.png", dpi=100)


def outline(group: Group, colour: str) -> Polygon:
    """What the crop of a group shows of the page."""
    crop = group.crop
    along = np.array([1, crop.slope]) / np.hypot(1, crop.slope) * crop.ink.shape[1] / crop.scale
    down = np.array([-crop.slope, 1]) / np.hypot(1, crop.slope) * crop.height
    corner = np.array([crop.left, crop.top])
    return Polygon([corner, corner + along, corner + along + down, corner + down], fill=False, color=colour, lw=2.5)


def draw_symbols(axes: Axes, group: Group, reader: inkdigits.Reader) -> None:
    """One crop, and below it what the recognizer says of it: time steps from left to right, a row for each digit."""
    (probabilities,) = reader.recognizer.probabilities([group.crop.ink])
    height, width = group.crop.ink.shape
    rows = np.repeat(np.repeat(probabilities[:, :DIGITS].T, ROW_PX, axis=0), width // len(probabilities), axis=1)
    show(axes, "a crop, and its digits", np.vstack([group.crop.ink, np.full((GAP_PX, width), 96), 255 * rows]))
    for digit, symbol in enumerate(SYMBOLS[:DIGITS]):
        y = height + GAP_PX + (digit + 0.5) * ROW_PX - 0.5
        axes.text(-2, y, symbol, ha="right", va="center", fontsize=11)


if __name__ == "__main__":
    draw_digit(SAMPLES / "digit.jpg")
    draw_page(SAMPLES / "page.jpg")
    print(f"wrote two pictures to {PICTURES}")
