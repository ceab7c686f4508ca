from decimal import Decimal

import pytest

from inkdigits.table.checks import Bond, Candidate, find_bonds, find_misfits, weigh
from inkdigits.table.columns import Check


def candidates(*texts: tuple[str, float]) -> list[Candidate]:
    return [Candidate(text, Decimal(text), probability) for text, probability in texts]


def test_no_bonds_leave_probabilities_as_they_were():
    assert weigh({}, []) == {}
    assert weigh({(0, 0): candidates(("7", 0.9))}, [])[0, 0] == pytest.approx([0.9], abs=1e-5)
    assert find_misfits({(0, 0): Decimal(7)}, []) == {}


DIFFERENCE = Bond("difference", ((0, 0), (0, 1)), (0, 2), 0.0, "no")


def test_a_difference_decides_between_two_readings():
    seen = {
        (0, 0): candidates(("28.7", 0.99)),
        (0, 1): candidates(("20.1", 0.6), ("20.7", 0.35)),
        (0, 2): candidates(("8.0", 0.95)),
    }
    assert weigh(seen, [DIFFERENCE])[0, 1][1] > 0.95


def test_what_fits_becomes_surer_and_what_does_not_less_sure():
    fits = {
        (0, 0): candidates(("28.7", 0.9)),
        (0, 1): candidates(("20.0", 0.9)),
        (0, 2): candidates(("8.7", 0.9)),
    }
    assert all(found[0] > 0.99 for found in weigh(fits, [DIFFERENCE]).values())
    misses = fits | {(0, 2): candidates(("9.9", 0.9))}
    assert all(found[0] < 0.7 for found in weigh(misses, [DIFFERENCE]).values())


def test_a_sum_over_many_rows_finds_the_one_that_is_wrong():
    seen = {(row, 0): candidates((str(10 + row), 0.97), (str(70 + row), 0.01)) for row in range(31)}
    seen[7, 0] = candidates(("71", 0.7), ("17", 0.25))
    seen[31, 0] = candidates((str(sum(10 + row for row in range(31))), 0.95))
    bond = Bond("sum", tuple((row, 0) for row in range(31)), (31, 0), 0.0, "no")
    found = weigh(seen, [bond])
    assert found[7, 0][1] > 0.9
    assert found[3, 0][0] > 0.98


@pytest.mark.parametrize(
    ("kind", "result", "fits"),
    [
        ("sum", "33", True),
        ("sum", "34", False),
        ("mean", "11", True),
        ("mean", "11.1", False),
        ("max", "12", True),
        ("max", "11", False),
        ("min", "10", True),
        ("min", "11", False),
    ],
)
def test_what_does_not_fit_is_told_for_every_cell(kind, result, fits):
    values = {(0, 0): Decimal(10), (1, 0): Decimal(11), (2, 0): Decimal(12), (3, 0): Decimal(result)}
    bond = Bond(kind, ((0, 0), (1, 0), (2, 0)), (3, 0), 0.0, "no")
    assert find_misfits(values, [bond]) == ({} if fits else {place: ["no"] for place in values})


def test_a_mean_may_be_rounded_and_empty_cells_do_not_count():
    bond = Bond("mean", ((0, 0), (1, 0), (2, 0), (4, 0)), (3, 0), 0.0, "no")
    values = {(0, 0): Decimal("1.0"), (1, 0): Decimal("1.0"), (2, 0): Decimal("1.1"), (3, 0): Decimal("1.0")}
    assert find_misfits(values, [bond]) == {}


def test_an_empty_outcome_says_nothing():
    assert find_misfits({(0, 0): Decimal(1), (0, 1): Decimal(2)}, [DIFFERENCE]) == {}


def test_checks_down_are_repeated_as_often_as_there_are_rows():
    check = Check("sum", (2, 3), 2, rows=(0, 1), every=3)
    bonds = list(find_bonds([check], 8, "abcd".__getitem__))
    assert [bond.result for bond in bonds] == [(2, 2), (2, 3), (5, 2), (5, 3)]
    assert bonds[-1].cells == ((3, 3), (4, 3))
    assert bonds[-1].note == "row 6 is not the sum of rows 4 to 5"
    assert len(list(find_bonds([Check("sum", (2,), 2, rows=(0, 1), every=3, times=1)], 8, "abcd".__getitem__))) == 1


def test_checks_across_hold_in_each_row():
    bonds = list(find_bonds([Check("difference", (0, 1), 2)], 2, "abcd".__getitem__))
    assert [bond.cells for bond in bonds] == [((0, 0), (0, 1)), ((1, 0), (1, 1))]
    assert bonds[0].note == "c is not the difference of a − b"
