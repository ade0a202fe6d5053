"""Pages of the register become entries. The schema has checked their shape before."""

from collections.abc import Iterator, Mapping
from dataclasses import fields
from itertools import chain
from typing import Any

from dutybound.register.conditions import Condition, HarmSet, Written, parse
from dutybound.register.entries import (
    CodeGap,
    Confidence,
    Dates,
    Exemption,
    FactEntry,
    FactorLink,
    Harm,
    NamedCondition,
    Provision,
    Question,
    Retention,
    RiskFactor,
    ScopeTest,
)
from dutybound.register.loading import BadRegister, Page, Place, did_you_mean, read_date

Sets = Mapping[str, HarmSet]


def sets_of(page: Page) -> dict[str, HarmSet]:
    """Named sets of kinds of harm."""
    return {
        name: HarmSet(entry["says"], tuple(entry["harms"]))
        for name, entry in page.content["sets"].items()
    }


def named_conditions_of(page: Page, *, sets: Sets) -> Iterator[NamedCondition]:
    """Conditions with a name."""
    for number, entry in enumerate(page.content["conditions"]):
        place = page.place("conditions", number)
        holds_when = _condition(entry["holds_when"], sets=sets, place=place)
        yield NamedCondition(**{**entry, "holds_when": holds_when, "place": place})


def provisions_of(page: Page, *, sets: Sets) -> Iterator[Provision]:
    """The duties or measures of a page."""
    key = "duties" if "duties" in page.content else "measures"
    usual = page.content.get("dates", {})
    for number, entry in enumerate(page.content[key]):
        place = page.place(key, number)
        yield Provision(
            id=entry["id"],
            code=page.content.get("code", "act"),
            part=page.content.get("part", "duties"),
            title=entry["title"],
            official_title=entry.get("official_title", ""),
            section=entry.get("section", ""),
            applies_when=_condition(entry["applies_when"], sets=sets, place=place),
            applies_plain=entry["applies_plain"],
            idle_when=_maybe(entry.get("idle_when"), sets=sets, place=place),
            permissive=entry.get("permissive", False),
            requires=tuple(entry["requires"]),
            duties=tuple(entry.get("duties", ())),
            serves=tuple(entry.get("serves", ())),
            confidence=_confidence(entry["confidence"]),
            dates=_dates(entry.get("dates", usual), place=place),
            notes=tuple(entry.get("notes", ())),
            pending_change=entry.get("pending_change", ""),
            official_id_guess=entry.get("official_id_guess", ""),
            place=place,
        )


def harms_of(page: Page) -> Iterator[Harm]:
    """The kinds of harm of a page."""
    usual = page.content["dates"]
    for number, entry in enumerate(page.content["harms"]):
        place = page.place("harms", number)
        factors = entry.get("factors", {})
        yield Harm(
            id=entry["id"],
            number=entry["number"],
            name=entry["name"],
            short=entry.get("short", entry["name"].lower()),
            kind=page.content["kind"],
            tier=entry["tier"],
            part_of=entry.get("part_of", ""),
            restricted=entry.get("restricted", False),
            schedule=entry.get("schedule", ""),
            offences=tuple(entry.get("offences", ())),
            factors=tuple(
                chain.from_iterable(
                    ((factor, level) for factor in factors.get(level, ()))
                    for level in ("verified", "recalled")
                )
            ),
            confidence_detail=_confidence(entry["confidence"]),
            dates=_dates(entry.get("dates", usual), place=place),
            notes=tuple(entry.get("notes", ())),
            place=place,
        )


def facts_of(page: Page, *, sets: Sets) -> Iterator[FactEntry]:
    """The facts of a service."""
    for number, entry in enumerate(page.content["facts"]):
        place = page.place("facts", number)
        yield FactEntry(
            id=entry["id"],
            question=entry.get("question", ""),
            label=entry.get("label", ""),
            yes=entry["yes"],
            no=entry["no"],
            derived=_maybe(entry.get("derived"), sets=sets, place=place),
            needs=_maybe(entry.get("needs"), sets=sets, place=place),
            place=place,
        )


