"""Draw docs/pictures/stages-digit.png and stages-page.png: what each stage of the reader makes of a photo.

python scripts/pictures/draw_stages.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes

import inkdigits
from inkdigits.digit.explain import explain
from inkdigits.digit.frame import INK_LEVEL, to_frame
from inkdigits.digit.locate import find_main
from inkdigits.drawing import draw_explanation, draw_reading
from inkdigits.images import load_photo, to_gray
from inkdigits.ink import normalize_local_contrast, to_ink
from inkdigits.page.components import MIN_HEIGHT_PX, find_components
from inkdigits.page.detach import detach_digits
from inkdigits.page.pieces import find_pieces
from inkdigits.page.rulings import remove_rulings
from inkdigits.samples import SAMPLES

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
# Colours that the colour-blind tell apart (Okabe and Ito, 2008), for neighbouring pieces.
COLOURS = np.array([(0, 114, 178), (230, 159, 0), (0, 158, 115), (204, 121, 167), (213, 94, 0), (86, 180, 233)])


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
    written = to_ink(to_gray(photo))
    ink = normalize_local_contrast(written)
    reader = inkdigits.Reader()
    plain = detach_digits(remove_rulings(ink), lambda: reader.detector.probabilities(written, MIN_HEIGHT_PX))
    components = find_components(plain)
    # As if the nets were sure of nothing: they are asked first, and what they are sure of is kept and not cut.
    unsure = np.zeros(len(components.numbers))
    labels, pieces = find_pieces(plain, components, unsure, unsure)
    number = {piece.label: place for place, piece in enumerate(pieces)}
    coloured = np.zeros((*labels.shape, 3), np.uint8)
    for label, place in number.items():
        coloured[labels == label] = COLOURS[place % len(COLOURS)]
    reading = reader.read(path)
    probabilities = reader.detector.probabilities(written, min(digit.box.height for digit in reading.digits))
    figure, axes = plt.subplots(2, 3, figsize=(13, 8), layout="constrained")
    stages = {
        "photo": photo,
        "ink": ink,
        "without ruling": plain,
        "pieces": coloured,
        "chance to be a digit's ink": np.where(written >= INK_LEVEL, probabilities, 0),
        "reading": np.asarray(draw_reading(reading, path)),
    }
    for place, (title, picture) in zip(axes.flat, stages.items(), strict=True):
        show(place, title, picture)
    figure.savefig(PICTURES / "stages-page.png", dpi=100)


if __name__ == "__main__":
    draw_digit(SAMPLES / "digit.jpg")
    draw_page(SAMPLES / "page.jpg")
    print(f"wrote two pictures to {PICTURES}")
