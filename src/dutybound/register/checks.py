"""What a schema cannot see: names that lead nowhere, and versions of one entry that overlap."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import Protocol

from dutybound.register.conditions import Condition, Fact, HarmSet, Named, RiskCount, walk
from dutybound.register.entries import (
    CodeGap,
    Dates,
    FactEntry,
    Harm,
    NamedCondition,
    Provision,
    Question,
    Retention,
    RiskFactor,
)
from dutybound.register.loading import BadRegister, Page, Place, did_you_mean


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
        raise BadRegister(f"{place}: there is no {kind} {name!r}{did_you_mean(name, names)}")


def refuse_dangling(
    *,
    provisions: Iterable[Provision],
    harms: Iterable[Harm],
    facts: Iterable[FactEntry],
    questions: Iterable[Question],
    named: Iterable[NamedCondition],
    sources: Iterable[str],
) -> None:
    """Raises `BadRegister` for the first name that leads nowhere."""
    harms, facts, questions, named = list(harms), list(facts), list(questions), list(named)
    known = {
        "fact": [fact.id for fact in facts],
        "condition": [entry.id for entry in named],
        "kind of harm": [harm.id for harm in harms],
    }
    for condition, place in _conditions(provisions, facts, questions, named):
        for kind, name in _names(condition):
            refuse_unknown(kind, name, known=known[kind], place=place)
    for fact in facts:
        if fact.question:
            asked = (question.id for question in questions)
            refuse_unknown("question", fact.question, known=asked, place=fact.place)
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


def refuse_dangling_retention(
    retention: Iterable[Retention], *, provisions: Iterable[Provision], sources: Iterable[str]
) -> None:
    """Raises `BadRegister` for a period that no duty there is asks for, or that is there twice."""
    duties, sources = [provision.id for provision in provisions], list(sources)
    seen: set[str] = set()
    for entry in retention:
        if entry.id in seen:
            raise BadRegister(f"{entry.place}: {entry.id} is there twice")
        seen.add(entry.id)
        for duty in entry.duties:
            refuse_unknown("duty", duty, known=duties, place=entry.place)
        for source in entry.confidence.sources:
            refuse_unknown("source", source, known=sources, place=entry.place)


def refuse_dangling_sets(sets: Mapping[str, HarmSet], *, harms: Iterable[str], page: Page) -> None:
    """Raises `BadRegister` for a named set that holds no kind of harm there is."""
    for name, members in sets.items():
        for harm in members.ids:
            refuse_unknown("kind of harm", harm, known=harms, place=page.place("sets", name))


def refuse_circles(facts: Iterable[FactEntry], named: Iterable[NamedCondition]) -> None:
    """Raises `BadRegister` where a fact or a condition with a name would rest on itself."""
    behind = {("fact", fact.id): fact.derived for fact in facts if fact.derived is not None}
    behind |= {("condition", entry.id): entry.holds_when for entry in named}
    places = {("fact", fact.id): fact.place for fact in facts}
    places |= {("condition", entry.id): entry.place for entry in named}
    try:
        TopologicalSorter(
            {key: [*_names(condition)] for key, condition in behind.items()}
        ).prepare()
    except CycleError as error:
        circle = error.args[1]
        names = " on ".join(name for _, name in circle)
        raise BadRegister(f"{places[circle[0]]}: {names}: it rests on itself") from None


def _conditions(
    provisions: Iterable[Provision],
    facts: Iterable[FactEntry],
    questions: Iterable[Question],
    named: Iterable[NamedCondition],
) -> Iterator[tuple[Condition, Place]]:
    for provision in provisions:
        yield provision.applies_when, provision.place
        if provision.idle_when is not None:
            yield provision.idle_when, provision.place
    for fact in facts:
        for condition in (fact.derived, fact.needs):
            if condition is not None:
                yield condition, fact.place
    for question in questions:
        if question.when is not None:
            yield question.when, question.place
    for entry in named:
        yield entry.holds_when, entry.place


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
