"""The answer of `dutybound assess`, as text for a screen and as JSON."""

import textwrap
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from dutybound.cli.register_words import WIDTH, said
from dutybound.register.applies import Answer, Applies, duties_for, measures_for
from dutybound.register.book import register
from dutybound.register.entries import Standing
from dutybound.risk.access import Access, access_of
from dutybound.risk.document import Assessment
from dutybound.risk.gaps import gaps, offers
from dutybound.risk.known import known
from dutybound.risk.levels import Rule, objections
from dutybound.risk.scope import scope_of

_CODES = {
    "act": "The Act",
    "illegal-content": "Illegal content Codes",
    "children": "Protection of Children Code",
}
_SURE = {"verified": "verified", "partial": "verified in part", "recalled": "from memory"}


def in_words(assessment: Assessment, *, as_of: date) -> str:
    """What applies and why, what may, what is coming, what is left, and how sure all that is."""
    name = assessment.service.name or "The service"
    scope = scope_of(assessment)
    head = [f"{name}, by the law of {said(as_of)}", "", *_wrapped(f"Scope: {scope.why}")]
    if scope.in_scope is False:
        return "\n".join(head)
    access = access_of(assessment, as_of=as_of)
    asked = _answers(assessment, as_of=as_of)
    parts = [
        _children(access),
        *(_code(code, asked) for code in _CODES),
        _section("May apply: not known yet", (_unknown(each) for each in _of(asked, None))),
        _section("Coming", (_coming(each) for each in _coming_up(asked))),
        _section("Levels to look at again", _levels(assessment, as_of=as_of)),
        _section("Left: no control stands against", _left(assessment, as_of=as_of)),
        _section("Offered: asked of larger services only", _offered(assessment, as_of=as_of)),
        _section("Rests on entries that are not verified", _unverified(asked)),
        _wrapped(
            "This says what Ofcom's Codes recommend, as far as it is known here. "
            f"The register was compiled on {said(register().compiled)}; it is no legal advice."
        ),
    ]
    return "\n".join([*head, *(line for part in parts if part for line in ("", *part))])


def as_json(assessment: Assessment, *, as_of: date) -> dict[str, Any]:
    """The same, for programs."""
    scope, access = scope_of(assessment), access_of(assessment, as_of=as_of)
    asked = _answers(assessment, as_of=as_of)
    return {
        "service": assessment.service.name,
        "as_of": as_of.isoformat(),
        "scope": scope._asdict(),
        "children": access._asdict() | {"treated_as_likely": access.treated_as_likely},
        "answers": [_entry(answer) for answer in asked],
        "objections": [each._asdict() for each in objections(assessment, as_of=as_of)],
        "gaps": [gap._asdict() for gap in gaps(assessment, as_of=as_of)],
        "offered": [answer.provision.id for answer in offers(assessment, as_of=as_of)],
        "not_verified": {
            answer.provision.id: answer.provision.confidence.level
            for answer in asked
            if answer.provision.confidence.level != "verified"
        },
        "compiled": register().compiled.isoformat(),
        "caveat": register().caveat,
    }


def _entry(answer: Answer) -> dict[str, Any]:
    provision = answer.provision
    return {
        "id": provision.id,
        "code": provision.code,
        "title": provision.title,
        "standing": answer.standing,
        "applies": answer.applies,
        "idle": answer.idle,
        "why": answer.why,
        "missing": list(answer.missing),
        "confidence": provision.confidence.level,
    }


def _answers(assessment: Assessment, *, as_of: date) -> list[Answer]:
    profile = known(assessment, as_of=as_of)
    return [*duties_for(profile, as_of), *measures_for(profile, as_of)]


def _of(answers: Iterable[Answer], code: str | None) -> list[Answer]:
    """What is in force and applies, of one Code; or what may apply, of all."""
    wanted = Applies.UNKNOWN if code is None else Applies.YES
    return [
        answer
        for answer in answers
        if answer.standing is Standing.IN_FORCE
        and answer.applies is wanted
        and code in (None, answer.provision.code)
    ]


def _coming_up(answers: Iterable[Answer]) -> list[Answer]:
    return [
        answer
        for answer in answers
        if answer.standing is not Standing.IN_FORCE and answer.applies is not Applies.NO
    ]


def _children(access: Access) -> list[str]:
    treated = "is treated as likely" if access.treated_as_likely else "is not likely"
    lines = _wrapped(f"Children: access by them {treated}, because {access.why}.")
    return [*lines, *(line for need in access.needs for line in _wrapped(f"- {need}", indent="  "))]


def _code(code: str, answers: list[Answer]) -> list[str]:
    applying = _of(answers, code)
    kind = "duties" if code == "act" else "measures"
    head = f"{_CODES[code]}: {len(applying)} {kind} apply"
    return _section(head, (_applying(answer) for answer in applying))


def _applying(answer: Answer) -> str:
    idle = "; so far it has nothing to act on" if answer.idle else ""
    return f"{_named(answer)}, because {answer.why}{idle}"


def _unknown(answer: Answer) -> str:
    return f"{_named(answer)}: say {_missing(answer)}"


def _missing(answer: Answer) -> str:
    law = register()
    names = {harm.id: f"the level of {harm.short}" for harm in answer.edition.harms.values()}
    names |= {fact.id: f"whether {fact.yes}" for fact in law.facts.values()}
    names["uk_users"] = "how many UK users it has"
    return ", ".join(names[name] for name in answer.missing)


def _coming(answer: Answer) -> str:
    applies = "would apply" if answer.applies is Applies.YES else "might apply"
    return f"{_named(answer)}: {answer.standing}; {applies}"


def _levels(assessment: Assessment, *, as_of: date) -> Iterator[str]:
    harms = register().on(as_of).harms
    for each in objections(assessment, as_of=as_of):
        if each.rule is not Rule.UNRATED:
            yield f"{harms[each.harm].name}: {each.says}"


def _left(assessment: Assessment, *, as_of: date) -> Iterator[str]:
    for gap in gaps(assessment, as_of=as_of):
        idea = f" Idea: {gap.suggestions[0]}" if gap.suggestions else ""
        yield f"{gap.says}{idea}"


def _offered(assessment: Assessment, *, as_of: date) -> Iterator[str]:
    names = [answer.provision.id for answer in offers(assessment, as_of=as_of)]
    if names:
        yield ", ".join(names)


def _unverified(answers: list[Answer]) -> Iterator[str]:
    in_use = [a for a in answers if a.standing is Standing.IN_FORCE and a.applies is not Applies.NO]
    for level in ("partial", "recalled"):
        found = [a.provision.id for a in in_use if a.provision.confidence.level == level]
        if found:
            yield f"{_SURE[level]}: {', '.join(found)}"


def _named(answer: Answer) -> str:
    provision = answer.provision
    return f"{provision.id}, {provision.title} ({_SURE[provision.confidence.level]})"


def _section(head: str, entries: Iterable[str]) -> list[str]:
    lines = [line for entry in entries for line in _wrapped(f"- {entry}", indent="  ")]
    return [head, *lines] if lines else []


def _wrapped(text: str, *, indent: str = "") -> list[str]:
    hanging = f"{indent}  " if text.startswith("- ") else indent
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=hanging,
        break_long_words=False,
        break_on_hyphens=False,
    )
