"""Answers put right on the page, in a real Chromium."""

import json

import pytest
from selenium.webdriver.common.keys import Keys

from inkdigits.web.corrections import Corrections

pytestmark = pytest.mark.slow


@pytest.fixture
def downloads(driver, tmp_path):
    """The folder that the browser saves to."""
    folder = tmp_path / "downloads"
    driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
    return folder


def download(page, folder):
    page.find("#download").click()
    page.wait(lambda: list(folder.glob("*.json")))
    (path,) = folder.glob("*.json")
    return json.loads(path.read_text(encoding="utf-8"))


def test_a_correction_corrects_everything_on_show(page, photo, downloads, tmp_path):
    page.open(1280, 720)
    page.give(photo)
    page.wait_for_text("42 7")
    page.all("#digits button")[1].click()
    page.all("#bars button")[8].click()
    page.wait(lambda: page.find("#corrected").text == "Thank you. Kept as a 8.")
    assert page.is_within("#corrected", "#answer"), "the thanks are seen without scrolling"
    assert page.text == "48 7"
    assert [button.text for button in page.all("#digits button")] == ["4", "8"]
    assert page.find("#bars [aria-pressed=true] .label").text == "8"
    assert [each.text for each in page.all(".mark text")] == ["48", "7"]
    assert [each.text for each in page.all(".mark.changed text")] == ["48"]
    assert page.find("#marks .changed").get_property("textContent") == "48"
    assert "1 corrected" in page.find("#sure").text
    reading = download(page, downloads)
    assert reading["text"] == reading["lines"][0]["text"] == "48 7"
    number = reading["lines"][0]["numbers"][0]
    assert (number["text"], number["checked"]) == ("48", True)
    eight = number["digits"][1]
    assert (eight["value"], eight["guess"], eight["checked"]) == (8, 2, True)
    kept = Corrections(tmp_path / "c.sqlite")
    assert [(each.answer, each.correction) for each in kept.find()] == [(2, 8)]
    kept.close()


def test_a_drawn_answer_is_put_right_with_one_tap(page):
    page.open(1280, 720)
    page.draw(7)
    page.wait_for_text("7")
    page.all("#bars button")[1].click()
    page.wait(lambda: page.find("#corrected").text == "Thank you. Kept as a 1.")
    assert page.text == "1"
    assert page.find("#sure").text == "Corrected by you"
    page.find("#tab-corrections").click()
    page.wait(lambda: page.all("#kept li"))
    assert "7 → 1" in page.find("#kept li").text
    page.wait(lambda: page.script("return document.querySelector('#kept img').naturalWidth") > 10)


def test_the_last_word_counts_and_can_be_taken_back(page, tmp_path):
    page.open()
    page.draw(7)
    page.wait_for_text("7")
    kept = Corrections(tmp_path / "c.sqlite")
    for digit, left in [(1, [1]), (2, [2]), (7, [])]:
        page.all("#bars button")[digit].click()
        page.wait_for_text(str(digit))
        page.wait(lambda left=left: [each.correction for each in kept.find()] == left)
    kept.close()


def test_what_is_written_over_the_text_is_copied_and_kept(page, photo, tmp_path):
    page.open()
    page.give(photo)
    page.wait_for_text("42 7")
    page.find("#text").send_keys(Keys.HOME, Keys.DELETE, "9", Keys.END, " 55", Keys.TAB)
    assert page.text == "92 7 55"
    assert [each.text for each in page.all(".mark text")] == ["92", "7"]
    page.script("window.copied = ''; navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    page.find("#copy").click()
    page.wait(lambda: page.script("return copied") == "92 7 55")
    kept = Corrections(tmp_path / "c.sqlite")
    page.wait(lambda: [(each.answer, each.correction) for each in kept.find()] == [(4, 9)])
    kept.close()


def test_without_a_file_an_answer_can_be_put_right_and_is_not_kept(page_of, start_server):
    page = page_of(start_server().url)
    page.open()
    page.draw(7)
    page.wait_for_text("7")
    page.all("#bars button")[1].click()
    page.wait(lambda: "keeps no corrections" in page.find("#corrected").text)
    assert page.text == "1"
    assert not page.find("#tab-corrections").is_displayed()


def test_a_correction_that_cannot_be_kept_says_so_beside_the_answer(page_of, start_server, tmp_path, driver):
    page = page_of(start_server(corrections=tmp_path / "c.sqlite", max_corrections=1).url)
    page.open(1280, 720)
    for digit in (1, 2):
        page.draw(7)
        page.wait_for_text("7")
        page.all("#bars button")[digit].click()
        page.wait(page.find("#corrected").is_displayed)
        said = page.find("#corrected").text
        page.find("#clear").click()
        page.wait_for_text("")
    assert said == "c.sqlite is full (1 corrections). Export and delete some."
    driver.get_log("browser")  # the browser's own note of the status 507


def test_corrections_are_listed_without_the_servers_path_and_deleted(page, tmp_path):
    page.open()
    page.draw(7)
    page.wait_for_text("7")
    page.find("#tab-corrections").click()
    page.wait(lambda: page.find("#kept-where").text.startswith("0 kept in the file c.sqlite"))
    assert str(tmp_path) not in page.find("#corrections").text
    assert not page.find("#delete-all").is_enabled()
    assert not page.find("#export").is_enabled()
    page.find("#tab-draw").click()
    page.wait_for_text("7")
    page.all("#bars button")[1].click()
    page.wait(lambda: page.find("#corrected").text.startswith("Thank you"))
    page.find("#tab-corrections").click()
    page.wait(lambda: page.find("#delete-all").is_enabled())
    page.find("#kept li button").click()
    page.wait(lambda: not page.all("#kept li"))
    assert not page.find("#delete-all").is_enabled()
