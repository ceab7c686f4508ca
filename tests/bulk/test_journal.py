import errno
import json
import os
import subprocess
import sys

import pytest

from inkdigits.bulk.journal import Journal
from inkdigits.bulk.paths import STDIN, Key
from inkdigits.errors import DataError

A, B, C = (Key(name, 1, 1) for name in "abc")
ABOUT = {"model": "x"}


def begin(folder, keys=(A, B), head=b"") -> None:
    """A run that was stopped."""
    with Journal(folder / "part", ABOUT, head=head) as journal:
        for key in keys:
            journal.add(key, f"{key.file}\n".encode())


def go_on(folder, keys, head=b"") -> tuple[bytes, list[str]]:
    """What the output has in the end, and which sources were read for it."""
    read = []
    with Journal(folder / "part", ABOUT, resume=True, head=head) as journal:
        for key in keys:
            if entry := journal.find(key):
                journal.keep(entry)
            else:
                read.append(key.file)
                journal.add(key, f"{key.file}\n".encode())
        journal.finish(folder / "out")
    assert sorted(path.name for path in folder.iterdir()) == ["out"]
    return (folder / "out").read_bytes(), read


def test_nothing_read_is_an_output_with_its_head(tmp_path):
    assert go_on(tmp_path, [], b"head\n") == (b"head\n", [])


def test_the_part_file_has_each_content_as_soon_as_it_was_added(tmp_path):
    with Journal(tmp_path / "part", ABOUT, head=b"head\n") as journal:
        assert (tmp_path / "part").read_bytes() == b"head\n"
        journal.add(A, b"a1\na2\n", rows=2, errors=1)
        assert (tmp_path / "part").read_bytes() == b"head\na1\na2\n"
        journal.add(B, b"", rows=0)
        assert (journal.rows, journal.errors) == (2, 1)


def test_what_was_read_is_not_read_again(tmp_path):
    begin(tmp_path)
    assert go_on(tmp_path, [A, B, C]) == (b"a\nb\nc\n", ["c"])


def test_rows_and_errors_of_earlier_runs_count(tmp_path):
    with Journal(tmp_path / "part", ABOUT) as journal:
        journal.add(A, b"1\n2\n", rows=2, errors=1)
    with Journal(tmp_path / "part", ABOUT, resume=True) as journal:
        assert journal.done == 1
        entry = journal.find(A)
        assert journal.load(entry) == b"1\n2\n"
        journal.keep(entry)
        assert (journal.rows, journal.errors) == (2, 1)


def test_the_output_has_the_order_of_the_sources_whatever_was_read_first(tmp_path):
    begin(tmp_path, [B, C], b"head\n")
    assert go_on(tmp_path, [C, A, B], b"head\n") == (b"head\nc\na\nb\n", ["a"])


def test_a_file_that_changed_is_read_again_and_one_that_went_is_left_out(tmp_path):
    begin(tmp_path, [A, B, C])
    assert go_on(tmp_path, [A, Key("c", 1, 2)]) == (b"a\nc\n", ["c"])


def test_standard_input_is_read_again(tmp_path):
    begin(tmp_path, [Key(STDIN)])
    assert go_on(tmp_path, [Key(STDIN)]) == (b"-\n", [STDIN])


@pytest.mark.parametrize("cut", [1, 5, 30])
@pytest.mark.parametrize("name", ["part", "part.journal"])
def test_what_a_power_cut_left_of_either_file_is_gone_on_with(tmp_path, name, cut):
    begin(tmp_path, [A, B, C], b"head\n")
    os.truncate(tmp_path / name, (tmp_path / name).stat().st_size - min(cut, 10 if name == "part" else 99))
    content, read = go_on(tmp_path, [A, B, C], b"head\n")
    assert content == b"head\na\nb\nc\n"
    assert "c" in read


def test_what_was_added_and_not_yet_noted_is_not_there_twice(tmp_path):
    begin(tmp_path)
    with (tmp_path / "part").open("ab") as part:
        part.write(b"c\n")
    assert go_on(tmp_path, [A, B, C]) == (b"a\nb\nc\n", ["c"])


