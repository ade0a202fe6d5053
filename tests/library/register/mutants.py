"""Registers with one thing wrong in one condition or date, to see whether the tests notice."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import partial
from types import MappingProxyType

from dutybound.register.book import Register
from dutybound.register.conditions import (
    All,
    Always,
    AnyOf,
    Condition,
    Fact,
    HarmSet,
    Named,
    Not,
    RiskCount,
    UsersOver,
    walk,
)
from dutybound.register.entries import Dates
from dutybound.register.loading import Place
from dutybound.register.profile import LEVELS
from tests.library.register import comparing


@dataclass(frozen=True)
class Mutant:
    """A register with one thing wrong: in what, where that stands, and what was done."""

    entry: str
    place: Place
    what: str
    make: Callable[[], Register]
    of_dates: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.entry}: {self.what}"


EQUIVALENT = {
    ("PCU-UNVERIFIED-J1", "any loses {ref: large}"): "large services have over 700,000 users",
}


def is_caught(mutant: Mutant) -> bool:
    """Whether a comparison with what was written by hand finds a difference."""
    checks = comparing.CHECKS if not mutant.of_dates else comparing.CHECKS[::-1]
    law = mutant.make()
    return any(next(check(law), None) is not None for check in checks)


def mutants(law: Register) -> Iterator[Mutant]:
    """Every register that differs from this one by one step in one condition or one date."""
    yield from _of_provisions(law)
    yield from _of_harms(law)
    yield from _of_facts(law)
    yield from _of_questions(law)
    yield from _of_vocabulary(law)
    yield from _of_sets(law)


def _of_provisions(law: Register) -> Iterator[Mutant]:
    for number, entry in enumerate(law.provisions):

        def swap(number: int = number, **change: object) -> Register:
            changed = replace(law.provisions[number], **change)  # type: ignore[arg-type]
            before, after = law.provisions[:number], law.provisions[number + 1 :]
            return replace(law, provisions=(*before, changed, *after))

        for what, applies in steps(entry.applies_when):
            yield Mutant(entry.id, entry.place, what, partial(swap, applies_when=applies))
        if entry.idle_when is not None:
            yield Mutant(entry.id, entry.place, "loses idle_when", partial(swap, idle_when=None))
            for what, idle in steps(entry.idle_when):
                yield Mutant(entry.id, entry.place, f"idle: {what}", partial(swap, idle_when=idle))
        for what, dates in other_dates(entry.dates):
            yield Mutant(entry.id, entry.place, what, partial(swap, dates=dates), of_dates=True)
        what = f"permissive becomes {not entry.permissive}"
        yield Mutant(entry.id, entry.place, what, partial(swap, permissive=not entry.permissive))


def _of_harms(law: Register) -> Iterator[Mutant]:
    for number, harm in enumerate(law.harms):
        for what, dates in other_dates(harm.dates):
            others = (*law.harms[:number], replace(harm, dates=dates), *law.harms[number + 1 :])
            yield Mutant(
                harm.id, harm.place, what, partial(replace, law, harms=others), of_dates=True
            )


def _of_facts(law: Register) -> Iterator[Mutant]:
    for fact in law.facts.values():
        for kind in ("derived", "needs"):
            condition = getattr(fact, kind)
            for what, other in () if condition is None else steps(condition):
                changed = replace(fact, **{kind: other})  # type: ignore[arg-type]
                facts = MappingProxyType({**law.facts, fact.id: changed})
                yield Mutant(
                    fact.id, fact.place, f"{kind}: {what}", partial(replace, law, facts=facts)
                )


def _of_questions(law: Register) -> Iterator[Mutant]:
    for number, question in enumerate(law.questions):
        for what, other in () if question.when is None else steps(question.when):
            changed = replace(question, when=other)
            others = (*law.questions[:number], changed, *law.questions[number + 1 :])
            yield Mutant(
                question.id,
                question.place,
                f"asked: {what}",
                partial(replace, law, questions=others),
            )


def _of_vocabulary(law: Register) -> Iterator[Mutant]:
    for named in law.named.values():
        for what, other in steps(named.holds_when):
            changed = MappingProxyType({**law.named, named.id: replace(named, holds_when=other)})
            yield Mutant(named.id, named.place, what, partial(replace, law, named=changed))


def _of_sets(law: Register) -> Iterator[Mutant]:
    """Each named set of kinds without one of them, wherever it is counted."""
    place = Place(next(iter(law.named.values())).place.file, 1)
    for before in _named_sets(law):
        for kind in before.ids:
            after = HarmSet(before.says, tuple(each for each in before.ids if each != kind))
            changed = partial(_with_set, law, {before: after})
            yield Mutant(before.says, place, f"the set loses {kind}", changed)


def _named_sets(law: Register) -> list[HarmSet]:
    conditions = [each.applies_when for each in law.provisions]
    conditions += [each.holds_when for each in law.named.values()]
    conditions += [each.derived for each in law.facts.values() if each.derived is not None]
    counts = (part for condition in conditions for part in walk(condition))
    found = [part.harms for part in counts if isinstance(part, RiskCount) and part.harms.says]
    return list(dict.fromkeys(found))


def _with_set(law: Register, sets: Mapping[HarmSet, HarmSet]) -> Register:
    def other(condition: Condition) -> Condition:
        match condition:
            case All(parts):
                return All(tuple(map(other, parts)))
            case AnyOf(parts):
                return AnyOf(tuple(map(other, parts)))
            case Not(part):
                return Not(other(part))
            case RiskCount(_, _, harms):
                return replace(condition, harms=sets.get(harms, harms))
            case _:
                return condition

    return replace(
        law,
        provisions=tuple(replace(e, applies_when=other(e.applies_when)) for e in law.provisions),
        named=MappingProxyType(
            {key: replace(e, holds_when=other(e.holds_when)) for key, e in law.named.items()}
        ),
    )


def steps(condition: Condition) -> Iterator[tuple[str, Condition]]:
    """Every condition that is one step from this one, with what the step was."""
    if isinstance(condition, Always):
        yield "true is denied", Not(condition)
        return
    yield f"{said(condition)} is denied", Not(condition)
    match condition:
        case All(parts) | AnyOf(parts):
            yield from _steps_of_parts(condition, parts)
        case Not(part):
            yield f"{said(condition)} loses its not", part
            for what, other in steps(part):
                if what != f"{said(part)} is denied":
                    yield what, Not(other)
        case UsersOver(users):
            for other_users in (users - 1, users + 1):
                yield f"users_over becomes {other_users}", UsersOver(other_users)
        case RiskCount():
            yield from _steps_of_count(condition)


def _steps_of_parts(
    condition: All | AnyOf, parts: tuple[Condition, ...]
) -> Iterator[tuple[str, Condition]]:
    kind, turned = ("all", AnyOf) if isinstance(condition, All) else ("any", All)
    yield f"{kind} is turned round", turned(parts)
    for number, part in enumerate(parts):
        before, after = parts[:number], parts[number + 1 :]
        left = (*before, *after)
        yield f"{kind} loses {said(part)}", left[0] if len(left) == 1 else type(condition)(left)
        for what, other in steps(part):
            yield what, type(condition)((*before, other, *after))


def _steps_of_count(condition: RiskCount) -> Iterator[tuple[str, Condition]]:
    for level in (condition.level - 1, condition.level + 1):
        if level < len(LEVELS):
            yield f"level becomes {LEVELS[level]}", replace(condition, level=level)
    for least in (condition.least - 1, condition.least + 1):
        if 0 < least <= len(condition.harms.ids):
            yield f"least becomes {least}", replace(condition, least=least)
    ids = condition.harms.ids
    if not condition.harms.says and len(ids) > 1:
        for kind in ids:
            left = HarmSet("", tuple(each for each in ids if each != kind))
            yield f"{said(condition)} loses {kind}", replace(condition, harms=left)


def other_dates(dates: Dates) -> Iterator[tuple[str, Dates]]:
    """Each day of an entry, one day earlier and later."""
    for field in fields(Dates):
        day = getattr(dates, field.name)
        if isinstance(day, date):
            for days in (-1, 1):
                moved = day + timedelta(days=days)
                yield f"{field.name} becomes {moved}", _moved(dates, field.name, moved)


def _moved(dates: Dates, field: str, day: date) -> Dates:
    return replace(dates, **{field: day})  # type: ignore[arg-type]


def said(condition: Condition) -> str:
    """A condition, as short as it can be recognised by."""
    match condition:
        case Fact(name):
            return f"{{fact: {name}}}"
        case Named(name):
            return f"{{ref: {name}}}"
        case UsersOver(users):
            return f"{{users_over: {users}}}"
        case Not(part):
            return f"{{not: {said(part)}}}"
        case RiskCount(level, least, harms):
            kinds = harms.says or ", ".join(harms.ids)
            return f"{{risk: {least} of {kinds} at {LEVELS[level]}}}"
        case All(parts):
            return f"{{all: {len(parts)}}}"
        case AnyOf(parts):
            return f"{{any: {len(parts)}}}"
        case Always():
            return "true"
