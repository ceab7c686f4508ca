"""The web page as a person meets it: what is seen, what the hand does."""

import time

import numpy as np
from selenium import webdriver
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.interaction import POINTER_MOUSE
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from strokes import STROKES

# The page answers in milliseconds; the rest is patience with a machine that has other work too.
PATIENCE_SECONDS = 30


class Page:
    """What a person sees and does."""

    def __init__(self, driver: webdriver.Chrome, url: str) -> None:
        self.driver = driver
        self.url = url

    def open(self, width=1280, height=900, *, is_phone=False, dark=False, path="/"):
        size = {"width": width, "height": height, "deviceScaleFactor": 2 if is_phone else 1, "mobile": is_phone}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        self.driver.execute_cdp_cmd("Emulation.setTouchEmulationEnabled", {"enabled": is_phone})
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
        self.driver.get(self.url + path)

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def style(self, selector, name):
        return self.driver.execute_script(
            "return getComputedStyle(document.querySelector(arguments[0]))[arguments[1]]", selector, name
        )

    def wait(self, condition):
        return WebDriverWait(self.driver, PATIENCE_SECONDS, 0.02).until(lambda _: condition())

    @property
    def text(self):
        """What stands as the answer's headline."""
        return self.find("#text").get_property("value")

    @property
    def said(self):
        """What a screen reader was told last."""
        return self.find("#spoken").get_property("textContent")

    def wait_for_text(self, text):
        """Until that is the answer, and none is on its way that would draw the page anew."""
        self.wait(lambda: self.find("#answer").get_attribute("aria-busy") != "true" and self.text == text)

    def wait_for_heat_map(self):
        self.wait(
            lambda: self.script(
                "return performance.getEntriesByType('resource')"
                ".some((each) => each.name.includes('explain=true') && each.responseStatus === 200)"
            )
        )
        time.sleep(0.2)  # from the answer to the canvas

    def give(self, path):
        """Choose a file under Picture."""
        self.find("#tab-picture").click()
        self.find("#choose").send_keys(str(path))

    def script(self, code, *values):
        return self.driver.execute_script(code, *values)

    def evaluate(self, modules, code, *values):
        """What `code` returns, with names from the page's own modules: {"reading": "view, toJson"}."""
        imports = "".join(
            f"const {{ {names} }} = await import('/static/{name}.js');" for name, names in modules.items()
        )
        return self.driver.execute_async_script(
            f"const [values, done] = [[...arguments].slice(0, -1), arguments[arguments.length - 1]];"
            f"(async () => {{ {imports} {code} }})().then(done, (error) => done(String(error)));",
            *values,
        )

    def is_within(self, inner, outer):
        """Whether an element lies within another, and all of it can be seen without scrolling the page."""
        return self.script(
            """
            const [inner, outer] = arguments.map((s) => document.querySelector(s).getBoundingClientRect());
            return inner.left >= outer.left && inner.right <= outer.right && inner.top >= outer.top
              && inner.bottom <= outer.bottom && inner.top >= 0 && inner.bottom <= innerHeight;
            """.replace("arguments.map", "[...arguments].map"),
            inner,
            outer,
        )

    def draw(self, *digits, pointer=POINTER_MOUSE):
        pad = self.find("#pad")
        width, height = pad.size["width"], pad.size["height"]
        side = min(0.8 * height, 0.9 * width / (0.75 * len(digits)))
        left = (width - 0.75 * side * len(digits)) / 2
        actions = ActionBuilder(self.driver, PointerInput(pointer, pointer), duration=10)
        for place, digit in enumerate(digits):
            for stroke in STROKES[digit]:
                for i, (x, y) in enumerate(stroke):
                    right, down = left + (x + 0.75 * place) * side, 0.1 * height + y * side
                    # Selenium counts from the middle of an element.
                    actions.pointer_action.move_to(pad, round(right - width / 2), round(down - height / 2))
                    if i == 0:
                        actions.pointer_action.pointer_down()
                actions.pointer_action.pointer_up()
        actions.perform()


def luminance(colour: str) -> float:
    """Relative luminance of a CSS colour `rgb(…)` (WCAG 2.2)."""
    channels = [float(part) / 255 for part in colour[colour.index("(") + 1 : -1].split(",")[:3]]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return float(np.dot(linear, [0.2126, 0.7152, 0.0722]))


def contrast(one: str, other: str) -> float:
    light, dark = sorted([luminance(one), luminance(other)], reverse=True)
    return (light + 0.05) / (dark + 0.05)
