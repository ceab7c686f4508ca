"""Drawing on the page in a real Chromium, as a person does."""

import time

import pytest
from page import contrast, luminance
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_MOUSE, POINTER_TOUCH
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.keys import Keys

pytestmark = pytest.mark.slow

# What the answer says while it is watched, each time that it changes.
WATCH = """
    window.seen = [];
    const [text, sure, spoken] = ["text", "sure", "spoken"].map((id) => document.getElementById(id));
    const note = () => seen.push(`${text.value}|${sure.textContent}|${spoken.textContent}`);
    new MutationObserver(note).observe(document.getElementById("answer"), { childList: true, subtree: true });
"""


def strokes(page, *lines, pause=0.0):
    """Draw lines of points, counted from the middle of the drawing area."""
    pad = page.find("#pad")
    for line in lines:
        actions = ActionBuilder(page.driver, PointerInput(POINTER_MOUSE, POINTER_MOUSE), duration=10)
        for i, (x, y) in enumerate(line):
            actions.pointer_action.move_to(pad, x, y)
            if i == 0:
                actions.pointer_action.pointer_down()
        actions.pointer_action.pointer_up()
        actions.perform()
        time.sleep(pause)


def test_before_anything_is_drawn_nothing_is_claimed(page):
    page.open()
    assert page.text == ""
    assert page.find("#sure").text == "Nothing to read yet"
    for button in ("#undo", "#copy", "#download", "#bars button"):
        assert not page.find(button).is_enabled()


def test_a_drawn_7_is_read_and_explained(page):
    page.open()
    page.draw(7)
    page.wait_for_text("7")
    assert page.find("#sure").text.endswith("% sure")
    assert [i for i, bar in enumerate(page.all("#bars button")) if bar.get_attribute("aria-pressed") == "true"] == [7]
    page.wait(lambda: page.said.startswith("7 "))
    painted = """
        const { data } = document.getElementById(arguments[0]).getContext("2d").getImageData(0, 0, 28, 28);
        return data.some((value, i) => i % 4 < 3 && value > 150);
    """
    page.wait_for_heat_map()
    assert page.script(painted, "frame")
    assert page.script(painted, "heat")


def test_frame_and_heat_map_stand_beside_the_answer_and_move_nothing(page):
    page.open(1280, 720)
    places = "return ['#pad', '#bars', '#frame', '#heat', 'footer'].map((s) => document.querySelector(s).offsetTop)"
    before = page.script(places)
    page.draw(7)
    page.wait_for_text("7")
    for seen in ("#headline", "#bars", "#frame", "#heat", "#correct"):
        assert page.is_within(seen, "#answer"), seen
    page.wait_for_heat_map()
    assert page.script(places) == before


def test_several_drawn_digits_are_read_as_a_number(page):
    page.open()
    page.draw(4, 2)
    page.wait_for_text("42")
    assert page.find("#sure").text.endswith("% sure of both digits")
    assert [button.text for button in page.all("#digits button")] == ["4", "2"]
    page.all("#digits button")[0].click()
    assert page.find("#digits [aria-pressed=true]").text == "4"
    assert page.find("#bars [aria-pressed=true] .label").text == "4"


def test_from_the_strokes_end_to_the_answer_in_under_100_milliseconds(page):
    page.open()
    page.script("""
        window.milliseconds = [];
        addEventListener("pointerup", () => { window.ended = performance.now(); }, true);
        new MutationObserver(() => {
          if (window.ended) milliseconds.push(performance.now() - ended);
          window.ended = null;
        }).observe(document.getElementById("sure"), { childList: true });
    """)
    for count in range(1, 9):
        page.draw(7)
        page.wait(lambda count=count: page.script("return milliseconds.length") >= count)
        page.find("#clear").click()
        time.sleep(0.1)
    assert min(page.script("return milliseconds")) < 100


def test_unfinished_strokes_are_not_judged(page):
    page.open()
    page.script(WATCH)
    # A K in three strokes, as slowly as a hand moves; none of its parts is a digit.
    strokes(page, [(-110, -110), (-110, 110)], [(110, -110), (-110, 0)], [(-110, 0), (110, 110)], pause=0.3)
    while_drawing = page.script("return seen")
    assert while_drawing != []
    assert [each for each in while_drawing if "?" in each or "Not sure" in each] == []
    page.wait_for_text("?")
    page.wait(lambda: "Not sure" in page.said)


