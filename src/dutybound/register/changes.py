"""What changed in the law from one day to another, and what that changes for one service."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date

from dutybound.register.applies import Answer, Applies, duties_for, measures_for
from dutybound.register.book import Edition, Register
from dutybound.register.entries import Harm, Provision, Standing
from dutybound.register.profile import Profile

_NOT_COMPARED = {"id", "place", "code", "part", "kind", "dates"}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of an entry, as it was and as it is."""

    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that came, went, or changed. `before` and `after` are None where there is none."""

    id: str
    before: Provision | Harm | None
    after: Provision | Harm | None
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Effect:
    """A duty or measure that a service is answered otherwise about; None where there is none."""

    id: str
    before: Answer | None
    after: Answer | None


def compare(law: Register, before: date, after: date) -> tuple[Change, ...]:
    """Duties, measures and kinds of harm that differ between two days, in the register's order."""
    had, has = _entries(law.on(before)), _entries(law.on(after))
    return tuple(_changes(had, has))


def effects(law: Register, profile: Profile, before: date, after: date) -> tuple[Effect, ...]:
    """What a service is told otherwise on the second day: whether it applies, and its standing."""
    had = {answer.provision.id: answer for answer in _answers(law, profile, before)}
    has = {answer.provision.id: answer for answer in _answers(law, profile, after)}
    return tuple(
        Effect(key, had.get(key), has.get(key))
        for key in (*had, *(key for key in has if key not in had))
        if _matters(had.get(key), has.get(key))
    )


def _entries(edition: Edition) -> dict[str, tuple[Provision | Harm, Standing]]:
    lines = (*edition.duties, *edition.measures)
    found: dict[str, tuple[Provision | Harm, Standing]] = {
        line.provision.id: (line.provision, line.standing) for line in lines
    }
    return found | {key: (harm, Standing.IN_FORCE) for key, harm in edition.harms.items()}


def _changes(
    had: Mapping[str, tuple[Provision | Harm, Standing]],
    has: Mapping[str, tuple[Provision | Harm, Standing]],
) -> Iterator[Change]:
    for key, (entry, standing) in had.items():
        if key not in has:
            yield Change(key, entry, None)
        elif found := tuple(_fields(entry, standing, *has[key])):
            yield Change(key, entry, has[key][0], found)
    for key in has:
        if key not in had:
            yield Change(key, None, has[key][0])


def _fields(
    before: Provision | Harm, stood: Standing, after: Provision | Harm, stands: Standing
) -> Iterator[FieldChange]:
    if stood is not stands:
        yield FieldChange("standing", stood, stands)
    # Two versions have dates of their own; that the one follows the other is said by `standing`.
    for field in fields(before):
        was, now = getattr(before, field.name), getattr(after, field.name)
        if was != now and field.name not in _NOT_COMPARED:
            yield FieldChange(field.name, was, now)


def _answers(law: Register, profile: Profile, day: date) -> tuple[Answer, ...]:
    return (*duties_for(profile, day, law=law), *measures_for(profile, day, law=law))


def _matters(before: Answer | None, after: Answer | None) -> bool:
    """Whether a service must look at it: what applies on neither day is none of its concern."""
    if before is None or after is None:
        only = before or after
        return only is not None and only.applies is not Applies.NO
    if before.applies is Applies.NO and after.applies is Applies.NO:
        return False
    told = (before.applies, before.standing, before.idle)
    changed = told != (after.applies, after.standing, after.idle)
    return changed or before.provision != after.provision
