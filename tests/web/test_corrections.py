import sqlite3
import zipfile
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from strokes import draw

from inkdigits.errors import DataError, ImageFormatError, RunError
from inkdigits.images import load_photo
from inkdigits.web.corrections import Corrections


@pytest.fixture
def corrections(tmp_path):
    store = Corrections(tmp_path / "corrections.sqlite")
    yield store
    store.close()


def test_a_new_file_holds_none(corrections):
    assert (corrections.count(), corrections.find(), corrections.picture(1)) == (0, [], None)


def test_what_was_added_is_there_again(corrections, seven):
    added = corrections.add(seven, "cnn 1", 1, 7)
    refused = corrections.add(seven, "cnn 1", None, 7)
    assert corrections.find() == [refused, added]
    assert corrections.find(before=refused.id) == [added]
    assert corrections.find(most=1) == [refused]
    assert (added.answer, added.correction, added.model, refused.answer) == (1, 7, "cnn 1", None)
    np.testing.assert_array_equal(load_photo(corrections.picture(added.id))[..., 0], seven)


def test_a_reopened_file_still_holds_them(tmp_path, seven):
    first = Corrections(tmp_path / "c.sqlite")
    added = first.add(seven, "cnn 1", 1, 7)
    first.close()
    again = Corrections(tmp_path / "c.sqlite")
    assert again.find() == [added]
    again.close()


def test_of_a_photo_neither_colour_nor_camera_is_kept(corrections):
    photo = Image.new("RGB", (1000, 500), "red")
    exif = Image.Exif()
    exif[271] = "a camera's maker"
    buffer = BytesIO()
    photo.save(buffer, "JPEG", exif=exif)
    kept = corrections.picture(corrections.add(buffer.getvalue(), "cnn 1", 1, 7).id)
    with Image.open(BytesIO(kept)) as image:
        assert (image.mode, image.size, dict(image.getexif())) == ("L", (256, 128), {})
    assert b"maker" not in kept


def test_what_is_no_picture_is_not_kept(corrections):
    with pytest.raises(ImageFormatError):
        corrections.add(b"no picture", "cnn 1", 1, 7)
    assert corrections.count() == 0


def test_the_deleted_is_gone_from_the_disk_too(tmp_path, corrections):
    noise = np.random.default_rng(0).integers(0, 255, (90, 90), np.uint8)
    added = corrections.add(noise, "cnn 1", 1, 7)
    trace = corrections.picture(added.id)[200:260]
    assert any(trace in path.read_bytes() for path in tmp_path.iterdir())
    assert corrections.delete(added.id) == 1
    assert corrections.delete(added.id) == 0
    assert not any(trace in path.read_bytes() for path in tmp_path.iterdir())


def test_all_can_be_deleted(corrections, seven):
    for _ in range(3):
        corrections.add(seven, "cnn 1", 1, 7)
    assert corrections.delete() == 3
    assert corrections.count() == 0


def test_the_export_is_a_folder_for_each_digit(tmp_path, corrections, seven):
    corrections.add(seven, "cnn 1", 1, 7)
    corrections.add(draw(7, side=60), "cnn 1", None, 7)
    corrections.add(seven, "cnn 1", 7, 1)
    assert corrections.export(tmp_path / "mine") == 3
    names = sorted(str(path.relative_to(tmp_path / "mine")) for path in (tmp_path / "mine").rglob("*.png"))
    assert names == ["1/correction-000003.png", "7/correction-000001.png", "7/correction-000002.png"]
    np.testing.assert_array_equal(load_photo(tmp_path / "mine" / names[1])[..., 0], seven)
    with zipfile.ZipFile(BytesIO(corrections.export_zip())) as archive:
        assert sorted(archive.namelist()) == [f"corrections/{name}" for name in names]


def test_an_export_overwrites_nothing(tmp_path, corrections):
    with pytest.raises(DataError, match="exists already"):
        corrections.export(tmp_path)


def test_a_full_file_says_so(tmp_path, seven):
    store = Corrections(tmp_path / "c.sqlite", most=1)
    store.add(seven, "cnn 1", 1, 7)
    with pytest.raises(RunError, match="full"):
        store.add(seven, "cnn 1", 1, 7)
    store.close()


def test_a_file_of_another_kind_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("my notes, which are longer than the header of any database " * 9, encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(DataError, match=r"notes\.txt"):
        Corrections(path)
    assert path.read_bytes() == before


def test_a_file_of_another_version_is_refused(tmp_path):
    with sqlite3.connect(tmp_path / "c.sqlite") as database:
        database.execute("PRAGMA user_version = 9")
    with pytest.raises(DataError, match="version 9"):
        Corrections(tmp_path / "c.sqlite")


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match="nowhere"):
        Corrections(tmp_path / "nowhere" / "c.sqlite")


def test_what_the_disk_refuses_is_told(corrections):
    corrections._database.execute("PRAGMA max_page_count = 1")  # as on a full disk
    noise = np.random.default_rng(0).integers(0, 255, (200, 200), np.uint8)
    with pytest.raises(RunError, match="disk is full"):
        corrections.add(noise, "cnn 1", 1, 7)
