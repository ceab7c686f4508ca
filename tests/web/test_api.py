import io
import json

import cv2
import numpy as np
import pytest
from PIL import Image
from strokes import draw, to_png

from inkdigits import Format


def test_an_empty_body_is_refused(client):
    answer = client.post("/v1/digit", content=b"")
    assert answer.status_code == 422
    assert "0 bytes" in answer.json()["error"]["message"]


@pytest.mark.parametrize("kind", ["image/png", "application/octet-stream", "text/plain", "application/json"])
def test_the_raw_bytes_are_read_whatever_type_they_claim(client, reader, png, kind):
    answer = client.post("/v1/digit", content=png, headers={"Content-Type": kind})
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(reader.read_digit(png).to_dict()))
    assert answer.json()["value"] == 7


def test_a_form_is_read_like_raw_bytes(client, png):
    form = client.post("/v1/digit", files={"file": ("seven.jpg", png, "image/jpeg")})
    assert form.json() == client.post("/v1/digit", content=png).json()


def test_read_answers_as_the_reader_does(client, reader):
    page = to_png(draw(4, 2))
    answer = client.post("/v1/read", content=page)
    assert answer.status_code == 200
    assert answer.json() == json.loads(json.dumps(reader.read(page).to_dict()))
    assert answer.json()["text"] == "42"


def test_an_empty_page_is_an_empty_reading(client):
    answer = client.post("/v1/read", content=to_png(np.full((80, 80), 255, np.uint8)))
    assert (answer.status_code, answer.json()["lines"], answer.json()["text"]) == (200, [], "")


def test_what_is_no_digit_is_refused_and_not_guessed(client):
    digit = client.post("/v1/digit", content=to_png(np.full((80, 80), 255, np.uint8))).json()
    assert digit["value"] is None
    assert digit["reason"] == "no ink was found"


def test_an_explanation_comes_only_where_it_is_asked_for(client, png):
    assert "heat" not in client.post("/v1/digit", content=png).json()
    explained = client.post("/v1/digit?explain=true", content=png).json()
    assert np.shape(explained["frame"]) == np.shape(explained["heat"]) == (28, 28)
    assert np.max(explained["frame"]) > 200
    assert np.max(explained["heat"]) > 0


def test_many_pictures_are_answered_in_their_order_and_a_bad_one_beside_the_others(client, png):
    empty = to_png(np.full((30, 30), 255, np.uint8))
    files = [("file", ("a.png", png)), ("file", ("b.txt", b"no picture")), ("file", ("c.png", empty))]
    answer = client.post("/v1/digits", files=files)
    assert answer.status_code == 200
    first, second, third = answer.json()["pictures"]
    assert (first["name"], first["digit"]["value"], first["error"]) == ("a.png", 7, None)
    assert second["digit"] is None
    assert "b.txt cannot be read as a picture" in second["error"]["message"]
    assert third["digit"]["value"] is None


def test_one_picture_is_not_many(client, png):
    answer = client.post("/v1/digit", files=[("file", png), ("file", png)])
    assert answer.status_code == 413
    assert "/v1/digits" in answer.json()["error"]["message"]


def test_more_pictures_than_allowed_are_refused(open_client, png):
    client = open_client(max_pictures=2)
    assert client.post("/v1/digits", files=[("file", png)] * 2).status_code == 200
    assert client.post("/v1/digits", files=[("file", png)] * 3).status_code == 413


def test_the_served_net_is_named(client, reader):
    (model,) = client.get("/v1/models").json()["models"]
    assert model["name"] == reader.classifier.contract.name
    assert model["version"] == reader.classifier.contract.version


def test_it_says_that_it_lives_and_is_ready(client):
    assert client.get("/healthz").json() == {"status": "alive"}
    assert client.get("/readyz").json() == {"status": "ready"}


def test_before_its_start_and_after_its_stop_it_is_not_ready(open_client):
    client = open_client()
    client.__exit__(None, None, None)
    answer = client.get("/readyz")
    client.__enter__()
    assert (answer.status_code, answer.json()) == (503, {"status": "not ready"})


def test_the_reasons_are_for_people_who_send_pictures(client):
    digit = client.post("/v1/digit", content=to_png(draw(4, 2))).json()
    assert (digit["value"], digit["reason"]) == (None, "several digits stand side by side; /v1/read reads them")


def test_whether_a_drawing_is_one_digit_or_several_is_decided_here(client, png):
    def read(picture):
        return client.post("/v1/read?drawing=true", content=picture).json()

    one = client.post("/v1/digit", content=png).json()
    (line,) = read(png)["lines"]
    assert line["numbers"] == [
        {"text": "7", "confidence": one["confidence"], "box": one["box"], "symbols": [one], "digits": [one]}
    ]
    several = to_png(draw(4, 2))
    assert read(several) == client.post("/v1/read", content=several).json()
    assert read(to_png(np.full((80, 80), 255, np.uint8)))["lines"] == []


