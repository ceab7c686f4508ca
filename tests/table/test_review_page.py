"""The page on which a table is checked, as a person uses it: by the keyboard, by touch, for a while, again."""

import csv
import io
from dataclasses import replace

import numpy as np
import pytest
from page import contrast
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from sheets import draw_sheet

from inkdigits.arrays import Box
from inkdigits.table.results import Cell, Table
from inkdigits.training.recognizer.own import load_own

JANUARY = draw_sheet(20)
BY_PLACE = {(cell.row, cell.column): cell for cell in JANUARY[1].cells}


@pytest.fixture
def page(review_of):
    return review_of(("january.jpg", *JANUARY))


def place_of(page):
    """Row and column, from 0, of the cell that is asked about."""
    row, name = page.place.removeprefix("row ").split(", ")
    return int(row) - 1, ["day", "max", "min", "rain"].index(name)


def test_a_page_without_cells_says_so(review_of):
    page = review_of(("blank.png", np.full((90, 80, 3), 255, np.uint8), Table((), 80, 90)))
    assert "no table was found" in page.find("#problem").text


def test_fifty_cells_are_checked_by_the_keyboard_and_saved(page):
    """Every third cell is corrected, the others are accepted; the table is what Python makes of the same answers."""
    table, seen, sure = JANUARY[1], [], []
    for count in range(50):
        place = place_of(page)
        assert place not in seen
        seen.append(place)
        sure.append(BY_PLACE[place].confidence)
        text = "12.5" if count % 3 == 0 else page.field
        page.accept("12.5" if count % 3 == 0 else "")
        if place_of(page) == place:  # 12.5 is no amount of rain
            assert "does not fit" in page.state.lower()
            page.accept()
        table = table.check(*place, text)
    assert page.save("#save", "january.csv") == table.to_csv()
    assert "50 cells checked" in page.estimate
    # Least sure first, but for the ones that were drawn, and those that do not fit and so come first of all.
    unsure = [each for each in sure if each < 0.99]
    assert len(unsure) == sum(cell.confidence < 0.99 for cell in JANUARY[1].cells)


def test_what_was_checked_can_be_learnt_from(page):
    answers = {}
    for count in range(24):
        answers[place_of(page)] = text = f"{count}.1"
        page.accept(text)
        if place_of(page) in answers:
            page.accept()
    page.accept("?")
    page.accept()
    saved = page.save("#learn", "checked.csv")
    rows = list(csv.DictReader(io.StringIO(saved)))
    assert {row["page"] for row in rows} == {"january.jpg"}
    read = {f"crops/001-{cell.row + 1:03}-{cell.column + 1:03}.png": cell.text for cell in JANUARY[1].cells}
    assert all(row["read"] == read[row["file"]] for row in rows)
    assert {row["drawn"] for row in rows} == {"yes", ""}
    found = {row["file"]: row["text"] for row in rows}
    assert found == {f"crops/001-{r + 1:03}-{c + 1:03}.png": text for (r, c), text in answers.items()}

    # A page is either learnt from or measured on; as pages of their own, the crops are in both parts.
    (page.folder / "checked.csv").write_text(saved.replace(",january.jpg", ","))
    own = load_own([str(page.folder)])
    assert sorted(example.text for example in own.train + own.held_out) == sorted(answers.values())


def test_a_closed_browser_loses_nothing(page):
    for text in ("", "1.5", ""):
        page.accept(text)
    page.press("9", "9")  # typed, not yet accepted
    place, left = place_of(page), page.left
    before = page.save("#save", "january.csv")
    page.open()
    assert "4 cells checked" in page.estimate
    assert page.save("#save", "january.csv") == before
    page.press("u")  # what was done before can be undone, too
    assert place_of(page) == place
    assert page.left == left


def test_two_windows_do_not_overwrite_each_other(page):
    driver = page.driver
    first = driver.current_window_handle
    driver.switch_to.new_window("tab")
    page.open()
    second = driver.current_window_handle
    one, other = [], []
    for _ in range(4):
        for window, places, text in ((first, one, "1.5"), (second, other, "2.5")):
            driver.switch_to.window(window)
            page.bring_to_front()
            place = place_of(page)
            places.append(place)
            page.accept(text)
            if place_of(page) == place:
                page.accept()
    for window in (first, second):  # the first one lies behind the second
        driver.switch_to.window(window)
        page.wait(lambda: f"{len({*one, *other})} cells checked" in page.estimate)
        rows = list(csv.reader(io.StringIO(page.save("#save", "january.csv"))))[1:]
        # Where both answered the same cell, the later one counts.
        last = dict.fromkeys(one, "1.5") | dict.fromkeys(other, "2.5")
        for row, column in last:
            assert rows[row][column] == last[row, column]


