"""How well a page was read: digits right, digits missed, digits invented."""

from dataclasses import dataclass

from inkdigits.arrays import Box
from inkdigits.results import Digit, Reading
from inkdigits.training.synthetic.pages import Page

# A digit read stands for a true one if the two boxes cover so much of what they cover together.
OVERLAP = 0.3


@dataclass(frozen=True, slots=True)
class PageScore:
    """How well one page was read.

    Attributes:
        digits: on the page.
        wrong: the edit distance between the digits read and those on the page, in reading order; spaces and refused
            digits do not count. It is at most `digits`.
        invented: digits read where none stands, or a second one where one stands.
    """

    digits: int
    wrong: int
    invented: int
    is_exact: bool


def score_page(page: Page, reading: Reading) -> PageScore:
    """Compare a reading with what stands on the page."""
    read = [digit for digit in reading.digits if digit.value is not None]
    truth = "".join("".join(line) for line in page.lines)
    distance = edit_distance(truth, "".join(str(digit.value) for digit in read))
    return PageScore(len(truth), min(distance, len(truth)), count_invented(page.boxes, read), distance == 0)


def edit_distance(a: str, b: str) -> int:
    """The fewest characters to insert, delete or replace to turn `a` into `b` (Levenshtein, 1966)."""
    row = list(range(len(b) + 1))
    for i, x in enumerate(a, 1):
        before, row[0] = row[0], i
        for j, y in enumerate(b, 1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (x != y))
    return row[-1]


def count_invented(boxes: tuple[Box, ...], read: list[Digit]) -> int:
    """How many digits read stand for no true one; a true one stands for one digit at most, the best match first."""
    pairs = sorted(
        ((overlap(box, digit.box), i, j) for i, box in enumerate(boxes) for j, digit in enumerate(read)), reverse=True
    )
    taken: set[int] = set()
    matched: set[int] = set()
    for share, i, j in pairs:
        if share < OVERLAP:
            break
        if i not in taken and j not in matched:
            taken.add(i)
            matched.add(j)
    return len(read) - len(matched)


def overlap(a: Box, b: Box) -> float:
    """The area that two boxes share, over the area that they cover together: 0 to 1."""
    width = min(a.x + a.width, b.x + b.width) - max(a.x, b.x)
    height = min(a.y + a.height, b.y + b.height) - max(a.y, b.y)
    if width <= 0 or height <= 0:
        return 0.0
    return width * height / (a.width * a.height + b.width * b.height - width * height)