def test_a_part_file_whose_content_was_changed_is_read_again_from_there_on(tmp_path):
    begin(tmp_path, [A, B, C])
    (tmp_path / "part").write_bytes(b"a\nX\nc\n")
    assert go_on(tmp_path, [A, B, C]) == (b"a\nb\nc\n", ["b", "c"])


def test_without_its_part_file_a_run_begins_anew(tmp_path):
    begin(tmp_path)
    (tmp_path / "part").unlink()
    with Journal(tmp_path / "part", ABOUT) as journal:
        assert journal.done == 0
        assert journal.find(A) is None


def test_a_run_that_was_stopped_is_not_begun_again_unasked(tmp_path):
    begin(tmp_path)
    with pytest.raises(DataError, match=r"part has what a run read that was stopped\. Go on with it with --resume, or"):
        Journal(tmp_path / "part", ABOUT)
    assert (tmp_path / "part").read_bytes() == b"a\nb\n"


def test_a_run_that_read_nothing_is_begun_again_without_a_word(tmp_path):
    begin(tmp_path, [])
    Journal(tmp_path / "part", {"model": "y"}).close()


def test_other_options_are_refused(tmp_path):
    begin(tmp_path)
    with pytest.raises(DataError, match="had other options"):
        Journal(tmp_path / "part", {"model": "y"}, resume=True)
    assert go_on(tmp_path, [A, B]) == (b"a\nb\n", [])


def test_somebody_s_own_file_in_the_place_of_the_part_file_is_left_alone(tmp_path):
    (tmp_path / "part").write_bytes(b"mine")
    for resume in (False, True):
        (tmp_path / "part.journal").unlink(missing_ok=True)
        with pytest.raises(DataError, match="exists already, and has no journal"):
            Journal(tmp_path / "part", ABOUT, resume)
    assert (tmp_path / "part").read_bytes() == b"mine"


@pytest.mark.skipif(os.name != "posix", reason="locks as POSIX has them")
def test_two_runs_at_a_time_are_refused(tmp_path):
    with Journal(tmp_path / "part", ABOUT), pytest.raises(DataError, match="still going on"):
        Journal(tmp_path / "part", ABOUT, resume=True)


def test_a_place_that_cannot_be_written_to_is_named(tmp_path):
    with pytest.raises(DataError, match="cannot be written: No such file or directory"):
        Journal(tmp_path / "nowhere" / "part", ABOUT)


@pytest.mark.skipif(os.name != "posix", reason="limits of files as POSIX has them")
def test_a_full_disk_costs_nothing_that_was_read_before(tmp_path):
    program = f"""
import resource
from inkdigits.bulk.journal import Journal
from inkdigits.bulk.paths import Key
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
with Journal(__import__("pathlib").Path({str(tmp_path / "part")!r}), {ABOUT!r}) as journal:
    for name in "abc":
        journal.add(Key(name, 1, 1), (name * 399 + "\\n").encode())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert f"part cannot be written: {os.strerror(errno.EFBIG)}. Make room and go on with --resume." in done.stderr
    assert (tmp_path / "part").read_bytes() == b"a" * 399 + b"\n" + b"b" * 399 + b"\n"
    assert go_on(tmp_path, [A, B])[1] == []


def test_lines_come_in_the_order_of_the_sources(tmp_path):
    begin(tmp_path, [B, C])
    with Journal(tmp_path / "part", ABOUT, resume=True) as journal:
        for key in (C, A, B):
            entry = journal.find(key)
            journal.keep(entry) if entry else journal.add(key, b"1\n2\n")
        assert list(journal.read_lines()) == [b"c\n", b"1\n", b"2\n", b"b\n"]


def test_the_journal_is_lines_that_people_can_read(tmp_path):
    begin(tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "part.journal").read_text().splitlines()]
    assert lines[0] == {"model": "x", "head": ""}
    assert lines[1][:4] == ["a", 1, 1, 2]
