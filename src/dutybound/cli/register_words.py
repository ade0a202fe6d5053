"""Entries of the register as text for a screen of 80 columns, and as JSON."""

import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from dutybound.register.applies import Answer, Applies
from dutybound.register.book import Line, Register
from dutybound.register.changes import Change, Effect
from dutybound.register.conditions import Always, Condition
from dutybound.register.entries import Confidence, Dates, Harm, Provision, Standing
from dutybound.register.profile import Profile
from dutybound.register.words import Words

WIDTH = 80

PARTS = {
    "act": "Online Safety Act 2023",
    "illegal-content": "illegal content Codes",
    "children": "Protection of Children Code",
    "proposed": "proposed, no final decision found",
    "harm: illegal": "kind of illegal content",
    "harm: children": "kind of content harmful to children",
}
SURE = {
    "verified": "Verified: a record was read that states it.",
    "partial": "Verified in part; the rest is from memory.",
    "recalled": "From memory only. Check it before you rely on it.",
}


def said(day: date) -> str:
    """A day in words."""
    return f"{day.day} {day:%B %Y}"


def days_of(dates: Dates) -> list[tuple[str, date]]:
    """The days of an entry that are known, by name, in order."""
    named = ((field.name, getattr(dates, field.name)) for field in fields(Dates))
    return [(name, day) for name, day in named if isinstance(day, date)]


def table(lines: Sequence[Line]) -> str:
    """One entry a row: its id, what it is, how sure that is, and its title."""
    rows = [(each.provision.id, each.standing, each.provision.confidence.level) for each in lines]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    told = []
    for row, line in zip(rows, lines, strict=True):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        told.append(_wrapped("  ".join((*cells, "")), line.provision.title))
    return "\n".join(told)


def page(
    entry: Provision | Harm,
    standing: Standing,
    *,
    versions: Sequence[Provision] | Sequence[Harm],
    day: date,
    law: Register,
) -> str:
    """All that the register says of an entry."""
    title = entry.title if isinstance(entry, Provision) else entry.name
    part = entry.code if isinstance(entry, Provision) else f"harm: {entry.kind}"
    head = [
        _wrapped("", f"{entry.id}: {title}"),
        _wrapped("", f"{PARTS[part]}; {standing} on {said(day)}"),
    ]
    body = _provision(entry, law=law, day=day) if isinstance(entry, Provision) else _harm(entry)
    tail = [
        *_section("Days", _days(entry.dates)),
        *_section("How sure this is", _confidence(_sure(entry), law=law)),
        *_section("Notes", _bullets(entry.notes)),
        *_section("Versions", _versions(versions, entry)),
        *_section("Written in", [f"{entry.place}"]),
    ]
    return "\n".join([*head, *body, *tail])


def differences(found: Sequence[Change], before: date, after: date, *, law: Register) -> str:
    """What came, went and changed, each with its sign; or that nothing did."""
    says = (Words(law.on(before), Profile()), Words(law.on(after), Profile()))
    lines = (line for change in found for line in _change(change, says))
    return "\n".join(lines) or f"Nothing changed from {said(before)} to {said(after)}."


def effects_on_service(found: Sequence[Effect], before: date, after: date) -> str:
    """What one service is told otherwise; or that nothing is."""
    lines = (line for effect in found for line in _effect(effect))
    days = f"from {said(before)} to {said(after)}"
    return "\n".join(lines) or f"Nothing changed for this service {days}."


def as_json(entry: Provision | Harm, *, standing: Standing) -> dict[str, Any]:
    """All of an entry but its conditions, which `applies_plain` has in words."""
    left_out = {"applies_when", "idle_when", "dates", "place", "confidence", "confidence_detail"}
    told = {each.name: getattr(entry, each.name) for each in fields(entry)}
    return {name: value for name, value in told.items() if name not in left_out} | {
        "standing": standing,
        "dates": {name: day.isoformat() for name, day in days_of(entry.dates)},
        "recalled_dates": entry.dates.recalled,
        "confidence": asdict(_sure(entry)),
        "place": str(entry.place),
    }


def differences_as_json(
    found: Sequence[Change], before: date, after: date, *, law: Register
) -> list[dict[str, Any]]:
    """Changes of the law."""
    was, now = Words(law.on(before), Profile()), Words(law.on(after), Profile())
    return [
        {
            "id": change.id,
            "what": _what(change),
            "fields": [
                {
                    "field": each.field,
                    "before": _value(each.before, was),
                    "after": _value(each.after, now),
                }
                for each in change.fields
            ],
        }
        for change in found
    ]


def effects_as_json(found: Sequence[Effect]) -> list[dict[str, Any]]:
    """What one service is told otherwise."""
    return [
        {
            "id": each.id,
            "before": each.before and _answer_as_json(each.before),
            "after": each.after and _answer_as_json(each.after),
        }
        for each in found
    ]


def _provision(entry: Provision, *, law: Register, day: date) -> Iterator[str]:
    says = Words(law.on(day), Profile())
    permissive = ["You may decline it."] if entry.permissive else []
    yield from _section("Applies to", [entry.applies_plain, *permissive])
    if not isinstance(entry.applies_when, Always):
        yield from _section("That is", says.lines(entry.applies_when))
    if entry.idle_when is not None:
        yield from _section("It has nothing to act on where", says.lines(entry.idle_when))
    yield from _section("Asks for", _bullets(entry.requires))
    yield from _section("Official title", [entry.official_title])
    yield from _section("Official number, as a guess", [entry.official_id_guess])
    serves = ", ".join(each.replace("_", " ").replace("csea", "CSEA") for each in entry.serves)
    yield from _section("In the Codes for", [serves])
    yield from _section("Sections of the Act", [entry.section, ", ".join(entry.duties)])
    yield from _section("May change", [entry.pending_change])


