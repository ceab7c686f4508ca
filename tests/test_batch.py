import json
import multiprocessing
import os
import time
from concurrent.futures import ThreadPoolExecutor

import cv2
import numpy as np
import pytest
from PIL import Image

import inkdigits
from inkdigits.batch import read_files
from inkdigits.bulk.row_files import rows
from inkdigits.errors import DataError, ImageFormatError, ModelNotFoundError


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


def test_cells_are_read_together_and_each_keeps_its_error(tmp_path):
    files = [write_number(tmp_path / f"{i}.png", text) for i, text in enumerate(["20", "35", "8"])]
    files.insert(1, str(tmp_path / "gone.png"))
    for jobs in (1, 2):
        results = list(read_files(files, jobs=jobs, cells=True))
        assert [result.file for result in results] == files
        assert [result.reading and result.reading.text for result in results] == ["20", None, "35", "8"]
        assert "gone.png" in results[1].error


def test_a_cell_that_no_reader_survives_costs_no_other(monkeypatch, tmp_path):
    files = [write_number(tmp_path / f"{i}.png", text) for i, text in enumerate(["20", "35"])]
    read = inkdigits.Reader.read_numbers

    def stumble(self, photos, format=None):
        photos = list(photos)
        if any(photo.shape[1] == 181 for photo in photos):
            raise KeyError("a bug")
        return read(self, photos, format)

    Image.fromarray(np.full((120, 181), 240, np.uint8)).save(files[0])
    monkeypatch.setattr(inkdigits.Reader, "read_numbers", stumble)
    first, second = read_files(files, cells=True)
    assert "inkdigits does not know why: KeyError: 'a bug'" in first.error
    assert second.reading is not None
    assert second.reading.text == "35"


def test_what_nobody_foresaw_is_a_result_too(monkeypatch, tmp_path):
    def stumble(*_):
        raise KeyError("a bug")

    monkeypatch.setattr(inkdigits.Reader, "read", stumble)
    (result,) = read_files([write_number(tmp_path / "a.png", "2")])
    assert "a.png cannot be read, and inkdigits does not know why: KeyError: 'a bug'" in result.error


def test_a_picture_with_boxes_that_cannot_be_written_ends_the_run(monkeypatch, tmp_path):
    def fail(*_):
        raise ImageFormatError("no space left")

    monkeypatch.setattr("inkdigits.batch.write_picture", fail)
    with pytest.raises(ImageFormatError, match="no space left"):
        list(read_files([write_number(tmp_path / "a.png", "2")], draw=tmp_path / "drawn"))


def test_rows_are_written_as_files_are_read_and_gone_on_with(tmp_path):
    files = [write_number(tmp_path / f"{i}.png", text) for i, text in enumerate(["20", "35", "8"])]
    output = tmp_path / "rows.jsonl"
    results = read_files(files, output=output)
    assert [next(results).file, next(results).file] == files[:2]
    assert len((tmp_path / "rows.part.jsonl").read_text(encoding="utf-8").splitlines()) == 2
    results.close()
    assert [result.file for result in read_files(files, output=output, resume=True)] == files[2:]
    table = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in table] == ["20", "35", "8"]


def test_a_changed_model_is_not_gone_on_with(tmp_path):
    files = [write_number(tmp_path / "0.png", "20")]
    results = read_files(files, output=tmp_path / "rows.csv")
    next(results)
    results.close()
    with pytest.raises(DataError, match="other options"):
        next(read_files(files, output=tmp_path / "rows.csv", resume=True, cells=True))


@pytest.mark.slow
def test_numbers_in_doubt_are_refused_in_the_processes_too(tmp_path):
    files = [write_number(tmp_path / f"{i}.png", "203") for i in range(2)]
    for jobs in (1, 2):
        for result in read_files(files, jobs=jobs, min_confidence=1.0):
            assert result.reading is not None
            assert "?" in result.reading.text
