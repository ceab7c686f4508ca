"""The page in a real Chromium, as a person uses it."""

import json
import shutil
import time

import cv2
import numpy as np
import pytest
from page import Page, contrast, luminance
from selenium import webdriver
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_MOUSE, POINTER_TOUCH
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys
from strokes import draw

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no Chromium with chromedriver (Debian: apt-get install chromium chromium-driver)"
)


@pytest.fixture(scope="module")
def driver():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def page_of(driver, start_server):  # the server outlives the look at the console
    """Pages of servers. Afterwards: no message in the console, no other host asked."""
    urls = []

    def of(url):
        urls.append(url)
        return Page(driver, url)

    yield of
    driver.get("about:blank")
    messages = [entry["message"] for entry in driver.get_log("browser")]
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    assert messages == []
    assert any(url.startswith(tuple(urls)) for url in asked)
    assert {url for url in asked if not url.startswith((*urls, "blob:", "data:", "about:"))} == set()


@pytest.fixture
def page(page_of, start_server, tmp_path):
    """The page of a server that keeps corrections."""
    return page_of(start_server(corrections=tmp_path / "c.sqlite").url)


@pytest.fixture
def photo(tmp_path):
    """A photo of 42 and 7 on grey, unevenly lit, noisy paper."""
    drawn = cv2.copyMakeBorder(draw(4, 2, side=240, thickness=14), 150, 250, 160, 420, cv2.BORDER_CONSTANT, value=255)
    seven = draw(7, side=240, thickness=14)
    drawn[150:390, 720 : 720 + seven.shape[1]] = seven[:, : drawn.shape[1] - 720]
    light = np.linspace(0.6, 0.95, drawn.shape[1])
    noise = np.random.default_rng(0).normal(0, 3, drawn.shape)
    path = tmp_path / "photo.jpg"
    cv2.imwrite(str(path), np.clip((60 + drawn * 0.7) * light + noise, 0, 255).astype(np.uint8))
    return path


def test_before_anything_is_drawn_nothing_is_claimed(page):
    page.open()
    assert page.find("#sure").text == "Nothing to read yet"
    assert not page.find("#undo").is_enabled()
    assert not page.find("#insight").is_displayed()
    assert not page.find("#correct").is_displayed()


def test_a_drawn_7_is_read_and_explained(page):
    page.open()
    page.draw(7)
    page.wait_for_value("7")
    assert "% sure" in page.find("#sure").text.replace("\u202f", " ")
    bars = page.all("#bars li")
    assert len(bars) == 10
    assert [i for i, bar in enumerate(bars) if "best" in bar.get_attribute("class")] == [7]
    page.wait(lambda: "7 " in page.find("#spoken").get_attribute("textContent"))
    page.wait(page.find("#insight").is_displayed)
    painted = """
        const { data } = document.getElementById(arguments[0]).getContext("2d").getImageData(0, 0, 28, 28);
        return data.some((value, i) => i % 4 < 3 && value > 150);
    """
    assert page.driver.execute_script(painted, "frame")
    assert page.driver.execute_script(painted, "heat")


def test_several_drawn_digits_are_read_as_a_number(page):
    page.open()
    page.draw(4, 2)
    page.wait_for_value("42")
    assert [button.text for button in page.all("#digits button")] == ["4", "2"]
    page.all("#digits button")[0].click()
    assert page.find("#digits [aria-pressed=true]").text == "4"
    assert page.find("#bars .best .label").text == "4"


def test_from_the_strokes_end_to_the_answer_in_under_100_milliseconds(page):
    page.open()
    page.driver.execute_script("""
        window.milliseconds = [];
        addEventListener("pointerup", () => { window.ended = performance.now(); }, true);
        new MutationObserver(() => {
          if (window.ended) milliseconds.push(performance.now() - ended);
          window.ended = null;
        }).observe(document.getElementById("value"), { childList: true });
    """)
    for count in range(1, 9):
        page.draw(7)
        page.wait(lambda count=count: page.driver.execute_script("return milliseconds.length") >= count)
        page.find("#clear").click()
        time.sleep(0.1)
    assert min(page.driver.execute_script("return milliseconds")) < 100


def test_undo_and_clear_work_by_button_and_by_key(page):
    page.open()
    page.draw(4, 2)
    page.wait_for_value("42")
    page.find("#undo").click()
    page.wait_for_value("4")
    for _ in range(2):
        page.find("#pad").send_keys(Keys.CONTROL, "z")
    page.wait(lambda: page.find("#sure").text == "Nothing to read yet")
    page.draw(7)
    page.wait_for_value("7")
    page.find("#pad").send_keys(Keys.DELETE)
    page.wait(lambda: page.find("#sure").text == "Nothing to read yet")
    assert not page.find("#clear").is_enabled()


def test_a_letter_is_not_sure_and_no_guess_is_shown(page):
    page.open()
    pad = page.find("#pad")
    actions = ActionBuilder(page.driver, PointerInput(POINTER_MOUSE, POINTER_MOUSE), duration=10)
    for stroke in ([(-110, -110), (-110, 110)], [(110, -110), (-110, 0)], [(-110, 0), (110, 110)]):  # a K
        for i, (x, y) in enumerate(stroke):
            actions.pointer_action.move_to(pad, x, y)
            if i == 0:
                actions.pointer_action.pointer_down()
        actions.pointer_action.pointer_up()
    actions.perform()
    page.wait_for_value("?")
    assert page.find("#sure").text.startswith("Not sure")
    assert page.all("#bars .best") == []
    assert page.find("#correct-title").text == "What is it?"