def _harm(harm: Harm) -> Iterator[str]:
    yield from _section("Number", [harm.number])
    yield from _section("Tier", [harm.tier.replace("_", " ")])
    yield from _section("Part of", [harm.part_of])
    yield from _section("Schedule or section of the Act", [harm.schedule])
    yield from _section("Offences", _bullets(harm.offences))
    linked = (f"{factor} ({level})" for factor, level in harm.factors)
    yield from _section("Linked risk factors", [", ".join(linked)])


def _days(dates: Dates) -> Iterator[str]:
    for name, day in days_of(dates):
        from_memory = "  (from memory)" if name in dates.recalled else ""
        yield f"{name.replace('_', ' '):10} {day.isoformat()}{from_memory}"


def _confidence(sure: Confidence, *, law: Register) -> Iterator[str]:
    yield SURE[sure.level]
    if sure.verified:
        yield f"Verified: {', '.join(sure.verified)}."
    if sure.recalled:
        yield f"From memory: {', '.join(sure.recalled)}."
    yield from _bullets(f"{key}: {law.sources[key]}" for key in sure.sources)


def _versions(
    versions: Sequence[Provision] | Sequence[Harm], shown: Provision | Harm
) -> Iterator[str]:
    if len(versions) > 1:
        for version in versions:
            days = ", ".join(f"{name} {day}" for name, day in days_of(version.dates))
            mark = " (shown here)" if version is shown else ""
            yield f"- {days.replace('_', ' ')}{mark}"


def _change(change: Change, says: tuple[Words, Words]) -> Iterator[str]:
    sign = {"came": "+", "went": "-", "changed": "~"}[_what(change)]
    entry = change.after or change.before
    assert entry is not None
    title = entry.title if isinstance(entry, Provision) else entry.name
    yield _wrapped(f"{sign} ", f"{change.id} {_what(change)}: {title}", further="    ")
    for each in change.fields:
        yield f"    {each.field.replace('_', ' ')}"
        if isinstance(each.before, tuple) and isinstance(each.after, tuple):
            yield from (_wrapped("      - ", _item(x)) for x in each.before if x not in each.after)
            yield from (_wrapped("      + ", _item(x)) for x in each.after if x not in each.before)
        else:
            yield _wrapped("      was ", _text(each.before, says[0]))
            yield _wrapped("      is  ", _text(each.after, says[1]))


def _effect(effect: Effect) -> Iterator[str]:
    known = effect.after or effect.before
    assert known is not None
    sign = "~" if effect.before and effect.after else "+" if effect.after else "-"
    yield _wrapped(f"{sign} ", f"{effect.id}: {known.provision.title}", further="    ")
    was, now = effect.before, effect.after
    if was and now and _answered(was) == _answered(now):
        yield "    what it asks for changed"
        return
    yield _wrapped("    was ", _answered(was) if now else _told(was))
    yield _wrapped("    is  ", _told(now))


def _told(answer: Answer | None) -> str:
    because = f", because {answer.why}" if answer else ""
    return f"{_answered(answer)}{because}"


def _answered(answer: Answer | None) -> str:
    if answer is None:
        return "not there"
    idle = ", and has nothing to act on" if answer.applies is Applies.YES and answer.idle else ""
    return f"{answer.standing}, {answer.applies}{idle} ({answer.provision.confidence.level})"


def _answer_as_json(answer: Answer) -> dict[str, Any]:
    return {
        "standing": answer.standing,
        "applies": answer.applies,
        "idle": answer.idle,
        "why": answer.why,
        "confidence": answer.provision.confidence.level,
    }


def _what(change: Change) -> str:
    return "came" if change.before is None else "went" if change.after is None else "changed"


def _sure(entry: Provision | Harm) -> Confidence:
    return entry.confidence if isinstance(entry, Provision) else entry.confidence_detail


def _value(value: object, says: Words) -> object:
    """A value of a field as JSON has it; a condition by its words."""
    if isinstance(value, Condition):
        return list(says.lines(value))
    return asdict(value) if isinstance(value, Confidence) else value


def _text(value: object, says: Words) -> str:
    if isinstance(value, Condition):
        return "; ".join(line.strip() for line in says.lines(value))
    if isinstance(value, Confidence):
        return f"{value.level}, by {', '.join(value.sources) or 'no source'}"
    return "nothing" if value is None or value == "" else str(value)


def _item(value: object) -> str:
    return " ".join(value) if isinstance(value, tuple) else str(value)


def _section(title: str, lines: Iterable[str]) -> Iterator[str]:
    """A title over its lines; nothing where there are none."""
    told = [line for line in lines if line]
    if told:
        yield f"\n{title}"
    for line in told:
        inner = line.lstrip(" ")
        start = "  " + line[: len(line) - len(inner)]
        further = f"{start}  " if inner.startswith("- ") else start
        yield _wrapped(start, inner, further=further)


def _bullets(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield f"- {text}"


def _wrapped(start: str, text: str, *, further: str | None = None) -> str:
    """Text that begins after `start` and goes on under itself, or after `further`."""
    under = " " * len(start) if further is None else further
    lines = textwrap.wrap(
        text,
        WIDTH,
        initial_indent=start,
        subsequent_indent=under,
        break_on_hyphens=False,
        break_long_words=False,
    )
    return "\n".join(lines) or start
