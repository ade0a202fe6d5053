"""Probes of targets for moderation, how fast and how right: ICU C4 and PCU C4."""

from collections.abc import Iterable
from dataclasses import dataclass

from dutybound.evidence.figures import Figure, count, share
from dutybound.evidence.judging import status_of_share
from dutybound.evidence.moderation import CASES, CODES, ILLEGAL, Code, seen_by
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of


@dataclass(frozen=True, slots=True)
class TargetsSet:
    """How many targets for such reports the service set itself; else Dutybound's own hold."""

    illegal: int
    children: int


TARGETS = Query(
    "targets",
    TargetsSet,
    "How many targets of time the service has set itself for reports of content.",
    ("settings of the form",),
)


@dataclass(frozen=True, slots=True)
class Clock:
    """Reports of content by their targets: decided before it or after, or waiting past it."""

    in_time: int = 0
    late: int = 0
    waiting_late: int = 0


@dataclass(frozen=True, slots=True)
class Clocks:
    illegal: Clock
    children: Clock


CLOCKS = Query(
    "report_clocks",
    Clocks,
    "The reports of content of the last 90 days: how many were decided before the target that the "
    "service has for them, how many after it, and how many wait past it.",
    ("reports",),
    QUARTER,
)


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How right decisions were, as far as somebody looked again.

    `looked_again`, `agreed`: second looks that were answered, blind. `golden`, `golden_right`:
    items whose answer was agreed before. `against`: first decisions against content; `taken_back`:
    of those, undone, or turned by an appeal.
    """

    looked_again: int = 0
    agreed: int = 0
    golden: int = 0
    golden_right: int = 0
    against: int = 0
    taken_back: int = 0


@dataclass(frozen=True, slots=True)
class Accuracies:
    illegal: Accuracy
    children: Accuracy


ACCURACY = Query(
    "accuracy",
    Accuracies,
    "Of the last 90 days: second looks and golden items that were answered, and how often they "
    "agreed; and decisions against content, and how many were taken back.",
    ("second looks", "golden items", "decisions", "appeals"),
    QUARTER,
)

TIME_AIM, TIME_FLOOR = 0.90, 0.75
AGREEMENT_AIM, AGREEMENT_FLOOR = 0.90, 0.75
STOOD_AIM, STOOD_FLOOR = 0.95, 0.90


@dataclass(frozen=True, slots=True)
class _Kept:
    """One target: the figure, and the status that its share has."""

    figure: Figure
    status: Status


def _kept(name: str, part: int, *, of: int, query: str, aim: float, floor: float) -> _Kept:
    status = status_of_share(part, of=of, aim=aim, floor=floor)
    return _Kept(share(name, part, of=of, query=query), status)


def _targets_kept(given: Given, code: Code) -> Judged:
    own = given[TARGETS].illegal if code is ILLEGAL else given[TARGETS].children
    kept = tuple(_all_targets(given, code))
    figures = (
        count("Targets the service set itself", own, query=TARGETS.name),
        *(one.figure for one in kept),
    )
    needed = [one for one in kept if one.figure.of or one.figure.name not in (GOLDEN, REPORTS)]
    status = worst_of(one.status for one in needed)
    named = "; ".join(
        f"{one.figure.name.lower()}: {one.figure.says}" for one in needed if one.status is status
    )
    says = {
        Status.MET: "The targets are kept.",
        Status.NOT_MET: f"Not kept: {named}.",
        Status.AT_RISK: f"Below the target: {named}.",
    }.get(status, f"Too few to tell: {named}.")
    if own:
        return Judged(status, says, figures)
    unset = "The service has set no target for such reports itself; those of Dutybound hold."
    return Judged(worst_of((status, Status.AT_RISK)), f"{unset} {says}", figures)


GOLDEN, REPORTS = "Golden items answered right", "Reports decided by their target"
"""Where there are none, second looks and cases say how right people are, and how fast."""


def _all_targets(given: Given, code: Code) -> Iterable[_Kept]:
    rows = seen_by(given, code)
    in_time = sum(row.in_time for row in rows)
    due = sum(row.decided + row.waiting_late for row in rows)
    clock = given[CLOCKS].illegal if code is ILLEGAL else given[CLOCKS].children
    right = given[ACCURACY].illegal if code is ILLEGAL else given[ACCURACY].children
    yield _kept(
        REPORTS,
        clock.in_time,
        of=clock.in_time + clock.late + clock.waiting_late,
        query=CLOCKS.name,
        aim=TIME_AIM,
        floor=TIME_FLOOR,
    )
    yield _kept(
        "Cases decided in time", in_time, of=due, query=CASES.name, aim=TIME_AIM, floor=TIME_FLOOR
    )
    yield _kept(
        "Second looks that agree",
        right.agreed,
        of=right.looked_again,
        query=ACCURACY.name,
        aim=AGREEMENT_AIM,
        floor=AGREEMENT_FLOOR,
    )
    yield _kept(
        GOLDEN,
        right.golden_right,
        of=right.golden,
        query=ACCURACY.name,
        aim=AGREEMENT_AIM,
        floor=AGREEMENT_FLOOR,
    )
    yield _kept(
        "Decisions that stood",
        right.against - right.taken_back,
        of=right.against,
        query=ACCURACY.name,
        aim=STOOD_AIM,
        floor=STOOD_FLOOR,
    )


def _probe_of(code: Code) -> Probe:
    return Probe(
        id=f"targets{code.ending}",
        version=1,
        measures=(f"{code.prefix} C4",),
        asks=f"Whether targets of time and accuracy are set, and kept, for {code.about}.",
        met=(
            "The service has set targets for such reports; 90 of 100 reports are decided by "
            "theirs, and 90 of 100 cases by what their severity allows; 90 of 100 second looks, "
            "and of golden items, agree; 95 of 100 decisions stood."
        ),
        at_risk="A share is below its target, or the service has set no target itself.",
        not_met=(
            "A share is surely below its target, and lower than 75 of 100 (of decisions that "
            "stood: 90)."
        ),
        not_enough="Too few cases were due, too few looked at twice, or too few decided.",
        reads=(CASES, CLOCKS, TARGETS, ACCURACY),
        judge=lambda given: _targets_kept(given, code),
    )


MODERATION_TARGETS: tuple[Probe, ...] = tuple(_probe_of(code) for code in CODES)