def test_a_photo_is_read_with_boxes_text_and_json(page, photo):
    page.open()
    page.find("#tab-picture").click()
    page.find("#choose").send_keys(str(photo))
    page.wait(lambda: page.find("#text").get_attribute("value"))
    assert page.find("#text").get_attribute("value") == "42 7"
    assert [mark.get_attribute("textContent") for mark in page.all(".mark")] == ["4", "2", "7"]
    picture, mark = page.find("#shown img").rect, page.all(".mark .box")[2].rect
    assert 0.6 < (mark["x"] - picture["x"]) / picture["width"] < 0.9
    page.all(".mark")[2].send_keys(Keys.ENTER)
    assert page.find("#bars .best .label").text == "7"
    page.wait(page.find("#insight").is_displayed)
    page.find("#copy").click()
    page.wait(lambda: page.find("#copied").text == "Copied")


def test_a_picture_that_cannot_be_read_is_told_in_words(page, tmp_path, driver):
    (tmp_path / "notes.png").write_text("no picture", encoding="utf-8")
    page.open()
    page.find("#tab-picture").click()
    page.find("#choose").send_keys(str(tmp_path / "notes.png"))
    page.wait(page.find("#problem").is_displayed)
    assert "no picture that can be read" in page.find("#problem").text
    (message,) = driver.get_log("browser")  # the browser's own note of the status; none of the page's
    assert "415" in message["message"]


def test_a_picture_that_is_too_large_is_told_in_words(page, tmp_path, driver):
    (tmp_path / "large.jpg").write_bytes(b"\xff\xd8" + b"\0" * 21 * 2**20)
    page.open()
    page.find("#tab-picture").click()
    page.find("#choose").send_keys(str(tmp_path / "large.jpg"))
    page.wait(page.find("#problem").is_displayed)
    assert "20 MB" in page.find("#problem").text
    (message,) = driver.get_log("browser")
    assert "413" in message["message"]


def test_a_wrong_answer_is_put_right_with_one_tap(page, tmp_path):
    page.open()
    page.draw(7)
    page.wait_for_value("7")
    page.all("#correct-digits button")[1].click()
    page.wait(lambda: "Kept as a 1" in page.find("#correct-said").text)
    page.find("#tab-corrections").click()
    page.wait(lambda: page.all("#kept li"))
    assert str(tmp_path / "c.sqlite") in page.find("#kept-where").text
    assert "7 → 1" in page.find("#kept li").text
    page.wait(lambda: page.driver.execute_script("return document.querySelector('#kept img').naturalWidth") > 10)
    page.find("#kept li button").click()
    page.wait(lambda: not page.all("#kept li"))


def test_without_a_file_no_correction_is_offered(page_of, start_server):
    page = page_of(start_server().url)
    page.open()
    page.draw(7)
    page.wait_for_value("7")
    assert not page.find("#correct").is_displayed()
    assert not page.find("#tab-corrections").is_displayed()


def test_on_a_phone_a_finger_draws_and_nothing_is_cut_off(page):
    page.open(390, 844, is_phone=True)
    page.draw(7, pointer=POINTER_TOUCH)
    page.wait_for_value("7")
    assert page.driver.execute_script("return document.documentElement.scrollWidth") <= 390
    value = page.find("#value").rect
    assert value["y"] + value["height"] <= 844, "the answer is seen without scrolling"
    assert page.find("#capture").get_attribute("capture") == "environment"
    for button in page.all("button, .button"):
        if button.is_displayed():
            assert button.size["height"] >= 36


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_in_light_and_dark(page, dark):
    page.open(dark=dark)
    page.draw(4, 2)
    page.wait_for_value("42")
    assert (luminance(page.style("body", "backgroundColor")) < 0.2) is dark
    for selector in (
        "#value",
        "#sure",
        ".share",
        "#correct-title",
        "#tab-picture",
        "#undo",
        "footer a",
        "#digits button",
    ):
        background = page.style("body" if selector == "footer a" else "#answer", "backgroundColor")
        assert contrast(page.style(selector, "color"), background) >= 4.5, selector


def test_the_theme_can_be_chosen_and_is_remembered(page):
    page.open()
    page.find("#theme").click()
    assert luminance(page.style("body", "backgroundColor")) < 0.2
    page.driver.refresh()
    assert luminance(page.style("body", "backgroundColor")) < 0.2
    page.find("#theme").click()
    assert luminance(page.style("body", "backgroundColor")) > 0.8


def test_everything_can_be_reached_by_keyboard_and_has_a_name(page):
    page.open()
    page.draw(7)
    page.wait_for_value("7")
    page.find("#tab-draw").send_keys(Keys.ARROW_RIGHT)
    assert page.find("#picture").is_displayed()
    assert page.driver.switch_to.active_element.get_attribute("id") == "tab-picture"
    page.driver.switch_to.active_element.send_keys(Keys.ARROW_LEFT)
    unnamed = """
        return [...document.querySelectorAll("button, input, canvas, textarea, [role]")]
          .filter((e) => !(e.ariaLabel || e.textContent.trim() || e.labels?.length || e.getAttribute("aria-labelledby")
                           || e.role === "status" || e.role === "alert"))
          .map((e) => e.outerHTML)
    """
    assert page.driver.execute_script(unnamed) == []


def test_with_the_tokens_address_the_page_works_and_hides_it(page_of, start_server):
    server = start_server(host="0.0.0.0")
    token = server.wait_for(r"#token=(\S+)")[1]
    page = page_of(f"http://127.0.0.1:{server.url.rpartition(':')[2]}")
    page.open(path=f"/#token={token}")
    page.draw(7)
    page.wait_for_value("7")
    assert token not in page.driver.current_url


def test_the_api_page_works_offline(page):
    page.open(path="/docs")
    page.wait(lambda: len(page.all(".opblock")) > 10)
