from decimal import Decimal

from inkdigits.arrays import Box
from inkdigits.formats import Format, to_decimal
from inkdigits.table.columns import Check, load_template
from inkdigits.table.results import Cell, Table
from inkdigits.table.suggest import suggest_template


def build(*rows: tuple[str, ...]) -> Table:
    """A table with these texts, all sure; words are something else."""

    def cell(row: int, column: int, text: str) -> Cell:
        is_word = text.isalpha()
        status = "text" if is_word else "sure" if text else "empty"
        shown = "" if is_word else text
        return Cell(row, column, shown, None, 0.999, Box(0, 0, 9, 9), status, value=to_decimal(shown))

    cells = (tuple(cell(r, c, text) for c, text in enumerate(row)) for r, row in enumerate(rows))
    return Table(tuple(cells), 99, 99)


def suggest(tmp_path, *tables: Table):
    path = tmp_path / "template.toml"
    path.write_text(suggest_template(tables), encoding="utf-8")
    return load_template(path)


def test_an_empty_table_gives_columns_of_which_nothing_is_known(tmp_path):
    template = suggest(tmp_path, build(("", ""), ("", "")))
    assert [column.format for column in template.columns] == [None, None]
    assert (template.header_rows, template.checks) == (0, ())


SHEET = [
    (name, str(day), *(f"{tenths / 10}" if day % 3 else str(tenths) for tenths in (250 + 7 * day, 120 + day**2 % 17)))
    for day, name in enumerate("abcdefghijkl", 1)
]


def test_columns_header_and_differences_are_found(tmp_path):
    rows = [
        (*row, str((Decimal(a) if "." in a else Decimal(a) / 10) - (Decimal(b) if "." in b else Decimal(b) / 10)))
        for row in SHEET
        for a, b in [row[2:]]
    ]
    template = suggest(tmp_path, build(("name", "day", "max", "min", "range"), *rows))
    assert template.header_rows == 1
    assert not template.columns[0].read
    tenths = Format(digits=3, decimals=1, implied=True)
    assert [column.format for column in template.columns[1:4]] == [Format(digits=(1, 2)), tenths, tenths]
    assert template.checks == (Check("difference", (2, 3), 4),)
    assert len({column.name for column in template.columns}) == 5


def test_a_rare_misreading_changes_nothing(tmp_path):
    rows = [(str(100 + i),) for i in range(60)]
    template = suggest(tmp_path, build(*rows, ("-1234,5",)))
    assert template.columns[0].format == Format(digits=3)


def test_signs_are_allowed_where_there_are_some(tmp_path):
    template = suggest(tmp_path, build(("-12",), ("14",), ("-7",), ("3",)))
    assert template.columns[0].format == Format(digits=(1, 2), sign=True)


def test_tables_of_another_width_are_left_out(tmp_path):
    narrow = build(("123",), ("456",), ("789",))
    template = suggest(tmp_path, narrow, narrow, build(*[("1", "2")] * 5))
    assert [column.format for column in template.columns] == [Format(digits=3)]