def test_a_drawing_that_is_no_digit_is_refused_with_its_reason(client):
    scrawl = np.full((200, 200), 255, np.uint8)
    for line in ([(40, 30), (40, 170)], [(150, 30), (40, 100)], [(40, 100), (150, 170)]):  # a K
        cv2.polylines(scrawl, [np.array(line)], False, 0, 12, cv2.LINE_AA)
    answer = client.post("/v1/read?drawing=true", content=to_png(scrawl)).json()
    assert answer["text"] == "?"
    assert answer["lines"][0]["numbers"][0]["digits"][0]["reason"] == "not sure enough to answer"


def test_an_empty_cell_is_null(client):
    answer = client.post("/v1/number", content=to_png(np.full((80, 80), 255, np.uint8)))
    assert (answer.status_code, answer.json()) == (200, None)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("", None),
        ("?digits=2", Format(digits=2)),
        ("?digits=1:3&decimals=0:1&sign=true&minimum=-5&maximum=45.5", Format((1, 3), (0, 1), True, -5, 45.5)),
        ("?pattern=%23/%23", Format(pattern="#/#")),
        ("?choices=17&choices=42", Format(choices=["17", "42"])),
        ("?digits=2&check=luhn", Format(digits=2, check="luhn")),
    ],
)
def test_a_cell_is_read_as_the_reader_does_within_the_format_that_is_named(client, reader, query, form):
    cell = to_png(draw(4, 2))
    answer = client.post(f"/v1/number{query}", content=cell)
    number = reader.read_number(cell, form)
    assert number.text == ("42" if form is None or form.matches("42") else "??")
    assert (answer.status_code, answer.json()) == (200, json.loads(json.dumps(number.to_dict())))


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("digits=two", "digits: "),
        ("digits=99", "digits must be a count of 1 to 40"),
        ("digits=2&pattern=%23", "a pattern says all"),
        ("minimum=-5&maximum=5", "Allow a sign"),
        ("minimum=1e999999999", "minimum: "),
        ("choices=A", "a choice may hold digits and"),
        ("check=crc", "check: "),
        ("&".join(["choices=1"] * 1001), "choices: "),
    ],
)
def test_a_format_that_no_number_can_have_is_a_bad_parameter(client, png, query, says):
    answer = client.post(f"/v1/number?{query}", content=png)
    assert (answer.status_code, answer.json()["error"]["kind"]) == (422, "bad_parameter")
    assert says in answer.json()["error"]["message"]


@pytest.mark.parametrize("path", ["digit", "number", "read"])
@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_a_document_is_taken_wherever_a_picture_is(client, kind, path):
    if kind == "PDF":
        pytest.importorskip("pypdfium2")
    buffer = io.BytesIO()
    Image.fromarray(np.pad(draw(7), 60, constant_values=255)).save(buffer, kind, resolution=100)
    answer = client.post(f"/v1/{path}", content=buffer.getvalue()).json()
    assert answer.get("text", str(answer.get("value"))) == "7"


@pytest.mark.parametrize("kind", ["TIFF", "PDF"])
def test_every_page_of_a_document_is_read_by_its_number(client, kind):
    if kind == "PDF":
        pytest.importorskip("pypdfium2")
    buffer = io.BytesIO()
    pages = [Image.fromarray(np.pad(draw(*digits), 60, constant_values=255)) for digits in [(4, 2), (7,), (2, 2)]]
    pages[0].save(buffer, kind, save_all=True, append_images=pages[1:], resolution=100)
    for number, text in enumerate(["42", "7", "22"], 1):
        answer = client.post(f"/v1/read?page={number}", content=buffer.getvalue())
        assert (answer.json()["text"], answer.headers["inkdigits-pages"]) == (text, "3")
    beyond = client.post("/v1/read?page=4", content=buffer.getvalue()).json()
    assert beyond["error"]["message"] == "This file has 3 pages; there is no page 4."


def test_a_picture_on_its_side_is_read_once_it_is_turned(client):
    side = to_png(cv2.rotate(draw(4, 2), cv2.ROTATE_90_COUNTERCLOCKWISE))
    answer = client.post("/v1/read?turn=90", content=side).json()
    assert (answer["text"], answer["width"], answer["height"]) == ("42", 180, 120)


def test_a_page_is_shown_upright_as_a_jpeg(client):
    buffer = io.BytesIO()
    Image.fromarray(draw(4, 2, side=2100)).save(buffer, "TIFF")
    answer = client.post("/v1/picture?turn=270", content=buffer.getvalue())
    assert (answer.headers["content-type"], answer.headers["inkdigits-pages"]) == ("image/jpeg", "1")
    assert Image.open(io.BytesIO(answer.content)).size == (1333, 2000)


def test_a_heat_map_can_be_of_another_digit_than_the_guess(client, png):
    def heat(query):
        return np.array(client.post(f"/v1/digit?explain=true{query}", content=png).json()["heat"])

    assert (heat("&digit=7") == heat("")).all()
    assert (heat("&digit=1") != heat("")).any()
