"""A page for the person who checks what was read from tables, in one file without a server, and crops to learn from."""

import base64
import hashlib
import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import numpy.typing as npt

from inkdigits.arrays import Box, Gray, Photo
from inkdigits.check_digits import IBAN_LENGTHS
from inkdigits.errors import DataError
from inkdigits.formats import MAX_DIGITS, Format
from inkdigits.images import to_gray
from inkdigits.outputs import check_folder, check_new_file
from inkdigits.table.cells import cut_cell
from inkdigits.table.grid import GridCell

if TYPE_CHECKING:
    from inkdigits.table.results import Cell, Table

STATIC = Path(__file__).parent / "static"
PAGE, CROPS = "review.html", "crops"
# One script in the page: each may use what stands in those before it.
SCRIPTS = ("numbers", "estimate", "store", "cells", "photo", "keypad", "review")
# What a sheet is shown with: on a screen, writing of 46 rows can be read at this size. WebP's quality 70 shows pencil.
SHOWN_SIDE_PX, SHOWN_QUALITY = 2600, 70
# Crops are shown at most so large.
CROP_SIDE_PX = 480


def write_review(folder: str | Path, sheets: "Sequence[tuple[str, Photo, Table]]") -> Path:
    """Write a page on which a person checks tables, and each cell as a picture to learn from.

    The page is one file that opens in any browser, offline: the photos are in it, and it asks nobody for anything. What
    the person answers stays in the browser until it is saved: the table as a .csv, and checked.csv, which names the
    pictures in the folder `crops` with their text, for `inkdigits train recognizer --data FOLDER`.

    Args:
        folder: is made where it is missing.
        sheets: a name, the upright photo and the table of each; a photo with two tables is there twice.

    Returns:
        Where the page is.

    Raises:
        DataError: no sheets, a folder that cannot be written to, or one that has a review already.
    """
    if not sheets:
        raise DataError("there are no sheets to check. Give at least one with its photo and its table.")
    folder = Path(folder)
    check_folder(folder)
    check_folder(folder / CROPS)
    check_new_file(folder / PAGE, (".html",))
    shown, crops = [], {}
    for place, (name, photo, table) in enumerate(sheets, 1):
        sheet, cutouts = _to_sheet(place, name, photo, table)
        shown.append(sheet)
        crops |= cutouts
    try:
        for name, png in crops.items():
            (folder / name).write_bytes(png)
        part = folder / f".{PAGE}.part"
        part.write_text(to_page(shown), encoding="utf-8", newline="")
        part.replace(folder / PAGE)
    except OSError as error:
        raise DataError(f"{folder} cannot be written to: {error.strerror}. Choose another place.") from error
    return folder / PAGE


def to_page(sheets: Sequence[dict[str, Any]]) -> str:
    """The page. Whatever came from elsewhere is escaped, and no script or style but its own is run."""
    style, page = (_read(f"review.{ending}") for ending in ("css", "html"))
    script = '"use strict";\n' + "\n".join(_read(f"{name}.js") for name in SCRIPTS)
    # The answers belong to these readings: another reading of the same sheets begins anew.
    told = [[sheet["name"], [[cell["text"], cell["corners"]] for cell in sheet["cells"]]] for sheet in sheets]
    data = {"key": hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16], "sheets": list(sheets)}
    names = sorted({str(sheet["name"]) for sheet in sheets})
    return Template(page).substitute(
        title=escape(names[0] if len(names) == 1 else f"{len(names)} sheets"),
        style=style,
        style_hash=_hash(style),
        script=script,
        script_hash=_hash(script),
        # Neither the end of a script nor a comment can be written with a < that is escaped.
        data=json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
    )


def _read(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _to_sheet(place: int, name: str, photo: Photo, table: "Table") -> tuple[dict[str, Any], dict[str, bytes]]:
    """What the page is told of a sheet, and the pictures of its cells as PNGs by their names."""
    gray, channels = to_gray(photo), cv2.split(photo)
    scale = min(1.0, SHOWN_SIDE_PX / max(gray.shape))
    size = max(1, round(gray.shape[1] * scale)), max(1, round(gray.shape[0] * scale))
    rows, columns = table.shape
    cells, crops = [], {}
    for cell in table.cells:
        if cell.row < table.header_rows:
            continue
        file = f"{CROPS}/{place:03}-{cell.row + 1:03}-{cell.column + 1:03}.png"
        corners = cell.corners or _corners_of(cell.box)
        place_in_photo = GridCell(cell.row, cell.column, cell.row_span, cell.column_span, corners)
        crops[file] = _encode(".png", cut_cell(gray, place_in_photo))
        cells.append(_to_cell(cell, place_in_photo, channels, scale, file))
    known = table.columns[:columns] + (None,) * (columns - len(table.columns))
    sheet = {
        "name": name,
        "photo": _to_url(cv2.resize(photo, size, interpolation=cv2.INTER_AREA)),
        "width": size[0],
        "height": size[1],
        "rows": rows,
        "header": table.header_rows,
        "columns": [
            {"name": "", "format": None} if one is None else {"name": one.name, "format": _to_format(one.format)}
            for one in known
        ],
        # As `Table.names` has them: all, or none.
        "names": list(table.names),
        "cells": cells,
    }
    return sheet, crops


def _corners_of(box: Box) -> tuple[tuple[float, float], ...]:
    x, y, width, height = box
    return (x, y), (x + width, y), (x + width, y + height), (x, y + height)


def _to_cell(cell: "Cell", place: GridCell, channels: Sequence[Gray], scale: float, file: str) -> dict[str, Any]:
    crop = np.dstack([cut_cell(channel, place) for channel in channels])
    smaller = CROP_SIDE_PX / max(crop.shape)
    if smaller < 1:
        crop = cv2.resize(crop, None, fx=smaller, fy=smaller, interpolation=cv2.INTER_AREA)
    return {
        "row": cell.row,
        "column": cell.column,
        "rowSpan": cell.row_span,
        "columnSpan": cell.column_span,
        "text": cell.text,
        "confidence": round(float(cell.confidence), 4),
        "status": cell.status,
        "notes": list(cell.notes),
        "corners": [round(side * scale, 1) for corner in place.corners for side in corner],
        "crop": _to_url(crop),
        "file": file,
    }


def _to_format(form: Format | None) -> dict[str, Any] | None:
    """A format as the page's script knows it; see `fits` in numbers.js."""
    if form is None:
        return None
    settings: Any = form
    return {
        "digits": settings.digits or (1, MAX_DIGITS),
        "decimals": settings.decimals or (0, 0 if form.digits or form.check else MAX_DIGITS),
        "sign": form.sign,
        "minimum": None if form.minimum is None else str(form.minimum),
        "maximum": None if form.maximum is None else str(form.maximum),
        "pattern": form.pattern and form.pattern.replace(",", "."),
        "choices": None if form.choices is None else [choice.replace(",", ".") for choice in settings.choices],
        "check": form.check,
        "ibans": IBAN_LENGTHS if form.check == "iban" else None,
        "hasPoint": form.decimals is not None,
        "implied": settings.decimals[0] if form.implied else 0,
    }


def _to_url(picture: npt.NDArray[Any]) -> str:
    webp = _encode(".webp", cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), cv2.IMWRITE_WEBP_QUALITY, SHOWN_QUALITY)
    return f"data:image/webp;base64,{base64.b64encode(webp).decode()}"


def _encode(ending: str, picture: npt.NDArray[Any], *options: int) -> bytes:
    return cv2.imencode(ending, picture, options)[1].tobytes()
