import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from strokes import draw, to_png
from test_uploads import png_header_of

from inkdigits.errors import InkDigitsError
from inkdigits.web.corrections import Corrections
from inkdigits.web.server import serve

pytestmark = pytest.mark.slow

GIGABYTE = 2**30


def test_it_listens_on_loopback_and_asks_for_no_token(start_server):
    server = start_server()
    assert server.url.startswith("http://127.0.0.1:")
    answer = httpx2.post(f"{server.url}/v1/digit", content=to_png(draw(7)))
    assert answer.json()["value"] == 7
    assert httpx2.get(f"{server.url}/healthz", headers={"Host": "evil.example"}).status_code == 421


def test_from_start_to_first_answer_in_under_two_seconds(start_server):
    picture, seconds = to_png(draw(7)), []
    for _ in range(3):  # the best of three: other work on the machine only ever adds
        start = time.perf_counter()
        assert httpx2.post(f"{start_server().url}/v1/digit", content=picture).status_code == 200
        seconds.append(time.perf_counter() - start)
    assert min(seconds) < 2


def test_on_another_address_it_makes_a_token_and_shows_it_as_a_qr_code(start_server):
    server = start_server(host="0.0.0.0")
    token = server.wait_for(r"#token=([\w-]{16})\n")[1]
    said = server.said.read_text(encoding="utf-8")
    assert len(re.findall("[▀▄█]", said)) > 100, "the QR code"
    url = f"http://127.0.0.1:{server.url.rpartition(':')[2]}"
    assert httpx2.get(f"{url}/v1/models").status_code == 401
    assert httpx2.get(f"{url}/v1/models", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    said = server.said.read_text(encoding="utf-8")
    assert said.count(token) == 1, "the log must not repeat it"


def test_a_token_of_the_environment_is_kept(start_server):
    server = start_server(host="0.0.0.0", token="my-own-token")
    server.wait_for("#token=my-own-token\n")


def test_an_address_that_is_taken_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(InkDigitsError, match=f"127.0.0.1:{port}.*--port"):
            serve(port=port)


def test_a_net_that_is_not_there_is_named_before_anything_is_served():
    with pytest.raises(InkDigitsError, match="no-such-net"):
        serve("no-such-net", port=0)


def test_its_log_is_json(start_server):
    server = start_server()
    httpx2.get(f"{server.url}/healthz")
    server.wait_for('"path": "/healthz"')
    lines = server.said.read_text(encoding="utf-8").splitlines()[1:]
    assert all(json.loads(line)["level"] == "info" for line in lines)


def test_the_page_is_opened_in_a_browser_when_asked_for(tmp_path):
    # A browser of the test's own: `webbrowser` runs what BROWSER names.
    script = tmp_path / "browser"
    script.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n', encoding="utf-8")
    script.chmod(0o755)
    code = "from inkdigits.web.server import serve; serve(port=0, open_browser=True)"
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code], stderr=log, env=os.environ | {"BROWSER": f"{script} %s"}
        )
    try:
        deadline = time.monotonic() + 30
        while not (tmp_path / "opened").exists() or not (tmp_path / "opened").read_text(encoding="utf-8"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        url = (tmp_path / "opened").read_text(encoding="utf-8").strip()
        assert f"inkdigits is at {url} " in (tmp_path / "log").read_text(encoding="utf-8")
        assert httpx2.get(url, timeout=30).status_code == 200
    finally:
        process.kill()
        process.wait()


def test_told_to_stop_it_finishes_what_it_has_begun(start_server):
    server = start_server()
    server.wait_until_ready()
    page = to_png(draw(4, 2, 7, 4, 2, 7, side=800))
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(httpx2.post, f"{server.url}/v1/read", content=page, timeout=30)
        time.sleep(0.05)
        server.process.send_signal(signal.SIGTERM)
        assert answer.result().status_code == 200
    assert server.process.wait(15) in (0, -signal.SIGTERM)


@pytest.mark.parametrize("sent", [b"", b"POST /v1/digit HT", b"POST /v1/digit HTTP/1.1\r\nHost: localhost\r\nContent-"])
def test_a_client_that_never_finishes_its_headers_is_dropped(start_server, sent):
    server = start_server(upload_seconds=0.3)
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(sent)
        assert client.recv(100) == b""


def test_a_client_that_sends_too_slowly_is_told_so(start_server):
    server = start_server(upload_seconds=0.5)
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"POST /v1/digit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n")
        start = time.monotonic()
        client.sendall(b"x")
        answer = b"".join(iter(lambda: client.recv(10_000), b""))
        assert time.monotonic() - start < 5
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"did not arrive" in answer
    assert b'"upload_too_slow"' in answer
    assert httpx2.get(f"{server.url}/healthz").status_code == 200


