from decimal import Decimal

import pytest

from inkdigits.table.spreadsheets import to_csv, to_jsonl, to_xlsx


def test_nothing_is_an_empty_file():
    assert to_csv([]) == ""
    assert to_jsonl([]) == ""


def test_a_formula_is_disarmed_and_a_number_with_its_sign_is_none():
    assert to_csv([["=1+1", "-7", "-x"]]) == "'=1+1,-7,'-x\n"


@pytest.fixture
def load(tmp_path):
    """Write sheets and open them again."""
    openpyxl = pytest.importorskip("openpyxl")

    def load(*sheets):
        path = tmp_path / "values.xlsx"
        path.write_bytes(to_xlsx(sheets, path))
        return openpyxl.load_workbook(path)

    return load


def test_numbers_are_numbers_and_what_is_not_sure_is_coloured(load):
    row = [
        ("27.9", Decimal("27.9"), ""),
        ("007", Decimal(7), ""),
        ("3,50", Decimal("3.50"), "60.0% sure"),
        ("", None, ""),
    ]
    sheet = load(("table", ["a", "b", "c", "d"], [row]))["table"]
    assert [one.value for one in sheet[1]] == ["a", "b", "c", "d"]
    number, code, unsure, empty = sheet[2]
    assert (number.value, number.number_format) == (27.9, "0.0")
    assert (code.value, code.data_type) == ("007", "s")
    assert (unsure.value, unsure.number_format) == (3.5, "0.00")
    assert unsure.fill.fgColor.rgb == "00FFD9B3"
    assert "60.0% sure" in unsure.comment.text
    assert number.comment is None
    assert empty.value is None


def test_every_sheet_has_a_name_of_its_own_that_is_allowed(load):
    long = "scans/" + "x" * 40
    book = load(*[(name, [], [[("1", Decimal(1), "")]]) for name in (long, long, "a:b", "A:B", "''")])
    assert len(set(map(str.lower, book.sheetnames))) == 5
    assert all(len(name) <= 31 for name in book.sheetnames)
    assert book.sheetnames[2:] == ["a_b", "A_B (2)", "table"]
