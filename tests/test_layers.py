"""The wall of docs/architecture.md: module-level imports point strictly down."""

import ast
from pathlib import Path

import pytest

import inkdigits

PACKAGE = Path(inkdigits.__file__).parent
RANKS = {
    "errors": 0,
    "arrays": 0,
    "results": 0,
    "samples": 0,
    "percentiles": 0,
    "closing": 1,
    "images": 1,
    "ink": 2,
    "frame": 1,
    "layout": 1,
    "rulings": 1,
    "seams": 1,
    "segment": 1,
    "components": 1,
    "strips": 1,
    "transcript": 1,
    "session": 1,
    "classifier": 2,
    "locate": 2,
    "marker": 2,
    "transcriber": 2,
    "hanging": 2,
    "agree": 2,
    "pieces": 2,
    "words": 2,
    "drawing": 2,
    "pdf": 2,
    "reader": 3,
    "explain": 3,
    "batch": 4,
    "training": 5,
    "web": 5,
    "cli": 9,
}
# arrays stands on errors, both of rank 0: the one step within a rank.
WITHIN_A_RANK = {("arrays", "errors")}
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.stem in RANKS)


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def module_level_imports(path: Path) -> set[str]:
    """Names of inkdigits' modules that `path` imports when it is imported; not those for the type checker alone."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("inkdigits."):
            found.add(node.module.split(".")[1])
        elif isinstance(node, ast.ImportFrom) and node.module == "inkdigits":
            found.update(alias.name for alias in node.names if alias.name != "__version__")
        elif isinstance(node, ast.Import):
            found.update(a.name.split(".")[1] for a in node.names if a.name.startswith("inkdigits."))
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_strictly_down(path):
    name = name_of(path)
    for other in module_level_imports(path) - {name}:
        assert RANKS[other] < RANKS[name] or (name, other) in WITHIN_A_RANK, f"{name} must not import {other}"


def test_every_module_has_a_rank():
    stems = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__", "__main__"}
    assert stems <= set(RANKS)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_module_is_longer_than_300_lines(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300
