import io
import runpy
import subprocess
import tarfile
from pathlib import Path

SCRIPT = runpy.run_path(str(Path(__file__).parents[3] / "scripts" / "data" / "fetch_hand_fonts.py"))


def pack(command: list[str], cwd: str, **_: object) -> subprocess.CompletedProcess[str]:
    """In place of npm: it knows one font."""
    name = command[-1].removeprefix("@fontsource/")
    if name != "known":
        return subprocess.CompletedProcess(command, 1)
    with tarfile.open(Path(cwd) / "fontsource-known-5.0.0.tgz", "w:gz") as archive:
        member = tarfile.TarInfo("package/files/known-latin-400-normal.woff2")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"font"))
    return subprocess.CompletedProcess(command, 0)


def test_the_latin_part_of_a_font_is_kept(tmp_path, monkeypatch):
    monkeypatch.setattr(subprocess, "run", pack)
    assert SCRIPT["fetch"]("known", tmp_path)
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("known.woff2", b"font")]


def test_a_font_that_cannot_be_had_is_named(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(subprocess, "run", pack)
    monkeypatch.setitem(SCRIPT["main"].__globals__, "NAMES", ("known", "gone"))
    assert SCRIPT["main"](tmp_path / "new") == 1
    assert "1 of 2 fonts could not be fetched: gone" in capsys.readouterr().err
    monkeypatch.setattr(subprocess, "run", None)  # what is there is not fetched again
    assert SCRIPT["fetch"]("known", tmp_path / "new")


def test_each_font_is_named_once():
    assert len(set(SCRIPT["NAMES"])) == len(SCRIPT["NAMES"]) == 72
