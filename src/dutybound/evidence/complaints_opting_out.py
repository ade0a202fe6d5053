"""Probe of opting out: no more messages, and no later an answer."""

from dataclasses import dataclass

from dutybound.evidence.complaints_heard import HEARD, Total
from dutybound.evidence.figures import count, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status


@dataclass(frozen=True, slots=True)
class OptedOut:
    """Who wished for no more messages, and how soon they were answered.

    `written_after`: messages e-mailed to somebody while their wish stood.
    """

    opted_out: int
    written_after: int
    due: int
    in_time: int


OPTED_OUT = Query(
    "opted_out",
    OptedOut,
    "Who wished for no more messages in the last 90 days: messages e-mailed to them all the same, "
    "and how many of what they told us was decided in time.",
    ("reports and complaints", "letters"),
    QUARTER,
)


def _opted_out(given: Given) -> Judged:
    seen = given[OPTED_OUT]
    name = OPTED_OUT.name
    theirs = share("Of those who opted out, in time", seen.in_time, of=seen.due, query=name)
    everybody = Total(given[HEARD].kinds)
    others = share(
        "Of the others, in time",
        everybody.sum("in_time") - seen.in_time,
        of=everybody.due - seen.due,
        query=HEARD.name,
    )
    figures = (
        count("Opted out", seen.opted_out, query=name),
        count("Messages after that", seen.written_after, query=name),
        theirs,
        others,
    )
    if seen.written_after:
        says = f"Messages sent to people who wished for none: {seen.written_after}."
        return Judged(Status.NOT_MET, says, figures)
    if seen.due and (theirs.high or 0.0) < (others.low or 0.0):
        says = "What people told us who opted out is surely decided in time less often."
        return Judged(Status.AT_RISK, says, figures)
    status = status_of_share(seen.opted_out, of=seen.opted_out, aim=1.0, floor=0.80)
    if status is Status.NOT_ENOUGH:
        says = f"{few(seen.opted_out)} opted out in 90 days; too few to say that it works."
        return Judged(status, says, figures)
    return Judged(status, f"None of {seen.opted_out} who opted out was written to.", figures)


OPTING_OUT: tuple[Probe, ...] = (
    Probe(
        id="opting_out",
        version=1,
        measures=("ICU D6", "PCU D6"),
        asks="Whether those who opt out get no more messages, and are answered no later.",
        met="Nobody who opted out was written to, and enough did to be sure of 80 of 100.",
        at_risk="What they told us is surely decided in time less often than that of others.",
        not_met="One message was sent to somebody who had opted out.",
        not_enough="Too few opted out in 90 days.",
        reads=(OPTED_OUT, HEARD),
        judge=_opted_out,
    ),
)
