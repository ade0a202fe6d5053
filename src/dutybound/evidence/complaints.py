"""Probes of how people are heard: ICU D1 to D14, PCU D1 to D14."""

from dataclasses import dataclass
from datetime import timedelta

from dutybound.evidence.figures import seconds, share
from dutybound.evidence.judging import status_of_share
from dutybound.evidence.probe import Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

QUARTER = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """Of the reports and complaints that were received: when the first letter was there.

    `waiting_late`: those that have none yet, and came longer ago than `within_seconds`.
    """

    received: int
    in_time: int
    late: int
    waiting_late: int
    within_seconds: int
    median_seconds: float | None


ACKNOWLEDGED = Query(
    "acknowledged",
    Acknowledged,
    "Of each report and complaint of the last 90 days: how long until its acknowledgement was "
    "there to read.",
    ("reports and complaints",),
    QUARTER,
)
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
        says = f"{seen.waiting_late} that should have been acknowledged by now still wait for it."
        return Judged(worst_of((status, Status.AT_RISK)), says, figures)
    if status is Status.NOT_ENOUGH:
        return Judged(status, f"Only {due} were received in 90 days; that is too few.", figures)
    return Judged(status, f"{seen.in_time} of {due} were acknowledged in time.", figures)


COMPLAINTS: tuple[Probe, ...] = (
    Probe(
        id="acknowledgements",
        version=1,
        measures=("ICU D4", "PCU D4"),
        asks="How soon those who report or complain are told that it was received.",
        met="99 of 100 within five minutes, and enough of them to be sure of 90.",
        at_risk="Fewer than 99 of 100 in time, or one that waits.",
        not_met="Surely fewer than 99 of 100, and fewer than 90.",
        not_enough="Too few were received in 90 days.",
        reads=(ACKNOWLEDGED,),
        judge=_acknowledged,
        by_worker=True,
    ),
)
