"""Pictures and documents on the page in a real Chromium."""

import json
import time

import cv2
import numpy as np
import pytest
from PIL import Image
from selenium.webdriver.common.keys import Keys
from strokes import draw

from inkdigits.samples import SAMPLES

pytestmark = pytest.mark.slow


@pytest.fixture
def pages(tmp_path):
    """A page with 42 and one with 7, as a TIFF, which no browser shows."""
    first, second = (Image.fromarray(np.pad(draw(*digits), 60, constant_values=255)) for digits in [(4, 2), (7,)])
    first.save(tmp_path / "pages.tif", save_all=True, append_images=[second])
    return tmp_path / "pages.tif"


def doubtful(page, text="17 42", unsure=(0.5, 0.99)):
    """Answer every request for a reading with numbers of these chances, in place of the server."""
    numbers, x = [], 20
    for number, chance in zip(text.split(), unsure, strict=True):
        digits = []
        for character in number:
            value = None if character == "?" else int(character)
            probabilities = [0.0] * 10
            probabilities[value or 0] = chance
            digit = {"value": value, "confidence": chance, "guess": value or 0, "reason": "", "box": [x, 30, 30, 50]}
            digits.append({**digit, "probabilities": probabilities})
            x += 40
        box = [digits[0]["box"][0], 30, 40 * len(digits), 50]
        numbers.append({"text": number, "confidence": chance ** len(digits), "box": box, "digits": digits})
        x += 60
    reading = {"text": text, "width": 400, "height": 120, "lines": [{"text": text, "box": [20, 30, 300, 50]}]}
    reading["lines"][0]["numbers"] = numbers
    answer_with(page, reading)


def answer_with(page, reading):
    page.script(
        """
        const ours = window.fetch;
        window.fetch = (path, options) => path.startsWith("/v1/read") ? Promise.resolve(new Response(
          JSON.stringify(arguments[0]), { headers: { "Inkdigits-Pages": "1" } })) : ours(path, options);
        """.replace("JSON.stringify(arguments[0])", json.dumps(json.dumps(reading)))
    )


def test_a_photo_is_read_with_numbers_boxes_and_text(page, photo):
    page.open(1280, 720)
    page.give(photo)
    page.wait_for_text("42 7")
    assert page.find("#sure").text == "2 numbers, each more than 95% sure"
    assert [mark.text for mark in page.all(".mark text")] == ["42", "7"]
    picture, mark = page.find("#shown canvas").rect, page.all(".mark .box")[1].rect
    assert 0.6 < (mark["x"] - picture["x"]) / picture["width"] < 0.9
    assert page.is_within("#text", "#answer"), "the numbers are the headline"
    assert page.is_within("#correct", "#answer")
    page.find("#copy").click()
    page.wait(lambda: page.find("#copied").text == "Copied")


def test_a_digit_that_is_chosen_on_the_picture_is_chosen_in_the_answer(page, photo):
    page.open()
    page.give(photo)
    page.wait_for_text("42 7")
    page.all(".mark .digit")[1].click()
    assert page.find("#digits [aria-pressed=true]").text == "2"
    assert page.find("#marks .chosen").get_property("textContent") == "42"
    assert page.find(".mark.chosen text").text == "42"
    page.wait_for_heat_map()


def test_while_a_digit_is_explained_the_pictures_of_another_one_fade(page, photo):
    page.open()
    page.give(photo)
    page.wait_for_text("42 7")
    page.wait_for_heat_map()
    page.wait(lambda: page.style(".insight canvas", "opacity") == "1")
    page.script("window.fetch = () => new Promise(() => {})")  # a server that takes its time
    page.all(".mark .digit")[1].click()
    page.wait(lambda: page.style(".insight canvas", "opacity") == "0.15")


