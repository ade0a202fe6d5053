"""The register's YAML: read with its lines, and checked by its JSON Schema."""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Any

import jsonschema_rs
import yaml


class BadRegister(ValueError):
    """A file of the register is not what it must be; the message names file and line."""


class _Loader(yaml.CSafeLoader):
    """YAML 1.2's plain words: `yes` and `no` are words, and a date is text until it is read."""


_Loader.yaml_implicit_resolvers = {}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", re.compile("^[0-9]+$"), list("0123456789"))


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands: a file and a line."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Page:
    """One file: what it says, and at which line each part of it begins."""

    file: str
    content: dict[str, Any]
    root: yaml.Node

    def place(self, *path: str | int) -> Place:
        """Where the part at `path` begins, or the nearest part around it."""
        node = self.root
        for step in path:
            inner = _inside(node, step)
            if inner is None:
                break
            node = inner
        return Place(self.file, node.start_mark.line + 1)


def read_page(text: str, *, file: str) -> Page:
    """A page from its YAML. Raises `BadRegister` for no YAML, and for a key that is there twice."""
    loader = _Loader(text)
    try:
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            raise BadRegister(f"{file}:1: expected keys and values")
        _refuse_repeats(root, file=file)
        content: dict[str, Any] = loader.construct_document(root)
    except yaml.MarkedYAMLError as trouble:
        mark = trouble.problem_mark or trouble.context_mark
        line = mark.line + 1 if mark else 1
        raise BadRegister(f"{file}:{line}: not YAML: {trouble.problem}") from None
    finally:
        loader.dispose()
    return Page(file, content, root)


class Shapes:
    """The JSON Schema, with one definition for each kind of page."""

    def __init__(self, schema: str) -> None:
        self._schema = json.loads(schema)
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def check(self, page: Page, *, kind: str) -> None:
        """Raises `BadRegister` with the line of the first thing that is not as the schema says."""
        trouble = min(
            self._validator(kind).iter_errors(page.content),
            key=lambda error: page.place(*error.instance_path).line,
            default=None,
        )
        if trouble is not None:
            place = page.place(*trouble.instance_path)
            path = ".".join(str(step) for step in trouble.instance_path)
            raise BadRegister(f"{place}: {path or kind}: {trouble.message}")

    def _validator(self, kind: str) -> jsonschema_rs.Validator:
        if kind not in self._validators:
            schema = {**self._schema, "$ref": f"#/$defs/{kind}"}
            self._validators[kind] = jsonschema_rs.validator_for(schema)
        return self._validators[kind]


def pages_under(folder: Traversable, *, prefix: str = "") -> Iterable[tuple[str, str]]:
    """The name and text of each YAML file in `folder` and below, in the order of their names."""
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from pages_under(entry, prefix=f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            yield prefix + entry.name, entry.read_text("utf-8")


def read_date(written: str, *, place: Place) -> date:
    """A day, from `2026-06-29`."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise BadRegister(f"{place}: expected a day such as 2026-06-29, got {written!r}") from None


def _inside(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        inner: yaml.Node = node.value[step]
        return inner
    return None


def _refuse_repeats(node: yaml.Node, *, file: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise BadRegister(f"{file}:{key.start_mark.line + 1}: {key.value} is there twice")
            seen.add(key.value)
            _refuse_repeats(value, file=file)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            _refuse_repeats(value, file=file)
