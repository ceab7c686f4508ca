"""What the page computes, in a real Chromium, beside what Python computes of the same."""

import json
import re
from itertools import product

import numpy as np
import pytest

from inkdigits.arrays import Box
from inkdigits.formats import Format, starts_formula
from inkdigits.table.columns import Column
from inkdigits.table.results import Cell, Table
from inkdigits.table.review import STATIC, _to_format
from inkdigits.training.evaluation.sampling import estimate_right

FORMATS = [
    Format(),
    Format(digits=3),
    Format(digits=(1, 4), decimals=1, sign=True),
    Format(decimals=(0, 2), minimum="-9.5", maximum=45, sign=True),
    Format(digits=(2, 3), decimals=1, implied=True, maximum="39.9"),
    Format(digits=(2, 3), decimals=1, implied=True, sign=True, minimum=-20),
    Format(pattern="##/##/####"),
    Format(pattern="##,#"),
    Format(choices=["107", "1,5"]),
    Format(check="luhn"),
    Format(check="mod11", digits=10),
    Format(check="isbn"),
    Format(check="ean"),
    Format(check="iban"),
    Format(pattern="####-####", check="ean"),
]
TEXTS = re.findall(
    r"\S+",
    """
7 07 279 1234 27,9 27.9 -3.5 3.5- +4 -- - . , 1. .5 0.05 45 45,0 45.01 -9.5 -9.6 1-2 12/12/2026 1/1/26 abc 1e3 12,3
107 1,5 1.5 399 400 39.9 40.0 40 -200 -201 4539578763621486 4539578763621487 9434765919 9434765918 9783161484100
9783161484101 0306406152 4006381333931 4006381333932 89370400440532013000 9637-4523 9638-5074
""",
)


@pytest.fixture
def script(driver):
    """Runs an expression with the page's functions."""
    driver.get("about:blank")
    source = "\n".join((STATIC / f"{name}.js").read_text() for name in ("numbers", "estimate"))
    return lambda code, *values: driver.execute_script(f"{source}\n{code}", *values)


def test_texts_fit_formats_in_the_page_as_in_python(script):
    told = script(
        "return arguments[0].map((format) => arguments[1].map((text) => fits(format, text)))",
        [json.loads(json.dumps(_to_format(form))) for form in FORMATS],
        TEXTS,
    )
    found = {
        (str(form), text): fit
        for form, fits in zip(FORMATS, told, strict=True)
        for text, fit in zip(TEXTS, fits, strict=True)
    }
    assert found == {(str(form), text): form.matches(text) for form, text in product(FORMATS, TEXTS)}
    assert 40 < sum(found.values()) < len(found) / 2


def test_an_empty_cell_fits_every_format(script):
    assert script("return fits({ choices: ['1'] }, '') && fits(null, '')")


def test_every_format_can_be_told_in_words(script):
    formats = [json.loads(json.dumps(_to_format(form))) for form in FORMATS]
    words = script("return arguments[0].map(describe)", formats)
    assert words[1] == "3 digits, no decimals, no sign"
    assert words[3] == "a number, 0 to 2 decimals, from -9.5 to 45"
    assert words[7] == "like ##.#"
    assert words[8] == "one of 107, 1.5"
    assert not [text for text in words if "undefined" in text or "null" in text]


def test_texts_are_typed_into_the_table_as_python_does(script):
    cases = []
    for form, text in product(FORMATS, [*TEXTS, ""]):
        cell = Cell(0, 0, text, None, 1.0, Box(0, 0, 9, 9), "sure")
        table = Table(((cell,),), 9, 9, columns=(Column("", form),)).check(0, 0, text)
        if not text or form.matches(text):  # what does not fit has no value, and stays as it is
            cases.append((json.loads(json.dumps(_to_format(form))), text, table.to_grid()[0][0]))
    told = script("return arguments[0].map(([format, text]) => toTyped(format, text))", cases)
    assert told == [typed for _, _, typed in cases]


