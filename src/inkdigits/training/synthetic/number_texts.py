"""The numbers that people write: counts, measures, prices, dates, times, codes; in the recognizer's alphabet."""

import numpy as np

from inkdigits.arrays import DIGITS

# How often each kind is drawn.
KINDS = {
    "count": 0.3,
    "decimal": 0.38,
    "thousands": 0.11,
    "signed": 0.09,
    "date": 0.04,
    "time": 0.02,
    "fraction": 0.03,
    "percent": 0.03,
    "code": 0.04,
}
CODE_LENGTHS = (0.2, 0.2, 0.16, 0.14, 0.1, 0.08, 0.07, 0.05)
LENGTHS = (0.16, 0.28, 0.28, 0.14, 0.08, 0.06)
# Numbers that end in zeros, that repeat a digit, and that begin with a 1, as in lists they do.
ZEROS_SHARE, REPEATED_SHARE, ONE_SHARE = 0.1, 0.06, 0.15
DECIMAL_SIGNS = ",."


def draw_text(rng: np.random.Generator) -> str:
    """A number as somebody may write it."""
    kind = str(rng.choice(list(KINDS), p=np.array(list(KINDS.values())) / sum(KINDS.values())))
    match kind:
        case "count":
            return draw_digits(1 + int(rng.choice(len(LENGTHS), p=LENGTHS)), rng)
        case "decimal":
            return _draw_decimal(rng)
        case "thousands":
            mark = str(rng.choice([",", ".", "."]))
            groups = 1 if rng.random() < 0.85 else 2
            return draw_digits(int(rng.integers(1, 4)), rng) + (mark + draw_digits(3, rng)) * groups
        case "signed":
            number = _draw_decimal(rng) if rng.random() < 0.5 else draw_digits(int(rng.integers(1, 5)), rng)
            return number + "-" if rng.random() < 0.12 else str(rng.choice(["-", "-", "-", "+"])) + number
        case "date":
            mark = str(rng.choice(["/", ".", "-", "/"]))
            day, month = str(rng.integers(1, 32)), str(rng.integers(1, 13))
            year = str(rng.integers(1850, 2031))[int(rng.choice([0, 2])) :]
            width = 2 if rng.random() < 0.5 else 1
            parts = [day.zfill(width), month.zfill(width), year]
            return mark.join(parts[: 2 if rng.random() < 0.2 else 3] if rng.random() < 0.85 else parts[::-1])
        case "time":
            mark = str(rng.choice([":", ":", "."]))
            return f"{rng.integers(24)}{mark}{rng.integers(60):02d}"
        case "fraction":
            return f"{rng.integers(1, 100)}/{rng.integers(1, 200)}"
        case "percent":
            return (_draw_decimal(rng) if rng.random() < 0.3 else str(rng.integers(101))) + "%"
    return draw_digits(int(rng.choice(range(5, 13), p=CODE_LENGTHS)), rng)


def draw_digits(length: int, rng: np.random.Generator) -> str:
    """This many digits."""
    text = "".join(map(str, rng.integers(0, DIGITS, length)))
    lot = rng.random()
    if length > 2 and lot < ZEROS_SHARE:
        zeros = int(rng.integers(1, length))
        text = text[:-zeros] + "0" * zeros
    elif length > 1 and lot < ZEROS_SHARE + REPEATED_SHARE:
        place = int(rng.integers(length - 1))
        text = text[:place] + text[place] * 2 + text[place + 2 :]
    return "1" + text[1:] if rng.random() < ONE_SHARE else text


def _draw_decimal(rng: np.random.Generator) -> str:
    whole = draw_digits(1 + int(rng.choice(4, p=(0.35, 0.42, 0.18, 0.05))), rng)
    places = 1 + int(rng.choice(4, p=(0.55, 0.25, 0.17, 0.03)))
    return whole + str(rng.choice(list(DECIMAL_SIGNS))) + draw_digits(places, rng)
