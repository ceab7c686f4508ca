import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from PIL import Image

from inkdigits.batch import find_files, read_files
from inkdigits.errors import ModelNotFoundError
from inkdigits.outputs import rows


def write_number(path, text: str) -> str:
    page = np.full((120, 60 * len(text) + 60), 240, np.uint8)
    cv2.putText(page, text, (30, 85), cv2.FONT_HERSHEY_SIMPLEX, 2, 30, 5, cv2.LINE_AA)
    Image.fromarray(page).save(path)
    return str(path)


def open_read_pipe(pipe: str) -> int:
    """The writing end of a named pipe, once a process waits at the other end."""
    while True:
        try:
            return os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)
        except OSError:  # nobody reads it yet
            time.sleep(0.02)


def test_no_files_give_no_results():
    assert list(read_files([])) == []


def test_a_folder_without_pictures_is_a_result_with_its_error(tmp_path):
    (tmp_path / "notes.txt").touch()
    (tmp_path / ".hidden.png").touch()
    (result,) = read_files([tmp_path])
    assert (result.file, result.reading) == (str(tmp_path), None)
    assert "holds no pictures" in result.error


def test_folders_and_patterns_are_opened_and_each_file_is_read_once(tmp_path):
    (tmp_path / "below").mkdir()
    for name in ("b.png", "a.JPG", "below/c.png", "notes.txt"):
        (tmp_path / name).touch()
    a, b, c = (str(tmp_path / name) for name in ("a.JPG", "b.png", "below/c.png"))
    assert find_files([tmp_path]) == [a, b, c]
    assert find_files([tmp_path / "*.png", b, "missing.png"]) == [b, "missing.png"]


def test_what_is_drawn_is_not_found_again_unless_it_is_named(tmp_path):
    (tmp_path / "boxes").mkdir()
    for name in ("a.png", "boxes/a.png.png"):
        (tmp_path / name).touch()
    a, drawn = str(tmp_path / "a.png"), str(tmp_path / "boxes" / "a.png.png")
    assert find_files([tmp_path], tmp_path / "boxes") == [a]
    assert find_files([tmp_path / "**" / "*.png"], tmp_path / "boxes") == [a]
    assert find_files([drawn], tmp_path / "boxes") == [drawn]


def test_a_name_with_brackets_is_a_file_and_no_pattern(tmp_path):
    name = write_number(tmp_path / "scan[1].png", "2")
    assert find_files([name]) == [name]


def test_a_bad_file_is_a_row_with_its_error_and_the_rest_is_read(tmp_path):
    good = write_number(tmp_path / "good.png", "203")
    bad = tmp_path / "bad.png"
    bad.write_bytes(b"no picture")
    table = list(rows(read_files([bad, good, "gone.png"])))
    assert [row.file for row in table] == [str(bad), good, "gone.png"]
    assert [row.text for row in table] == ["", "203", ""]
    assert "bad.png" in table[0].error
    assert "gone.png" in table[2].error
    assert table[0].x is None
    assert (table[1].line, table[1].number, table[1].error) == (1, 1, "")


@pytest.mark.slow
def test_several_processes_keep_the_input_s_order_and_give_the_same(tmp_path):
    files = [write_number(tmp_path / f"{i}.png", text) for i, text in enumerate(["20", "35", "8", "302", "53"])]
    files.insert(2, str(tmp_path / "gone.png"))
    assert list(read_files(files, jobs=2)) == list(read_files(files, jobs=1))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a named pipe, to know when a process reads it")
@pytest.mark.parametrize("kills", [1, 2])
def test_a_process_ended_from_outside_stops_no_other_file(tmp_path, kills):
    good = write_number(tmp_path / "good.png", "2")
    pipe = str(tmp_path / "pipe.png")
    os.mkfifo(pipe)

    def kill_those_that_read_the_pipe():
        for _ in range(kills):
            end = open_read_pipe(pipe)  # kept open while they are killed: else they would read its end, and go on
            for process in multiprocessing.active_children():
                process.kill()
                process.join()
            os.close(end)
        if kills == 1:
            os.close(open_read_pipe(pipe))

    with ThreadPoolExecutor(1) as pool:
        killing = pool.submit(kill_those_that_read_the_pipe)
        results = list(read_files([pipe, good], jobs=2))
        killing.result()
    assert [result.file for result in results] == [pipe, good]
    assert ("ended from outside" if kills == 2 else "is empty") in results[0].error
    assert results[1].reading is not None
    assert results[1].reading.text == "2"


def test_a_missing_model_is_an_error_at_once(tmp_path):
    with pytest.raises(ModelNotFoundError):
        next(read_files([write_number(tmp_path / "a.png", "2")], model="nothing"))
    with pytest.raises(ModelNotFoundError, match="no-run"):
        next(read_files([write_number(tmp_path / "b.png", "2")], recognizer="no-run"))


def test_the_pages_of_a_pdf_are_numbered(tmp_path):
    pytest.importorskip("pypdfium2")
    pages = [Image.open(write_number(tmp_path / f"{text}.png", text)).convert("RGB") for text in ("203", "85")]
    pages[0].save(tmp_path / "scan.pdf", save_all=True, append_images=pages[1:])
    table = list(rows(read_files([tmp_path / "scan.pdf"])))
    assert [(row.file, row.text) for row in table] == [
        (f"{tmp_path / 'scan.pdf'}#1", "203"),
        (f"{tmp_path / 'scan.pdf'}#2", "85"),
    ]


def test_the_pages_of_a_tiff_are_numbered_where_there_are_several(tmp_path):
    pages = [Image.open(write_number(tmp_path / f"{text}.png", text)) for text in ("203", "85")]
    pages[0].save(tmp_path / "one.tif")
    pages[0].save(tmp_path / "two.tif", save_all=True, append_images=pages[1:])
    one, two = tmp_path / "one.tif", tmp_path / "two.tif"
    results = read_files([one, two])
    assert [(r.file, r.reading.text) for r in results] == [(str(one), "203"), (f"{two}#1", "203"), (f"{two}#2", "85")]


def test_a_broken_pdf_is_a_row_with_its_error(tmp_path):
    pytest.importorskip("pypdfium2")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    (row,) = rows(read_files([tmp_path / "bad.pdf"]))
    assert "bad.pdf" in row.error


@pytest.mark.slow
def test_numbers_in_doubt_are_refused_in_the_processes_too(tmp_path):
    files = [write_number(tmp_path / f"{i}.png", "203") for i in range(2)]
    for jobs in (1, 2):
        for result in read_files(files, jobs=jobs, min_confidence=1.0):
            assert result.reading is not None
            assert "?" in result.reading.text
