"""A review page in a real Chromium, opened from its file."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from page import Page
from selenium import webdriver
from selenium.webdriver.common.keys import Keys

from inkdigits.arrays import Photo
from inkdigits.table.results import Table
from inkdigits.table.review import PAGE, write_review


class ReviewPage(Page):
    """What a person sees and does who checks a table."""

    def __init__(self, driver: webdriver.Chrome, folder: Path) -> None:
        super().__init__(driver, folder.as_uri())
        self.folder = folder

    def open(self, width=1280, height=900, **how) -> None:
        super().open(width, height, **how, path=f"/{PAGE}")
        self.bring_to_front()

    def bring_to_front(self) -> None:
        """A window behind others does not have the keys."""
        self.driver.execute_cdp_cmd("Page.bringToFront", {})

    def press(self, *keys: str) -> None:
        self.find("#text").send_keys(*keys)

    def accept(self, text: str = "") -> None:
        """Accept what is in the field, or a text instead; a second Enter where the page asks for it."""
        self.press(*text, Keys.ENTER)

    @property
    def field(self) -> str:
        return self.find("#text").get_property("value")

    @property
    def place(self) -> str:
        return self.find("#place").get_property("textContent")

    @property
    def left(self) -> str:
        return self.find("#left").get_property("textContent")

    @property
    def estimate(self) -> str:
        return self.find("#estimate").get_property("textContent")

    @property
    def state(self) -> str:
        return self.find("#state").text

    def save(self, button: str, name: str) -> str:
        """What stands in the file that a button saves."""
        path = self.folder / "saved" / name
        path.unlink(missing_ok=True)
        self.driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(path.parent)}
        )
        self.find(button).click()
        self.wait(path.exists)
        time.sleep(0.05)  # it appears whole, under its last name
        return path.read_bytes().decode()


@pytest.fixture
def review_of(driver: webdriver.Chrome, tmp_path: Path) -> Iterator[Callable[..., ReviewPage]]:
    """Pages about sheets. Afterwards: no message in the console, nothing asked but files and what is in the page."""

    def of(*sheets: tuple[str, Photo, Table], **how: object) -> ReviewPage:
        write_review(tmp_path, sheets)
        page = ReviewPage(driver, tmp_path)
        page.open(**how)
        page.script("localStorage.clear()")  # another test may have had the same sheets
        page.open(**how)
        return page

    driver.get_log("performance")
    yield of
    for window in driver.window_handles[1:]:
        driver.switch_to.window(window)
        driver.close()
    driver.switch_to.window(driver.window_handles[0])
    driver.get("about:blank")
    messages = [entry["message"] for entry in driver.get_log("browser")]
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    asked = {e["params"]["request"]["url"] for e in events if e["method"] == "Network.requestWillBeSent"}
    assert messages == []
    assert any(url.startswith(tmp_path.as_uri()) for url in asked)
    assert {
        url for url in asked if not url.startswith((f"{tmp_path.as_uri()}/{PAGE}", "data:", "blob:", "about:"))
    } == set()
