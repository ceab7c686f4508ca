"""A server in this process, a server in a process of its own, their pages, and pictures to send to them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import httpx2
import numpy as np
import pytest
from page import Page
from selenium import webdriver
from starlette.testclient import TestClient
from strokes import draw, to_png

from inkdigits import Reader
from inkdigits.web.app import create_app
from inkdigits.web.settings import Settings


@pytest.fixture
def png(seven: np.ndarray) -> bytes:
    """A drawn 7 as the bytes of a PNG file."""
    return to_png(seven)


@pytest.fixture
def open_client(reader: Reader) -> Iterator[Callable[..., TestClient]]:
    """Clients of applications in this process, made with the settings that a test names."""
    clients = []

    def open_(**settings: object) -> TestClient:
        client = TestClient(create_app(reader, Settings(**settings)))
        client.__enter__()
        clients.append(client)
        return client

    yield open_
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(open_client: Callable[..., TestClient]) -> TestClient:
    return open_client()


@dataclass
class Server:
    """`serve` in a process of its own; what it says goes to a file."""

    process: subprocess.Popen[bytes]
    said: Path

    def wait_for(self, pattern: str, seconds: float = 30) -> re.Match[str]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if match := re.search(pattern, self.said.read_text(encoding="utf-8")):
                return match
            assert self.process.poll() is None, self.said.read_text(encoding="utf-8")
            time.sleep(0.01)
        raise AssertionError(f"{pattern} did not come: {self.said.read_text(encoding='utf-8')}")

    @property
    def url(self) -> str:
        return self.wait_for(r"inkdigits is at (http://[^/]+)/")[1]

    def wait_until_ready(self) -> None:
        url = self.url
        with httpx2.Client(transport=httpx2.HTTPTransport(retries=5)) as client:
            assert client.get(f"{url}/readyz").status_code == 200

    def peak_bytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="utf-8")
        return 1024 * int(re.search(r"VmHWM:\s+(\d+) kB", status)[1])


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers; what still runs after the test is killed."""
    servers = []

    def start(host: str = "127.0.0.1", corrections: Path | None = None, **settings: object) -> Server:
        said = tmp_path / f"server{len(servers)}.log"
        call = f"serve(host={host!r}, port=0, corrections={corrections and str(corrections)!r})"
        environment = os.environ | {f"INKDIGITS_{name.upper()}": str(value) for name, value in settings.items()}
        with said.open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-c", f"from inkdigits.web.server import serve; {call}"], stderr=log, env=environment
            )
        servers.append(Server(process, said))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.process.send_signal(signal.SIGKILL)
        server.process.wait()


@pytest.fixture
def page_of(driver: webdriver.Chrome, start_server: Callable[..., Server]) -> Iterator[Callable[[str], Page]]:
    """Pages of servers. Afterwards: no message in the console, no other host asked."""
    urls = []  # the servers outlive the look at the console

    def of(url: str) -> Page:
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
def page(page_of: Callable[[str], Page], start_server: Callable[..., Server], tmp_path: Path) -> Page:
    """The page of a server that keeps corrections."""
    return page_of(start_server(corrections=tmp_path / "c.sqlite").url)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A photo of 42 and 7 on grey, unevenly lit, noisy paper."""
    drawn = cv2.copyMakeBorder(draw(4, 2, side=240, thickness=14), 150, 250, 160, 420, cv2.BORDER_CONSTANT, value=255)
    seven = draw(7, side=240, thickness=14)
    drawn[150:390, 720 : 720 + seven.shape[1]] = seven[:, : drawn.shape[1] - 720]
    light = np.linspace(0.6, 0.95, drawn.shape[1])
    noise = np.random.default_rng(0).normal(0, 3, drawn.shape)
    path = tmp_path / "photo.jpg"
    cv2.imwrite(str(path), np.clip((60 + drawn * 0.7) * light + noise, 0, 255).astype(np.uint8))
    return path
