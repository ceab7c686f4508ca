"""Count what the package is made of: modules, lines, tuned numbers, repeated runs of lines, circles of imports.

    python scripts/figures/measure_house.py [REVISION ...]

Without a revision the working tree is measured. Tuned numbers are names in capitals that a module binds to numbers:
those of all modules beside training/ and web/, and those of the modules that `reader` reaches by its imports.
"""

import ast
import subprocess
import sys
from collections import defaultdict
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = "src/inkdigits/"
# A repeated run has at least as many lines; blank lines do not count.
RUN = 6


def load_sources(revision: str | None) -> dict[str, str]:
    """The text of each module by its dotted name."""
    listed = ["ls-tree", "-r", "--name-only", revision, PACKAGE] if revision else ["ls-files", PACKAGE]
    paths = [
        path for path in git(*listed).splitlines() if path.endswith(".py") and (revision or (ROOT / path).exists())
    ]
    texts = {
        path: git("show", f"{revision}:{path}") if revision else (ROOT / path).read_text("utf-8") for path in paths
    }
    return {to_name(path): text for path, text in texts.items()}


def git(*arguments: str) -> str:
    """What a command of git says."""
    return subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True).stdout


def to_name(path: str) -> str:
    """The dotted name of a module."""
    return path.removeprefix("src/").removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def count_numbers(text: str) -> int:
    """How many names in capitals a module binds to a number or to a tuple of numbers."""
    count = 0
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and is_number(node.value):
            names = [name.id for target in node.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
            count += sum(name.isupper() for name in names)
    return count


def is_number(value: ast.expr) -> bool:
    """Whether an expression is a number, or holds nothing but numbers."""
    if isinstance(value, ast.Tuple):
        return all(map(is_number, value.elts))
    if isinstance(value, ast.UnaryOp):
        return is_number(value.operand)
    return isinstance(value, ast.Constant) and type(value.value) in (int, float)


def find_imports(sources: dict[str, str]) -> dict[str, set[str]]:
    """What each module imports of the package, inside functions too; not for the type checker alone."""
    imports: dict[str, set[str]] = {name: set() for name in sources}
    for name, text in sources.items():
        tree = ast.parse(text)
        for node in ast.walk(tree):
            if isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING":
                node.body = []
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                said = [f"{node.module}.{alias.name}" for alias in node.names]
                imports[name] |= {one if one in sources else one.rpartition(".")[0] for one in said}
        imports[name] = {one for one in imports[name] if one in sources and one != name}
    return imports


def reach(name: str, imports: dict[str, set[str]]) -> set[str]:
    """A module, and all that it imports in the end."""
    found, waiting = {name}, [name]
    while waiting:
        for other in imports[waiting.pop()] - found:
            found.add(other)
            waiting.append(other)
    return found


def count_repeated(sources: dict[str, str]) -> int:
    """How many pairs of places share a run of lines, each pair counted once however long the run is."""
    places = defaultdict(list)
    for name, text in sources.items():
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        for start in range(len(lines) - RUN + 1):
            places["\n".join(lines[start : start + RUN])].append((name, start))
    pairs = {pair for found in places.values() for pair in combinations(found, 2)}
    return sum(((a, i - 1), (b, j - 1)) not in pairs for (a, i), (b, j) in pairs)


def measure(sources: dict[str, str]) -> dict[str, int]:
    """The figures of a revision."""
    imports = find_imports(sources)
    lines = {name: len(text.splitlines()) for name, text in sources.items()}
    reached = {name: reach(name, imports) for name in sources}
    circles = {frozenset(m for m in reached[n] if n in reached[m]) for n in sources}
    light = [name for name in sources if not name.startswith(("inkdigits.training", "inkdigits.web"))]
    numbers = {name: count_numbers(text) for name, text in sources.items()}
    return {
        "modules": len(sources),
        "without those of a docstring alone": sum(count > 1 for count in lines.values()),
        "lines": sum(lines.values()),
        "longest": max(lines.values()),
        "tuned numbers of the light path": sum(numbers[name] for name in light),
        "tuned numbers that a reader reaches": sum(
            count_numbers(sources[name]) for name in reached["inkdigits.reader"]
        ),
        "repeated runs": count_repeated(sources),
        "circles of imports": sum(len(circle) > 1 for circle in circles),
    }


def main() -> None:
    """Print a table: a row for each figure, a column for each revision."""
    revisions: list[str | None] = [*sys.argv[1:]] or [None]
    columns = [measure(load_sources(revision)) for revision in revisions]
    print(f"{'':38}", *(f"{revision or 'now':>10}" for revision in revisions))
    for name in columns[0]:
        print(f"{name:38}", *(f"{column[name]:>10,}" for column in columns))


if __name__ == "__main__":
    main()
