"""Probes of acknowledgements: when they are there, and what they say."""

from dataclasses import dataclass
from datetime import timedelta

from dutybound.evidence.figures import seconds, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Of the reports and complaints that were received: when the first letter was there.

    It is there once it can be read and, where an e-mail was wished for, once that was sent. One
    whose e-mail could not be sent at all is `late`. `waiting_late`: those that have none yet, and
    came more than five minutes ago.
    """

    received: int
    in_time: int
    late: int
    waiting_late: int
    median_seconds: float | None


ACKNOWLEDGED = Query(
    "acknowledged",
    Acknowledged,
    "Of each report and complaint of the last 90 days: how long until its acknowledgement was "
    "there to read, and was e-mailed to whoever wished so.",
    ("reports and complaints", "letters"),
    QUARTER,
)
ACKNOWLEDGED_WITHIN = timedelta(minutes=5)
ACKNOWLEDGED_AIM, ACKNOWLEDGED_FLOOR = 0.99, 0.90


def _acknowledged(given: Given) -> Judged:
    seen = given[ACKNOWLEDGED]
    due = seen.in_time + seen.late + seen.waiting_late
    status = status_of_share(seen.in_time, of=due, aim=ACKNOWLEDGED_AIM, floor=ACKNOWLEDGED_FLOOR)
    figures = (
        share("Acknowledged in time", seen.in_time, of=due, query=ACKNOWLEDGED.name),
        seconds("Until it was there, median", seen.median_seconds, query=ACKNOWLEDGED.name),
    )
    if seen.waiting_late:
        says = f"{seen.waiting_late} should have been acknowledged by now."
        return Judged(worst_of((status, Status.AT_RISK)), says, figures)
    if status is Status.NOT_ENOUGH:
        return Judged(status, f"{few(due)} received in 90 days; too few to tell.", figures)
    return Judged(status, f"{seen.in_time} of {due} were acknowledged in time.", figures)


@dataclass(frozen=True, slots=True)
class Explained:
    """Of the newest acknowledgements: how many say what can come of it, and whether they hear."""

    read: int
    say_outcomes: int
    say_told: int


EXPLAINED = Query(
    "acknowledgements_explained",
    Explained,
    "Of the newest 60 acknowledgements of the last 90 days, as they were written: how many say "
    "what can come of it, and that the person will be told.",
    ("letters",),
    QUARTER,
)


def _explained(given: Given) -> Judged:
    seen = given[EXPLAINED]
    said = min(seen.say_outcomes, seen.say_told)
    status = status_of_share(said, of=seen.read, aim=1.0, floor=0.90)
    name = EXPLAINED.name
    figures = (
        share("Say what can come of it", seen.say_outcomes, of=seen.read, query=name),
        share("Say that the outcome is told", seen.say_told, of=seen.read, query=name),
    )
    if status is Status.NOT_ENOUGH:
        return Judged(status, f"{few(seen.read)} written in 90 days; too few to tell.", figures)
    return Judged(status, f"{said} of {seen.read} that were read say both.", figures)


LETTERS: tuple[Probe, ...] = (
    Probe(
        id="acknowledgements",
        version=2,
        measures=("ICU D4", "PCU D4"),
        asks="How soon those who report or complain are told that it was received, with a time.",
        met="99 of 100 within five minutes, and enough of them to be sure of 90.",
        at_risk="Fewer than 99 of 100 in time, or one that waits.",
        not_met="Surely fewer than 99 of 100, and fewer than 90.",
        not_enough="Too few were received in 90 days.",
        reads=(ACKNOWLEDGED,),
        judge=_acknowledged,
    ),
    Probe(
        id="acknowledgements_explain",
        version=1,
        measures=("ICU D5", "PCU D5"),
        asks="Whether acknowledgements say what can come of it, and that the outcome is told.",
        met="Each of the newest says both, and there are enough of them to be sure of 90 of 100.",
        at_risk="One does not say both.",
        not_met="Surely not all say both, and fewer than 90 of 100 do.",
        not_enough="Too few were written in 90 days.",
        reads=(EXPLAINED,),
        judge=_explained,
    ),
)
