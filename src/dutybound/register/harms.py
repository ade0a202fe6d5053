"""The kinds of harm: illegal content, and content harmful to children."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from types import MappingProxyType
from typing import Any

_KINDS = ("illegal", "children")
_CONFIDENCES = ("verified", "partial", "recalled")


@dataclass(frozen=True, slots=True)
class Harm:
    """One kind of harm.

    `kind` is "illegal" or "children". `restricted` harms are shown only to staff with that role.
    `confidence` says how sure the register is of the law behind it: "verified", "partial" or
    "recalled".
    """

    id: str
    number: str
    name: str
    kind: str
    restricted: bool
    confidence: str


class BadRegister(ValueError):
    """An entry of the register is not what it must be; the message names it."""


def read_harms(text: str) -> Mapping[str, Harm]:
    """Harms by id, from the TOML they are kept in."""
    written = tomllib.loads(text)
    if unknown := written.keys() - {"harm"}:
        raise BadRegister(f"expected only [[harm]] tables, got {', '.join(sorted(unknown))}")
    harms: dict[str, Harm] = {}
    for place, entry in enumerate(written.get("harm", []), start=1):
        harm = _read_harm(entry, place=place)
        if harm.id in harms:
            raise BadRegister(f"harm {place}: {harm.id} is there twice")
        harms[harm.id] = harm
    return MappingProxyType(harms)


def _read_harm(entry: dict[str, Any], *, place: int) -> Harm:
    expected = {field.name: field.type for field in fields(Harm)}
    if entry.keys() != expected.keys():
        odd = ", ".join(sorted(entry.keys() ^ expected.keys()))
        raise BadRegister(f"harm {place}: missing or unknown: {odd}")
    for key, wanted in expected.items():
        if type(entry[key]) is not wanted:
            raise BadRegister(f"harm {place}: {key} is {entry[key]!r}")
    harm = Harm(**entry)
    if harm.kind not in _KINDS or harm.confidence not in _CONFIDENCES:
        raise BadRegister(f"harm {place}: kind {harm.kind!r}, confidence {harm.confidence!r}")
    return harm


HARMS = read_harms(files("dutybound.register").joinpath("data/harms.toml").read_text("utf-8"))
