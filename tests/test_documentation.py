"""README and docs say what is so: figures from benchmarks/results, code that runs, and nothing left out."""

import html
import inspect
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pytest
from blocks import Session, find_blocks
from PIL import Image

from inkdigits import cli, errors
from inkdigits.samples import SAMPLES
from inkdigits.training import presets
from inkdigits.training.data import mnist
from inkdigits.training.digit import zoo

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS = cli.app.commands
OPTIONS = [(name, option) for name, command in COMMANDS.items() for option in command.params]
ERRORS = sorted(name for name, value in vars(errors).items() if isinstance(value, type))
WINGS = ("inkdigits", "inkdigits.training")
PUBLIC = [f"{wing}.{name}" for wing in WINGS for name in import_module(wing).__all__ if name != "training"]
LITTLE = 600


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, built as CI and `make docs` build it: a warning is a failure."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", folder]
    done = subprocess.run(
        command, cwd=ROOT, env=os.environ | {"NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture
def small(monkeypatch):
    """A small setting: MNIST is 600 pictures a part, and a net is trained for one epoch unless the page says more."""
    load_part = mnist.load_part

    def load_little(part: str) -> mnist.Images:
        images, labels = load_part(part)
        return mnist.Images(images[:LITTLE], labels[:LITTLE])

    for module in ("data.mnist", "data.sources", "comparing", "exports.digit_nets"):
        monkeypatch.setattr(import_module(f"inkdigits.training.{module}"), "load_part", load_little)
    short = {name: preset._replace(epochs=1) for name, preset in presets.PRESETS.items()}
    with patch.dict(presets.PRESETS, short), patch.dict(zoo.MODELS):
        yield


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """An empty folder with the pictures and data that the pages name, in a clone of the repository."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("INKDIGITS_TOKEN", "")
    (tmp_path / "src").symlink_to(ROOT / "src")
    digit, page = ((SAMPLES / name).read_bytes() for name in ("digit.jpg", "page.jpg"))
    (tmp_path / "scans").mkdir()
    for name, content in {"seven": digit, "one": digit, "two": digit}.items():
        (tmp_path / f"{name}.png").write_bytes(content)
    for name in ("page.jpg", "photo.jpg", "cell.jpg", "scans/first.jpg"):
        (tmp_path / name).write_bytes(page)
    (tmp_path / "sheets").mkdir()
    for name in ("sheet.jpg", "sheets/may.jpg", "sheets/june.jpg"):
        (tmp_path / name).write_bytes((SAMPLES / "table.jpg").read_bytes())
    frames, labels = mnist.load_part("train")
    for i in range(60):
        for name in ("my-digits", "corrections", "kept-aside"):
            place = tmp_path / name / str(labels[i])
            place.mkdir(parents=True, exist_ok=True)
            Image.fromarray(frames[i]).save(place / f"{i}.png")
    table = np.column_stack([labels[:60], frames[:60].reshape(60, -1)])
    np.savetxt(tmp_path / "digits.csv", table, fmt="%d", delimiter=",", header="label,pixels", comments="")
    return tmp_path


@pytest.mark.parametrize("page", [p for p in PAGES if find_blocks(p.read_text("utf-8"))], ids=lambda page: page.name)
@pytest.mark.usefixtures("folder", "small")
def test_the_code_on_a_page_runs_and_prints_what_it_says(page):
    session = Session()
    for block in find_blocks(page.read_text(encoding="utf-8")):
        session.run(block)


def test_figures_are_those_of_the_benchmarks():
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "figures" / "fill_figures.py", "--check"], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_somewhere(page):
    links = [link for link in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")) if "://" not in link]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(site, name):
    shown = text_of(site / "commands.html")
    assert f"Usage: inkdigits {name} " in shown
    assert re.search(rf"^inkdigits {name}\b", shown, re.MULTILINE), "an example"
    assert re.search(rf"^inkdigits {name}\b", README.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("name", "option"), OPTIONS, ids=lambda value: value if isinstance(value, str) else value.name)
def test_every_option_is_documented(site, name, option):
    assert option.help
    section = text_of(site / "commands.html").split(f"Usage: inkdigits {name} ")[1].split("Usage: ")[0]
    shown = option.opts[-1] if option.param_type_name == "option" else option.human_readable_name
    assert re.search(rf"^  (-\w, )?{re.escape(shown)}[ .]", section, re.MULTILINE)


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_is_documented(site, name):
    assert f'id="{name}"' in (site / "api.html").read_text(encoding="utf-8")
    module, _, attribute = name.rpartition(".")
    assert inspect.getdoc(getattr(import_module(module), attribute))


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_documented(site, name):
    assert f'id="inkdigits.errors.{name}"' in (site / "errors.html").read_text(encoding="utf-8")
    assert getattr(errors, name).__doc__
    assert re.search(rf"\b{name} ", f"{errors.__doc__} ".replace("\n", " ")), "a place in the tree"


@pytest.mark.parametrize("name", zoo.MODELS)
def test_every_model_is_documented(site, name):
    spec = zoo.MODELS[name]
    assert spec.description
    assert spec.build.__doc__
    shown = (site / "models.html").read_text(encoding="utf-8")
    assert f'<h3 id="{name}">' in shown
    assert f"inkdigits train {name}" in shown


def test_the_site_loads_nothing_from_another_host(site):
    loads = r"""<(?:script|img|iframe|source|video|audio|embed)\b[^>]*\bsrc=["']?([^"'\s>]+)|"""
    loads += r"""<link\b[^>]*\bhref=["']?([^"'\s>]+)|@import\s+(?:url\()?["']?([^"')\s]+)|\burl\(["']?([^"')]+)"""
    found = [
        next(filter(None, groups))
        for path in [*site.rglob("*.html"), *site.rglob("*.css"), *site.rglob("*.svg")]
        for groups in re.findall(loads, path.read_text(encoding="utf-8"), re.IGNORECASE)
    ]
    assert len(found) > 100
    assert [target for target in found if re.match(r"(?:\w+:)?//", target)] == []
    # The theme's one script would fetch Mermaid to draw a diagram, and GitHub's figures of a repository it is told.
    pages = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    assert 'class="mermaid"' not in pages
    assert 'data-md-component="source"' not in pages


def test_ci_runs_the_readme_s_own_test_line():
    assert re.search(r"^python3 -m venv .*\.\[dev\].*pytest$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert "README.md" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


def text_of(page: Path) -> str:
    """What a page shows, without its tags."""
    return html.unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8")))
