"""What a table's columns hold, and which cells must fit each other: a template, from Python or a TOML file."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from inkdigits.errors import FormatError, did_you_mean
from inkdigits.formats import Format

KINDS = ("sum", "mean", "max", "min", "difference")
_FORMAT_KEYS = tuple(field.name for field in fields(Format))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table.

    Attributes:
        name: as it stands above the column in a spreadsheet; may be empty.
        format: what its numbers may look like; None: anything.
        read: whether it is read at all; what else stands in it, such as names, is left alone.
    """

    name: str = ""
    format: Format | None = None
    read: bool = True


@dataclass(frozen=True, slots=True)
class Check:
    """What cells must come to.

    Attributes:
        kind: `sum`, `mean`, `max`, `min`, or `difference`, of the first and the second cell.
        columns: from 0. Across: the cells of each row that are counted. Down: the columns that it holds for.
        result: where the outcome stands: across, a column; down, a row. From 0; rows below the header.
        rows: down a column: the first and the last row that is counted; None: across each row.
        every: the same again this many rows further down; 0: once.
        times: how often in all; 0: as long as there are rows.
        tolerance: how far the outcome may be off; a mean is rounded besides.
    """

    kind: str
    columns: tuple[int, ...]
    result: int
    rows: tuple[int, int] | None = None
    every: int = 0
    times: int = 0
    tolerance: float = 0.0


@dataclass(frozen=True, slots=True)
class Template:
    """What is known of a table before it is read.

    Attributes:
        columns: from the left; a table may have more.
        header_rows: how many rows stand above the first one with values.
        checks: what cells must come to.
    """

    columns: tuple[Column, ...] = ()
    header_rows: int = 0
    checks: tuple[Check, ...] = ()


Columns = Mapping[Any, Format] | Template | str | Path | None


def to_template(columns: Columns) -> Template:
    """A template, however it is given.

    Args:
        columns: formats by the index of their columns, from 0, or by the names of the columns, in their order; a TOML
            file; a template; None for no knowledge at all.

    Raises:
        FormatError: a template that contradicts itself, or that cannot be read.
    """
    if columns is None:
        return Template()
    if isinstance(columns, Template):
        return columns
    if isinstance(columns, str | Path):
        return load_template(columns)
    if not isinstance(columns, Mapping):
        raise FormatError(
            f"columns must be formats by index or name, as in {{2: Format(digits=3)}}, or a file; got {columns!r}."
        )
    for key, form in columns.items():
        if not isinstance(form, Format):
            raise FormatError(f"the column {key!r} must have an inkdigits.Format, got {form!r}.")
    if all(isinstance(key, str) for key in columns):
        return Template(tuple(Column(name, form) for name, form in columns.items()))
    if not all(type(key) is int and key >= 0 for key in columns):
        raise FormatError(f"columns are known by their index, from 0, or all by name; got {list(columns)}.")
    return Template(tuple(Column(format=columns.get(place)) for place in range(max(columns) + 1)))


def load_template(path: str | Path) -> Template:
    """A template from a TOML file, in which columns and rows are counted from 1, rows below the header.

    Raises:
        FormatError: there is no such file, it is no TOML, or what it says contradicts itself; the message says where.
    """
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text in UTF-8"
        raise FormatError(f"The template {path} cannot be read: {reason}. Check the path.") from error
    except tomllib.TOMLDecodeError as error:
        raise FormatError(f"The template {path} is not TOML: {error}.") from error
    try:
        return _to_template(content)
    except FormatError as error:
        raise FormatError(f"The template {path}: {error}") from error


def _to_template(content: dict[str, Any]) -> Template:
    _refuse_unknown("the template", content, ("header_rows", "columns", "checks"))
    columns: list[Column] = []
    tables = _tables(content, "columns")
    for i, table in enumerate(tables, 1):
        what = f"column {table.get('name', i)!r}"
        _refuse_unknown(what, table, ("column", "name", "read", *_FORMAT_KEYS))
        place = _whole(what, table, "column", len(columns) + 1, least=len(columns) + 1)
        columns += [Column()] * (place - 1 - len(columns))
        settings = {key: table[key] for key in _FORMAT_KEYS if key in table}
        try:
            form = Format(**settings) if settings else None
        except FormatError as error:
            raise FormatError(f"{what}: {error}") from error
        columns.append(Column(str(table.get("name", "")), form, _flag(what, table, "read", True)))
    names = [column.name for column in columns if column.name]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise FormatError(f"two columns have the name {twice!r}. Give each another one.")
    checks = tuple(_to_check(f"check {i}", table, columns) for i, table in enumerate(_tables(content, "checks"), 1))
    return Template(tuple(columns), _whole("the template", content, "header_rows", 0), checks)


