"""The register's YAML: read with its lines, and checked by its JSON Schema."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from importlib.resources.abc import Traversable
from typing import Any

import jsonschema_rs
import yaml

_LONGEST_NAME = 60


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
        """Where the part at `path` begins, with its key, or the nearest part around it."""
        node, begins = self.root, self.root
        for step in path:
            inner = _inside(node, step)
            if inner is None:
                break
            begins, node = inner
        return Place(self.file, begins.start_mark.line + 1)


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
    except yaml.reader.ReaderError as trouble:
        line = text.count("\n", 0, trouble.position) + 1
        raise BadRegister(f"{file}:{line}: not YAML: {trouble.reason}") from None
    except RecursionError:
        raise BadRegister(f"{file}:1: lists in lists, too deep to be read") from None
    finally:
        loader.dispose()
    return Page(file, content, root)


class Shapes:
    """The JSON Schema, with one definition for each kind of page."""

    def __init__(self, schema: str) -> None:
        self._schema = json.loads(schema)
        self._validators: dict[str, jsonschema_rs.Validator] = {}

    def check(self, page: Page, *, kind: str) -> None:
        """Raises `BadRegister` with a line for each thing that is not as the schema says."""
        troubles = sorted(
            (page.place(*path).line, f"{page.place(*path)}: {'.'.join(map(str, path))}: {says}")
            for path, says in self._troubles(page, kind=kind)
        )
        if troubles:
            raise BadRegister("\n".join(said for _, said in troubles))

    def _troubles(self, page: Page, *, kind: str) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for error in self._validator(kind).iter_errors(page.content):
            path = tuple(error.instance_path)
            unknown = getattr(error.kind, "unexpected", ())
            for key in unknown:
                yield (*path, key), f"there is no such key{self._nearest(key, error.schema_path)}"
            if not unknown:
                yield path, error.message

    def _nearest(self, key: str, schema_path: Iterable[str | int]) -> str:
        *around, _ = schema_path
        shape = self._schema
        for step in around:
            shape = shape[step]
        return did_you_mean(key, shape["properties"])

    def _validator(self, kind: str) -> jsonschema_rs.Validator:
        if kind not in self._validators:
            schema = {**self._schema, "$ref": f"#/$defs/{kind}"}
            self._validators[kind] = jsonschema_rs.validator_for(schema)
        return self._validators[kind]


def pages_under(folder: Traversable, *, prefix: str = "") -> Iterable[tuple[str, str]]:
    """The name and text of each YAML file in `folder` and below, in the order of their names.

    Raises `BadRegister` for a file that is no text in UTF-8.
    """
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            yield from pages_under(entry, prefix=f"{prefix}{entry.name}/")
        elif entry.name.endswith(".yaml"):
            try:
                yield prefix + entry.name, entry.read_text("utf-8")
            except UnicodeDecodeError as error:
                raise BadRegister(f"{prefix}{entry.name}:1: not UTF-8: {error.reason}") from None


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A hint at the nearest of the known names, to end a message with; empty if none is near.

    Capitals do not count. A very long name is like none, and is not compared: that would take long.
    """
    if len(name) > _LONGEST_NAME:
        return ""
    by_lower = {each.lower(): each for each in known}
    near = get_close_matches(name.lower(), by_lower, n=1, cutoff=0.5)
    return f"; did you mean {by_lower[near[0]]}?" if near else ""


def read_date(written: str, *, place: Place) -> date:
    """A day, from `2026-06-29`."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise BadRegister(f"{place}: expected a day such as 2026-06-29, got {written!r}") from None


def _inside(node: yaml.Node, step: str | int) -> tuple[yaml.Node, yaml.Node] | None:
    """What a part of a page begins with, which is its key if it has one, and the part itself."""
    if isinstance(node, yaml.MappingNode):
        return next((pair for pair in node.value if pair[0].value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step]
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
