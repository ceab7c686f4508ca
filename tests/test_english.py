"""What users see is plain English in the field's own words: phrasings that were mended stay away."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import inkdigits

PACKAGE = Path(inkdigits.__file__).parent
ROOT = Path(__file__).parent.parent
# The log of decisions is left as it was written.
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted({*(ROOT / "docs").glob("*.md")} - {ROOT / "docs" / "decisions.md"}),
    *sorted(PACKAGE.rglob("*.md")),
    *sorted((ROOT / "notebooks").glob("*.ipynb")),
    *sorted((PACKAGE / "web" / "static").glob("*.html")),
    *sorted((PACKAGE / "web" / "static").glob("*.js")),
]
# What is said to people in a script of the page: texts with a space in them. Its comments are for those who change it.
JS_TEXT = re.compile(r"""\"[^"\n]* [^"\n]*\"|`[^`\n]* [^`\n]*`""")
# What was written → what is written instead.
BANNED = {
    r"\bbut \S+ came\b|\(.* came\)": "got …",
    r"(?<![Tt]here )\b(is|are|was) no (?!ink|longer)[a-z]": "is not a …",
    r"\bno (known kind|number any more)\b": "an unknown kind; not a number any more",
    r"\bparted by\b": "separated by",
    r"\bproven to\b": "checked to",
    r"\bso many\b": "as many as …, a number",
    r"\b(too unsure|unsure of)\b": "not sure enough",
    r"\b(row|object|file|picture|step|process|side|core) a (number|picture|step|process|side|core)\b": "per",
    r"\b(frames|digits|numbers|logits|invented|seconds|misses) a (second|page|digit|picture|seed)\b": "per",
    r"\btaught\b": "trained",
    r"\b[Tt]he zoo\b": "the models",
    r"\bnets?\b": "model",
}


def strings_of(path: Path) -> Iterator[tuple[int, str]]:
    """The texts in a module but for docstrings, with their lines; the parts of an f-string are joined."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield node.lineno, "".join(str(p.value) if isinstance(p, ast.Constant) else "…" for p in node.values)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            parts.add(id(node.value))  # a docstring
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.lineno, node.value


def texts_of(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a page that are for reading, without code; the texts of a script."""
    content = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [cell for cell in json.loads(content)["cells"] if cell["cell_type"] == "markdown"]
        content = "\n".join("".join(cell["source"]) for cell in cells)
    is_code = False
    for number, line in enumerate(content.splitlines(), 1):
        if path.suffix == ".js":
            yield from ((number, text) for text in JS_TEXT.findall(line.partition("//")[0]))
        elif line.lstrip().startswith("```"):
            is_code = not is_code
        elif not is_code:
            yield number, re.sub(r"`[^`]*`", "…", line)


def faults_in(texts: Iterator[tuple[int, str]]) -> list[str]:
    """What is phrased as it should not be, and what to write instead."""
    return [
        f"line {line}: {text!r}: write {instead!r}"
        for line, text in texts
        if " " in text.strip()
        for pattern, instead in BANNED.items()
        if re.search(pattern, text)
    ]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_message_is_phrased_in_a_way_that_was_mended(path):
    assert faults_in(strings_of(path)) == []


@pytest.mark.parametrize(
    "path", PAGES, ids=lambda path: str(path.relative_to(ROOT if ROOT in path.parents else PACKAGE))
)
def test_no_page_is_phrased_in_a_way_that_was_mended(path):
    assert faults_in(texts_of(path)) == []


def test_an_old_phrasing_is_found_in_every_kind_of_text(tmp_path):
    (tmp_path / "a.md").write_text("Only `a net`.\n```\nthe net\n```\nIt is no net.\n")
    cells = [{"cell_type": kind, "source": ["The zoo\n", "the net"]} for kind in ("code", "markdown")]
    (tmp_path / "b.ipynb").write_text(json.dumps({"cells": cells}))
    (tmp_path / "c.js").write_text('say("the net sees"); // the net\nconst net = "net";\n')
    (tmp_path / "d.py").write_text('"""The net."""\nsay(f"the net {x} sees")\n')
    found = {name: faults_in(texts_of(tmp_path / name)) for name in ("a.md", "b.ipynb", "c.js")}
    assert {name: len(faults) for name, faults in found.items()} == {"a.md": 2, "b.ipynb": 2, "c.js": 1}
    assert len(faults_in(strings_of(tmp_path / "d.py"))) == 1