def test_answers_are_undone_one_by_one(page):
    first, text = place_of(page), page.field
    page.accept("8.8")
    second = place_of(page)
    page.accept()
    page.press("u")
    assert place_of(page) == second
    page.press("u")
    assert (place_of(page), page.field) == (first, text)
    assert "0 cells checked" in page.estimate
    page.press("u")
    assert page.find("#spoken").get_property("textContent") == "There is nothing to undo."


def test_arrows_move_and_keep_what_was_typed(page):
    first = place_of(page)
    page.press(Keys.ARROW_DOWN)
    second = place_of(page)
    assert second != first
    assert "0 cells checked" in page.estimate
    page.press("6", Keys.ARROW_UP)
    assert place_of(page) == first
    assert "1 cell checked" in page.estimate
    page.press("v")
    page.press(Keys.ARROW_RIGHT)
    assert place_of(page) == (first[0], first[1] + 1)
    page.press(Keys.ARROW_DOWN)
    assert place_of(page) == (first[0] + 1, first[1] + 1)


def test_escape_brings_back_what_was_read(page):
    text = page.field
    page.press("6", "6")
    assert page.field == "66"
    page.press(Keys.ESCAPE)
    assert page.field == text
    page.press(Keys.F2, "5")
    assert page.field == f"{text}5"


def test_a_key_that_is_held_down_accepts_one_cell(page):
    page.script(
        """const held = () => document.querySelector("#text")
            .dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", repeat: true, bubbles: true }));
        for (let i = 0; i < 9; i++) held();"""
    )
    assert "0 cells checked" in page.estimate


def test_an_unreadable_digit_is_asked_about_before_it_is_accepted(review_of):
    photo, table = draw_sheet(2)
    first = replace(table.rows[0][3], text="1?", confidence=0.99)
    page = review_of(("a.jpg", photo, replace(table, rows=((*table.rows[0][:3], first), table.rows[1]))))
    assert page.field == "1?"
    assert "not sure of every digit" in page.state
    page.accept()
    assert "0 cells checked" in page.estimate
    page.accept()
    assert "1 cell checked" in page.estimate


def test_typing_marks_what_does_not_fit_its_column(page):
    page.press("v")
    page.find("#table tbody tr:nth-child(3) td:nth-of-type(2)").click()
    assert place_of(page) == (2, 1)
    page.accept("95.0")
    assert "at most 45" in page.state
    assert "at most 45" in page.find("#spoken").get_property("textContent")
    page.accept()
    cell = page.find("#table tbody tr:nth-child(3) td:nth-of-type(2)")
    assert {"bad", "checked"} <= set(cell.get_attribute("class").split())


def test_digits_and_signs_of_other_keyboards_are_typed_as_ours(page):
    page.press("v")
    page.find("#table tbody tr:nth-child(3) td:nth-of-type(3)").click()
    page.accept("−٤,۵")
    assert page.save("#save", "january.csv").splitlines()[3].split(",")[2] == "-4.5"


def test_what_a_spreadsheet_would_run_is_saved_as_text(page):
    page.press("v")
    page.find("#table tbody tr:nth-child(1) td:nth-of-type(1)").click()
    page.accept('=1+"2",')
    assert page.save("#save", "january.csv").splitlines()[1].startswith('"\'=1+""2"",",')


def test_many_sheets_become_one_table_and_are_gone_through(review_of):
    february = draw_sheet(3, seed=1)
    page = review_of(("january.jpg", *JANUARY), ("february.jpg", *february))
    page.press("v")
    page.press(Keys.PAGE_DOWN)
    assert page.find("#sheet").get_property("value") == "1"
    saved = list(csv.reader(io.StringIO(page.save("#save", "values.csv"))))
    assert saved[0] == ["file", "day", "max", "min", "rain"]
    assert [row[0] for row in saved[1:]] == ["january.jpg"] * 20 + ["february.jpg"] * 3
    assert [row[1:] for row in saved[21:]] == february[1].to_grid()


def test_a_merged_cell_is_one_and_what_was_left_alone_can_be_typed(review_of):
    photo = np.full((130, 240, 3), 255, np.uint8)
    wide = Cell(0, 0, "", None, 0.9, Box(10, 10, 200, 50), "text", column_span=2)
    rows = (wide, wide), tuple(Cell(1, c, "4", None, 0.9, Box(10 + 100 * c, 60, 100, 50), "sure") for c in (0, 1))
    page = review_of(("a.jpg", photo, Table(rows, 240, 130)))
    page.press("v")
    assert page.find("#table td").get_attribute("colspan") == "2"
    assert page.find("#table td").text == "text"
    page.find("#table td").click()
    page.accept("week 4")
    assert page.save("#save", "a.csv") == "week 4,\n4,4\n"


