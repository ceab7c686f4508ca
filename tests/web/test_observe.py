import io
import json
import logging
import re
import sys

import pytest

from inkdigits.web.observe import HumanFormatter, JsonFormatter, start_logging


def test_every_answer_has_a_request_id_of_its_own(client):
    ids = {client.get("/healthz").headers["x-request-id"] for _ in range(20)}
    assert len(ids) == 20


def test_a_request_id_that_came_is_kept(client):
    answer = client.post("/v1/digit", content=b"", headers={"X-Request-ID": "abc-1.2_3"})
    assert answer.headers["x-request-id"] == "abc-1.2_3"
    assert answer.json()["error"]["request_id"] == "abc-1.2_3"


@pytest.mark.parametrize("id", ["", "a b", "x" * 65, 'a"b', "<script>"])
def test_a_request_id_that_could_do_harm_is_replaced(client, id):
    assert client.get("/healthz", headers={"X-Request-ID": id}).headers["x-request-id"] != id


def test_the_figures_count_requests_by_route_and_not_by_address(client, png):
    client.post("/v1/digit", content=png)
    client.post("/v1/digit", content=b"")
    for path in ("/secret/1", "/secret/2"):
        client.get(path)
    figures = client.get("/metrics").text
    assert 'inkdigits_requests_total{method="POST",route="/v1/digit",status="200"} 1.0' in figures
    assert 'inkdigits_requests_total{method="POST",route="/v1/digit",status="422"} 1.0' in figures
    assert 'inkdigits_request_seconds_count{route="/v1/digit"} 2.0' in figures
    assert "inkdigits_pending 0.0" in figures
    assert "secret" not in figures


def test_a_request_is_one_line_of_json_and_holds_no_query(client, caplog):
    with caplog.at_level(logging.INFO, "inkdigits.web"):
        client.get("/healthz?token=geheim", headers={"X-Request-ID": "me"})
    lines = [json.loads(JsonFormatter().format(record)) for record in caplog.records if record.name == "inkdigits.web"]
    assert [(line["request_id"], line["path"], line["status"]) for line in lines] == [("me", "/healthz", 200)]
    assert "geheim" not in caplog.text


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def logged(monkeypatch):
    """What the server writes while it logs to a terminal or to a file; its loggers are put back afterwards."""
    loggers = [logging.getLogger(name) for name in ("inkdigits.web", "uvicorn")]
    before = [(each.handlers, each.propagate, each.level) for each in loggers]

    def start(stream):
        monkeypatch.setattr("sys.stderr", stream)
        start_logging("info")
        return stream

    yield start
    for logger, (handlers, propagate, level) in zip(loggers, before, strict=True):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def test_on_a_terminal_the_log_is_for_people_and_leaves_the_pages_files_out(client, png, logged):
    terminal = logged(Terminal())
    client.get("/static/main.js")
    client.get("/healthz")
    logging.getLogger("uvicorn.error").info("Started server process")
    client.post("/v1/digit", content=png)
    client.get("/static/nothing.js")
    logging.getLogger("uvicorn.error").warning("Too slow")
    lines = terminal.getvalue().splitlines()
    assert [re.sub(r"\d+ ms", "5 ms", line[9:]) for line in lines] == [
        "POST /v1/digit 200, 5 ms",
        "GET /static/nothing.js 404, 5 ms",
        "Too slow",
    ]
    assert re.match(r"\d\d:\d\d:\d\d ", lines[0])


def test_elsewhere_every_line_of_the_log_is_json(client, logged):
    file = logged(io.StringIO())
    client.get("/static/main.js")
    (line,) = file.getvalue().splitlines()
    assert json.loads(line)["path"] == "/static/main.js"


def test_people_see_a_bug_with_its_traceback():
    try:
        raise ZeroDivisionError("the inner secret")
    except ZeroDivisionError:
        record = logging.LogRecord("inkdigits.web", logging.ERROR, "", 0, "failed", None, sys.exc_info())
    assert "the inner secret" in HumanFormatter().format(record)


def test_a_bug_is_logged_and_the_client_gets_its_request_id_only(open_client, png, monkeypatch, caplog, reader):
    def fail(self, image):
        raise ZeroDivisionError("the inner secret")

    monkeypatch.setattr(type(reader), "read", fail)
    answer = open_client().post("/v1/read", content=png)
    assert answer.status_code == 500
    assert "inner secret" not in answer.text
    assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]
    record = next(record for record in caplog.records if record.exc_info)
    line = json.loads(JsonFormatter().format(record))
    assert "the inner secret" in line["traceback"]
    assert line["request_id"] == answer.headers["x-request-id"]
