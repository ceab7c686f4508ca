"""The parts of the site that are generated: what the code says of itself, in Markdown."""

import ast
from collections.abc import Callable
from importlib import import_module
from inspect import getdoc
from pathlib import Path
from textwrap import dedent

import click
import griffe
from site_notebooks import list_notebooks
from site_openapi import endpoints

from inkdigits import cli, errors
from inkdigits.onnx_files import BUNDLED, find_bundled
from inkdigits.training.digit.zoo import MODELS
from inkdigits.training.presets import PRESETS, Preset

ROOT = Path(__file__).parents[2]
# What most people came for: it stands above the other names, which are sorted.
FIRST = ("Reader", "fit")
# Of a help text, in characters: what a page shows beside its navigation.
WIDTH = 84


def block(text: str, language: str = "text") -> str:
    """A block of code."""
    return f"```{language}\n{text.strip()}\n```\n"


def commands() -> dict[str, click.Command]:
    """The commands by name."""
    return cli.app.commands


def help_text(name: str) -> str:
    """What `inkdigits NAME --help` prints."""
    root = click.Context(cli.app, info_name="inkdigits")
    with click.Context(commands()[name], root, name, terminal_width=WIDTH, max_content_width=WIDTH) as context:
        return block(context.get_help())


def names(module: str) -> str:
    """The public names of a module, for mkdocstrings."""
    package = griffe.load(module, resolve_aliases=True)  # reads the source: Keras is not loaded
    parts = []
    for name in sorted(import_module(module).__all__, key=FIRST.__contains__, reverse=True):
        path, found, options = f"{module}.{name}", package[name], []
        if found.is_module:
            continue
        if found.docstring and "Attributes:" not in found.docstring.value:  # else they would be listed twice
            options.append("show_if_no_docstring: true")
        parts.append(f"::: {path}\n    options: {{ {', '.join(options)} }}")
    return "\n\n".join(parts)


def error_tree() -> str:
    """The tree in the docstring of `inkdigits.errors`."""
    return block(dedent((getdoc(errors) or "").split("\n\n")[1]))


def error_names() -> str:
    """Every error, for mkdocstrings."""
    classes = [value for value in vars(errors).values() if isinstance(value, type)]
    return "\n\n".join(f"::: inkdigits.errors.{error.__name__}" for error in classes)


def zoo() -> str:
    """The nets that can be trained, one a section."""
    bundled = find_bundled()
    parts = []
    for name, spec in MODELS.items():
        about = f"{spec.parameters:,} parameters, {spec.multiply_adds:,} multiply-adds a frame: {spec.description}."
        if name in bundled:
            about += f" In the package as `{bundled[name].name}`"
            about += ", which reads unless another is named." if name == BUNDLED else "."
        parts += [
            f"### `{name}` {{ #{name} }}\n",
            f"{(getdoc(spec.build) or '').splitlines()[0]}\n",
            f"{about}\n",
            f"`inkdigits train {name}` sets: {to_words(PRESETS[name])}.\n",
        ]
    return "\n".join(parts)


def to_words(preset: Preset) -> str:
    """What a net is trained with; what is off is left out."""
    return ", ".join(
        name.replace("_", " ") if value is True else f"{name.replace('_', ' ')} {value}"
        for name, value in preset._asdict().items()
        if value
    )


def examples() -> str:
    """The scripts in examples/, each with its code."""
    parts = []
    for path in sorted((ROOT / "examples").glob("*.py")):
        code = path.read_text(encoding="utf-8")
        first = (ast.get_docstring(ast.parse(code)) or "").splitlines()[0]
        parts += [f"## {path.name} {{ #{path.stem} }}\n", f"{first}\n", block(code, "python")]
    return "\n".join(parts)


# The name of a part in a page → what generates it.
PARTS: dict[str, Callable[..., str]] = {
    "help": help_text,
    "names": names,
    "errortree": error_tree,
    "errors": error_names,
    "zoo": zoo,
    "examples": examples,
    "endpoints": endpoints,
    "notebooks": list_notebooks,
}
