"""Rules for levels of risk, Ofcom's and ours, held against what a person decided."""

import re
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from dutybound.register.book import register
from dutybound.register.profile import LEVELS
from dutybound.risk.document import Assessment, Control, ControlState, Level, Risk
from dutybound.risk.proposals import (
    evidence_of,
    is_below,
    kinds_to_rate,
    level_by_table,
    propose,
)


class Rule(StrEnum):
    """The rules of Ofcom's guidance, which `OFCOMS` has, and our own."""

    UNRATED = "unrated"
    INCONCLUSIVE = "inconclusive"
    SIZE = "size"
    STRUCTURAL = "structural"
    EVIDENCE = "evidence"
    SUB_KIND = "sub_kind"
    CONTROLS = "controls"
    TABLE = "table"
    AGE = "age"
    REASONS = "reasons"


OFCOMS = frozenset(
    {Rule.INCONCLUSIVE, Rule.SIZE, Rule.STRUCTURAL, Rule.EVIDENCE, Rule.SUB_KIND, Rule.CONTROLS}
)
"""The rules that stand in Ofcom's guidance, as far as records show it."""


class Objection(NamedTuple):
    """A level that goes against a rule, and what that rule says."""

    harm: str
    rule: Rule
    says: str


_SIZE = re.compile(
    r"\b(small\w*|tiny|little|few\w*|handful|quiet|not many|not big|not large|size|hobby|niche|"
    r"low traffic|\d[\d,.]* (?:\w+ )?(?:members|users|people|accounts|visitors|posts))\b",
    re.IGNORECASE,
)
_THINGS = (
    "messag|picture|photo|image|video|film|file|link|upload|profile|account|stream|post|comment|"
    "selling|sale|listing|payment|search|chat|child"
)
_MEANS = re.compile(
    r"\b(?:cannot|can't|can not|nobody can|no one can|not possible|impossible|no way|no means|"
    r"without|disabled|removed|(?:switched|turned) off|"
    r"(?:does|do)(?: not|n't) (?:allow|offer|have|let|hold|host|support)|"
    rf"no (?:\w+ )?(?:{_THINGS})\w*)\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^.;!?\n]+")


def objections(assessment: Assessment, *, as_of: date) -> tuple[Objection, ...]:
    """Everything that a level goes against, in the order of the kinds of harm."""
    found: list[Objection] = []
    for harm in kinds_to_rate(assessment, as_of=as_of):
        risk = assessment.risks.get(harm.id, Risk())
        if risk.level is None:
            says = f"{harm.name} has no level yet. Without one it is unknown, and never low."
            found.append(Objection(harm.id, Rule.UNRATED, says))
        else:
            found += _against(harm.id, risk, risk.level, assessment, as_of=as_of)
    found += _csea_below_its_parts(assessment)
    return tuple(found)


def talks_only_of_size(text: str) -> bool:
    """Whether a reason says no more than how small a service is."""
    sentences = [part for part in _SENTENCE.findall(text) if part.strip()]
    of_size = [part for part in sentences if _SIZE.search(part) and not _MEANS.search(part)]
    return bool(of_size) and len(of_size) == len(sentences)


def _against(
    harm: str, risk: Risk, level: Level, assessment: Assessment, *, as_of: date
) -> Iterator[Objection]:
    proposed = propose(harm, assessment, as_of=as_of).level
    is_lower = is_below(level, proposed)
    if risk.is_inconclusive and is_lower:
        says = (
            f"You marked the evidence as inconclusive. Then Ofcom takes the higher level: "
            f"{proposed}, not {level}."
        )
        yield Objection(harm, Rule.INCONCLUSIVE, says)
    if level == "negligible":
        yield from _negligible(harm, risk, follows=proposed == "negligible")
    if evidence_of(harm, assessment) and is_below(level, "medium") and not risk.argued.strip():
        says = (
            f"There is evidence of it on your service, which speaks for medium or higher. "
            f"Say why it is {level} all the same, or raise it."
        )
        yield Objection(harm, Rule.EVIDENCE, says)
    if is_lower:
        yield from _lower_without_cause(harm, risk, proposed, assessment)
    yield from _below_the_table(harm, risk, level)
    yield from _below_an_age(harm, risk, level)


def _negligible(harm: str, risk: Risk, *, follows: bool) -> Iterator[Objection]:
    """`follows`: the answers themselves are the structural reason."""
    is_size = talks_only_of_size(risk.structural or risk.reasons)
    if is_size:
        says = (
            "That the service is small is never a reason for negligible. Say why it is not "
            "possible, or extremely unlikely, by means of the service; or choose low."
        )
        yield Objection(harm, Rule.SIZE, says)
    elif not risk.structural.strip() and not follows:
        says = (
            "Negligible needs a structural reason: why it is not possible, or extremely "
            "unlikely, by means of the service. Without one choose low."
        )
        yield Objection(harm, Rule.STRUCTURAL, says)


def _lower_without_cause(
    harm: str, risk: Risk, proposed: Level, assessment: Assessment
) -> Iterator[Objection]:
    controls = [control for control in assessment.controls if harm in control.harms]
    if controls and not any(map(_is_shown_to_work, controls)):
        says = (
            f"The answers suggest {proposed}. To go lower because of controls, one of them must "
            "be in place and shown to work; write down what shows it."
        )
        yield Objection(harm, Rule.CONTROLS, says)
    elif (
        risk.level != "negligible" and not (risk.reasons or risk.argued or risk.structural).strip()
    ):
        says = f"The answers suggest {proposed}. Say why you chose {risk.level}."
        yield Objection(harm, Rule.REASONS, says)


def _is_shown_to_work(control: Control) -> bool:
    return control.state is ControlState.IN_PLACE and bool(control.shown_to_work.strip())


def _below_the_table(harm: str, risk: Risk, level: Level) -> Iterator[Objection]:
    if risk.likelihood and risk.impact and not risk.argued.strip():
        given = level_by_table(risk.likelihood, risk.impact)
        if is_below(level, given) and level != "negligible":
            says = (
                f"A {risk.likelihood} likelihood with a {risk.impact} impact gives {given} in "
                f"our simple form of Ofcom's table (from memory), not {level}."
            )
            yield Objection(harm, Rule.TABLE, says)


def _below_an_age(harm: str, risk: Risk, level: Level) -> Iterator[Objection]:
    ages = sorted(age for age, its in risk.by_age.items() if is_below(level, its))
    if ages:
        says = f"It is higher for ages {', '.join(ages)}; the level of all is at least that."
        yield Objection(harm, Rule.AGE, says)


def _csea_below_its_parts(assessment: Assessment) -> Iterator[Objection]:
    whole = assessment.risks.get("csea")
    if whole is None or whole.level is None:
        return
    parts = (assessment.risks.get(harm) for harm in register().sub_kinds)
    levels = [part.level for part in parts if part and part.level]
    highest = max(levels, key=LEVELS.index, default=whole.level)
    if is_below(whole.level, highest):
        says = f"It is at least as high as its highest sub-kind, which is {highest}."
        yield Objection("csea", Rule.SUB_KIND, says)
