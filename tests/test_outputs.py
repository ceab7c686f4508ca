import os

import pytest

from inkdigits.errors import DataError
from inkdigits.outputs import PICTURES, check_folder, check_new_file, write_bytes, write_whole


def test_a_file_that_exists_is_not_overwritten(tmp_path):
    (tmp_path / "why.png").touch()
    with pytest.raises(DataError, match=r"why\.png exists already, and nothing is overwritten\. Remove it, or give"):
        check_new_file(tmp_path / "why.png", PICTURES)


def test_a_name_without_a_known_ending_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"why has no ending; what is written here ends in \.png, \.jpg, "):
        check_new_file(tmp_path / "why", PICTURES)


def test_a_folder_in_the_place_of_a_file_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"is a folder, but a file is needed here\. Give one that ends in \.png"):
        check_new_file(tmp_path, PICTURES)


def test_a_missing_folder_is_made_and_a_file_in_its_place_is_refused(tmp_path):
    check_folder(tmp_path / "new" / "below")
    assert (tmp_path / "new" / "below").is_dir()
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="file is a file, but a folder is needed here"):
        check_folder(tmp_path / "file")
    with pytest.raises(DataError, match="cannot be made"):
        check_folder(tmp_path / "file" / "below")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_to_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(DataError, match="no files may be added"):
        check_new_file(tmp_path / "rows.csv", (".csv",))
    with pytest.raises(DataError, match="No files may be added"):
        check_folder(tmp_path)


def test_a_file_that_breaks_leaves_the_old_one_as_it_was(tmp_path):
    target = tmp_path / "rows.csv"
    target.write_text("old", encoding="utf-8")

    def stop() -> None:
        with write_whole(target) as part:
            part.write_text("new", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop()
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_bytes_that_cannot_be_written_are_an_error(tmp_path):
    write_bytes(tmp_path / "a", b"1")
    assert (tmp_path / "a").read_bytes() == b"1"
    with pytest.raises(DataError, match="cannot be written"):
        write_bytes(tmp_path / "nowhere" / "a", b"1")