def questions_of(page: Page, *, sets: Sets) -> Iterator[Question]:
    """What a person is asked, with the facts each question sets."""
    for number, entry in enumerate(page.content["questions"]):
        place = page.place("questions", number)
        yield Question(
            id=entry["id"],
            kind=entry["kind"],
            group=entry["group"],
            ask=entry["ask"],
            why=entry["why"],
            example=entry["example"],
            when=_maybe(entry.get("when"), sets=sets, place=place),
            facts=tuple(
                fact["id"] for fact in page.content["facts"] if fact.get("question") == entry["id"]
            ),
            place=place,
        )


def risk_factors_of(page: Page, *, all_harms: tuple[str, ...]) -> Iterator[RiskFactor]:
    """The answers to the Risk Profile questionnaire, and what each is linked with."""
    for question in page.content["questions"]:
        for option in question["options"]:
            links = tuple(
                FactorLink(
                    edition=link["edition"],
                    harms=all_harms if link["harms"] == "all" else tuple(link["harms"]),
                    complete=link.get("complete", True),
                    seen_in=link.get("seen_in", ""),
                )
                for link in option["links"]
            )
            yield RiskFactor(option["id"], question["id"], question["ask"], links)


def scope_tests_of(page: Page) -> Iterator[ScopeTest]:
    """What makes a service a regulated one."""
    for entry in page.content["tests"]:
        yield ScopeTest(**entry)


def exemptions_of(page: Page) -> Iterator[Exemption]:
    """What Schedule 1 leaves out."""
    for entry in page.content["exemptions"]:
        yield Exemption(**entry)


def code_gaps_of(page: Page) -> Iterator[CodeGap]:
    """What the Codes lack."""
    lists = ("harms", "factors", "measures")
    for number, entry in enumerate(page.content["gaps"]):
        yield CodeGap(
            id=entry["id"],
            number=entry["number"],
            title=entry["title"],
            said_by=tuple(entry["from"]),
            since=entry["since"],
            suggestion=entry["suggestion"],
            everyone=entry.get("everyone", False),
            place=page.place("gaps", number),
            **{key: tuple(entry.get(key, ())) for key in lists},
        )


def retention_of(page: Page) -> Iterator[Retention]:
    """How long what proves something is kept."""
    for number, entry in enumerate(page.content["retention"]):
        place = page.place("retention", number)
        yield Retention(
            id=entry["id"],
            title=entry["title"],
            keeps=entry["keeps"],
            years=entry["years"],
            days_before=entry.get("days_before", 0),
            begins=entry["begins"],
            duties=tuple(entry.get("duties", ())),
            section=entry["section"],
            dates=_dates(entry["dates"], place=place),
            confidence=_confidence(entry["confidence"]),
            place=place,
        )


def _condition(written: Written, *, sets: Sets, place: Place) -> Condition:
    try:
        return parse(written, sets=sets)
    except KeyError as missing:
        (name,) = missing.args
        hint = did_you_mean(name, sets)
        raise BadRegister(f"{place}: there is no set of harms {name!r}{hint}") from None


def _maybe(written: Written | None, *, sets: Sets, place: Place) -> Condition | None:
    return None if written is None else _condition(written, sets=sets, place=place)


def _confidence(written: Mapping[str, Any]) -> Confidence:
    lists = {key: tuple(value) for key, value in written.items() if key != "level"}
    return Confidence(level=written["level"], **lists)


def _dates(written: Mapping[str, Any], *, place: Place) -> Dates:
    days = {key: read_date(day, place=place) for key, day in written.items() if key != "recalled"}
    in_order = [days[field.name] for field in fields(Dates) if field.name in days]
    if in_order != sorted(in_order):
        raise BadRegister(f"{place}: dates run backwards: {', '.join(map(str, in_order))}")
    return Dates(**days, recalled=tuple(written.get("recalled", ())))