def test_moving_through_the_text_by_keyboard_chooses_its_digits(page, photo):
    page.open()
    page.give(photo)
    page.wait_for_text("42 7")
    page.find("#text").send_keys(Keys.END)
    page.wait(lambda: page.find("#marks .chosen").get_property("textContent") == "7")
    page.find("#text").send_keys(Keys.HOME, Keys.ARROW_RIGHT)
    page.wait(lambda: page.find("#digits [aria-pressed=true]").text == "2")


@pytest.mark.parametrize(("sample", "text"), [("digit.jpg", "7"), ("number.jpg", "2046")])
def test_the_samples_are_read_at_a_click(page, sample, text):
    page.open()
    page.find("#tab-picture").click()
    assert page.script("return [...document.querySelectorAll('.samples img')].every((each) => each.naturalWidth > 0)")
    page.find(f"[data-sample='{sample}']").click()
    page.wait_for_text(text)


def test_doubt_is_shown_digit_by_digit_and_number_by_number(page, photo):
    page.open()
    doubtful(page, "17 4? 88", (0.5, 0.99, 0.99))
    page.give(photo)
    page.wait_for_text("17 4? 88")
    assert page.find("#sure").text == "3 numbers, 2 to check"
    assert [each.get_property("textContent") for each in page.all("#marks .unsure")] == ["17", "4?"]
    assert [each.get_property("textContent") for each in page.all("#marks mark")] == ["1", "7", "?"]
    assert [each.text for each in page.all(".mark.unsure text")] == ["17", "4?"]
    assert page.style(".mark.unsure .box", "strokeDasharray") != "none", "not by colour alone"
    assert "dashed" in page.style("#marks .unsure", "textDecoration")
    assert [each.text for each in page.all("#digits .unsure")] == ["1", "7"], "the first doubtful number is chosen"
    page.find("#next").click()
    page.wait(lambda: page.find("#marks .chosen").get_property("textContent") == "4?")
    time.sleep(0.1)  # the caret has its say after the button
    assert page.find("#digits [aria-pressed=true]").text == "?"
    assert page.find("#which").text == "Not sure of 1 of 2 digits"
    page.find("#text").send_keys("46")  # over what the button selected
    assert page.text == "17 46 88"
    assert page.find("#sure").text == "3 numbers, 1 to check, 1 corrected"


def test_numbers_with_marks_are_shown_as_they_came(page, photo):
    """A later server gives `symbols`, and texts with marks and signs."""
    page.open()
    digit = {
        "value": 1,
        "confidence": 0.99,
        "guess": 1,
        "reason": "",
        "box": [20, 30, 20, 40],
        "probabilities": [0.1] * 10,
    }
    comma = {"text": ",", "confidence": 0.6, "box": [45, 60, 5, 10]}
    with_symbols = {"text": "1,1", "confidence": 0.59, "box": [20, 30, 60, 40], "digits": [digit, digit]}
    with_symbols["symbols"] = [digit, comma, digit]
    without = {
        "text": "-1/?",
        "confidence": 0.99,
        "box": [120, 30, 60, 40],
        "digits": [digit, {**digit, "value": None}],
    }
    line = {"text": "1,1 -1/?", "box": [20, 30, 160, 40], "numbers": [with_symbols, without]}
    answer_with(page, {"text": "1,1 -1/?", "width": 300, "height": 100, "lines": [line]})
    page.give(photo)
    page.wait_for_text("1,1 -1/?")
    assert [each.text for each in page.all(".mark text")] == ["1,1", "-1/?"]
    assert [each.text for each in page.all("#digits button")] == ["1", ",", "1"]
    assert [each.get_property("textContent") for each in page.all("#marks mark")] == [",", "?"]
    assert page.find("#digits [aria-pressed=true]").text == ","
    assert not page.find("#bars button").is_enabled(), "a mark is no digit"


def test_every_page_of_a_document_is_read(page, pages):
    page.open()
    page.give(pages)
    page.wait_for_text("42")
    assert page.find("#page-now").text == "Page 1 of 2"
    assert page.find("#shown canvas").rect["width"] > 100, "the server shows what the browser cannot"
    page.find("#text").send_keys(Keys.END, "9")
    page.find("#page-on").click()
    page.wait_for_text("7")
    assert page.find("#page-now").text == "Page 2 of 2"
    assert not page.find("#page-on").is_enabled()
    page.find("#page-back").click()
    page.wait_for_text("429")  # as it was left


