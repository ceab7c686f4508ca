"""How many non-digits the models in the package refuse, and how many real digits at the same threshold.

python -m benchmarks.digits.refusal [FONT ...]

Letters and signs are printed in fonts that no net learnt from: Computer Modern, which matplotlib brings, and the files
that are named. The results were made with 22 that imitate handwriting, the regular faces in Debian's packages
fonts-breip, -bwht (six), -comic-neue, -dkg-handwriting, -ecolier-court, -femkeklaver, -havana, -humor-sans, -isabella,
-kaushanscript, -kiloji, -klee, -kristi, -rufscript, -sjfonts (two) and -tomsontalks. Written letters, scribbles,
textures, pairs and blots come from the generators that the nets learnt from, in other draws. Everything goes the way of
a photograph: drawn on paper, found, framed.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import matplotlib
import numpy as np
from tqdm import tqdm

import inkdigits
from benchmarks.record import record
from inkdigits.onnx_files import find_bundled
from inkdigits.training import load_mnist
from inkdigits.training.synthetic.clutter import draw_clutter
from inkdigits.training.synthetic.letters import draw_text, load_font
from inkdigits.training.synthetic.pen import draw_letters

# What the project promises to refuse: no hand and no font writes a digit like these.
SIGNS = "AEFHKMNRTWXfhkmnprtwx@#?%=+*"
UNSEEN = [
    Path(matplotlib.get_data_path()) / "fonts" / "ttf" / f"{name}10.ttf" for name in ("cmr", "cmss", "cmtt", "cmb")
]
DRAWN = 500
SEED = 20_261_120


def print_signs(fonts: list[Path], signs: str) -> Iterator[np.ndarray]:
    """Pictures (H, W) of each sign in each font that has it: black on white, with a margin."""
    for font in fonts:
        for sign in signs:
            ink = draw_text(sign, load_font(font, 60))
            if ink.size > 1:
                yield 255 - np.pad(ink, 30)


def refused(reader: inkdigits.Reader, pictures: list[np.ndarray]) -> dict[str, float]:
    """How many pictures are refused, in percent."""
    values = [reader.read_digit(picture).value for picture in tqdm(pictures, unit="picture")]
    return {"n": len(values), "refused": round(100 * sum(value is None for value in values) / len(values), 2)}


def measure(model: str, hands: list[Path]) -> dict[str, dict[str, float]]:
    """The figures of one net."""
    reader, split = inkdigits.Reader(model), load_mnist()
    rng = np.random.default_rng(SEED)
    clutter = draw_clutter(DRAWN, split.validation, rng)
    written = draw_letters(DRAWN, rng)
    threshold = reader.classifier.contract.threshold
    unsure = reader.classifier.probabilities(split.test.images).max(axis=1) < threshold
    figures = {
        "printed": refused(reader, list(print_signs(UNSEEN, SIGNS))),
        "written": refused(reader, [255 - np.pad(frame, 14) for frame in written]),
        "clutter": refused(reader, [255 - np.pad(frame, 14) for frame in clutter]),
        "mnist": {"n": len(unsure), "refused": round(100 * float(unsure.mean()), 2)},
    }
    return figures | ({"hands": refused(reader, list(print_signs(hands, SIGNS)))} if hands else {})


if __name__ == "__main__":
    fonts = [Path(font) for font in sys.argv[1:]]
    nets = {name: measure(name, fonts) for name in find_bundled()}
    record("refusal", nets, arguments="FONT ..." if fonts else "")