def _to_check(what: str, table: dict[str, Any], columns: Sequence[Column]) -> Check:
    _refuse_unknown(what, table, tuple(field.name for field in fields(Check)))
    kind = table.get("kind")
    if kind not in KINDS:
        raise FormatError(f"{what} needs a kind, one of {', '.join(KINDS)}; got {kind!r}.")
    rows = table.get("rows")
    if rows is not None and not _is_span(rows):
        raise FormatError(f"{what}: rows must be the first and the last, as in [1, 5]; got {rows!r}.")
    named = table.get("columns", [] if rows is None else None)
    every = [place for place, column in enumerate(columns) if column.read and column.format]
    used = tuple(_place(what, name, columns) for name in named) if named is not None else tuple(every)
    if not used or (rows is None and len(used) < 2):
        raise FormatError(f"{what} needs columns: names, or numbers from 1, as in columns = ['max', 'min'].")
    if "result" not in table:
        raise FormatError(f"{what} needs a result: {'the column' if rows is None else 'the row'} that holds it.")
    if kind == "difference" and (len(used) if rows is None else rows[1] - rows[0] + 1) != 2:
        raise FormatError(f"{what}: a difference is that of two cells.")
    result = _place(what, table["result"], columns) if rows is None else _whole(what, table, "result", 0, least=1) - 1
    if result in (used if rows is None else range(rows[0] - 1, rows[1])):
        raise FormatError(f"{what}: the result {table['result']!r} is itself among what is counted.")
    tolerance = table.get("tolerance", 0)
    if not isinstance(tolerance, int | float) or tolerance < 0:
        raise FormatError(f"{what}: tolerance must be 0 or more, got {tolerance!r}.")
    times = _whole(what, table, "times", 0)
    return Check(
        kind,
        used,
        result,
        None if rows is None else (rows[0] - 1, rows[1] - 1),
        _whole(what, table, "every", 0),
        times,
        float(tolerance),
    )


def _is_span(rows: Any) -> bool:
    return (
        isinstance(rows, list) and len(rows) == 2 and all(type(row) is int for row in rows) and 1 <= rows[0] <= rows[1]
    )


def _place(what: str, name: Any, columns: Sequence[Column]) -> int:
    """The index of a column that is known by its name, or by its number from 1."""
    names = [column.name for column in columns]
    if isinstance(name, str) and name in names:
        return names.index(name)
    if type(name) is int and name >= 1:
        return name - 1
    hint = did_you_mean(name, filter(None, names)) if isinstance(name, str) else ""
    raise FormatError(f"{what}: there is no column {name!r}.{hint}")


def _tables(content: dict[str, Any], key: str) -> list[dict[str, Any]]:
    tables = content.get(key, [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise FormatError(f"{key} must be tables: write [[{key}]] above each.")
    return tables


def _whole(what: str, table: dict[str, Any], key: str, default: int, least: int = 0) -> int:
    value = table.get(key, default)
    if type(value) is not int or value < least:
        raise FormatError(f"{what}: {key} must be a whole number, {least} or more; got {value!r}.")
    return value


def _flag(what: str, table: dict[str, Any], key: str, default: bool) -> bool:
    value = table.get(key, default)
    if not isinstance(value, bool):
        raise FormatError(f"{what}: {key} must be true or false, got {value!r}.")
    return value


def _refuse_unknown(what: str, table: dict[str, Any], known: Sequence[str]) -> None:
    unknown = next((key for key in table if key not in known), None)
    if unknown is not None:
        raise FormatError(
            f"{what} has no {unknown!r}.{did_you_mean(unknown, known) or ' There are ' + ', '.join(known) + '.'}"
        )
