"""What a register answers, held against what was written by hand: the first difference, or none."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, partial
from typing import NamedTuple

from dutybound.register.applies import Answer, Applies, duties_for, measures_for
from dutybound.register.book import Register
from dutybound.register.conditions import Fact
from dutybound.register.profile import Profile
from tests.library.register import days, oracle
from tests.library.register.oracle import Asked
from tests.library.register.services import KINDS, SUB_KINDS, Service, boundaries, by_lot

TODAY = date(2026, 11, 25)
BEFORE_V2 = date(2026, 6, 24)
"""The last day before cyberflashing was a kind of its own."""

SENTENCES = oracle.DUTIES | oracle.MEASURES
YES_OR_NO = {True: Applies.YES, False: Applies.NO}

Told = tuple[Applies, bool]


class Case(NamedTuple):
    service: Service
    profile: Profile
    told: tuple[Told, ...]


@cache
def order_of(day: date) -> tuple[str, ...]:
    """The entries that a person expects on a day: duties, then measures."""
    known = days.standings(day)
    return tuple(entry for entry in (*oracle.DUTIES, *oracle.MEASURES) if entry in known)


@cache
def cases(day: date) -> tuple[Case, ...]:
    """Services with what a person says of them on that day."""
    drawn = by_lot(300, seed=4) if day == TODAY else by_lot(100, seed=5)
    chosen = boundaries() if day == TODAY else list(boundaries())[::20]
    return tuple(_case(service, day=day) for service in (*chosen, *drawn))


def _case(service: Service, *, day: date) -> Case:
    asked = Asked(service, days.kinds(day))
    # Many entries share a sentence; each sentence is asked once.
    says = {sentence: sentence(asked) for sentence in {*SENTENCES.values(), *oracle.IDLE.values()}}
    told = tuple(
        (YES_OR_NO[says[SENTENCES[entry]]], entry in oracle.IDLE and says[oracle.IDLE[entry]])
        for entry in order_of(day)
    )
    return Case(service, service.profile(), told)


def answers(profile: Profile, day: date, *, law: Register) -> tuple[Answer, ...]:
    """Everything the register says of a service."""
    return (*duties_for(profile, day, law=law), *measures_for(profile, day, law=law))


def differing_answers(law: Register, *, day: date = TODAY) -> Iterator[str]:
    """Every service and entry for which the register and the person disagree."""
    ids = [answer.provision.id for answer in answers(Profile(), day, law=law)]
    if sorted(ids) != sorted(order_of(day)):
        yield f"on {day} there are {set(ids) ^ set(order_of(day))}"
        return
    places = [ids.index(entry) for entry in order_of(day)]
    for case in cases(day):
        told = [(each.applies, each.idle) for each in answers(case.profile, day, law=law)]
        if tuple(told[place] for place in places) != case.told:
            for place, entry, says in zip(places, order_of(day), case.told, strict=True):
                if told[place] != says:
                    yield f"{entry} on {day}: expected {says}, got {told[place]}: {case.service}"


def differing_sub_kinds(law: Register) -> Iterator[str]:
    """A sub-kind that alone does not count as any kind of illegal harm, or makes multi-risk."""
    for sub_kind in SUB_KINDS:
        risks = dict.fromkeys(KINDS, (1, 1)) | {sub_kind: (2, 2), "fraud": (2, 2)}
        without_fraud = risks | {"fraud": (1, 1)}
        with_fraud, alone = (
            {a.provision.id: a.applies for a in answers(Profile({}, (9, 9), each), TODAY, law=law)}
            for each in (risks, without_fraud)
        )
        told = (alone["ICU D4"], alone["ICU A3"], with_fraud["ICU A3"])
        if told != (Applies.YES, Applies.NO, Applies.NO):
            yield f"{sub_kind}: {told}"


def differing_questions(law: Register, *, day: date = TODAY) -> Iterator[str]:
    """Where a question is asked, or a fact follows or needs others, otherwise than said by hand."""
    program = law.on(day).program
    conditions = {("asked", each.id): each.when for each in law.questions if each.when is not None}
    conditions |= {
        ("needs", each.id): each.needs for each in law.facts.values() if each.needs is not None
    }
    conditions |= {
        ("follows", each.id): Fact(each.id) for each in law.facts.values() if each.derived
    }
    says = {("asked", entry): when for entry, when in oracle.ASKED_WHEN.items()}
    says |= {("needs", entry): when for entry, when in oracle.NEEDS.items()}
    says |= {("follows", entry): partial(Asked.has, fact=entry) for entry in oracle.WORKED_OUT}
    if conditions.keys() != says.keys():
        yield f"conditions of {conditions.keys() ^ says.keys()}"
        return
    places = {key: program.add(condition) for key, condition in conditions.items()}
    for case in cases(day):
        told = program.run(case.profile)
        asked = Asked(case.service, days.kinds(day))
        for key, place in places.items():
            if told[place] is not says[key](asked):
                yield f"{key}: got {told[place]}: {case.service}"


def differing_days(law: Register) -> Iterator[str]:
    """Every day on which an entry stands otherwise than a person says, or has another date."""
    dated = {(entry.id, entry.dates) for entry in law.provisions}
    dated |= {(harm.id, harm.dates) for harm in law.harms}
    if dated != set(days.dated()):
        yield f"dates: {dated ^ set(days.dated())}"
    for day in days_to_look_at():
        edition = law.on(day)
        told = {line.provision.id: str(line.standing) for line in edition.duties}
        told |= {line.provision.id: str(line.standing) for line in edition.measures}
        if told != days.standings(day):
            yield f"on {day}: {set(told.items()) ^ set(days.standings(day).items())}"
        if edition.harms.keys() != days.kinds(day):
            yield f"on {day}: kinds {edition.harms.keys() ^ days.kinds(day)}"


def differing_permissions(law: Register) -> Iterator[str]:
    """What may be declined, and is marked as such, against what a person says."""
    told = {entry.id for entry in law.provisions if entry.permissive}
    if told != oracle.PERMISSIVE:
        yield f"permissive: {told ^ oracle.PERMISSIVE}"


def days_to_look_at() -> Sequence[date]:
    """Each day on which something changes, and the day before."""
    return sorted({day - timedelta(days=back) for day in days.changes() for back in (0, 1)})


def differing_answers_before(law: Register) -> Iterator[str]:
    """As `differing_answers`, when there was one kind of harm fewer."""
    return differing_answers(law, day=BEFORE_V2)


CHECKS: tuple[Callable[[Register], Iterator[str]], ...] = (
    differing_permissions,
    differing_sub_kinds,
    differing_questions,
    differing_answers,
    differing_answers_before,
    differing_days,
)
"""Everything that is compared, the quick ones first; the last one is for dates."""
