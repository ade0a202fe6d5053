"""Probe of accounts of proscribed organisations: ICU H1."""

from dataclasses import dataclass
from datetime import timedelta

from dutybound.evidence.figures import Figure, count, in_words, seconds, share
from dutybound.evidence.judging import status_of_share
from dutybound.evidence.probe import Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class AccountsSeen:
    """Cases about an account as a whole, for terrorism.

    `closed`: decided to be closed. `told_in_time`: the service was told within 4 hours of the
    first notice. `done_in_time`, `done_late`: it said that it was done, within that or after it.
    `waiting`, `waiting_late`: not decided; past their time. `undone_late`: told more than a day
    ago, and the service has not said that it was done.
    """

    opened: int
    waiting: int
    waiting_late: int
    overdue_seconds: float | None
    decided: int
    closed: int
    told_in_time: int
    done_in_time: int
    done_late: int
    undone_late: int
    median_seconds: float | None


ACCOUNTS = Query(
    "accounts_terrorism",
    AccountsSeen,
    "Of the last 365 days, cases about accounts as a whole, for terrorism: how soon it was decided "
    "to close them, the service was told, and it said that it was done.",
    ("cases", "decisions", "enforcements"),
    YEAR,
)
CLOSED_AIM, CLOSED_FLOOR = 0.95, 0.80
FORGOTTEN = timedelta(days=1)


def _closed(given: Given) -> Judged:
    seen = given[ACCOUNTS]
    done = seen.done_in_time + seen.done_late
    due = done + seen.undone_late
    figures = (
        count("Accounts brought to a decision in 365 days", seen.opened, query=ACCOUNTS.name),
        count("Decided to be closed", seen.closed, query=ACCOUNTS.name),
        share("Closed in time, of those due", seen.done_in_time, of=due, query=ACCOUNTS.name),
        seconds("From first notice until closed, median", seen.median_seconds,
                query=ACCOUNTS.name),
        count("Waiting past their time", seen.waiting_late, query=ACCOUNTS.name),
    )  # fmt: skip
    status = status_of_share(seen.done_in_time, of=due, aim=CLOSED_AIM, floor=CLOSED_FLOOR)
    if seen.waiting_late:
        overdue = timedelta(seconds=seen.overdue_seconds or 0.0)
        says = f"{seen.waiting_late:,} accounts wait for a decision, late by {in_words(overdue)}."
        worse = Status.NOT_MET if overdue > FORGOTTEN else Status.AT_RISK
        return Judged(worst_of((status, worse)), says, figures)
    if not seen.opened:
        says = "No account was brought to a decision in a year; nothing shows how one would fare."
        return Judged(Status.NOT_ENOUGH, says, figures)
    if seen.closed and not done:
        return _only_told(seen, figures)
    if seen.undone_late:
        says = f"Of {seen.closed:,} to be closed, {seen.undone_late:,} are not known to be."
        return Judged(worst_of((status, Status.AT_RISK)), says, figures)
    if status is Status.NOT_ENOUGH:
        says = f"Only {due:,} were closed in a year; that is too few to tell."
        return Judged(status, says, figures)
    return Judged(status, f"{seen.done_in_time:,} of {due:,} were closed in time.", figures)


def _only_told(seen: AccountsSeen, figures: tuple[Figure, ...]) -> Judged:
    told = status_of_share(seen.told_in_time, of=seen.closed, aim=CLOSED_AIM, floor=CLOSED_FLOOR)
    says = (
        f"The service was told in time to close {seen.told_in_time:,} of {seen.closed:,}, and has "
        "never said that it did."
    )
    status = told if told in (Status.NOT_MET, Status.AT_RISK) else Status.NOT_ENOUGH
    return Judged(status, says, figures)


ACCOUNT_PROBES: tuple[Probe, ...] = (
    Probe(
        id="accounts_terrorism",
        version=1,
        measures=("ICU H1",),
        asks=(
            "How soon accounts that belong to a proscribed organisation are closed, once somebody "
            "has told of them."
        ),
        met="95 of 100 were closed within 4 hours of the first notice, and none waits.",
        at_risk="Fewer than 95 of 100 in time, one that waits, or one not known to be closed.",
        not_met="One waits more than a day past its time; or surely fewer than 95 of 100.",
        not_enough="None or too few in a year, or the service never says that it closed them.",
        reads=(ACCOUNTS,),
        judge=_closed,
    ),
)
