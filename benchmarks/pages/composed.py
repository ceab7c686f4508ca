"""Pages composed with known answers, and pages of words, drawings and rulings without a digit: how well are they read?

python -m benchmarks.pages.composed [MODEL]        # about 2 minutes on 2 cores

The digits come from MNIST's validation split (which the nets did not learn from), the pen and fonts; see
inkdigits.training.synthetic.pages. The seeds are fixed: everybody measures the same pages.
"""

import statistics
import sys
import time
from collections.abc import Iterable

import numpy as np
from tqdm import tqdm

import inkdigits
from benchmarks.record import record
from inkdigits.training import load_mnist
from inkdigits.training.evaluation.page_score import PageScore, score_page
from inkdigits.training.synthetic.pages import KINDS, Page, compose_page_without_digits, compose_pages

PAGES, SEED = 360, 1
PAGES_WITHOUT, SEED_WITHOUT = 120, 2


def measure(reader: inkdigits.Reader, pages: Iterable[Page]) -> tuple[dict[str, list[PageScore]], list[float]]:
    """The scores of the pages of each kind, and the seconds that each page took."""
    scores: dict[str, list[PageScore]] = {}
    seconds = []
    for page in pages:
        began = time.perf_counter()
        reading = reader.read(page.photo)
        seconds.append(time.perf_counter() - began)
        scores.setdefault(page.kind, []).append(score_page(page, reading))
    return scores, seconds


def summarise(scores: list[PageScore]) -> dict[str, float]:
    """Shares in percent, and digits invented per page."""
    digits = sum(score.digits for score in scores)
    return {
        "n": len(scores),
        "digits": digits,
        "digits_right": round(100 * (1 - sum(score.wrong for score in scores) / max(1, digits)), 2),
        "pages_exact": round(100 * statistics.mean(score.is_exact for score in scores), 1),
        "invented_per_page": round(statistics.mean(score.invented for score in scores), 3),
    }


def main() -> None:
    """Measure and record."""
    reader = inkdigits.Reader(sys.argv[1] if len(sys.argv) > 1 else None)
    pages = compose_pages(load_mnist().validation, PAGES, SEED)
    scores, seconds = measure(reader, tqdm(pages, total=PAGES, unit="page"))
    blanks = (compose_page_without_digits(np.random.default_rng([SEED_WITHOUT, i])) for i in range(PAGES_WITHOUT))
    without, _ = measure(reader, tqdm(blanks, total=PAGES_WITHOUT, unit="page"))
    (empty,) = without.values()
    contract = reader.classifier.contract
    record(
        "pages",
        {
            "net": f"{contract.name}-v{contract.version}",
            "composed": summarise([score for kind in KINDS for score in scores[kind]]),
            "kinds": {kind: summarise(scores[kind]) for kind in KINDS},
            "without_digits": {
                "n": len(empty),
                "invented_per_page": round(statistics.mean(score.invented for score in empty), 3),
                "pages_empty": round(100 * statistics.mean(score.invented == 0 for score in empty), 1),
            },
            "median_seconds": round(statistics.median(seconds), 3),
            "slowest_seconds": round(max(seconds), 2),
        },
    )


if __name__ == "__main__":
    main()
