import json

import numpy as np
import pytest
from strokes import draw, to_png


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
    assert digit["reason"]


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
    assert "b.txt is no picture" in second["error"]["message"]
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
