"""Tables → the bytes of .csv, .jsonl and .xlsx files."""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

from inkdigits.outputs import disarm, load_openpyxl, to_cell

# Of what is not sure: a light orange that shows on paper and screen, text stays black.
UNSURE_FILL = "FFD9B3"
MAX_SHEET_NAME = 31
# A sheet of a spreadsheet: its name, the names of its columns, and of each cell the text, the value, and a remark where
# it is not sure.
Sheet = tuple[str, Sequence[str], Sequence[Sequence[tuple[str, Decimal | None, str]]]]


def to_csv(grid: Iterable[Sequence[str]]) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula gets an apostrophe before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([disarm(text) for text in row] for row in grid)
    return out.getvalue()


def to_jsonl(objects: Iterable[dict[str, Any]]) -> str:
    """One JSON object a line."""
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)


def to_xlsx(sheets: Iterable[Sheet], path: Path) -> bytes:
    """A spreadsheet with one sheet or several.

    A number whose text is its value is a number, anything else text: 007 stays 007. What is not sure is coloured, with
    the remark as its comment.

    Raises:
        MissingExtraError: without the extra `xlsx`.
    """
    openpyxl = load_openpyxl(path)
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill

    fill, bold = PatternFill("solid", fgColor=UNSURE_FILL), Font(bold=True)
    book = openpyxl.Workbook(write_only=True)
    used: set[str] = set()
    for name, names, rows in sheets:
        sheet = book.create_sheet(_to_sheet_name(name, used))
        if names:
            sheet.freeze_panes = "A2"
            heads = [to_cell(openpyxl, sheet, text) for text in names]
            for head in heads:
                head.font = bold
            sheet.append(heads)
        for row in rows:
            cells = []
            for text, value, remark in row:
                cell = _to_number_cell(openpyxl, sheet, text, value)
                if remark:
                    cell.fill, cell.comment = fill, Comment(remark, "inkdigits")
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _to_number_cell(openpyxl: Any, sheet: Any, text: str, value: Decimal | None) -> Any:
    if value is None or str(value) != text.replace(",", ".").removeprefix("+"):
        return to_cell(openpyxl, sheet, text)
    cell = openpyxl.cell.WriteOnlyCell(sheet, float(value) if "." in str(value) else int(value))
    if decimals := max(0, -int(value.as_tuple().exponent)):
        cell.number_format = f"0.{'0' * decimals}"
    return cell


def _to_sheet_name(name: str, used: set[str]) -> str:
    """A name that a sheet may have, which no other one has: its end, where it is too long."""
    plain = re.sub(r"[\[\]:*?/\\]", "_", name).strip("'") or "table"
    for number in count(1):
        ending = f" ({number})" if number > 1 else ""
        fitting = plain[-(MAX_SHEET_NAME - len(ending)) :] + ending
        if fitting.lower() not in used:
            used.add(fitting.lower())
            return fitting
    raise AssertionError
