"""The parts of an assessment that are saved one by one, each under a name such as `risk/fraud`.

Two people who change different parts never get in each other's way.
"""

import hashlib
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import rfc8785
from pydantic import ValidationError

from dutybound.register.book import register
from dutybound.risk.document import Assessment

Value = Any
"""JSON; None where nothing was recorded."""

ABOUT = ("name", "provider", "address", "description")
# Parts that are one entry of a list of the document, each known by its id.
_LISTS: Mapping[str, tuple[str, str]] = {
    "evidence": ("evidence", "id"),
    "control": ("controls", "id"),
    "accepted": ("accepted", "harm_or_factor"),
}


class BadPart(ValueError):
    """What was given cannot stand in the document; one sentence for each trouble."""

    def __init__(self, *sentences: str) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


def value_of(document: Assessment, part: str) -> Value:
    """What the document says in that part."""
    return _get(document.as_json(), part)


def with_part(document: Assessment, part: str, value: Value) -> Assessment:
    """The document with that part replaced; None removes it. Raises BadPart."""
    whole = deepcopy(document.as_json())
    _set(whole, part, value)
    try:
        return Assessment.model_validate(whole)
    except ValidationError as wrong:
        raise BadPart(*(_said(error) for error in wrong.errors())) from None


def seen(value: Value) -> str:
    """A short mark of what a person was shown, to be sent back with what they save."""
    return hashlib.sha256(rfc8785.dumps(value)).hexdigest()[:16]


def _get(whole: dict[str, Any], part: str) -> Value:
    kind, _, key = part.partition("/")
    if kind == "about":
        service = whole.get("service", {})
        return {name: service[name] for name in ABOUT if name in service} or None
    if kind == "question":
        return _answers(whole, key)
    if kind in _LISTS:
        return _entry(whole, kind, key)
    *path, name = _path(kind, key)
    there = whole
    for step in path:
        there = there.get(step, {})
    return there.get(name)


def _path(kind: str, key: str) -> tuple[str, ...]:
    match kind:
        case "users" | "surfaces":
            return "service", kind
        case "scope":
            return "scope", key
        case "exemption":
            return "scope", "exemptions", key
        case "risk":
            return "risks", key
        case "people" | "days" | "characteristics":
            return (kind,)
    raise KeyError(f"{kind}/{key}")


def _answers(whole: dict[str, Any], question: str) -> Value:
    facts = _facts_of(question)
    return {
        name: {fact: whole[name][fact] for fact in facts if fact in whole[name]}
        for name in ("facts", "reasons")
        if any(fact in whole.get(name, {}) for fact in facts)
    } or None


def _facts_of(question: str) -> tuple[str, ...]:
    for one in register().questions:
        if one.id == question:
            return one.facts
    raise KeyError(f"question/{question}")


def _entry(whole: dict[str, Any], kind: str, key: str) -> Value:
    name, id_field = _LISTS[kind]
    return next((entry for entry in whole.get(name, ()) if entry[id_field] == key), None)


def _set(whole: dict[str, Any], part: str, value: Value) -> None:
    kind, _, key = part.partition("/")
    if kind == "about":
        service = whole.setdefault("service", {})
        _replace(service, ABOUT, value or {})
    elif kind == "question":
        for name in ("facts", "reasons"):
            told = (value or {}).get(name, {})
            _replace(whole.setdefault(name, {}), _facts_of(key), told)
    elif kind in _LISTS:
        _set_entry(whole, kind, key, value)
    else:
        *path, name = _path(kind, key)
        there = whole
        for step in path:
            there = there.setdefault(step, {})
        _replace(there, (name,), {} if value is None else {name: value})


def _replace(there: dict[str, Any], names: tuple[str, ...], told: dict[str, Any]) -> None:
    for name in names:
        there.pop(name, None)
    there |= told


def _set_entry(whole: dict[str, Any], kind: str, key: str, value: Value) -> None:
    name, id_field = _LISTS[kind]
    entries = whole.setdefault(name, [])
    place = next((n for n, entry in enumerate(entries) if entry[id_field] == key), len(entries))
    entries[place : place + 1] = [] if value is None else [{**value, id_field: key}]


def _said(error: Any) -> str:  # noqa: ANN401 - pydantic's own
    place = ", ".join(str(step).replace("_", " ") for step in error["loc"])
    return f"{place}: {error['msg']}"
