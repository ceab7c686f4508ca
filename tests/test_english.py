"""What users see is plain English in the field's own words: phrasings that were mended stay away."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import inkdigits

PACKAGE = Path(inkdigits.__file__).parent
# What was written → what is written instead.
BANNED = {
    r"\bbut .* came\b|\(.* came\)": "got …",
    r"(?<![Tt]here )\b(is|are|was) no (?!ink)[a-z]": "is not a …",
    r"\bno (known kind|number any more)\b": "an unknown kind; not a number any more",
    r"\bparted by\b": "separated by",
    r"\bproven to\b": "checked to",
    r"\bso many\b": "as many as …, a number",
    r"\btoo unsure\b": "not sure enough",
    r"\b(row|object|file|picture|step|process|side|core) a (number|picture|step|process|side|core)\b": "per",
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


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_message_is_phrased_in_a_way_that_was_mended(path):
    found = [
        f"line {line}: {text!r}: write {instead!r}"
        for line, text in strings_of(path)
        if " " in text.strip()
        for pattern, instead in BANNED.items()
        if re.search(pattern, text)
    ]
    assert found == []
