import pytest

from inkdigits.errors import FormatError
from inkdigits.formats import Format
from inkdigits.table.columns import Check, Column, Template, load_template, to_template

WHOLE = """
header_rows = 2
[[columns]]
name = "day"
digits = [1, 2]
maximum = 31
[[columns]]
name = "station"
read = false
[[columns]]
column = 5
name = "max"
digits = 3
decimals = 1
implied = true
[[columns]]
name = "min"
digits = 3
decimals = 1
[[checks]]
kind = "difference"
columns = ["max", "min"]
result = "day"
[[checks]]
kind = "mean"
columns = [5]
rows = [1, 5]
result = 7
every = 7
times = 2
tolerance = 0.1
"""


def load(tmp_path, text: str) -> Template:
    path = tmp_path / "template.toml"
    path.write_text(text, encoding="utf-8")
    return load_template(path)


def test_nothing_known_is_an_empty_template(tmp_path):
    assert to_template(None) == Template()
    assert to_template({}) == Template()
    assert load(tmp_path, "") == Template()


def test_formats_by_index_or_by_name_are_columns():
    year = Format(digits=4)
    assert to_template({2: year}).columns == (Column(), Column(), Column(format=year))
    assert to_template({"day": Format(digits=2), "year": year}).columns[1] == Column("year", year)
    template = Template((Column("day"),))
    assert to_template(template) is template


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (5, "must be formats by index or name"),
        ({0: 4}, "column 0 must have an inkdigits.Format"),
        ({-1: Format(digits=1)}, "known by their index"),
        ({0: Format(digits=1), "day": Format(digits=1)}, "known by their index"),
    ],
)
def test_what_are_no_columns_is_refused(columns, message):
    with pytest.raises(FormatError, match=message):
        to_template(columns)


def test_a_file_counts_columns_and_rows_from_1(tmp_path):
    template = load(tmp_path, WHOLE)
    assert template.header_rows == 2
    assert [column.name for column in template.columns] == ["day", "station", "", "", "max", "min"]
    assert [column.read for column in template.columns] == [True, False, True, True, True, True]
    assert template.columns[0].format == Format(digits=(1, 2), maximum=31)
    assert template.columns[4].format == Format(digits=3, decimals=1, implied=True)
    assert template.checks == (
        Check("difference", (4, 5), 0),
        Check("mean", (4,), 6, (0, 4), every=7, times=2, tolerance=0.1),
    )


def test_a_check_of_rows_without_columns_is_for_all_with_a_format(tmp_path):
    text = WHOLE.replace("columns = [5]\n", "")
    assert load(tmp_path, text).checks[1].columns == (0, 4, 5)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("header_rows = 2", "header_rows = -1", "header_rows must be a whole number, 0 or more; got -1"),
        ("header_rows = 2", "headers = 2", "has no 'headers'. Did you mean header_rows"),
        ("header_rows = 2", "columns = 2 #", "not TOML"),
        ("maximum = 31", "minimum = 40\nmaximum = 31", "column 'day': minimum 40 is greater than maximum 31"),
        ("maximum = 31", "most = 31", "column 'day' has no 'most'"),
        ('name = "min"', 'name = "max"', "two columns have the name 'max'"),
        ("column = 5", "column = 1", "column must be a whole number, 3 or more"),
        ("read = false", 'read = "no"', "read must be true or false"),
        ("implied = true", "implied = true\npattern = '##'", "a pattern says all"),
        ("decimals = 1\nimplied", "decimals = [0, 1]\nimplied", "implied needs one count of decimals"),
        ('"difference"', '"product"', "check 1 needs a kind, one of sum, mean, max, min, difference; got 'product'"),
        ('["max", "min"]', '["maxi", "min"]', "there is no column 'maxi'. Did you mean max"),
        ('["max", "min"]', '["max"]', "check 1 needs columns"),
        ('["max", "min"]', '["max", "min", 1]', "a difference is that of two cells"),
        ('result = "day"', 'result = "max"', "is itself among what is counted"),
        ('result = "day"\n', "", "check 1 needs a result: the column that holds it"),
        ("rows = [1, 5]", "rows = [5, 1]", "rows must be the first and the last"),
        ("result = 7", "result = 3", "is itself among what is counted"),
        ("tolerance = 0.1", "tolerance = -1", "tolerance must be 0 or more"),
    ],
)
def test_what_is_wrong_in_a_file_is_named(tmp_path, old, new, message):
    assert old in WHOLE
    with pytest.raises(FormatError, match=message) as error:
        load(tmp_path, WHOLE.replace(old, new, 1))
    assert "template.toml" in str(error.value)


def test_a_missing_file_and_other_bytes_are_refused(tmp_path):
    with pytest.raises(FormatError, match=r"none\.toml cannot be read"):
        to_template(tmp_path / "none.toml")
    (tmp_path / "photo.toml").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(FormatError, match="not text in UTF-8"):
        to_template(str(tmp_path / "photo.toml"))
