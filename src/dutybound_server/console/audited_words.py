"""A sampled case in words: its steps and its times as an auditor reads them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dutybound.evidence.figures import in_words

KINDS = {
    "concern.received": "Somebody told the service, and it was acknowledged",
    "concern.looked": "Staff opened it for the first time",
    "concern.stage": "Its clock passed a mark",
    "concern.decided": "What people told was answered, and they were told",
    "concern.told": "The person was written to",
    "concern.paused": "The clock was stopped, because something was asked",
    "concern.resumed": "The clock went on",
    "concern.withdrawn": "The person withdrew it",
    "case.opened": "A case was opened",
    "case.matched": "More matches joined the case",
    "case.raised": "The case was raised",
    "case.claimed": "Somebody took the case",
    "case.released": "The case was given back",
    "case.handed_over": "The case was handed over",
    "case.noted": "A note was written",
    "case.revealed": "Somebody looked at a picture",
    "case.decided": "The case was decided",
    "case.undone": "The decision was taken back",
    "case.appealed": "The author appealed",
    "appeal.lodged": "The appeal was received",
    "notice.created": "The author was told",
    "notice.mailed": "The author was mailed",
    "enforcement.acknowledged": "The service said that it was done",
    "consequence.brought": "It counted against the account",
    "consequence.taken_back": "It counts against the account no longer",
    "audit.looked": "An auditor opened it",
}
BY = {"system": "Dutybound itself"}
STEPS_IN_FULL = frozenset({"case.decided", "case.undone", "concern.decided"})


@dataclass(frozen=True, slots=True)
class Step:
    """One entry as a line of the case's history."""

    entry: int
    at: datetime
    what: str
    kind: str
    by: str
    about: str
    facts: tuple[tuple[str, str], ...]
    words: tuple[tuple[str, str], ...]
    in_full: bool
    """Whether its facts are shown at once, since the auditor came for them."""


@dataclass(frozen=True, slots=True)
class Time:
    """How long something took, beside what it was allowed to take."""

    what: str
    took: str
    target: str
    in_time: bool | None


def steps_of(told: Mapping[str, Any]) -> Iterator[Step]:
    for step in told["steps"]:
        yield Step(
            entry=step["entry"],
            at=datetime.fromisoformat(step["at"]),
            what=KINDS.get(step["kind"], step["kind"]),
            kind=step["kind"],
            by=_by(step["by"]),
            about=step["about"],
            facts=tuple((_plain(name), _said(fact)) for name, fact in step["facts"].items()),
            words=tuple((_plain(name), words) for name, words in step["words"].items()),
            in_full=step["kind"] in STEPS_IN_FULL,
        )


def times_of(told: Mapping[str, Any]) -> Iterator[Time]:
    for one in told["times"]:
        yield Time(
            what=_plain(one["what"]),
            took="not yet" if one["took_seconds"] is None else _long(one["took_seconds"]),
            target="" if one["target_seconds"] is None else _long(one["target_seconds"]),
            in_time=one["in_time"],
        )


def _by(actor: str) -> str:
    if actor.startswith("staff:"):
        return f"member of staff {actor.removeprefix('staff:')}"
    return BY.get(actor, actor)


def _long(seconds: float) -> str:
    return in_words(timedelta(seconds=seconds))


def _plain(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _said(fact: object) -> str:
    match fact:
        case bool():
            return "yes" if fact else "no"
        case None | "" | [] | {}:
            return "none"
        case list():
            return ", ".join(map(_said, fact))
        case dict():
            return ", ".join(f"{name} {_said(one)}" for name, one in fact.items())
    return str(fact)
