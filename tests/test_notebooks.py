"""The notebooks run from top to bottom, and what is saved in them is what a reader should see."""

import base64
import json
import re
import runpy
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
SCRIPT = ROOT / "scripts" / "site" / "run_notebooks.py"
# What nobody downloads twice to read, and what a diff of a repository bears.
MOST_BYTES = 600_000

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells_of(path: Path, kind: str) -> list[dict]:
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == kind]


def pictures_of(path: Path) -> list[str]:
    outputs = [output for cell in cells_of(path, "code") for output in cell["outputs"]]
    return ["".join(o["data"]["image/png"]) for o in outputs if "image/png" in o.get("data", {})]


def test_there_are_six():
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{number}_" for number in range(1, 7)]


@pytest.mark.slow
@each_notebook
def test_it_runs_from_top_to_bottom(path, tmp_path, monkeypatch):
    monkeypatch.setenv("INKDIGITS_NOTEBOOKS", "quick")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    execute = runpy.run_path(str(SCRIPT))["execute"]
    notebook = execute(path.stem)
    assert all(cell.execution_count for cell in notebook.cells if cell.cell_type == "code")


@each_notebook
def test_its_outputs_are_saved_from_one_run(path):
    nbformat.validate(nbformat.read(path, as_version=4))
    cells = cells_of(path, "code")
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    assert len(pictures_of(path)) >= 4


@each_notebook
def test_no_error_and_no_chatter_is_saved(path):
    for cell in cells_of(path, "code"):
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr"


@each_notebook
def test_it_says_nothing_of_the_machine_it_was_run_on(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    assert set(content["metadata"]) == {"kernelspec", "language_info"}
    assert content["metadata"]["language_info"] == {"name": "python"}
    assert [cell["metadata"] for cell in content["cells"]] == [{}] * len(content["cells"])
    said = re.sub(r'"image/png": "[^"]*"', "", json.dumps(content))
    assert re.findall(r"/(?:home|root|tmp|work|usr|Users|private|var)/[\w./-]*|0x[0-9a-f]{8,}", said) == []


@each_notebook
def test_its_pictures_fit_on_a_page_and_into_a_repository(path):
    assert path.stat().st_size < MOST_BYTES
    for png in pictures_of(path):
        assert Image.open(BytesIO(base64.b64decode(png))).width <= 1000


@each_notebook
def test_it_says_what_one_will_know_and_leaves_three_things_to_try(path):
    first, *_, last = ("".join(cell["source"]) for cell in cells_of(path, "markdown"))
    assert re.match(rf"# {path.stem[0]} · \w", first)
    assert "**At the end you know**" in first
    assert re.findall(r"^(\d)\. ", last.split("## Three things to try\n")[1], re.MULTILINE) == ["1", "2", "3"]
