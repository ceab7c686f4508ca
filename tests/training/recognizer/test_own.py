from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkdigits.errors import DataError, DataNotFoundError
from inkdigits.training.recognizer.own import load_own, to_text


def write_crops(folder: Path, count: int, text: str = "12,5", pages: int = 0) -> Path:
    """A folder with a checked.csv of so many pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["file,text,page" if pages else "file,text"]
    for number in range(count):
        gray = np.full((40, 80), 230, np.uint8)
        gray[10:30, 20 : 24 + number] = 30
        Image.fromarray(gray).save(folder / f"{number}.png")
        rows.append(f'{number}.png,"{text}"' + (f",page-{number % pages}" if pages else ""))
    (folder / "checked.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def test_nothing_checked_is_refused(tmp_path):
    write_crops(tmp_path, 0)
    with pytest.raises(DataError, match=r"0 checked numbers are too few, at least 20 .*Check at least 20 more"):
        load_own([str(tmp_path)])


def test_a_few_numbers_are_refused_and_the_error_says_how_many_more(tmp_path):
    write_crops(tmp_path, 12)
    with pytest.raises(DataError, match="Check at least 8 more"):
        load_own([str(tmp_path)])


def test_a_folder_and_its_csv_are_the_same_and_several_are_mixed(tmp_path):
    write_crops(tmp_path / "a", 30)
    write_crops(tmp_path / "b", 10)
    folder, file = (load_own([str(source)]) for source in (tmp_path / "a", tmp_path / "a" / "checked.csv"))
    assert len(folder.train) + len(folder.held_out) == 30
    assert [one.text for one in folder.train] == [one.text for one in file.train]
    both = load_own([str(tmp_path / "a"), str(tmp_path / "b")])
    assert len(both.train) + len(both.held_out) == 40
    assert {one.text for one in both.train} == {"12,5"}
    assert {one.ink.shape[0] for one in both.train} == {32}


def test_a_quarter_is_held_out_always_the_same(tmp_path):
    write_crops(tmp_path, 50)
    first, again = load_own([str(tmp_path)]), load_own([str(tmp_path)])
    assert 5 <= len(first.held_out) <= 20
    for one, other in zip(first.held_out, again.held_out, strict=True):
        assert np.array_equal(one.ink, other.ink)


def test_all_numbers_of_a_page_are_on_one_side(tmp_path):
    write_crops(tmp_path, 48, pages=8)
    own = load_own([str(tmp_path)])
    assert len(own.train) % 6 == len(own.held_out) % 6 == 0


def test_what_nobody_could_read_is_left_out(tmp_path):
    write_crops(tmp_path / "known", 24)
    write_crops(tmp_path / "unknown", 24, text="1?")
    own = load_own([str(tmp_path / "known"), str(tmp_path / "unknown")])
    assert len(own.train) + len(own.held_out) == 24


@pytest.mark.parametrize(
    ("written", "text"),
    [("−7", "-7"), ("1 234", "1234"), ("12·5", "12.5"), ("12 kg", "12?"), ("abc", "?"), ("", ""), ("24/12", "24/12")],
)
def test_texts_come_in_the_alphabet_of_the_recognizer(written, text):
    assert to_text(written) == text


def test_a_csv_with_other_columns_is_refused(tmp_path):
    (tmp_path / "mine.csv").write_text("picture,number\na.png,1\n")
    with pytest.raises(DataError, match="needs the columns file and text; it has picture, number"):
        load_own([str(tmp_path / "mine.csv")])


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataNotFoundError, match=r"There is no .*gone\.csv"):
        load_own([str(tmp_path / "gone.csv")])


def test_a_picture_that_cannot_be_read_is_named(tmp_path):
    (tmp_path / "checked.csv").write_text("file,text\ngone.png,1\n")
    with pytest.raises(DataError, match=r"checked\.csv names a picture that cannot be read: .*gone\.png"):
        load_own([str(tmp_path)])


def test_a_row_without_a_text_is_refused(tmp_path):
    (tmp_path / "checked.csv").write_text("file,text\na.png\n")
    with pytest.raises(DataError, match="a row without a file or a text"):
        load_own([str(tmp_path)])