def test_an_upload_that_breaks_off_is_in_the_log_as_a_bad_request(start_server):
    server = start_server()
    port = int(server.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=10) as client:
        client.sendall(b"POST /v1/digit HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nx")
        time.sleep(0.2)
    server.wait_for('"status": 400')


@pytest.mark.parametrize("announced", [True, False])
def test_21_megabytes_over_the_wire_are_refused_in_words(start_server, announced):
    server = start_server()
    data = b"\0" * 21 * 2**20
    content = data if announced else (data[i : i + 2**16] for i in range(0, len(data), 2**16))
    answer = httpx2.post(f"{server.url}/v1/read", content=content, timeout=30)
    assert answer.status_code == 413
    assert "20 MB" in answer.json()["error"]["message"]


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of memory is read from Linux's /proc")
def test_hostile_uploads_all_at_once_stay_within_a_gigabyte(start_server):
    server = start_server(answer_seconds=120)
    url = server.url
    bomb, large, noise = png_header_of(60_000, 60_000), b"\xff\xd8" + b"\0" * (20 * 2**20 - 2), b"\0" * 21 * 2**20
    photo = to_png(draw(4, 2, 7, side=1500))  # 5 megapixels

    def send(body):
        return httpx2.post(f"{url}/v1/read", content=body, timeout=120).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(send, [bomb, large, noise] * 4 + [photo] * 2))
    assert set(statuses) <= {200, 413, 415, 422, 429}
    assert statuses[-2:] == [200] * 2
    assert server.peak_bytes() < GIGABYTE


def test_every_acknowledged_correction_survives_kill_9(start_server, tmp_path):
    path, picture = tmp_path / "c.sqlite", to_png(draw(7))
    acknowledged: set[int] = set()
    moment = random.Random(0)
    deadline = time.monotonic() + 120
    while len(acknowledged) < 100:
        assert time.monotonic() < deadline
        server = start_server(corrections=path)
        client = httpx2.Client(base_url=server.url, timeout=10)
        stop_at = len(acknowledged) + moment.randint(10, 40)

        def add(_, client=client):
            try:
                answer = client.post("/v1/corrections?correction=7", content=picture)
            except httpx2.HTTPError:  # killed under it
                return
            assert answer.status_code == 201
            acknowledged.add(answer.json()["id"])

        with ThreadPoolExecutor(4) as pool:
            writes = [pool.submit(add, i) for i in range(60)]
            while len(acknowledged) < stop_at:
                time.sleep(0.001)
            server.process.send_signal(signal.SIGKILL)
            for write in writes:
                write.result()
    kept = Corrections(path)
    assert acknowledged <= {correction.id for correction in kept.find(most=10_000)}
    assert all(kept.picture(id) for id in acknowledged)
    kept.close()


def test_without_the_extra_the_error_names_the_command_that_adds_it():
    code = "import sys; sys.modules['fastapi'] = None; import inkdigits.web.server"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ, check=False)
    assert 'pip install "inkdigits[web]"' in run.stderr
