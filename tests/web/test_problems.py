"""The kinds of errors: one table, each kind provoked once."""

import io
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from strokes import draw, to_png
from test_uploads import png_header_of

from inkdigits.web.problems import Kind

PAGE = Path(__file__).parents[2] / "docs" / "web.md"


def jpeg():
    buffer = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 255, (60, 60), np.uint8)).save(buffer, "JPEG")
    return buffer.getvalue()


def heic(client, monkeypatch):
    monkeypatch.setitem(sys.modules, "pillow_heif", None)  # as where the extra is not installed
    return client().post("/v1/read", content=b"\0\0\0\x18ftypheic" + b"\0" * 40)


def fault(client, monkeypatch):
    monkeypatch.setattr("inkdigits.web.pictures.answer_digit", lambda *_: 1 / 0)
    return client().post("/v1/digit", content=to_png(draw(7)))


def slow_answer(client, monkeypatch):
    return client(answer_seconds=1e-9).post("/v1/read", content=to_png(draw(7)))


def full(client, monkeypatch, tmp_path):
    keeping = client(corrections=tmp_path / "c.sqlite", max_corrections=1)
    for _ in range(2):
        answer = keeping.post("/v1/corrections?correction=7", content=to_png(draw(7)))
    return answer


def post(path, content=b"", headers=None, **settings):
    return lambda client, _: client(**settings).post(path, content=content, headers=headers)


FORM = {"Content-Type": "multipart/form-data; boundary=b"}
PROVOKED = {
    Kind.token_required: post("/v1/digit", token="secret"),
    Kind.foreign_page: post("/v1/digit", headers={"Origin": "https://evil.example"}),
    Kind.not_found: lambda client, _: client().get("/v1/nothing-here"),
    Kind.method_not_allowed: lambda client, _: client().get("/v1/digit"),
    Kind.too_many_bytes: post("/v1/digit", b"\0" * 10_000, max_bytes=10),
    Kind.too_many_pictures: lambda client, _: client().post("/v1/digit", files=[("file", to_png(draw(7)))] * 2),
    Kind.not_a_picture: post("/v1/digit", b"no picture"),
    Kind.unsupported_format: heic,
    Kind.foreign_host: lambda client, _: client(allowed_hosts=("here",)).get("/v1/models"),
    Kind.broken_picture: post("/v1/digit", jpeg()[:-500]),
    Kind.empty_upload: post("/v1/digit"),
    Kind.picture_size: post("/v1/digit", png_header_of(60_000, 60_000)),
    Kind.no_such_page: post("/v1/read?page=2", to_png(draw(7))),
    Kind.bad_form: post("/v1/digit", b"no form", FORM),
    Kind.bad_parameter: post("/v1/read?turn=45", to_png(draw(7))),
    Kind.busy: post("/v1/digit", to_png(draw(7)), max_held_bytes=1),
    Kind.server_error: fault,
    Kind.answer_too_slow: slow_answer,
    Kind.storage_full: full,
}
# A connection that breaks off and one that is too slow: in test_server.py, over a socket.
OVER_THE_WIRE = {Kind.bad_request, Kind.upload_too_slow}


def test_every_kind_is_provoked_here_or_over_the_wire():
    assert {*PROVOKED, *OVER_THE_WIRE} == set(Kind)


@pytest.mark.parametrize("kind", PROVOKED)
def test_a_kind_comes_with_its_status_and_with_what_to_do(kind, open_client, monkeypatch, tmp_path):
    more = (tmp_path,) if kind is Kind.storage_full else ()
    answer = PROVOKED[kind](open_client, monkeypatch, *more)
    error = answer.json()["error"]
    assert (answer.status_code, error["kind"]) == (kind.status, kind)
    assert error["request_id"] == answer.headers["x-request-id"]
    assert error["message"].endswith(".") or kind in (Kind.not_found, Kind.method_not_allowed)
    assert not re.search(r"Traceback|Reader\.|pip install|/tmp", error["message"])


def test_the_page_on_the_api_lists_each_kind_with_its_status_and_meaning():
    rows = re.findall(r"^\| `([a-z_]+)` \| (\d{3}) \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert rows == [(kind.value, str(kind.status), kind.meaning) for kind in Kind]


def test_the_document_lists_the_kinds(client):
    assert client.get("/openapi.json").json()["components"]["schemas"]["Kind"]["enum"] == list(Kind)


@pytest.mark.parametrize("share", [0.05, 0.3, 0.6, 0.95])
def test_a_jpeg_that_was_cut_off_anywhere_is_broken_and_not_of_a_wrong_type(client, share):
    whole = jpeg()
    for path in ("/v1/digit", "/v1/read"):
        answer = client.post(path, content=whole[: int(share * len(whole))])
        known = share > 0.2  # before that, its size is not known and it might be anything
        assert (answer.status_code, answer.json()["error"]["kind"]) == (
            (422, "broken_picture") if known else (415, "not_a_picture")
        )


def test_what_is_said_of_a_file_names_it(client):
    answer = client.post("/v1/read", files={"file": ("notes.txt", b"no picture")})
    assert answer.json()["error"]["message"].startswith("notes.txt cannot be read as a picture. Send a PNG")


def test_bytes_without_a_name_are_this_file(client):
    answer = client.post("/v1/read", content=b"no picture")
    assert answer.json()["error"]["message"].startswith("This file cannot be read as a picture.")
