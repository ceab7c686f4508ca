"""What a table is made of: cells in rows, each with what stands in it and how sure that is."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inkdigits.arrays import Box
from inkdigits.errors import DataError, MissingExtraError
from inkdigits.formats import to_decimal
from inkdigits.outputs import write_bytes
from inkdigits.results import Number, to_percent
from inkdigits.table.columns import Column
from inkdigits.table.spreadsheets import to_csv, to_jsonl, to_xlsx

if TYPE_CHECKING:
    from PIL.Image import Image

    from inkdigits.images import Source

# What stands in a cell: a number that is sure or not, nothing (a blank, a dash), something else than a number, or what
# a person has checked. Nothing, and something else, are unsure too where they might be a number.
SURE, UNSURE, EMPTY, TEXT, CHECKED = STATUSES = ("sure", "unsure", "empty", "text", "checked")
Corners = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        row: from 0, header rows too; of a merged cell the first.
        column: from 0, likewise.
        text: the number as it is written, the likeliest one where it is not sure; empty where there is none.
        number: its symbols, in photo pixels; None where there is none, and in a table that was loaded.
        confidence: the chance, 0 to 1, that the text is right; where it is empty, that there is no number.
        box: around the cell, in photo pixels.
        status: `sure`, `unsure`, `empty`, `text` (something else than a number), or `checked` by a person.
        corners: (x, y) top left, top right, bottom right, bottom left, in photo pixels.
        value: what the number is worth; None where that is not clear, and where there is none.
        row_span: how many rows it covers.
        column_span: how many columns it covers.
        notes: what does not fit: the format of its column, a sum.
    """

    row: int
    column: int
    text: str
    number: Number | None
    confidence: float
    box: Box
    status: str
    corners: Corners = ()
    value: Decimal | None = None
    row_span: int = 1
    column_span: int = 1
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON."""
        return {
            "row": self.row,
            "column": self.column,
            "row_span": self.row_span,
            "column_span": self.column_span,
            "text": self.text,
            "value": None if self.value is None else str(self.value),
            "confidence": round(self.confidence, 6),
            "status": self.status,
            "box": list(self.box),
            "corners": [[round(x, 1), round(y, 1)] for x, y in self.corners],
            "notes": list(self.notes),
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> "Cell":
        """The cell of which `to_dict` gave the data; without its symbols."""
        value = data["value"]
        return cls(
            **{
                name: data[name]
                for name in ("row", "column", "row_span", "column_span", "text", "confidence", "status")
            },
            number=None,
            box=Box(*data["box"]),
            corners=tuple((x, y) for x, y in data["corners"]),
            value=None if value is None else Decimal(value),
            notes=tuple(data["notes"]),
        )


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a picture.

    Attributes:
        rows: of cells, each row as long as the others; a merged cell stands in every place that it covers.
        width: of the upright photo, in pixels.
        height: of the upright photo, in pixels.
        header_rows: how many rows stand above the first one with values.
        columns: what was known of them, from the left; there may be fewer than the rows are long.
    """

    rows: tuple[tuple[Cell, ...], ...]
    width: int
    height: int
    header_rows: int = 0
    columns: tuple[Column, ...] = ()

    @property
    def cells(self) -> Iterator[Cell]:
        """Every cell once, in reading order."""
        for r, row in enumerate(self.rows):
            for c, cell in enumerate(row):
                if (cell.row, cell.column) == (r, c):
                    yield cell

    @property
    def shape(self) -> tuple[int, int]:
        """How many rows and columns there are."""
        return len(self.rows), len(self.rows[0]) if self.rows else 0

    @property
    def names(self) -> list[str]:
        """Of the columns; empty where none has a name, and the column's number, from 1, where it alone has none."""
        known = [column.name for column in self.columns]
        every = [name or str(place) for place, name in enumerate([*known, *[""] * self.shape[1]][: self.shape[1]], 1)]
        return every if any(known) else []

    def unsure(self, p: float = 0.01) -> list[Cell]:
        """The cells below the header that are wrong with more than this chance, least sure first.

        What a person has checked is not among them.
        """
        found = [
            cell
            for cell in self.cells
            if cell.row >= self.header_rows and cell.status != CHECKED and cell.confidence < 1 - p
        ]
        return sorted(found, key=lambda cell: cell.confidence)

    def to_grid(self) -> list[list[str]]:
        """What a person would have typed, row by row below the header; a merged cell's text at its top left."""
        return [
            [self._to_typed(cell) if (cell.row, cell.column) == (r, c) else "" for c, cell in enumerate(row)]
            for r, row in enumerate(self.rows)
            if r >= self.header_rows
        ]

    def _to_typed(self, cell: Cell) -> str:
        """As it is written; where the column has decimals, with a point before them."""
        form = self.columns[cell.column].format if cell.column < len(self.columns) else None
        if form is None or form.decimals is None or cell.value is None:
            return cell.text
        if form.implied and not {".", ","} & set(cell.text):
            return str(cell.value)
        return cell.text.replace(",", ".")

    def to_csv(self, path: str | Path | None = None, bom: bool = False) -> str:
        """Write what a person would have typed, one row a row of the table, the names of the columns above.

        Args:
            path: None writes nothing.
            bom: begin with a byte order mark, by which spreadsheet programs know UTF-8.

        Returns:
            What stands in the file.

        Raises:
            DataError: the place cannot be written to.
        """
        text = to_csv([self.names, *self.to_grid()] if self.names else self.to_grid())
        if path is not None:
            write_bytes(Path(path), text.encode("utf-8-sig" if bom else "utf-8"))
        return text

    def to_jsonl(self, path: str | Path | None = None) -> str:
        """Write one JSON object a cell: row, column, text, value, confidence, status, box and more; see `to_csv`."""
        text = to_jsonl(cell.to_dict() for cell in self.cells)
        if path is not None:
            write_bytes(Path(path), text.encode())
        return text

    def to_xlsx(self, path: str | Path) -> None:
        """Write a spreadsheet in which numbers are numbers, and cells that are not sure are coloured.

        Raises:
            DataError: the place cannot be written to.
            MissingExtraError: without the extra `xlsx`.
        """
        write_bytes(Path(path), to_xlsx([("table", self.names, self.to_sheet())], Path(path)))

    def to_sheet(self) -> list[list[tuple[str, Decimal | None, str]]]:
        """For a spreadsheet: text, value, and what to say of it where it is not sure; rows below the header."""
        return [
            [
                (text, cell.value, _remark(cell)) if (cell.row, cell.column) == (r, c) else ("", None, "")
                for c, (text, cell) in enumerate(zip(typed, self.rows[r], strict=True))
            ]
            for r, typed in enumerate(self.to_grid(), self.header_rows)
        ]

    def to_dataframe(self) -> Any:
        """A pandas DataFrame: columns whose cells all have a value as numbers, others as text; empty cells are missing.

        Raises:
            MissingExtraError: without pandas, which the extra `train` brings.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise MissingExtraError.of("train", "A DataFrame") from error
        sheet, names = self.to_sheet(), self.names or [*range(self.shape[1])]
        frame = {}
        for place, name in enumerate(names):
            cells = [(text, value) for text, value, _ in (row[place] for row in sheet)]
            is_numeric = all(value is not None for text, value in cells if text)
            found = [
                (float(value) if is_numeric and value is not None else text) if text else None for text, value in cells
            ]
            frame[name] = pd.Series(found, dtype=float if is_numeric else object)
        return pd.DataFrame(frame)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain numbers, strings and lists, ready for JSON; each cell once."""
        return {
            "shape": list(self.shape),
            "width": self.width,
            "height": self.height,
            "header_rows": self.header_rows,
            "names": self.names,
            "cells": [cell.to_dict() for cell in self.cells],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any], columns: tuple[Column, ...] = ()) -> "Table":
        """The table of which `to_dict` gave the data.

        Args:
            data: as `to_dict` gives it.
            columns: those of the template with which it was read.
        """
        rows, width = data["shape"]
        places: list[list[Any]] = [[None] * width for _ in range(rows)]
        for cell in map(Cell.from_dict, data["cells"]):
            for r in range(cell.row, cell.row + cell.row_span):
                places[r][cell.column : cell.column + cell.column_span] = [cell] * cell.column_span
        if any(cell is None for row in places for cell in row):
            raise DataError("a table's cells must cover all of its places once. Read the picture again.")
        return cls(tuple(map(tuple, places)), data["width"], data["height"], data["header_rows"], columns)

    def check(self, row: int, column: int, text: str) -> "Table":
        """The same table after a person has said what stands in a cell."""
        old = self.rows[row][column]
        form = self.columns[old.column].format if old.column < len(self.columns) else None
        value = form.to_decimal(text) if form else to_decimal(text)
        new = replace(old, text=text, value=value, status=CHECKED, confidence=1.0, number=None, notes=())
        return replace(self, rows=tuple(tuple(new if cell is old else cell for cell in line) for line in self.rows))

    def draw(self, photo: "Source") -> "Image":
        """The photo with the grid and what was read drawn on it; cells that are not sure in vermilion.

        Args:
            photo: the picture that was read.
        """
        from inkdigits.table.drawing import draw_tables

        return draw_tables([self], photo)

    def _repr_html_(self) -> str:
        """For notebooks: the table, cells that are not sure marked."""
        head = "".join(f"<th>{escape(name)}</th>" for name in self.names)
        body = "".join(
            "<tr>"
            + "".join(
                f'<td style="background:#ffd9b3" title="{escape(note)}">{escape(text)}</td>'
                if note
                else f"<td>{escape(text)}</td>"
                for text, _, note in row
            )
            + "</tr>"
            for row in self.to_sheet()
        )
        return f"<table>{f'<tr>{head}</tr>' if head else ''}{body}</table>"


def _remark(cell: Cell) -> str:
    """What to say of a cell that is not sure."""
    if cell.status != UNSURE:
        return ""
    return "; ".join((f"{to_percent(cell.confidence)} sure", *cell.notes))