def test_a_late_answer_does_not_take_a_newer_ones_place(page):
    page.open()
    page.draw(7)
    page.wait_for_text("7")
    page.script(WATCH)
    time.sleep(1)  # longer than ink that was not finished waits to be judged
    assert all(each.startswith("7|") for each in page.script("return seen"))
    assert page.text == "7"


def test_a_letter_is_not_sure_and_no_guess_is_shown(page):
    page.open()
    strokes(page, [(-110, -110), (-110, 110)], [(110, -110), (-110, 0)], [(-110, 0), (110, 110)])
    page.wait_for_text("?")
    assert page.find("#sure").text == "Not sure enough to answer"
    assert page.all("#bars [aria-pressed=true]") == []
    assert page.find("#correct").text.startswith("What is it?")


def test_undo_and_clear_work_by_button_and_by_key(page):
    page.open()
    page.draw(4, 2)
    page.wait_for_text("42")
    page.find("#undo").click()
    page.wait_for_text("4")
    for _ in range(2):
        page.find("#pad").send_keys(Keys.CONTROL, "z")
    page.wait(lambda: page.find("#sure").text == "Nothing to read yet")
    page.draw(7)
    page.wait_for_text("7")
    page.find("#pad").send_keys(Keys.DELETE)
    page.wait(lambda: page.find("#sure").text == "Nothing to read yet")
    assert not page.find("#clear").is_enabled()


def test_whoever_comes_by_keyboard_is_told_the_way(page):
    page.open()
    assert page.find("#keyboard").value_of_css_property("visibility") == "hidden"
    page.find("#theme").send_keys(Keys.TAB)
    assert page.driver.switch_to.active_element.get_attribute("id") == "pad"
    assert page.find("#keyboard").is_displayed()
    assert "under Picture" in page.find("#keyboard").text
    assert page.find("#pad").get_attribute("aria-describedby") == "keyboard"
    page.draw(7)
    page.wait_for_text("7")
    assert page.find("#keyboard").value_of_css_property("visibility") == "hidden"


def test_on_a_phone_a_finger_draws_and_nothing_is_cut_off(page):
    page.open(390, 844, is_phone=True)
    page.draw(7, pointer=POINTER_TOUCH)
    page.wait_for_text("7")
    assert page.script("return document.documentElement.scrollWidth") <= 390
    assert page.is_within("#headline", "#answer"), "the answer is seen without scrolling"
    assert page.is_within("#sure", "#answer")
    assert page.find("#capture").get_attribute("capture") == "environment"
    for button in page.all("button, .button"):
        if button.is_displayed():
            assert button.size["height"] >= 36


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_in_light_and_dark(page, dark):
    page.open(dark=dark)
    page.draw(4, 2)
    page.wait_for_text("42")
    assert (luminance(page.style("body", "backgroundColor")) < 0.2) is dark
    for selector in (
        "#text",
        "#sure",
        "#which",
        ".share",
        "#correct",
        "figcaption",
        "#tab-picture",
        "#undo",
        "#copy",
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
    page.wait_for_text("7")
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
    assert page.script(unnamed) == []


def test_a_fault_is_told_on_the_drawing(page_of, start_server, driver):
    server = start_server()
    page = page_of(server.url)
    page.open(1280, 720)
    page.wait(lambda: page.find("#model").text.startswith("Model: "))
    server.process.kill()
    server.process.wait()
    page.draw(7)
    page.wait(page.find("#problem").is_displayed)
    assert "cannot be reached" in page.find("#problem").text
    assert page.is_within("#problem", "#draw")
    assert len(driver.get_log("browser")) >= 1  # the browser's own notes of the broken connection


def test_with_the_tokens_address_the_page_works_and_hides_it(page_of, start_server):
    server = start_server(host="0.0.0.0")
    token = server.wait_for(r"#token=(\S+)")[1]
    page = page_of(f"http://127.0.0.1:{server.url.rpartition(':')[2]}")
    page.open(path=f"/#token={token}")
    page.draw(7)
    page.wait_for_text("7")
    assert token not in page.driver.current_url


def test_the_api_page_works_offline_and_asks_for_no_token_in_vain(page):
    page.open(path="/docs")
    page.wait(lambda: len(page.all(".opblock")) > 10)
    assert all(summary.text for summary in page.all(".opblock-summary-description"))
    assert page.all(".authorize") == []
