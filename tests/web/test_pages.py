import re

import pytest

from inkdigits.samples import load_samples
from inkdigits.web.pages import STATIC

TEXTS = sorted(path for path in STATIC.iterdir() if path.suffix in (".html", ".css", ".js", ".svg"))


def test_the_page_is_served_and_asked_for_anew_each_time(client):
    for path in ("/", "/static/main.js", "/static/style.css", "/docs"):
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["cache-control"] == "no-cache"
    etag = client.get("/static/main.js").headers["etag"]
    assert client.get("/static/main.js", headers={"If-None-Match": etag}).status_code == 304


@pytest.mark.parametrize("page", ["/", "/docs"])
def test_every_file_that_a_page_names_is_there(client, page):
    named = re.findall(r'(?:src|href)="(/[^"]+)"', client.get(page).text)
    assert len(named) > 3
    for path in named:
        assert client.get(path).status_code == 200, path


def test_the_samples_are_served_and_nothing_else_of_their_folder(client):
    for path, _ in load_samples():
        assert client.get(f"/samples/{path.name}").content == path.read_bytes()
    for name in ("README.md", "__init__.py", "..%2f__init__.py", "nothing.jpg"):
        assert client.get(f"/samples/{name}").status_code == 404


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.name)
def test_no_file_names_another_host_or_writes_code_into_the_page(path):
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"https?://|[\"'(]//", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|innerHTML|\beval\(", text)
