"""The code on README's and docs' pages, run as a reader would: block after block, in one folder, in one session.

A block of `text` is what the block before it prints; `...` stands for anything. A command line runs in this process. A
block of `toml` is the file template.toml.
"""

import contextlib
import doctest
import io
import json
import re
import shlex
import sys
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from inkdigits import cli
from inkdigits.web.app import create_app
from inkdigits.web.settings import Settings

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# Words that begin lines which are not run here: they set up what the tests run in, or take what a browser gives.
SETTING_UP = {"python3", "pip", ".venv/bin/pip", "source", "unzip", "make", "git", "jupyter"}


@dataclass(frozen=True)
class Block:
    """Code of one language, and what it should print."""

    language: str
    code: str
    output: str | None


def find_blocks(text: str) -> list[Block]:
    """The blocks of a page; what is fenced without a language is no code."""
    blocks: list[Block] = []
    for language, code in FENCE.findall(text):
        if language == "text":
            blocks[-1] = Block(blocks[-1].language, blocks[-1].code, code)
        elif language:
            blocks.append(Block(language, code, None))
    return blocks


@dataclass
class Session:
    """A reader who works through a page in an empty folder with a few pictures.

    Attributes:
        names: what the page's Python has defined.
    """

    names: dict[str, Any] = field(default_factory=dict)

    def run(self, block: Block) -> None:
        """Run a block and compare what it prints."""
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            if block.language == "toml":
                Path("template.toml").write_text(block.code, encoding="utf-8")
            elif block.language == "python":
                exec(compile(block.code, "a page", "exec"), self.names)
            else:
                assert block.language == "bash", f"a block of {block.language!r}"
                for line in block.code.replace("\\\n", "").splitlines():
                    self.run_line(shlex.split(line, comments=True))
        if block.output is not None:
            same = doctest.OutputChecker().check_output(block.output, out.getvalue(), doctest.ELLIPSIS)
            assert same, f"\n{block.code}\nshould print\n{block.output}\nbut prints\n{out.getvalue()}"

    def run_line(self, words: list[str]) -> None:
        """Run one line of a shell."""
        match words:
            case ["inkdigits", "serve", *options]:  # would not come back; its tests are in tests/web
                cli.app.commands["serve"].make_context("serve", options)
            case ["inkdigits", *arguments]:
                if arguments[0] == "train" and "--resume" in arguments:
                    break_off_last_run()
                run_command(arguments)
            case ["curl", *arguments]:
                fetch(arguments)
            case [word, *_]:
                assert word in SETTING_UP, f"{word!r} is neither run nor known to set up"


def fetch(arguments: list[str]) -> None:
    """What curl would do, asked of the application itself."""
    url = next(word for word in arguments if word.startswith("http"))
    options = list(pairwise(arguments))
    files = [("file", Path(value.removeprefix("file=@")).read_bytes()) for name, value in options if name == "-F"]
    bodies = [Path(value.removeprefix("@")).read_bytes() for name, value in options if name == "--data-binary"]
    headers = dict(value.split(": ") for name, value in options if name == "-H")
    with TestClient(create_app(settings=Settings())) as client:
        answer = client.post(url, files=files or None, content=bodies[0] if bodies else None, headers=headers)
    assert answer.status_code == 200, answer.text


def run_command(arguments: list[str]) -> None:
    """Run a command of inkdigits, and expect that all goes well."""
    before, sys.argv = sys.argv, ["inkdigits", *arguments]
    try:
        with pytest.raises(SystemExit) as done:
            cli.main()
    finally:
        sys.argv = before
    assert not done.value.code, f"inkdigits {shlex.join(arguments)} ended with {done.value.code}"


def break_off_last_run() -> None:
    """Make of the newest run one that a reader has broken off, as the page supposes."""
    config = max(Path("runs").glob("*-*/config.json"), key=lambda path: path.stat().st_mtime)
    settings = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(settings | {"status": "stopped"}), encoding="utf-8")