def test_a_click_on_the_photo_chooses_the_cell(page):
    page.press("v")
    target = BY_PLACE[4, 2].box
    x, y = page.script(
        """const frame = document.querySelector("#picture").getBoundingClientRect();
        const scale = frame.width / document.querySelector("#picture").naturalWidth;
        return [frame.left + scale * arguments[0], frame.top + scale * arguments[1]];""",
        target.x + target.width / 2,
        target.y + target.height / 2,
    )
    for kind in ("mousePressed", "mouseReleased"):
        page.driver.execute_cdp_cmd(
            "Input.dispatchMouseEvent", {"type": kind, "x": x, "y": y, "button": "left", "clickCount": 1}
        )
    assert place_of(page) == (4, 2)


def test_the_share_that_is_right_is_told_once_the_goal_is_reached(page):
    for _ in range(80):
        if "expected to be right. Save" in page.left:
            break
        page.accept()
    assert page.left.startswith("✓ 99.5%")
    assert "100.0% (" in page.estimate
    assert "of the unchecked cells that look sure are right" in page.estimate
    drawn = page.estimate
    page.press("h")
    page.find("#more").click()
    assert page.left.startswith("20 left: 0 until")
    for _ in range(20):
        page.accept()
    low = [float(text.split(" (")[1].split(" to")[0]) for text in (drawn, page.estimate)]
    assert low[0] < low[1]


def test_wrong_random_cells_are_said_to_be_more_than_expected(page):
    for _ in range(80):
        if page.left.startswith("✓"):
            break
        page.accept("3.3" if "drawn at random" in page.state else "")
        if "Press Enter again" in page.state:
            page.accept()
    assert "less than expected" in page.estimate


def test_a_phone_has_its_own_keys_and_all_of_it_on_one_screen(review_of):
    page = review_of(("january.jpg", *JANUARY), width=390, height=844, is_phone=True)
    assert page.script("return document.documentElement.scrollWidth") == 390
    assert page.script("return document.querySelector('#pad').getBoundingClientRect().bottom") <= 844
    keys = {key.text: key for key in page.all("#pad button")}
    for key in "-4,5":
        keys[key].click()
    assert page.field == "-4,5"
    place = place_of(page) if "," not in page.place else page.place
    page.find("#accept").click()
    if "again" in page.state:
        page.find("#accept").click()
    assert page.place != place
    keys["↶"].click()
    assert page.place == place
    assert page.script("return document.querySelector('#text').inputMode") == "none"
    sides = [(key.size["width"], key.size["height"]) for key in keys.values()]
    assert min(map(min, sides)) >= 44


@pytest.mark.parametrize("dark", [False, True])
def test_words_can_be_read_in_the_light_and_in_the_dark(review_of, dark):
    page = review_of(("january.jpg", *JANUARY), dark=dark)
    page.accept()
    page.press("v")
    words = page.script(
        """const behind = (element) => {
            for (let each = element; each; each = each.parentElement) {
                const color = getComputedStyle(each).backgroundColor;
                if (!/, 0\\)$/.test(color)) return color;
            }
        };
        return [...document.querySelectorAll("h1, button, p, td, th, kbd, .chip, b, label, #text")]
            .filter((each) => each.checkVisibility() && each.textContent.trim() + (each.value ?? ""))
            .map((each) => [each.textContent || each.id, getComputedStyle(each).color, behind(each)]);"""
    )
    assert len(words) > 60
    for text, color, background in words:
        assert contrast(color, background) >= 4.5, text


def test_the_focus_is_seen_wherever_it_goes(page):
    names = set()
    for _ in range(12):
        page.driver.switch_to.active_element.send_keys(Keys.TAB)
        focused = page.driver.switch_to.active_element
        if focused.tag_name == "body":
            continue
        names.add(focused.get_attribute("id"))
        assert focused.value_of_css_property("outline-style") == "solid", focused.get_attribute("id")
        assert focused.accessible_name, focused.get_attribute("id")
    assert {"save", "learn", "view-sure", "view-sheet", "text", "accept"} <= names


def test_a_browser_that_keeps_nothing_is_told_of(page):
    page.script("Storage.prototype.setItem = () => { throw new Error('full'); }")
    page.accept()
    assert "keeps nothing" in page.find("#problem").text
    assert page.find("#problem").get_attribute("role") == "alert"
    assert "1 cell checked" in page.estimate
    leaves = "const leave = new Event('beforeunload', { cancelable: true }); return dispatchEvent(leave);"
    assert page.script(leaves) is False  # the browser asks first


def test_a_screen_reader_is_told_what_happens(page):
    said = page.find("#spoken")
    assert said.get_attribute("aria-live") == "polite"
    page.accept("1.1")
    assert said.get_property("textContent").startswith("1.1 instead of ")
    assert page.find("#crop").get_attribute("alt").startswith("The cell in row ")
    assert page.find("label[for=text]").get_property("textContent") == "What stands in the cell"
    assert page.driver.find_elements(By.CSS_SELECTOR, "img:not([alt])") == []
