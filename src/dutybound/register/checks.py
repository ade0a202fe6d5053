"""What a schema cannot see: names that lead nowhere, and versions of one entry that overlap."""

from collections.abc import Iterable, Iterator
from datetime import date
from difflib import get_close_matches
from typing import Protocol

from dutybound.register.conditions import Condition, Fact, Named, RiskCount, walk
from dutybound.register.entries import (
    CodeGap,
    Dates,
    FactEntry,
    Harm,
    NamedCondition,
    Provision,
    RiskFactor,
)
from dutybound.register.loading import BadRegister, Page, Place


class Versioned(Protocol):
    """An entry that may have several versions, one after the other."""

    @property
    def id(self) -> str: ...
    @property
    def dates(self) -> Dates: ...
    @property
    def place(self) -> Place: ...


def refuse_overlaps(entries: Iterable[Versioned]) -> None:
    """Raises `BadRegister` where two versions of an entry hold on one day."""
    versions: dict[str, list[Versioned]] = {}
    for entry in entries:
        for other in versions.setdefault(entry.id, []):
            if _start(entry) < _end(other) and _start(other) < _end(entry):
                raise BadRegister(
                    f"{entry.place}: {entry.id} holds on the same days as at {other.place}; "
                    "give the earlier version an `until`"
                )
        versions[entry.id].append(entry)


def refuse_unknown(kind: str, name: str, *, known: Iterable[str], place: Place) -> None:
    """Raises `BadRegister`, with the nearest name there is, if `name` is none of `known`."""
    names = list(known)
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise BadRegister(f"{place}: there is no {kind} {name!r}{hint}")


def refuse_dangling(
    *,
    provisions: Iterable[Provision],
    harms: Iterable[Harm],
    facts: Iterable[FactEntry],
    named: Iterable[NamedCondition],
    sources: Iterable[str],
    vocabulary: Page,
) -> None:
    """Raises `BadRegister` for the first name that leads nowhere."""
    harms, facts, named = list(harms), list(facts), list(named)
    known = {
        "fact": [fact.id for fact in facts],
        "condition": [entry.id for entry in named],
        "kind of harm": [harm.id for harm in harms],
    }
    for condition, place in _conditions(provisions, facts, named, vocabulary=vocabulary):
        for kind, name in _names(condition):
            refuse_unknown(kind, name, known=known[kind], place=place)
    rests_on = [(entry.confidence, entry.place) for entry in provisions]
    rests_on += [(harm.confidence_detail, harm.place) for harm in harms]
    for confidence, place in rests_on:
        for source in confidence.sources:
            refuse_unknown("source", source, known=sources, place=place)
    for harm in harms:
        for factor, _ in harm.factors:
            refuse_unknown("fact", factor, known=known["fact"], place=harm.place)
        if harm.part_of:
            refuse_unknown(
                "kind of harm", harm.part_of, known=known["kind of harm"], place=harm.place
            )


def refuse_dangling_factors(
    factors: Iterable[RiskFactor], *, facts: Iterable[str], harms: Iterable[str], page: Page
) -> None:
    """Raises `BadRegister` for a risk factor that is no fact, or a link to no kind of harm."""
    for factor in factors:
        refuse_unknown("fact", factor.id, known=facts, place=page.place("questions"))
        for link in factor.links:
            for harm in link.harms:
                refuse_unknown("kind of harm", harm, known=harms, place=page.place("questions"))


def refuse_dangling_gaps(
    gaps: Iterable[CodeGap],
    *,
    provisions: Iterable[Provision],
    facts: Iterable[str],
    harms: Iterable[str],
    sources: Iterable[str],
) -> None:
    """Raises `BadRegister` for a gap that bears on something that is not there."""
    measures = [provision.id for provision in provisions]
    facts, harms, sources = list(facts), list(harms), list(sources)
    for gap in gaps:
        for kind, names, known in (
            ("kind of harm", gap.harms, harms),
            ("fact", gap.factors, facts),
            ("measure", gap.measures, measures),
            ("source", gap.said_by, sources),
        ):
            for name in names:
                refuse_unknown(kind, name, known=known, place=gap.place)


def _conditions(
    provisions: Iterable[Provision],
    facts: Iterable[FactEntry],
    named: Iterable[NamedCondition],
    *,
    vocabulary: Page,
) -> Iterator[tuple[Condition, Place]]:
    for provision in provisions:
        yield provision.applies_when, provision.place
        if provision.idle_when is not None:
            yield provision.idle_when, provision.place
    for fact in facts:
        for condition in (fact.derived, fact.needs):
            if condition is not None:
                yield condition, fact.place
    for number, entry in enumerate(named):
        yield entry.holds_when, vocabulary.place("conditions", number)


def _names(condition: Condition) -> Iterator[tuple[str, str]]:
    for part in walk(condition):
        match part:
            case Fact(id):
                yield "fact", id
            case Named(id):
                yield "condition", id
            case RiskCount(_, _, harms):
                for harm in harms.ids:
                    yield "kind of harm", harm


def _start(entry: Versioned) -> date:
    return entry.dates.in_force or entry.dates.laid or entry.dates.proposed or date.min


def _end(entry: Versioned) -> date:
    return entry.dates.until or date.max
