import os
from pathlib import Path

import pytest

from inkdigits.bulk.paths import Key, find_files


def test_no_sources_are_no_files():
    assert list(find_files([])) == []


def test_folders_and_patterns_are_opened_and_each_file_is_read_once(tmp_path):
    (tmp_path / "below").mkdir()
    for name in ("b.png", "a.JPG", "below/c.png", "notes.txt", ".hidden.png"):
        (tmp_path / name).touch()
    a, b, c = (str(tmp_path / name) for name in ("a.JPG", "b.png", "below/c.png"))
    assert list(find_files([tmp_path])) == [a, b, c]
    assert list(find_files([tmp_path, b, tmp_path])) == [a, b, c]
    assert list(find_files([tmp_path / "*.png", b, "missing.png"])) == [b, "missing.png"]


def test_one_path_need_not_stand_in_a_list(tmp_path):
    (tmp_path / "a.png").touch()
    assert list(find_files(tmp_path)) == list(find_files(str(tmp_path))) == [str(tmp_path / "a.png")]


def test_files_below_the_working_folder_are_named_without_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "a.png").touch()
    assert list(find_files(["."])) == [str(Path("below", "a.png"))]


def test_files_come_in_the_order_of_their_paths(tmp_path):
    names = ["a-b/1.png", "a.png", "a/2.png", "a/b/3.png", "a/b.png", "A/4.png", "b.png"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(find_files([tmp_path])) == sorted(str(tmp_path / name) for name in names)


def test_files_come_before_the_next_source_is_asked_for(tmp_path):
    def sources():
        yield "a.png"
        pytest.fail("the second source was asked for")

    assert next(find_files(sources())) == "a.png"


def test_what_is_drawn_is_not_found_again_unless_it_is_named(tmp_path):
    (tmp_path / "boxes").mkdir()
    for name in ("a.png", "boxes/a.png.png"):
        (tmp_path / name).touch()
    a, drawn = str(tmp_path / "a.png"), str(tmp_path / "boxes" / "a.png.png")
    assert list(find_files([tmp_path], tmp_path / "boxes")) == [a]
    assert list(find_files([tmp_path / "**" / "*.png"], tmp_path / "boxes")) == [a]
    assert list(find_files([drawn], tmp_path / "boxes")) == [drawn]


def test_a_name_with_brackets_is_a_file_and_no_pattern(tmp_path):
    name = tmp_path / "scan[1].png"
    name.touch()
    assert list(find_files([name])) == [str(name)]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may open every folder")
def test_a_folder_that_may_not_be_opened_is_named(tmp_path):
    (tmp_path / "closed").mkdir(mode=0o000)
    assert list(find_files([tmp_path])) == [str(tmp_path / "closed")]


def test_a_file_that_changes_has_another_key(tmp_path):
    file = tmp_path / "a.png"
    keys = [Key.of(str(file))]
    for content, time in ((b"1", 1), (b"2", 2), (b"22", 2)):
        file.write_bytes(content)
        os.utime(file, (time, time))
        keys.append(Key.of(str(file)))
    assert len({key.digest for key in keys}) == 4
    assert keys[0] == Key(str(file), None, None)
    assert Key.of(str(file)) == keys[-1]
