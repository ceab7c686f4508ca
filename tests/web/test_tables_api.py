import io
import json
import zipfile

import numpy as np
import pytest
from sheets import draw_sheet
from strokes import to_png

from inkdigits.web.reviews import Reviews

PHOTO, TABLE = draw_sheet(6)


@pytest.fixture(scope="module")
def sheet():
    """A photo of a table of 6 rows and 4 columns as a PNG file."""
    return to_png(np.ascontiguousarray(PHOTO[..., ::-1]))


def test_blank_paper_has_no_tables_and_no_page(client):
    answer = client.post("/v1/table?review=true", content=to_png(np.full((80, 80), 255, np.uint8)))
    assert (answer.status_code, answer.json()) == (200, {"tables": [], "review": None})


def test_tables_are_answered_as_the_reader_does(client, reader, sheet):
    answer = client.post("/v1/table", content=sheet).json()
    (table,) = reader.read_tables(sheet)
    assert answer == {"tables": [json.loads(json.dumps(table.to_dict()))], "review": None}
    assert answer["tables"][0]["shape"] == [6, 4]


def test_a_page_to_check_a_table_comes_where_it_is_asked_for(client, sheet):
    answer = client.post("/v1/table?review=true", files={"file": ("march.png", sheet)}).json()
    page = client.get(answer["review"])
    assert page.status_code == 200
    assert "Check what was read: march.png" in page.text
    # What the page says of itself is stricter than what the server says of all others.
    assert page.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert "default-src 'none'; script-src 'sha256-" in page.text
    archive = zipfile.ZipFile(io.BytesIO(client.get(f"{answer['review']}/crops.zip").content))
    assert len(archive.namelist()) == len(answer["tables"][0]["cells"])


@pytest.mark.parametrize("path", ["", "/crops.zip"])
def test_a_page_that_is_not_kept_is_not_found(client, path):
    answer = client.get(f"/reviews/another{path}")
    assert answer.status_code == 404
    assert "Send the sheet again" in answer.json()["error"]["message"]


def test_only_the_latest_pages_are_kept():
    reviews = Reviews(most=2)
    names = [reviews.add([("a.png", PHOTO, TABLE)]) for _ in range(3)]
    pages = [reviews.find_page(name) for name in names]
    assert pages[0] is None
    assert reviews.find_crops(names[0]) is None
    assert all(page.is_file() for page in pages[1:])
    reviews.close()
    assert not any(page.exists() for page in pages[1:])


def test_a_dropped_sheet_is_checked_and_taken_away_as_csv(page, sheet, tmp_path):
    (tmp_path / "march.png").write_bytes(sheet)
    page.open()
    page.give(tmp_path / "march.png")
    page.wait(lambda: page.find("#as-table").is_displayed())
    page.find("#as-table").click()
    page.wait(lambda: page.all("#queue li"))
    assert "/reviews/" in page.driver.current_url
    page.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path / "saved")}
    )
    for button, names in (("#save", {"march.csv"}), ("#learn", {"march.csv", "checked.csv", "crops.zip"})):
        page.find(button).click()
        page.wait(lambda names=names: {path.name for path in (tmp_path / "saved").glob("*.[cz][si][vp]")} >= names)
    assert len((tmp_path / "saved" / "march.csv").read_text().splitlines()) == 6


def test_a_picture_without_a_table_says_so(page, photo):
    page.open()
    page.give(photo)
    page.wait_for_text("42 7")
    page.find("#as-table").click()
    page.wait(lambda: "No table was found" in page.find("#problem").text)
    assert page.text == "42 7"
