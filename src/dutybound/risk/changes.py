"""What differs between two versions of an assessment, and what a change brings with it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from dutybound.register.applies import Applies, measures_for
from dutybound.register.book import register
from dutybound.register.entries import RiskFactor, Standing
from dutybound.risk.document import Assessment
from dutybound.risk.factors import factors_present, factors_unknown, kinds_linked
from dutybound.risk.known import known
from dutybound.risk.record_parts import counted

_KEYS = ("id", "name", "harm_or_factor")
"""What tells the entries of a list apart, so that one that moved has not changed."""

_ABSENT = object()
"""What stood there before something was added, or stands there after it went. None is not known."""


_Table = dict[str, Any]


class Change(NamedTuple):
    """One thing that differs: where in the document, and both values in words."""

    path: str
    before: str
    after: str


class Effect(NamedTuple):
    """What a change brings: ids of kinds of harm linked with the service, and of measures."""

    harms_added: tuple[str, ...]
    harms_removed: tuple[str, ...]
    measures_added: tuple[str, ...]
    measures_removed: tuple[str, ...]
    says: str


def compare(before: Assessment, after: Assessment) -> tuple[Change, ...]:
    """Everything that differs, in the order of the document."""
    return tuple(_differences(before.as_json(), after.as_json(), path=""))


def effect_of(before: Assessment, after: Assessment, *, as_of: date) -> Effect:
    """What an answer just changed. `says` is empty where nothing follows from it.

    What became unknown is not removed: it may apply.
    """
    old, new = (_Applying(each, as_of=as_of) for each in (before, after))
    effect = Effect(
        harms_added=_without(new.harms, old.harms),
        harms_removed=_without(old.harms, new.possible_harms),
        measures_added=_without(new.measures, old.measures),
        measures_removed=_without(old.measures, new.possible_measures),
        says="",
    )
    return effect._replace(says=_said(effect, subject=_subject(before, after)))


class _Applying:
    """The kinds of harm linked with a service and the measures that apply, and those that may."""

    def __init__(self, assessment: Assessment, *, as_of: date) -> None:
        present = factors_present(assessment, as_of=as_of)
        unknown = factors_unknown(assessment, as_of=as_of)
        self.harms = _linked(present, as_of=as_of)
        self.possible_harms = _linked((*present, *unknown), as_of=as_of)
        answers = [
            answer
            for answer in measures_for(known(assessment, as_of=as_of), as_of)
            if answer.standing is Standing.IN_FORCE and answer.applies is not Applies.NO
        ]
        self.possible_measures = [answer.provision.id for answer in answers]
        self.measures = [a.provision.id for a in answers if a.applies is Applies.YES]


def _linked(factors: Iterable[RiskFactor], *, as_of: date) -> list[str]:
    linked = {link.harm for factor in factors for link in kinds_linked(factor, as_of=as_of)}
    return [harm for harm in register().on(as_of).harms if harm in linked]


def _without(these: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    left_out = set(others)
    return tuple(each for each in these if each not in left_out)


def _subject(before: Assessment, after: Assessment) -> str:
    """What changed, as the subject of a sentence."""
    facts = register().facts
    changed = [
        name
        for name in {**before.facts, **after.facts}
        if before.facts.get(name) is not after.facts.get(name)
    ]
    if len(changed) == 1 and changed[0] in facts:
        entry, answer = facts[changed[0]], after.facts.get(changed[0])
        if answer is not None:
            return f"That {entry.yes if answer else entry.no}"
    rated = [name for name in after.risks if before.risks.get(name) != after.risks[name]]
    harms = {harm.id: harm for harm in register().harms}
    if not changed and len(rated) == 1 and rated[0] in harms:
        return f"This level for {harms[rated[0]].short}"
    return "This"


def _said(effect: Effect, *, subject: str) -> str:
    added = _counted(effect.harms_added, effect.measures_added)
    removed = _counted(effect.harms_removed, effect.measures_removed)
    does = [f"adds {added}" if added else "", f"removes {removed}" if removed else ""]
    told = " and ".join(filter(None, does))
    return f"{subject} {told}." if told else ""


def _counted(harms: tuple[str, ...], measures: tuple[str, ...]) -> str:
    kinds = counted(len(harms), "kind of harm", "kinds of harm") if harms else ""
    return " and ".join(
        filter(None, (kinds, counted(len(measures), "measure") if measures else ""))
    )


def _differences(before: object, after: object, *, path: str) -> Iterator[Change]:
    if before == after:
        return
    sides = (before, after)
    if all(side is _ABSENT or isinstance(side, dict) for side in sides):
        yield from _of_tables(_table(before), _table(after), path=path)
    elif all(side is _ABSENT or _is_keyed(side) for side in sides):
        yield from _of_entries(_by_key(before), _by_key(after), path=path)
    else:
        yield Change(path, _in_words(before), _in_words(after))


def _of_tables(before: _Table, after: _Table, *, path: str) -> Iterator[Change]:
    for key in {**before, **after}:
        there = f"{path}.{key}" if path else key
        yield from _differences(before.get(key, _ABSENT), after.get(key, _ABSENT), path=there)


def _of_entries(before: _Table, after: _Table, *, path: str) -> Iterator[Change]:
    """An entry that was added or removed is one change; in others, each part that differs is."""
    for name in {**before, **after}:
        there = f"{path}.{name}"
        if name in before and name in after:
            yield from _differences(before[name], after[name], path=there)
        else:
            was, now = before.get(name, _ABSENT), after.get(name, _ABSENT)
            yield Change(there, _in_words(was), _in_words(now))


def _table(side: object) -> _Table:
    return side if isinstance(side, dict) else {}


def _is_keyed(side: object) -> bool:
    return isinstance(side, list) and all(
        isinstance(entry, dict) and any(key in entry for key in _KEYS) for entry in side
    )


def _by_key(side: object) -> _Table:
    """Entries by what tells them apart; a second one of a name gets a number."""
    found: _Table = {}
    for entry in side if isinstance(side, list) else ():
        name = next(str(entry[key]) for key in _KEYS if key in entry)
        found[name if name not in found else f"{name} ({len(found)})"] = entry
    return found


def _in_words(value: object) -> str:
    if value is _ABSENT:
        return ""
    match value:
        case None:
            return "not known"
        case bool():
            return "yes" if value else "no"
        case list():
            return ", ".join(map(_in_words, value))
        case dict():
            named = next((value[key] for key in ("title", "text", "name") if key in value), None)
            parts = (f"{key}: {_in_words(part)}" for key, part in value.items())
            return str(named) if named else "; ".join(parts)
        case _:
            return str(value)
