"""The hook of mkdocs.yml: fills the generated parts into the pages of docs/ while the site is built.

A page marks a place with `<!-- build: NAME -->` or `<!-- build: NAME ARGUMENT -->`; site_parts.py has the parts.
"""

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File
from site_notebooks import find_notebooks, to_page
from site_parts import PARTS

ROOT = Path(__file__).parents[2]
PLACE = re.compile(r"<!-- build: ([a-z]+)(?: (\S+))? -->")
LINK = re.compile(r"(?<=\]\()([^)#\s]+)")
FENCE = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
# The page of the navigation below which the notebooks' own pages come.
OVERVIEW = {"Notebooks": "notebooks.md"}
# Files of the repository that stand on a page of the site, where links to them lead.
HOMES = {
    "README.md": "index.md",
    "CHANGELOG.md": "changes.md",
    "CONTRIBUTING.md": "contributing.md",
    "examples": "examples.md",
    "notebooks": "notebooks.md",
    "src/inkdigits/weights/README.md": "models.md",
    "src/inkdigits/training/data/DATA_CARD.md": "data.md",
}


def on_files(files: Any, config: Any) -> Any:
    """Add a page for each notebook, to the site and to its navigation."""
    pages: list[Any] = ["notebooks.md"]
    for notebook in find_notebooks():
        title, text, pictures = to_page(notebook)
        page = f"notebooks/{notebook.stem}.md"
        files.append(File.generated(config, page, content=text))
        for name, content in pictures.items():
            files.append(File.generated(config, f"notebooks/{name}", content=content))
        pages.append({title: page})
    for section in config["nav"]:
        for entries in section.values():
            if isinstance(entries, list) and OVERVIEW in entries:
                entries[entries.index(OVERVIEW)] = {"Notebooks": pages}
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Fill the marked places of a page, and lead links to the repository's files to where they are on the site."""
    uri = page.file.src_uri

    def fill(place: re.Match[str]) -> str:
        name, argument = place.groups()
        if name == "page":
            return relink((ROOT / argument).read_text(encoding="utf-8"), argument, uri)
        return PARTS[name](*[argument] * (argument is not None))

    return PLACE.sub(fill, relink(markdown, uri if uri.startswith("notebooks/") else f"docs/{uri}", uri))


def relink(text: str, source: str, page: str) -> str:
    """The text of the file `source` with its links as seen from `page`; code is left alone."""

    def lead(link: re.Match[str]) -> str:
        if "://" in link[0]:
            return link[0]
        path = posixpath.normpath(posixpath.join(posixpath.dirname(source), link[0]))
        return posixpath.relpath(to_home(path), posixpath.dirname(page) or ".")

    parts = FENCE.split(text)
    return "".join(part if number % 2 else LINK.sub(lead, part) for number, part in enumerate(parts))


def to_home(path: str) -> str:
    """Where a file of the repository stands on the site."""
    if path.startswith("examples/"):
        return f"examples.md#{Path(path).stem}"
    return HOMES.get(path, path.removeprefix("docs/").replace(".ipynb", ".md"))
