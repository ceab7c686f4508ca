"""The HTTP API as a page of the site, from the OpenAPI document that the server itself gives out."""

from typing import Any

from pydantic import SecretStr

from inkdigits.web.app import create_app
from inkdigits.web.settings import Settings

# Only what a database can hold bounds such a number.
BOUNDLESS = 2**63 - 1


def endpoints() -> str:
    """Every endpoint, then every kind of answer."""
    document = create_app(settings=Settings(token=SecretStr("any"))).openapi()  # with one, the 401s are in it
    parts = [
        describe(method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    parts.append("## Answers\n")
    for name, schema in document["components"]["schemas"].items():
        if name.endswith("Answer") or name == "Problem":
            rows = [(field, *to_cells(value)) for field, value in schema["properties"].items()]
            parts += [f"### {name} {{ #{name.lower()} }}\n", f"{schema['description']}\n", table("field", rows)]
    return "\n".join(parts)


def describe(method: str, path: str, operation: dict[str, Any]) -> str:
    """One endpoint: what it does, what it takes, what it answers."""
    lines = [f"### `{method} {path}`\n", operation["description"], ""]
    parameters = [
        (parameter["name"], to_type(parameter["schema"]), parameter.get("description", ""))
        for parameter in operation.get("parameters", [])
    ]
    if parameters:
        lines.append(table("parameter", parameters))
    if "requestBody" in operation:
        lines.append(f"Takes {', '.join(f'`{kind}`' for kind in operation['requestBody']['content'])}.\n")
    answers = []
    for status, response in operation["responses"].items():
        if status.startswith("2"):
            kinds = [to_type(content.get("schema", {})) for content in response.get("content", {}).values()]
            answers.append(f"{status}: {kinds[0]}" if kinds and kinds[0] else status)
    problems = ", ".join(status for status in operation["responses"] if not status.startswith("2"))
    lines.append(f"Answers {'; '.join(answers)}. Errors: {problems}.\n")
    return "\n".join(lines)


def table(head: str, rows: list[tuple[str, str, str]]) -> str:
    """A table of names, types and descriptions."""
    lines = [
        f"| {head} | type | meaning |",
        "|---|---|---|",
        *(f"| `{name}` | {kind} | {text} |" for name, kind, text in rows),
    ]
    return "\n".join(lines) + "\n"


def to_cells(schema: dict[str, Any]) -> tuple[str, str]:
    """Type and description of a field."""
    return to_type(schema), schema.get("description", "")


def to_type(schema: dict[str, Any]) -> str:
    """A type in words, with its limits; a link where it is an answer of its own."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(to_type(kind) for kind in schema["anyOf"])
    if schema.get("type") == "array":
        count = f"{schema['minItems']} × " if "minItems" in schema else "list of "
        return count + to_type(schema["items"])
    words = [str(schema.get("type", ""))]
    if "minimum" in schema:
        words.append(f"from {schema['minimum']:g}")
    if schema.get("maximum", BOUNDLESS) < BOUNDLESS:
        words.append(f"to {schema['maximum']:g}")
    if "default" in schema:
        words.append(f"(default {str(schema['default']).lower()})")
    return " ".join(words)
