from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inkdigits.errors import DataError, DataNotFoundError
from inkdigits.training.recognizer.own import load_own, to_text


def write_crops(folder: Path, count: int, text: str = "12,5", pages: int = 0) -> Path:
    """A folder with a checked.csv of this many pictures; of several texts, parted by spaces, each in turn."""
    texts = text.split(" ")
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["file,text,page" if pages else "file,text"]
    for number in range(count):
        gray = np.full((40, 80), 230, np.uint8)
        gray[10:30, 20 : 24 + number] = 30
        Image.fromarray(gray).save(folder / f"{number}.png")
        rows.append(f'{number}.png,"{texts[number % len(texts)]}"' + (f",page-{number % pages}" if pages else ""))
    (folder / "checked.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


def test_nothing_checked_is_refused(tmp_path):
    write_crops(tmp_path, 0)
    with pytest.raises(DataError, match=r"0 checked numbers are too few, at least 20 .*Check at least 20 more"):
        load_own([str(tmp_path)])


def test_an_empty_file_is_refused(tmp_path):
    (tmp_path / "mine.csv").touch()
    with pytest.raises(DataError, match=r"mine\.csv needs the columns file and text; it is empty"):
        load_own([str(tmp_path / "mine.csv")])


def test_a_few_numbers_are_refused_and_the_error_says_how_many_more_and_why(tmp_path):
    write_crops(tmp_path, 10)
    with pytest.raises(
        DataError, match=r"10 checked numbers .*whether the new model reads them better.*at least 10 more"
    ):
        load_own([str(tmp_path)])


def test_numbers_of_a_single_page_are_refused(tmp_path):
    write_crops(tmp_path, 30, pages=1)
    with pytest.raises(DataError, match=r"All 30 checked numbers are of one page, 'page-0'"):
        load_own([str(tmp_path)])


@pytest.mark.parametrize("text", ["٤٢", "४२", "abc"])
def test_another_alphabet_is_refused_by_name(tmp_path, text):
    write_crops(tmp_path, 30, text=text)
    with pytest.raises(DataError, match=f"30 of 30 texts are of symbols that the recognizer does not know.*'{text}'"):
        load_own([str(tmp_path)])


def test_a_few_words_among_numbers_are_learnt_as_what_is_no_number(tmp_path):
    write_crops(tmp_path, 30, text="12 7 n/a")
    own = load_own([str(tmp_path)])
    assert {one.text for part in own[:2] for one in part} == {"12", "7", "?/?"}


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


def test_a_part_is_held_out_always_the_same_and_each_picture_is_named(tmp_path):
    write_crops(tmp_path, 50)
    first, again = load_own([str(tmp_path)]), load_own([str(tmp_path)])
    assert 15 <= len(first.held_out) <= 35
    assert sorted(first.train_files + first.held_out_files) == sorted(str(path) for path in tmp_path.glob("*.png"))
    assert (len(first.train_files), len(first.held_out_files)) == (len(first.train), len(first.held_out))
    assert first.pages == 50
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


def test_folders_of_digits_are_learnt_from_too(tmp_path):
    for digit in (1, 7):
        write_crops(tmp_path / "corrections" / str(digit), 15)
        (tmp_path / "corrections" / str(digit) / "checked.csv").unlink()
        for path in (tmp_path / "corrections" / str(digit)).iterdir():
            path.rename(path.with_name(f"{digit}-{path.name}"))
    own = load_own([str(tmp_path / "corrections")])
    assert sorted(one.text for part in own[:2] for one in part) == ["1"] * 15 + ["7"] * 15


def test_cells_drawn_at_random_are_counted_and_how_many_of_them_were_right(tmp_path):
    write_crops(tmp_path, 24)
    lines = (tmp_path / "checked.csv").read_text().splitlines()
    drawn = [",yes,12.5", ",1,1.25", ",,12.5", ",0,7"]
    with (tmp_path / "checked.csv").open("w") as file:
        file.write("\n".join([f"{lines[0]},drawn,read", *(line + drawn[i % 4] for i, line in enumerate(lines[1:]))]))
    own = load_own([str(tmp_path)])
    assert (own.drawn, own.drawn_right) == (12, 6)
    write_crops(tmp_path / "plain", 24)
    assert load_own([str(tmp_path / "plain")]).drawn == 0
