"""Draw docs/pictures/calibration-<net>.png and misread-<net>.png for each net in the package, for its card.

python scripts/pictures/draw_cards.py
"""

from pathlib import Path

from inkdigits.onnx_files import find_bundled
from inkdigits.training import evaluate, load_mnist
from inkdigits.training.reports.plots import plot_calibration, plot_mistakes, to_png
from inkdigits.training.runs.folders import replacing

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"


def main() -> None:
    """Write the pictures."""
    test = load_mnist().test
    for name in find_bundled():
        report = evaluate(name, test)
        figures = {"calibration": plot_calibration(report), "misread": plot_mistakes(test.images, report)}
        for kind, figure in figures.items():
            with replacing(PICTURES / f"{kind}-{name}.png") as part:
                part.write_bytes(to_png(figure))
            print(f"wrote {kind}-{name}.png")


if __name__ == "__main__":
    main()
