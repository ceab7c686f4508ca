"""Notebooks as pages of the site: all that the cells of a notebook hold is Markdown, code, text or pictures."""

import base64
import json
import re
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
# What a terminal would show in colour.
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def find_notebooks() -> list[Path]:
    """All notebooks, by name; none where there is no such folder."""
    return sorted(NOTEBOOKS.glob("*.ipynb"))


def to_page(path: Path) -> tuple[str, str, dict[str, bytes]]:
    """The title of a notebook, its text as Markdown, and its pictures by the names that the text gives them."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    parts, pictures = [], {}
    for cell in cells:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            parts.append(source)
            continue
        parts.append(f"```python\n{source}\n```")
        for output in cell["outputs"]:
            data = output.get("data", {"text/plain": output.get("text", "")})
            if "image/png" in data:
                name = f"{path.stem}-{len(pictures)}.png"
                pictures[name] = base64.b64decode("".join(data["image/png"]))
                parts.append(f"![What the cell above draws]({name})")
            elif output.get("name") != "stderr":
                parts.append(to_text(data))
    title = re.match(r"# (.*)", parts[0])
    assert title, f"{path.name} must begin with a heading"
    return title[1], "\n\n".join(parts), pictures


def to_text(data: dict[str, Any]) -> str:
    """An output that is no picture: HTML as it is, all else as a block of text."""
    if "text/html" in data:
        return f'<div class="output" markdown="0">\n{"".join(data["text/html"])}\n</div>'
    text = COLOURS.sub("", "".join(data["text/plain"])).rstrip()
    return f"```text\n{text}\n```"


def list_notebooks() -> str:
    """The notebooks, each with what it is about: the paragraph below its title."""
    rows = []
    for path in find_notebooks():
        title, text, _ = to_page(path)
        about = text.split("\n\n")[1].replace("\n", " ")
        rows.append(f"**[{title}](notebooks/{path.stem}.md)**  \n{about}\n")
    return "\n".join(rows)
