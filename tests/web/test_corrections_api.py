import zipfile
from io import BytesIO

import pytest
from PIL import Image


@pytest.fixture
def keeping(open_client, tmp_path):
    return open_client(corrections=tmp_path / "c.sqlite")


def test_without_a_file_the_list_says_so_and_nothing_is_kept(client, png):
    assert client.get("/v1/corrections").json() == {"enabled": False, "file": None, "count": 0, "corrections": []}
    for method, path in [
        ("POST", "/v1/corrections?correction=7"),
        ("DELETE", "/v1/corrections"),
        ("DELETE", "/v1/corrections/1"),
        ("GET", "/v1/corrections/1/picture"),
        ("GET", "/v1/corrections.zip"),
    ]:
        answer = client.request(method, path, content=png)
        assert answer.status_code == 404, path
        assert "--corrections FILE" in answer.json()["error"]["message"]


def test_a_correction_is_kept_listed_shown_exported_and_deleted(keeping, tmp_path, png):
    added = keeping.post("/v1/corrections?correction=7&answer=1", content=png)
    assert added.status_code == 201
    listed = keeping.get("/v1/corrections").json()
    assert (listed["enabled"], listed["file"], listed["count"]) == (True, "c.sqlite", 1)
    assert listed["corrections"] == [added.json()]
    id = added.json()["id"]
    assert keeping.get(f"/v1/corrections/{id}/picture").content.startswith(b"\x89PNG")
    with zipfile.ZipFile(BytesIO(keeping.get("/v1/corrections.zip").content)) as archive:
        assert archive.namelist() == [f"corrections/7/correction-{id:06}.png"]
    assert keeping.delete(f"/v1/corrections/{id}").status_code == 204
    assert keeping.delete(f"/v1/corrections/{id}").status_code == 404
    assert keeping.get(f"/v1/corrections/{id}/picture").status_code == 404


def test_the_list_goes_on_before_an_id(keeping, png):
    ids = [keeping.post("/v1/corrections?correction=7", files={"file": png}).json()["id"] for _ in range(3)]
    page = keeping.get(f"/v1/corrections?limit=1&before={ids[2]}").json()
    assert [each["id"] for each in page["corrections"]] == [ids[1]]
    assert keeping.delete("/v1/corrections").status_code == 204
    assert keeping.get("/v1/corrections").json()["count"] == 0


@pytest.mark.parametrize(
    "query", ["", "?correction=10", "?correction=-1", "?correction=seven", "?correction=1&answer=12"]
)
def test_a_correction_that_is_no_digit_is_refused(keeping, png, query):
    assert keeping.post(f"/v1/corrections{query}", content=png).status_code == 422
    assert keeping.get("/v1/corrections").json()["count"] == 0


def test_a_broken_picture_is_not_kept(keeping):
    assert keeping.post("/v1/corrections?correction=1", content=b"no picture").status_code == 415
    assert keeping.get("/v1/corrections").json()["count"] == 0


def test_the_servers_path_is_told_to_nobody(keeping, tmp_path, png):
    keeping.post("/v1/corrections?correction=7", content=png)
    assert str(tmp_path) not in keeping.get("/v1/corrections").text


def test_of_a_document_the_first_page_is_kept(keeping, png):
    pytest.importorskip("pypdfium2")
    buffer = BytesIO()
    Image.open(BytesIO(png)).save(buffer, "PDF", resolution=100)
    id = keeping.post("/v1/corrections?correction=7", content=buffer.getvalue()).json()["id"]
    assert keeping.get(f"/v1/corrections/{id}/picture").content.startswith(b"\x89PNG")


def test_a_full_file_is_told(open_client, tmp_path, png):
    client = open_client(corrections=tmp_path / "c.sqlite", max_corrections=1)
    assert client.post("/v1/corrections?correction=1", content=png).status_code == 201
    assert client.post("/v1/corrections?correction=1", content=png).status_code == 507
