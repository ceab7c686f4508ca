import csv
import json
import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from PIL import Image

from inkdigits.batch import Row, find_files, read_files, rows, write_rows
from inkdigits.errors import DataError, ModelNotFoundError


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


def test_no_files_give_no_rows(tmp_path):
    assert list(read_files([])) == []
    assert list(read_files([tmp_path])) == []


def test_folders_and_patterns_are_opened_and_each_file_is_read_once(tmp_path):
    (tmp_path / "below").mkdir()
    for name in ("b.png", "a.JPG", "below/c.png", "notes.txt"):
        (tmp_path / name).touch()
    a, b, c = (str(tmp_path / name) for name in ("a.JPG", "b.png", "below/c.png"))
    assert find_files([tmp_path]) == [a, b, c]
    assert find_files([tmp_path / "*.png", b, "missing.png"]) == [b, "missing.png"]


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


def test_several_processes_keep_the_input_s_order_and_give_the_same(tmp_path):
    files = [write_number(tmp_path / f"{i}.png", text) for i, text in enumerate(["20", "35", "8", "302", "53"])]
    files.insert(2, str(tmp_path / "gone.png"))
    assert list(read_files(files, processes=2)) == list(read_files(files, processes=1))


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
        results = list(read_files([pipe, good], processes=2))
        killing.result()
    assert [result.file for result in results] == [pipe, good]
    assert ("ended from outside" if kills == 2 else "is empty") in results[0].error
    assert results[1].reading is not None
    assert results[1].reading.text == "2"


def test_a_missing_model_is_an_error_at_once(tmp_path):
    with pytest.raises(ModelNotFoundError):
        next(read_files([write_number(tmp_path / "a.png", "2")], model="nothing"))


def test_csv_and_jsonl_hold_the_same(tmp_path):
    table = [Row("a.png", 1, 1, "203", 0.75, 1, 2, 3, 4), Row("b.png", error="no picture")]
    write_rows(tmp_path / "rows.csv", table)
    write_rows(tmp_path / "rows.jsonl", table)
    with (tmp_path / "rows.csv").open(encoding="utf-8", newline="") as file:
        from_csv = list(csv.DictReader(file))
    from_jsonl = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    assert list(from_csv[0]) == ["file", "line", "number", "text", "confidence", "x", "y", "width", "height", "error"]
    for left, right in zip(from_csv, from_jsonl, strict=True):
        assert left == {key: "" if value is None else str(value) for key, value in right.items()}


@pytest.mark.parametrize("name", ["=1+1.png", "+a.png", "-a.png", "@a.png"])
def test_a_name_is_no_formula_in_a_spreadsheet(tmp_path, name):
    write_rows(tmp_path / "rows.csv", [Row(name, error="gone")])
    write_rows(tmp_path / "rows.jsonl", [Row(name, error="gone")])
    assert f"\n'{name}," in (tmp_path / "rows.csv").read_text(encoding="utf-8").replace("\r", "")
    assert json.loads((tmp_path / "rows.jsonl").read_text(encoding="utf-8"))["file"] == name


def test_a_table_that_breaks_leaves_the_old_one_as_it_was(tmp_path):
    def broken():
        yield Row("a.png")
        raise KeyboardInterrupt

    target = tmp_path / "rows.csv"
    target.write_text("old", encoding="utf-8")
    with pytest.raises(KeyboardInterrupt):
        write_rows(target, broken())
    assert target.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]


def test_another_ending_and_a_missing_folder_are_refused(tmp_path):
    with pytest.raises(DataError, match=r"rows\.xlsx"):
        write_rows(tmp_path / "rows.xlsx", [])
    with pytest.raises(DataError, match="cannot be written"):
        write_rows(tmp_path / "nowhere" / "rows.csv", [])


def test_the_pages_of_a_pdf_are_numbered(tmp_path):
    pytest.importorskip("pypdfium2")
    pages = [Image.open(write_number(tmp_path / f"{text}.png", text)).convert("RGB") for text in ("203", "85")]
    pages[0].save(tmp_path / "scan.pdf", save_all=True, append_images=pages[1:])
    table = list(rows(read_files([tmp_path / "scan.pdf"])))
    assert [(row.file, row.text) for row in table] == [
        (f"{tmp_path / 'scan.pdf'}#1", "203"),
        (f"{tmp_path / 'scan.pdf'}#2", "85"),
    ]


def test_a_broken_pdf_is_a_row_with_its_error(tmp_path):
    pytest.importorskip("pypdfium2")
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    (row,) = rows(read_files([tmp_path / "bad.pdf"]))
    assert "bad.pdf" in row.error