def test_a_pdf_is_read(page, pages, tmp_path):
    pytest.importorskip("pypdfium2")
    Image.open(pages).save(tmp_path / "scan.pdf", save_all=True, resolution=100)
    page.open()
    page.give(tmp_path / "scan.pdf")
    page.wait_for_text("42")
    assert page.find("#page-now").text == "Page 1 of 2"


def test_a_picture_on_its_side_is_turned(page, photo, tmp_path):
    upright = cv2.imread(str(photo))
    cv2.imwrite(str(tmp_path / "side.png"), cv2.rotate(upright, cv2.ROTATE_90_CLOCKWISE))
    page.open()
    page.give(tmp_path / "side.png")
    page.wait(lambda: page.find("#turn").is_displayed() and page.find("#sure").text != "Reading …")
    for _ in range(3):
        page.find("#turn").click()
        page.wait(lambda: page.find("#sure").text != "Reading …")
    page.wait_for_text("42 7")
    shape = page.script("const c = document.querySelector('#shown canvas'); return [c.width, c.height]")
    assert shape == [upright.shape[1], upright.shape[0]]


def test_a_picture_is_enlarged_and_made_smaller(page, photo):
    page.open()
    page.give(photo)
    page.wait_for_text("42 7")
    width = page.find("#shown").rect["width"]
    page.find("#zoom-in").click()
    assert page.find("#shown").rect["width"] == pytest.approx(1.5 * width, rel=0.02)
    assert len(page.all(".mark")) == 2
    page.find("#zoom-out").click()
    assert page.find("#shown").rect["width"] == pytest.approx(width, rel=0.02)


@pytest.mark.parametrize("phone", [False, True])
def test_a_wrong_file_is_told_in_the_field_that_asks_for_one(page, tmp_path, driver, phone):
    (tmp_path / "notes.txt").write_text("no picture", encoding="utf-8")
    page.open(*(390, 844) if phone else (1280, 720), is_phone=phone)
    page.give(tmp_path / "notes.txt")
    page.wait(page.find("#problem").is_displayed)
    assert page.find("#problem").text.startswith("notes.txt cannot be read as a picture. Send a PNG")
    assert page.find("#problem").get_attribute("role") == "alert"
    assert page.is_within("#problem", "#invite")
    (message,) = driver.get_log("browser")  # the browser's own note of the status; none of the page's
    assert "415" in message["message"]
    page.find("[data-sample='digit.jpg']").click()
    page.wait_for_text("7")
    assert not page.find("#problem").is_displayed()


def test_a_picture_that_is_too_large_is_told_in_words(page, tmp_path, driver):
    (tmp_path / "large.jpg").write_bytes(b"\xff\xd8" + b"\0" * 21 * 2**20)
    page.open()
    page.give(tmp_path / "large.jpg")
    page.wait(page.find("#problem").is_displayed)
    assert "20 MB" in page.find("#problem").text
    (message,) = driver.get_log("browser")
    assert "413" in message["message"]


def test_a_page_without_numbers_says_what_to_do(page, tmp_path):
    cv2.imwrite(str(tmp_path / "blank.png"), np.full((200, 300), 255, np.uint8))
    page.open()
    page.give(tmp_path / "blank.png")
    page.wait(lambda: page.find("#sure").text.startswith("No numbers were found. Turn"))


def test_on_a_phone_a_page_fits_and_is_read(page):
    page.open(390, 844, is_phone=True)
    page.give(SAMPLES / "page.jpg")
    page.wait_for_text("305 18\n9 2741\n86")
    assert page.script("return document.documentElement.scrollWidth") <= 390
    assert page.find("#headline").rect["y"] < 844