def test_formulas_are_known_as_in_python(script):
    texts = [
        *TEXTS,
        "",
        "12 3",
        "=1+1",
        "+cmd",
        "-2+3",
        "@sum",
        "\tx",
        "-7",
        "+4,5",
        "5%",
        "-5%",
        "-",
        "--1",
        "=",
        " =1",
    ]
    assert script("return arguments[0].map(startsFormula)", texts) == [starts_formula(text) for text in texts]


def test_a_csv_begins_with_a_mark_only_where_it_is_needed(script):
    assert script("return toCsv([['a', '1'], ['', '']])") == "a,1\n,\n"
    assert script("return toCsv([['°C']])") == "\ufeff°C\n"
    assert script("return toCsv([['']])") == '""\n'


@pytest.mark.parametrize(
    ("right", "count", "low", "high"),  # of a table of exact intervals
    [
        (0, 10, 0, 0.3085),
        (5, 10, 0.1871, 0.8129),
        (60, 60, 0.9404, 1),
        (79, 80, 0.9323, 0.9997),
        (390, 400, 0.9545, 0.9879),
    ],
)
def test_intervals_are_the_exact_ones(script, right, count, low, high):
    """Among very many unchecked cells they are those of Clopper and Pearson."""
    found = script("return interval(arguments[0], arguments[1], 1000000)", right, count)
    assert found == pytest.approx([low, high], abs=2e-4)


@pytest.mark.parametrize(("right", "count", "unchecked"), [(0, 1, 1), (60, 60, 40), (57, 60, 540), (195, 200, 700)])
def test_intervals_are_those_that_a_training_tells(script, right, count, unchecked):
    estimate = estimate_right(right, count, unchecked)
    found = script("return interval(...arguments)", right, count, unchecked)
    assert found == pytest.approx([estimate.low, estimate.high])


@pytest.mark.parametrize(("cells", "count"), [(600, 60), (900, 200)])
def test_intervals_of_cells_drawn_at_random_hold_the_truth(script, cells, count):
    """Two hundred tables of sure cells, of which a share is wrong; the promise is 95 of 100."""
    rng = np.random.default_rng(3)
    held = 0
    for share in np.linspace(0.002, 0.08, 200):
        is_right = rng.random(cells) >= share
        draw = "return shuffle([...Array(arguments[0]).keys()], arguments[1]).slice(0, arguments[2])"
        drawn = script(draw, cells, rng.bytes(4).hex(), count)
        sampled = int(is_right[drawn].sum())
        low, high = script("return interval(...arguments)", sampled, count, cells - count)
        held += low <= np.delete(is_right, drawn).mean() <= high
    assert held >= 186


def test_as_many_cells_are_needed_as_leave_one_in_two_hundred_wrong(script):
    chances = [0.5, 0.9, 1, 1, *[0.9999] * 196]
    assert script("return countNeeded(arguments[0], 200)", chances) == 0  # 0.62 wrong of 200
    assert script("return countNeeded(arguments[0], 100)", chances) == 1
    assert script("return countNeeded([], 0)") == 0
    assert script("return countNeeded([0.2, 1, 1], 3)") == 1


def test_the_order_is_least_sure_first_with_random_ones_spread_among_them(script):
    chances = [*np.linspace(0.1, 0.9, 20), *[0.9999] * 180]
    planned = """
        const listed = arguments[0].map((chance, place) => ({ chance, place }));
        const { order, drawn, sure } = plan(listed, "12345678", arguments[1]);
        const places = (cells) => cells.map((cell) => cell.place);
        return { order: places(order), drawn: places(drawn), sure: places(sure) };"""
    plan = script(planned, chances, 0)
    needed = [cell for cell in plan["order"] if cell not in plan["sure"]]
    assert needed == sorted(needed)
    assert sorted(plan["order"]) == list(range(200))
    assert len(plan["drawn"]) == 19  # a tenth of those that are sure, rounded up
    first = plan["order"][: len(needed) + 19]
    assert set(first) == set(needed) | set(plan["drawn"])
    assert set(first[:10]) & set(plan["drawn"])
    assert [cell for cell in first if cell in plan["drawn"]] == plan["drawn"]
    again = script(planned, chances, 20)
    assert again["drawn"][:19] == plan["drawn"]
    assert len(again["drawn"]) == 39
