"""Pictures, nets and a browser that several tests use."""

import io
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from selenium import webdriver

import inkdigits
from inkdigits import cli
from inkdigits.arrays import Gray, Ink

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Where slow tests are left out, do not open files of nothing else: loading Keras takes as long as many tests."""
    is_quick = config.getoption("markexpr") == "not slow" and collection_path.suffix == ".py"
    return (is_quick and "\npytestmark = pytest.mark.slow\n" in collection_path.read_text(encoding="utf-8")) or None


@pytest.fixture(scope="session")
def reader() -> inkdigits.Reader:
    """The reader that a user gets who asks for nothing special."""
    return inkdigits.Reader()


@pytest.fixture
def seven() -> Gray:
    """A plain 7, drawn by two strokes of 10 px: dark on white, (120, 100)."""
    return draw_seven(120, 100)


@pytest.fixture
def seven_png(tmp_path, seven) -> Path:
    """The 7 as a file."""
    path = tmp_path / "seven.png"
    Image.fromarray(seven).save(path)
    return path


@pytest.fixture(scope="session")
def driver() -> Iterator[webdriver.Chrome]:
    """One Chromium for all tests of pages."""
    if not (CHROMIUM and DRIVER):
        pytest.skip("no Chromium with chromedriver (Debian: apt-get install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in FLAGS.split():
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def run(monkeypatch, capsys) -> Callable[..., tuple[int, str, str]]:
    """Run a command line of inkdigits in this process: its exit code, stdout and stderr."""

    def run_command(*arguments: object, stdin: bytes = b"") -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["inkdigits", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as done:
            cli.main()
        captured = capsys.readouterr()
        return done.value.code or 0, captured.out, captured.err

    return run_command


def draw_seven(height: int, width: int, thickness: int | None = None) -> Gray:
    """A dark 7 in the middle of a white picture."""
    picture = np.full((height, width), 255, np.uint8)
    points = np.array([[0.3, 0.22], [0.7, 0.22], [0.45, 0.8]]) * (width, height)
    thickness = thickness or max(1, min(height, width) // 10)
    cv2.polylines(picture, [points.round().astype(np.int32)], False, 30, thickness, cv2.LINE_AA)
    return picture


def seven_at(ink: Ink, y: int, x: int, height: int = 80, width: int = 60) -> None:
    """Put the ink of a 7 into the ink of a page."""
    part = ink[y : y + height, x : x + width]
    np.maximum(part, 255 - draw_seven(height, width, height // 12), out=part)
