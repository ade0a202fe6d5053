"""Answers that cannot all be true."""

from collections.abc import Iterator
from datetime import date

from dutybound.register.book import Edition, register
from dutybound.register.conditions import All, AnyOf, Condition, Fact, Not
from dutybound.register.profile import LEVELS, Profile
from dutybound.risk.document import Assessment
from dutybound.risk.known import known
from dutybound.risk.troubles import Trouble

_ANY_DAY = date.max
"""On which no kind of harm has yet to come."""


def impossible(assessment: Assessment, *, as_of: date | None = None) -> tuple[Trouble, ...]:
    """What is definitely at odds; an unknown is at odds with nothing.

    `as_of`: the day of the law, where it is known; else that of the document, or its last.
    """
    day = as_of or assessment.law_as_of or _ANY_DAY
    edition = register().on(day)
    profile = known(assessment, as_of=day)
    return (
        *_facts_without_what_they_need(assessment, edition, profile),
        *_facts_against_what_derives_them(assessment, edition, profile),
        *_kinds_before_their_time(assessment, edition),
        *_csea_below_a_sub_kind(assessment),
    )


def _facts_without_what_they_need(
    assessment: Assessment, edition: Edition, profile: Profile
) -> Iterator[Trouble]:
    for name, answer in assessment.facts.items():
        fact = edition.register.facts.get(name)
        needs = fact.needs if fact is not None and answer else None
        if needs is not None and edition.program.answer(needs, profile) is False:
            says = f"expected this only with {_said(needs)}, got true without it"
            yield Trouble(("facts", name), says)


def _facts_against_what_derives_them(
    assessment: Assessment, edition: Edition, profile: Profile
) -> Iterator[Trouble]:
    for name, answer in assessment.facts.items():
        fact = edition.register.facts.get(name)
        if answer is None or fact is None or fact.derived is None:
            continue
        derived = edition.program.answer(fact.derived, profile)
        if derived is not None and derived is not answer:
            yield Trouble(
                ("facts", name),
                f"expected {str(derived).lower()}, which follows from {_said(fact.derived)}, "
                f"got {str(answer).lower()}",
            )


def _kinds_before_their_time(assessment: Assessment, edition: Edition) -> Iterator[Trouble]:
    ever = {harm.id for harm in edition.register.harms}
    for harm in assessment.risks:
        if harm in ever and harm not in edition.harms:
            yield Trouble(
                ("risks", harm),
                f"expected a kind of harm of {edition.as_of}, got one of another day",
            )


def _csea_below_a_sub_kind(assessment: Assessment) -> Iterator[Trouble]:
    whole = assessment.risks.get("csea")
    if whole is None or whole.level is None:
        return
    for harm in register().sub_kinds:
        part = assessment.risks.get(harm)
        if part and part.level and LEVELS.index(part.level) > LEVELS.index(whole.level):
            yield Trouble(
                ("risks", "csea"),
                f"expected at least {part.level}, as {harm} is, got {whole.level}",
            )
            return


def _said(condition: Condition) -> str:
    """A condition as ids joined by words, for somebody who edits a file."""
    match condition:
        case Fact(id):
            return id
        case Not(part):
            return f"not {_said(part)}"
        case All(parts):
            return " and ".join(_grouped(part) for part in parts)
        case AnyOf(parts):
            return " or ".join(_grouped(part) for part in parts)
        case _:
            return "the levels of risk"


def _grouped(condition: Condition) -> str:
    is_group = isinstance(condition, All | AnyOf)
    return f"({_said(condition)})" if is_group else _said(condition)
