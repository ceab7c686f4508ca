"""A few tables that were read → a first template for more of them, as TOML, to be edited by a person."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import permutations
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from inkdigits.table.results import SURE, TEXT, Cell, Table

# What fewer of a column's numbers have than this is taken for misread; this many numbers are needed to say anything.
RARE, LEAST_NUMBERS = 0.03, 3
# This many of a column's numbers need a decimal sign for its numbers to have one that some leave out.
SIGN_SHARE = 0.1
# A row is a header where so few of its cells hold numbers that are sure, of those that hold anything.
HEADER_NUMBERS = 0.3
# Two columns differ by a third one where they do in this many of the rows in which all three are sure, of at least
# this number; a column with fewer values than that tells nothing.
FITTING, LEAST_ROWS, LEAST_VALUES = 0.9, 6, 4


class Suggested(NamedTuple):
    """What the numbers of a column look like.

    Attributes:
        lines: of TOML.
        implied: how many decimals are meant where the decimal sign is left out.
    """

    lines: list[str]
    implied: int = 0


def suggest_template(tables: Sequence[Table]) -> str:
    """A template for tables like these: the usual digits and decimals of each column, and differences that hold.

    Args:
        tables: read without a template, at least one. Those of another width than most are left out.

    Returns:
        TOML, as `inkdigits.table.columns.load_template` reads it, with remarks for the person who edits it.
    """
    width = Counter(table.shape[1] for table in tables).most_common(1)[0][0]
    alike = [table for table in tables if table.shape[1] == width]
    header = max((_count_header(table) for table in alike), default=0)
    lines = [
        f"# A first template, from {len(alike)} table{'s' if len(alike) > 1 else ''} of {width} columns.",
        "# Give the columns names and correct what is wrong: in a column only what fits its format is read.",
        f"header_rows = {header}",
    ]
    kept = [cell for table in alike for cell in table.cells if cell.row >= header]
    forms = [_suggest_column([cell for cell in kept if cell.column == column]) for column in range(width)]
    for column, form in enumerate(forms, 1):
        lines += ["", "[[columns]]", f'name = "column {column}"', *form.lines]
    for first, second, result in _find_differences(alike, header, forms):
        lines += [
            "",
            "[[checks]]",
            'kind = "difference"',
            f"columns = [{first + 1}, {second + 1}]",
            f"result = {result + 1}",
        ]
    lines += [
        "",
        "# A check of rows looks like this; they are counted from 1, below the header.",
        "# [[checks]]",
        '# kind = "sum"  # or mean, max, min',
        "# rows = [1, 5]",
        "# result = 6",
        "# every = 7  # and so on, each 7 rows further down",
    ]
    return "\n".join(lines) + "\n"


def _count_header(table: Table) -> int:
    """How many rows at the top hold words rather than numbers."""
    for r, row in enumerate(table.rows):
        filled = [cell for cell in row if cell.text or cell.status == TEXT]
        if filled and sum(cell.status == SURE for cell in filled) > HEADER_NUMBERS * len(filled):
            return r
    return 0


def _suggest_column(cells: Iterable[Cell]) -> Suggested:
    cells = list(cells)
    texts = [cell.text for cell in cells if cell.status == SURE and cell.value is not None]
    texts = texts if len(texts) >= LEAST_NUMBERS else [cell.text for cell in cells if cell.value is not None]
    words = sum(cell.status == TEXT for cell in cells)
    if words > len(cells) / 2:
        return Suggested(["read = false  # words, it seems: left alone"])
    if len(texts) < LEAST_NUMBERS:
        return Suggested(["# too few numbers to say what they look like"])
    digits = _usual(sum(map(str.isdigit, text)) for text in texts)
    decimals = [len(text.replace(",", ".").partition(".")[2].rstrip("%-")) for text in texts]
    signed = [some for some in decimals if some]
    lines, implied = [f"digits = {_span(digits)}"], 0
    if len(signed) >= SIGN_SHARE * len(texts):
        usual = _usual(signed)
        lines.append(f"decimals = {_span(usual)}")
        if len(usual) == 1 and len(signed) < (1 - RARE) * len(texts):
            implied = usual[0]
            lines.append("implied = true  # the decimal sign is sometimes left out")
    if sum(text[0] in "+-" or text[-1] == "-" for text in texts) > RARE * len(texts):
        lines.append("sign = true")
    return Suggested(lines, implied)


def _usual(counts: Iterable[int]) -> list[int]:
    """Least and most of the counts that are not rare; one, if they are the same."""
    found = Counter(counts)
    usual = [count for count, often in found.items() if often > RARE * found.total()]
    return sorted({min(usual), max(usual)})


def _span(counts: Sequence[int]) -> str:
    return str(counts[0]) if len(counts) == 1 else f"[{counts[0]}, {counts[1]}]"


def _find_differences(tables: Sequence[Table], header: int, forms: Sequence[Suggested]) -> list[tuple[int, int, int]]:
    """Columns of which the first less the second is the third, in nearly all rows."""
    values = np.concatenate([_to_values(table, header, forms) for table in tables])
    told = [c for c in range(values.shape[1]) if len(set(values[~np.isnan(values[:, c]), c].tolist())) >= LEAST_VALUES]
    found = []
    for first, second, result in permutations(told, 3):
        misses = values[:, first] - values[:, second] - values[:, result]
        known = misses[~np.isnan(misses)]
        if len(known) >= LEAST_ROWS and np.mean(np.abs(known) < 1e-6) >= FITTING:
            found.append((first, second, result))
    # a - b = c says a - c = b as well: the one whose result stands behind both is meant.
    return [one for one in found if one[2] == max(one) or (one[0], one[2], one[1]) not in found]


def _to_values(table: Table, header: int, forms: Sequence[Suggested]) -> npt.NDArray[np.float64]:
    """(rows, columns) what is sure, else NaN."""
    values = np.full((max(0, len(table.rows) - header), table.shape[1]), np.nan)
    for cell in table.cells:
        if cell.row >= header and cell.status == SURE and cell.value is not None:
            decimals = 0 if {".", ","} & set(cell.text) else forms[cell.column].implied
            values[cell.row - header, cell.column] = float(cell.value.scaleb(-decimals))
    return values
