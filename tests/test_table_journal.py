import pytest

from inkdigits.arrays import Box
from inkdigits.errors import DataError
from inkdigits.formats import Format
from inkdigits.table.columns import Column, Template
from inkdigits.table.results import Cell, Table
from inkdigits.table_files import TableResult
from inkdigits.table_journal import TableJournal

TEMPLATE = Template((Column("a", Format(digits=1)),))
TABLE = Table(((Cell(0, 0, "7", None, 0.9, Box(0, 0, 9, 9), "sure", ((0.0, 0.0),) * 4),),), 9, 9, 0, TEMPLATE.columns)
RESULT = TableResult("a.jpg", (TABLE,))


@pytest.fixture
def output(tmp_path):
    return tmp_path / "values.csv"


def test_without_an_output_nothing_is_kept():
    journal = TableJournal.beside(None, TEMPLATE)
    assert journal.open(resume=False) == 0
    journal.add("a.jpg", [RESULT])
    assert journal.find("a.jpg") is None
    journal.close()


def test_a_run_that_read_nothing_leaves_nothing_to_go_on_with(output):
    journal = TableJournal.beside(output, TEMPLATE)
    assert journal.open(resume=False) == 0
    journal.close()
    assert TableJournal.beside(output, Template()).open(resume=False) == 0


def test_what_was_read_is_found_again(output):
    journal = TableJournal.beside(output, TEMPLATE)
    journal.open(resume=False)
    journal.add("a.jpg", [RESULT])
    journal.close()
    again = TableJournal.beside(output, TEMPLATE)
    assert again.open(resume=True) == 1
    assert again.find("a.jpg") == [RESULT]
    assert again.find("b.jpg") is None
    again.discard()
    assert list(output.parent.iterdir()) == []


def test_what_failed_is_read_again(output):
    journal = TableJournal.beside(output, TEMPLATE)
    journal.open(resume=False)
    journal.add("a.jpg", [TableResult("a.jpg", (), "gone")])
    journal.close()
    again = TableJournal.beside(output, TEMPLATE)
    again.open(resume=True)
    assert again.find("a.jpg") is None


def test_a_stopped_run_is_not_lost_by_accident(output):
    journal = TableJournal.beside(output, TEMPLATE)
    journal.open(resume=False)
    journal.add("a.jpg", [RESULT])
    journal.close()
    with pytest.raises(DataError, match="--resume"):
        TableJournal.beside(output, TEMPLATE).open(resume=False)
    with pytest.raises(DataError, match="had other options"):
        TableJournal.beside(output, Template()).open(resume=True)
    with pytest.raises(DataError, match="had other options"):
        TableJournal.beside(output, TEMPLATE, "runs/mine").open(resume=True)
