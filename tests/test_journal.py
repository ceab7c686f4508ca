import json

import pytest

from inkdigits.arrays import Box
from inkdigits.errors import DataError
from inkdigits.formats import Format
from inkdigits.journal import Journal
from inkdigits.table.columns import Column, Template
from inkdigits.table.results import Cell, Table
from inkdigits.table_files import TableResult

TEMPLATE = Template((Column("a", Format(digits=1)),))
TABLE = Table(((Cell(0, 0, "7", None, 0.9, Box(0, 0, 9, 9), "sure", ((0.0, 0.0),) * 4),),), 9, 9, 0, TEMPLATE.columns)
RESULT = TableResult("a.jpg", (TABLE,))


@pytest.fixture
def output(tmp_path):
    return tmp_path / "values.csv"


def test_without_an_output_nothing_is_kept():
    journal = Journal.beside(None, TEMPLATE)
    assert journal.open(resume=False) == 0
    journal.add("a.jpg", [RESULT])
    assert journal.find("a.jpg") is None
    journal.close()


def test_a_run_that_read_nothing_leaves_nothing_to_go_on_with(output):
    assert Journal.beside(output, TEMPLATE).open(resume=False) == 0
    assert Journal.beside(output, Template()).open(resume=False) == 0


def test_what_was_read_is_found_again(output):
    journal = Journal.beside(output, TEMPLATE)
    journal.open(resume=False)
    journal.add("a.jpg", [RESULT])
    again = Journal.beside(output, TEMPLATE)
    assert again.open(resume=True) == 1
    assert again.find("a.jpg") == [RESULT]
    assert again.find("b.jpg") is None
    again.close()
    assert list(output.parent.iterdir()) == []


def test_what_failed_is_read_again(output):
    journal = Journal.beside(output, TEMPLATE)
    journal.open(resume=False)
    journal.add("a.jpg", [TableResult("a.jpg", (), "gone")])
    assert Journal.beside(output, TEMPLATE).open(resume=True) == 0


def test_a_line_that_was_cut_off_is_left_out_and_the_next_one_is_whole(output):
    journal = Journal.beside(output, TEMPLATE)
    journal.open(resume=False)
    journal.add("a.jpg", [RESULT])
    journal.add("b.jpg", [RESULT])
    journal.path.write_text(journal.path.read_text(encoding="utf-8")[:-40], encoding="utf-8")
    again = Journal.beside(output, TEMPLATE)
    assert again.open(resume=True) == 1
    again.add("b.jpg", [RESULT])
    assert [len(json.loads(line)) for line in journal.path.read_text(encoding="utf-8").splitlines()] == [1, 2, 2]


def test_a_stopped_run_is_not_lost_by_accident(output):
    journal = Journal.beside(output, TEMPLATE)
    journal.open(resume=False)
    journal.add("a.jpg", [RESULT])
    with pytest.raises(DataError, match="--resume"):
        Journal.beside(output, TEMPLATE).open(resume=False)
    with pytest.raises(DataError, match="another template"):
        Journal.beside(output, Template()).open(resume=True)
    with pytest.raises(DataError, match="another template, recognizer"):
        Journal.beside(output, TEMPLATE, "runs/mine").open(resume=True)
