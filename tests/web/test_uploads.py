import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image


def png_header_of(width, height, data=b""):
    """A PNG that claims a size, with one short chunk of data."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def message_of(answer):
    assert answer.headers["content-type"] == "application/json"
    assert "Traceback" not in answer.text
    return answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["/v1/digit", "/v1/read"])
@pytest.mark.parametrize("size", [(8000, 8001), (60_000, 60_000), (2**31 - 1, 2**31 - 1)])
def test_a_decompression_bomb_is_refused_by_its_header(client, path, size):
    answer = client.post(path, content=png_header_of(*size, zlib.compress(b"\0" * 100_000)))
    assert answer.status_code == 422
    assert "pixels" in message_of(answer)


def test_the_limit_of_pixels_is_a_setting(open_client, png):
    client = open_client(max_pixels=100 * 100)
    answer = client.post("/v1/digit", content=png)  # 120 × 100
    assert answer.status_code == 422
    assert "10,000" in message_of(answer)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "TIFF", "GIF", "BMP"])
@pytest.mark.parametrize("share", [0.3, 0.9])
def test_a_truncated_picture_is_never_a_server_error(client, kind, share):
    noise = np.random.default_rng(0).integers(0, 255, (60, 60), np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(noise).save(buffer, kind)
    cut = buffer.getvalue()[: int(share * len(buffer.getvalue()))]
    answer = client.post("/v1/read", content=cut)
    assert answer.status_code in (415, 422)
    assert message_of(answer)


@pytest.mark.parametrize("data", [b"hello", b"\0" * 1000, b"GIF89a", b"\xff\xd8\xff"])
def test_what_is_no_picture_is_refused(client, data):
    answer = client.post("/v1/digit", content=data)
    assert answer.status_code == 415
    assert "PNG" in message_of(answer)


def test_21_megabytes_are_refused_whether_announced_or_not(client):
    data = b"\0" * 21 * 2**20
    for body in (data, iter([data[: 2**20]] * 21)):  # an iterator is sent in chunks, without a length
        answer = client.post("/v1/read", content=body)
        assert answer.status_code == 413
        assert "20 MB" in message_of(answer)


def test_a_body_that_is_too_large_is_refused_before_all_of_it_came(open_client):
    client = open_client(max_bytes=10_000)
    sent = 0

    def endless():
        nonlocal sent
        while sent < 10_000_000:
            sent += 1000
            yield b"\0" * 1000

    assert client.post("/v1/digit", content=endless()).status_code == 413


def test_20_megabytes_are_taken(client, seven):
    buffer = io.BytesIO()
    Image.fromarray(seven).save(buffer, "PNG")
    padded = buffer.getvalue() + b"\0" * (20 * 2**20 - len(buffer.getvalue()))
    assert client.post("/v1/digit", content=padded).json()["value"] == 7


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=b", b""),
        ("multipart/form-data; boundary=b", b"no form"),
        ("multipart/form-data; boundary=b", b"--b\r\nContent-Disposition: form-data; name=other\r\n\r\nx\r\n--b--\r\n"),
        ("multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="file"\r\n\r\nx'),
        ("multipart/form-data; boundary=" + "b" * 300, b"x"),
    ],
)
def test_a_form_without_the_picture_is_refused(client, kind, body):
    answer = client.post("/v1/digit", content=body, headers={"Content-Type": kind})
    assert answer.status_code == 422
    assert "form" in message_of(answer)


def test_uploads_that_together_are_too_much_wait_outside(open_client, png):
    client = open_client(max_held_bytes=len(png) - 1)
    answer = client.post("/v1/digit", content=png)
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "1"


def test_what_was_held_is_given_free_again(open_client, png):
    client = open_client(max_held_bytes=2 * len(png))
    for body in [png, b"no picture", png, png, png]:
        assert client.post("/v1/digit", content=body).status_code in (200, 415)
