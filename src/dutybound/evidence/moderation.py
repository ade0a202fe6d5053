"""Probes of what is looked at, and in which order: ICU C1 and C5, PCU C1 and C5."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from dutybound.evidence.figures import Figure, count, in_words, seconds, share
from dutybound.evidence.judging import status_of_share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

GRAVE = 4
"""From this severity on every hour counts."""


@dataclass(frozen=True, slots=True)
class OfSeverity:
    """Cases of one severity: those opened in 90 days, and those that wait now.

    `in_time`, `late`: first decided within what the severity allows, or after it. `waiting_late`:
    wait past their time. `overdue_seconds`: the longest of those is so far past it.
    """

    severity: int
    opened: int = 0
    in_time: int = 0
    late: int = 0
    waiting: int = 0
    waiting_late: int = 0
    oldest_seconds: float | None = None
    overdue_seconds: float | None = None
    median_seconds: float | None = None

    @property
    def decided(self) -> int:
        return self.in_time + self.late


@dataclass(frozen=True, slots=True)
class CasesSeen:
    """Cases about illegal content, and about content harmful to children, the gravest first.

    A case about illegal content that somebody reported as harmful to children is among both.
    """

    illegal: tuple[OfSeverity, ...]
    children: tuple[OfSeverity, ...]


CASES = Query(
    "cases",
    CasesSeen,
    "The cases opened in the last 90 days, by severity: how many a person has decided, and how "
    "soon; and the cases that wait for a first decision, with those past their time.",
    ("cases", "decisions"),
    QUARTER,
)


@dataclass(frozen=True, slots=True)
class Code:
    """One of the two Codes: how its measures are called, and what they are about."""

    prefix: str
    about: str
    ending: str = ""
    """Of the ids of its probes."""


ILLEGAL = Code("ICU", "illegal content")
CHILDREN = Code("PCU", "content harmful to children", "_children")
CODES = (ILLEGAL, CHILDREN)


def seen_by(given: Given, code: Code) -> tuple[OfSeverity, ...]:
    """The cases of one Code."""
    return given[CASES].illegal if code is ILLEGAL else given[CASES].children


# C1: is it looked at?

REVIEWED_AIM, REVIEWED_FLOOR = 0.99, 0.90
FORGOTTEN = timedelta(days=7)
"""What waits for so long past its time is not looked at."""


def _reviewed(given: Given, code: Code) -> Judged:
    rows = seen_by(given, code)
    reviewed, late = sum(row.decided for row in rows), sum(row.waiting_late for row in rows)
    waiting, overdue = sum(row.waiting for row in rows), _most(row.overdue_seconds for row in rows)
    due = reviewed + late
    share_says = status_of_share(reviewed, of=due, aim=REVIEWED_AIM, floor=REVIEWED_FLOOR)
    figures = (
        count("Cases opened in 90 days", sum(row.opened for row in rows), query=CASES.name),
        share("Decided, of those decided or past their time", reviewed, of=due, query=CASES.name),
        count("Waiting now", waiting, query=CASES.name),
        count("Waiting past their time", late, query=CASES.name),
        seconds("The oldest waits", _most(row.oldest_seconds for row in rows), query=CASES.name),
    )
    if overdue is not None and late:
        lasts = in_words(timedelta(seconds=overdue))
        says = f"{_cases(late)} past the time for a decision, the longest by {lasts}."
        forgotten = overdue > FORGOTTEN.total_seconds()
        return Judged(
            worst_of((share_says, Status.NOT_MET if forgotten else Status.AT_RISK)), says, figures
        )
    if share_says is Status.NOT_ENOUGH:
        says = _only(due, "cases were decided or due")
        return Judged(share_says, says, figures)
    return Judged(
        share_says, f"{reviewed:,} of {due:,} were decided by a person, and none is late.", figures
    )


def _cases(number: int) -> str:
    return "1 case waits" if number == 1 else f"{number:,} cases wait"


def _only(number: int, came: str) -> str:
    """What is said of few, and of none."""
    if not number:
        return f"No {came} in 90 days, so there is nothing to tell by."
    return f"Only {number:,} {came} in 90 days; that is too few to tell."


def _most(values: Iterable[float | None]) -> float | None:
    return max((value for value in values if value is not None), default=None)


# C5: is the graver looked at first?

PLACED_AIM, PLACED_FLOOR = 0.95, 0.80
FEWEST_TO_COMPARE = 10
"""A median of fewer says nothing about an order."""
GRAVE_MAY_WAIT = timedelta(days=1)
"""A grave case that is so much late was not put first."""


def _prioritised(given: Given, code: Code) -> Judged:
    rows = sorted(seen_by(given, code), key=lambda row: -row.severity)
    grave = [row for row in rows if row.severity >= GRAVE]
    late = sum(row.waiting_late for row in grave)
    kept, due = sum(row.in_time for row in grave), sum(row.decided for row in grave) + late
    overdue = _most(row.overdue_seconds for row in grave)
    figures = (
        share("Grave cases decided in time", kept, of=due, query=CASES.name),
        count("Grave cases waiting past their time", late, query=CASES.name),
        *(_median_of(row) for row in rows),
    )
    comparable = [row for row in rows if row.decided >= FEWEST_TO_COMPARE]
    # Between neighbours: what is graver must not take longer, half of the time.
    if turned := [pair for pair in pairwise(comparable) if _takes_longer(*pair)]:
        graver, milder = turned[0]
        says = (
            f"Cases of severity {graver.severity} took longer than those of severity "
            f"{milder.severity}: {_median_in_words(graver)} against {_median_in_words(milder)}."
        )
        return Judged(Status.NOT_MET, says, figures)
    return _grave_first(late, overdue, kept, due, comparable, figures)


def _grave_first(
    late: int,
    overdue: float | None,
    kept: int,
    due: int,
    comparable: list[OfSeverity],
    figures: tuple[Figure, ...],
) -> Judged:
    status = status_of_share(kept, of=due, aim=PLACED_AIM, floor=PLACED_FLOOR)
    if late:
        is_long = overdue is not None and overdue > GRAVE_MAY_WAIT.total_seconds()
        worse = Status.NOT_MET if is_long else Status.AT_RISK
        says = f"{_cases(late)} past the time, of the gravest kinds, which go first."
        return Judged(worst_of((status, worse)), says, figures)
    if status is Status.NOT_ENOUGH:
        says = _only(due, "grave cases were due")
        return Judged(status, says, figures)
    if status is Status.MET and len(comparable) < 2:
        says = (
            f"{kept:,} of {due:,} grave cases were decided in time; too few milder ones came to "
            "see which goes first."
        )
        return Judged(Status.NOT_ENOUGH, says, figures)
    says = f"{kept:,} of {due:,} grave cases were decided in time, and no milder kind was faster."
    return Judged(status, says, figures)


def _takes_longer(graver: OfSeverity, milder: OfSeverity) -> bool:
    return (graver.median_seconds or 0.0) > (milder.median_seconds or 0.0)


def _median_of(row: OfSeverity) -> Figure:
    name = f"To the first decision at severity {row.severity}, median"
    return seconds(name, row.median_seconds, query=CASES.name)


def _median_in_words(row: OfSeverity) -> str:
    return in_words(timedelta(seconds=row.median_seconds or 0.0))


def _probes_of(code: Code) -> Iterable[Probe]:
    yield Probe(
        id=f"reviewed{code.ending}",
        version=1,
        measures=(f"{code.prefix} C1",),
        asks=f"Whether a person looks at what may be {code.about} and decides about it.",
        met="99 of 100 cases that were due are decided, and none waits past its time.",
        at_risk="Fewer than 99 of 100, or one that waits past its time.",
        not_met=(
            f"Surely fewer than 99 of 100, and fewer than 90; or one that waits more than "
            f"{FORGOTTEN.days} days past its time."
        ),
        not_enough="Too few cases were due in 90 days.",
        reads=(CASES,),
        judge=lambda given: _reviewed(given, code),
    )
    yield Probe(
        id=f"prioritised{code.ending}",
        version=1,
        measures=(f"{code.prefix} C5",),
        asks=f"Whether the graver is looked at first, of what may be {code.about}.",
        met=(
            "95 of 100 grave cases (severity 4 and 5) are decided in time, and no milder severity "
            "is decided sooner than a graver one, by their medians."
        ),
        at_risk="Fewer than 95 of 100 in time, or a grave case that waits past its time.",
        not_met=(
            "A milder severity is decided sooner than a graver one; a grave case waits more than "
            "a day past its time; or surely fewer than 95 of 100 in time, and fewer than 80."
        ),
        not_enough="Too few grave cases were due in 90 days, or too few others to compare.",
        reads=(CASES,),
        judge=lambda given: _prioritised(given, code),
    )


MODERATION: tuple[Probe, ...] = tuple(probe for code in CODES for probe in _probes_of(code))
