"""An assessment from a file that somebody wrote: all of it, or everything that is wrong with it."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import date
from typing import Any

from pydantic import ValidationError

from dutybound.register.book import register
from dutybound.register.loading import did_you_mean
from dutybound.risk.combinations import impossible
from dutybound.risk.document import Assessment
from dutybound.risk.factors import all_factors
from dutybound.risk.lines import Path, line_at, lines_of_json, lines_of_toml
from dutybound.risk.troubles import Trouble, of_shape, shown

LARGEST_FILE = 4_000_000
"""Characters; a whole assessment with its evidence in words has about 100,000."""

DEEPEST = 20
"""How many things may stand inside each other; in a document it is half as many."""

MOST_TROUBLES = 200
"""How many are told at once; whoever mends these sees the next."""

_TOO_DEEP = "too many things stand inside each other"

Named = tuple[str, Path, object]

_TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)")


class BadProfile(ValueError):
    """A profile cannot be used. `lines`: each thing that is wrong, as `file:line: path: …`."""

    def __init__(self, lines: Iterable[str]) -> None:
        # A file may hold halves of characters, which no page could show.
        self.lines = tuple(line.encode("utf-8", "backslashreplace").decode() for line in lines)
        super().__init__("\n".join(self.lines))


def read_profile(text: str, *, file: str, as_of: date | None = None) -> Assessment:
    """An assessment from TOML. Raises `BadProfile`, which tells all that is wrong.

    `as_of`: the day of the law that levels are checked against, where the file names none.
    """
    return _read(text, file=file, as_of=as_of, parse=_toml, lines_of=lines_of_toml)


def read_document(text: str, *, file: str, as_of: date | None = None) -> Assessment:
    """An assessment from JSON, as `Assessment.as_json` gives it; else as `read_profile`."""
    return _read(text, file=file, as_of=as_of, parse=_json, lines_of=lines_of_json)


def _read(
    text: str,
    *,
    file: str,
    as_of: date | None,
    parse: Callable[[str, str], object],
    lines_of: Callable[[str], Mapping[Path, int]],
) -> Assessment:
    if len(text) > LARGEST_FILE:
        raise BadProfile([f"{file}:1: expected {LARGEST_FILE:,} characters at most"])
    try:
        written = parse(text, file)
        if not isinstance(written, dict):
            raise BadProfile([f"{file}:1: expected a table, got {shown(written)}"])
        if _is_deeper(written, DEEPEST):
            raise BadProfile([f"{file}:1: {_TOO_DEEP}"])
        lines = lines_of(text)
        assessment, troubles = _checked(written)
    except RecursionError:
        raise BadProfile([f"{file}:1: {_TOO_DEEP}"]) from None
    troubles += _unknown_names(written)
    troubles += _repeated_ids(written)
    troubles += impossible(assessment, as_of=as_of)
    if troubles:
        told = sorted({(line_at(each.path, lines), each.where, each.says) for each in troubles})
        raise BadProfile(f"{file}:{line}: {where}: {says}" for line, where, says in told)
    return assessment


def _is_deeper(written: object, levels: int) -> bool:
    if isinstance(written, dict):
        written = list(written.values())
    if not isinstance(written, list):
        return False
    return not levels or any(_is_deeper(inner, levels - 1) for inner in written)


def _toml(text: str, file: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as trouble:
        says = str(trouble)
        at = _TOML_LINE.search(says)
        line = int(at[1]) if at else text.count("\n") + 1
        says = _TOML_LINE.sub("", says).strip()
        raise BadProfile([f"{file}:{line}: not TOML: {says}"]) from None
    except ValueError:  # Python reads no number of more than 4,300 digits
        raise BadProfile([f"{file}:1: a number in it has too many digits"]) from None


def _json(text: str, file: str) -> object:
    try:
        written: object = json.loads(text, object_pairs_hook=_once_each)
        return written
    except _Twice as twice:
        raise BadProfile([f"{file}:1: {twice}"]) from None
    except json.JSONDecodeError as trouble:
        raise BadProfile([f"{file}:{trouble.lineno}: not JSON: {trouble.msg}"]) from None
    except ValueError:
        raise BadProfile([f"{file}:1: a number in it has too many digits"]) from None


class _Twice(Exception):
    """A key that is there twice: JSON would keep the last and lose the first."""


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _Twice(f"the key {shown(twice)} is there twice in one table")
    return table


def _checked(written: dict[str, Any]) -> tuple[Assessment, list[Trouble]]:
    """What of it can be read, so that what is at odds in the rest can be told as well."""
    left = deepcopy(written)
    troubles: list[Trouble] = []
    while True:
        try:
            return Assessment.model_validate(left), troubles
        except ValidationError as error:
            found = error.errors(include_url=False)
            troubles += [of_shape(each) for each in found[: MOST_TROUBLES - len(troubles)]]
            before = deepcopy(left)
            # From the back, so that the places of a list's earlier elements stay true.
            for path in sorted({each["loc"] for each in found}, key=str, reverse=True):
                _drop(left, path[:-1] if _is_absent(left, path) else path)
            if left == before:
                return Assessment(), troubles


def _is_absent(written: object, path: Path) -> bool:
    for step in path:
        is_there = isinstance(written, dict) and step in written
        if isinstance(written, list) and isinstance(step, int):
            is_there = step < len(written)
        if not is_there:
            return True
        written = written[step]  # type: ignore[index]  # a list or a table, by the lines above
    return False


def _drop(written: dict[str, Any], path: Path) -> None:
    """Removes the part at `path`; of a list with one bad element all goes, and all of `()`."""
    until = next((end for end, step in enumerate(path) if isinstance(step, int)), len(path))
    if not until:
        written.clear()
        return
    *outer, last = path[:until]
    for step in outer:
        written = _table(written, str(step))
    written.pop(str(last), None)


def _unknown_names(written: dict[str, Any]) -> list[Trouble]:
    known = _known_names(written)
    troubles: list[Trouble] = []
    for kind, path, name in _named(written):
        if len(troubles) == MOST_TROUBLES:
            break
        if isinstance(name, str) and name not in known[kind]:
            says = f"there is no {kind} {shown(name)}{did_you_mean(name, known[kind])}"
            troubles.append(Trouble(path, says))
    return troubles


def _repeated_ids(written: dict[str, Any]) -> Iterator[Trouble]:
    """Entries that have no name, or the name of one before: saving one would lose the other."""
    for part, key in (("evidence", "id"), ("controls", "id"), ("accepted", "harm_or_factor")):
        before = set()
        for number, entry in enumerate(_list(written, part)):
            name = _at(entry, key)
            if isinstance(name, str) and not name.strip():
                yield Trouble((part, number, key), "expected a name, got an empty one")
            elif isinstance(name, str) and name in before:
                yield Trouble((part, number, key), f"{shown(name)} is there twice")
            before.add(name if isinstance(name, str) else None)


def _known_names(written: dict[str, Any]) -> dict[str, frozenset[str]]:
    law = register()
    harms = frozenset(harm.id for harm in law.harms)
    evidence = (_at(entry, "id") for entry in _list(written, "evidence"))
    factors = frozenset(all_factors())
    return {
        "fact": frozenset(law.facts),
        "fact or question": frozenset(law.facts) | {question.id for question in law.questions},
        "kind of harm": harms,
        "kind of harm or risk factor": harms | factors,
        "risk factor": factors,
        "measure": frozenset(provision.id for provision in law.provisions),
        "evidence": frozenset(name for name in evidence if isinstance(name, str)),
        "exemption": frozenset(law.exemptions),
        "age group": frozenset(law.age_groups),
    }


def _named(written: dict[str, Any]) -> Iterator[Named]:
    """Every name in a document that must lead somewhere: of what, where, and the name."""
    for part, kind in (("facts", "fact"), ("reasons", "fact or question")):
        for name in _table(written, part):
            yield kind, (part, name), name
    for name in _table(written.get("scope"), "exemptions"):
        yield "exemption", ("scope", "exemptions", name), name
    yield from _named_by_risks(_table(written, "risks"))
    yield from _named_in_lists(written)


def _named_by_risks(risks: dict[str, Any]) -> Iterator[Named]:
    for harm, risk in risks.items():
        yield "kind of harm", ("risks", harm), harm
        for place, name in enumerate(_list(risk, "evidence")):
            yield "evidence", ("risks", harm, "evidence", place), name
        for age in _table(risk, "by_age"):
            yield "age group", ("risks", harm, "by_age", age), age


def _named_in_lists(written: dict[str, Any]) -> Iterator[Named]:
    for part, key, kind in (
        ("evidence", "harms", "kind of harm"),
        ("controls", "harms", "kind of harm"),
        ("controls", "factors", "risk factor"),
        ("controls", "measures", "measure"),
    ):
        for number, entry in enumerate(_list(written, part)):
            for place, name in enumerate(_list(entry, key)):
                yield kind, (part, number, key, place), name
    for number, entry in enumerate(_list(written, "accepted")):
        path = ("accepted", number, "harm_or_factor")
        yield "kind of harm or risk factor", path, _at(entry, "harm_or_factor")


def _at(entry: object, key: str) -> object:
    return entry.get(key) if isinstance(entry, dict) else None


def _table(entry: object, key: str) -> dict[str, Any]:
    inner = _at(entry, key)
    return inner if isinstance(inner, dict) else {}


def _list(entry: object, key: str) -> list[object]:
    inner = _at(entry, key)
    return inner if isinstance(inner, list) else []
