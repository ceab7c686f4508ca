"""README and docs say what is so: figures from benchmarks/results, commands and settings that exist."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from inkdigits import cli

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def test_figures_are_those_of_the_benchmarks():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "fill_figures.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page):
    links = [link for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_every_command_is_in_the_readme():
    commands = {command.name or command.callback.__name__ for command in cli.app.registered_commands}
    assert commands <= set(re.findall(r"inkdigits (\w+)", README))


def test_the_python_of_the_readme_runs(tmp_path, monkeypatch):
    from inkdigits.samples import SAMPLES

    (tmp_path / "seven.png").write_bytes((SAMPLES / "digit.jpg").read_bytes())
    (tmp_path / "page.jpg").write_bytes((SAMPLES / "page.jpg").read_bytes())
    monkeypatch.chdir(tmp_path)
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stderr == ""
    assert done.stdout.startswith("7 0.9")
    assert done.stdout.endswith("305 18\n9 2741\n86\n")


def test_ci_runs_the_readme_s_own_test_line():
    assert re.search(r"^python3 -m venv .*\.\[dev\].*pytest$", README, re.MULTILINE)
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
