"""docs/reference/api.md, written from the OpenAPI document so that it cannot differ from it."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from dutybound_server.api.api import api

PREFIX = "#/components/schemas/"
START = """\
# API reference

Written by `dutybound manage write_api_reference` from the OpenAPI document, which is at
`GET /api/v1/openapi.json`.

{description}

"""

Node = Mapping[str, Any]


def api_reference() -> str:
    """The whole page."""
    document = api.get_openapi_schema(path_prefix="/api/v1/")
    lines = [START.format(description=document["info"]["description"])]
    tag = None
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            if operation["tags"][0] != tag:
                tag = operation["tags"][0]
                lines.append(f"## {tag}\n\n")
            lines += _operation(method, path, operation)
    lines.append("## Shapes\n\n")
    for name, schema in sorted(document["components"]["schemas"].items()):
        lines += _shape(name, schema)
    return "".join(lines).rstrip() + "\n"


def _operation(method: str, path: str, operation: Node) -> Iterator[str]:
    yield f"### {operation['summary']}\n\n"
    yield f"`{method.upper()} {path}` · operation `{operation['operationId']}`\n\n"
    if "description" in operation:
        yield f"{_one_line(operation['description'])}\n\n"
    if operation["parameters"]:
        yield from _table(
            (
                f"`{parameter['name']}`",
                _kind(parameter["schema"]),
                "yes" if parameter["required"] else "",
                _meaning(parameter["schema"]),
            )
            for parameter in operation["parameters"]
        )
    if "requestBody" in operation:
        yield from _bodies("Body", operation["requestBody"]["content"])
    for status, response in operation["responses"].items():
        if status != "default":
            yield from _bodies(f"Answer {status}", response.get("content", {}))


def _bodies(what: str, content: Node) -> Iterator[str]:
    for media_type, body in content.items():
        schema = body["schema"]
        said = schema.get("description", "")
        yield f"{what}: `{media_type}`, {_kind(schema)}{f'. {said}' if said else ''}\n\n"
        if "example" in body:
            yield f"```json\n{json.dumps(body['example'], indent=2)}\n```\n\n"


def _shape(name: str, schema: Node) -> Iterator[str]:
    yield f"### {name}\n\n"
    if "description" in schema:
        yield f"{_one_line(schema['description'])}\n\n"
    if "enum" in schema:
        yield f"One of {_values(schema['enum'])}.\n\n"
    required = schema.get("required", ())
    if "properties" in schema:
        yield from _table(
            (f"`{field}`", _kind(inner), "yes" if field in required else "", _meaning(inner))
            for field, inner in schema["properties"].items()
        )
    for example in schema.get("examples", ()):
        yield f"```json\n{json.dumps(example, indent=2)}\n```\n\n"


def _table(rows: Iterator[tuple[str, str, str, str]]) -> Iterator[str]:
    yield "| name | type | required | meaning |\n|---|---|---|---|\n"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |\n"
    yield "\n"


def _kind(schema: Node) -> str:
    if "$ref" in schema:
        name = schema["$ref"].removeprefix(PREFIX)
        return f"[{name}](#{name.lower()})"
    if "anyOf" in schema:
        return " or ".join(_kind(inner) for inner in schema["anyOf"])
    if "enum" in schema:
        return _values(schema["enum"])
    if "const" in schema:
        return _values([schema["const"]])
    if schema.get("type") == "array":
        return f"list of {_kind(schema.get('items', {}))}"
    return str(schema.get("format") or schema.get("type") or "any")


def _meaning(schema: Node) -> str:
    said = [_one_line(schema["description"])] if "description" in schema else []
    for name, words in (("minimum", "from"), ("maximum", "to"), ("maxLength", "longest")):
        if name in schema:
            said.append(f"{words} {schema[name]:,}")
    if schema.get("default") not in (None, "", [], {}):
        said.append(f"default `{json.dumps(schema['default'])}`")
    if "examples" in schema:
        said.append(f"such as {_values(schema['examples'])}")
    return "; ".join(said)


def _values(values: list[Any]) -> str:
    return ", ".join(
        f"`{value if isinstance(value, str) else json.dumps(value)}`" for value in values
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())
