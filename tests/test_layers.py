"""The wall of docs/architecture.md: imports point strictly down, inside every folder and inside functions, too."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import inkdigits

PACKAGE = Path(inkdigits.__file__).parent
# What stands in each folder, the lowest layer first: a module imports of its own folder only what is in lower layers,
# and of others only what may be imported where the two folders stand side by side.
LAYERS = {
    "": [
        "check_digits errors samples",
        "arrays grammars",
        "formats",
        "images morphology onnx_files",
        "ink documents drawing outputs",
        "results",
        "digit",
        "page",
        "table",
        "bulk",
        "reader",
        "batch",
        "page_reader",
        "table_files",
        "table_journal",
        "training web",
        "cli",
        "__main__",
    ],
    "digit": ["classifier frame locate", "explain framing"],
    "page": [
        "crops ctc detector layout",
        "decoding orientation rejection",
        "groups placing recognizer",
    ],
    "bulk": ["paths processes", "journal photos", "row_files"],
    "table": [
        "columns drawing rulings spreadsheets writing",
        "checks lines plane results",
        "answers lattice suggest",
        "rows",
        "spans unruled",
        "grid",
        "cells",
        "reading review",
    ],
    "training": [
        "data presets runs",
        "config synthetic",
        "trainee",
        "trainer",
        "detector digit recognizer",
        "evaluation exports",
        "reports starts",
        "judging",
        "finishing",
        "fitting",
        "comparing",
    ],
    "training.data": ["holding_out mnist", "compose sources"],
    "training.synthetic": [
        "letters marks number_texts paper strokes",
        "glyphs letter_strokes skeletons",
        "cells hand",
        "hands pen writing",
        "clutter cutouts lettering",
        "drafts tables",
        "pages",
    ],
    "training.digit": [
        "augment calibrate capsules costs",
        "residual",
        "zoo",
        "models",
        "distill own transfer",
        "task",
    ],
    "training.detector": ["targets", "net patches", "task"],
    "training.recognizer": ["examples loss net", "calibrate own", "task"],
    "training.evaluation": ["comparison metrics page_score sampling", "gate report"],
    "training.reports": ["attribution html plots", "insides learning run_report", "card", "own_page"],
    "training.exports": ["quantize", "digit_nets", "page_nets"],
    "training.runs": ["folders provenance", "checkpoint"],
    "cli": ["parameters", "formats talk", "completion evaluate models predict read serve table train"],
    "web": [
        "corrections formats pages problems reviews settings",
        "schemas security workers",
        "observe uploads",
        "pictures",
        "api",
        "corrections_api tables_api",
        "app",
        "server",
    ],
}
MODULES = {
    ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(PACKAGE.rglob("*.py"))
    if path != PACKAGE / "__init__.py"
}
RANKS = {
    folder: {name: rank for rank, names in enumerate(layers) for name in names.split()}
    for folder, layers in LAYERS.items()
}


def imports_of(path: Path) -> Iterator[str]:
    """The modules of inkdigits that a file imports, inside functions too; not those for the type checker alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            name = name.removeprefix("inkdigits.")
            # What is no module is a name in one.
            found = name if name in MODULES else name.rpartition(".")[0]
            if found in MODULES:
                yield found


def siblings(module: str, other: str) -> tuple[str, str, str]:
    """The folder that both modules stand in, and what in it each is or belongs to; empty for that folder itself."""
    own, its = module.split("."), other.split(".")
    shared = 0
    while shared < min(len(own), len(its)) and own[shared] == its[shared]:
        shared += 1
    return ".".join(own[:shared]), "".join(own[shared : shared + 1]), "".join(its[shared : shared + 1])


@pytest.mark.parametrize("module", MODULES)
def test_imports_point_strictly_down(module):
    for other in imports_of(MODULES[module]):
        folder, own, its = siblings(module, other)
        if own:  # a folder's own __init__ may open what is in it
            assert its, f"{module} must not import the folder that it stands in"
            assert RANKS[folder][its] < RANKS[folder][own], f"{module} must not import {other}"


def test_every_module_has_a_rank():
    assert {f"{folder}.{name}".strip(".") for folder, ranks in RANKS.items() for name in ranks} == set(MODULES)


def test_no_folder_has_more_than_20_modules():
    for folder in {path.parent for path in MODULES.values()}:
        assert len(list(folder.glob("*.py"))) <= 20, folder


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
