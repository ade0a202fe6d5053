"""Probes of how soon content goes once somebody has told of it: ICU C2 and PCU C2."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from dutybound.evidence.figures import Figure, count, seconds, share
from dutybound.evidence.judging import status_of_share
from dutybound.evidence.moderation import CODES, ILLEGAL, Code
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of
from dutybound.register.harms import HARMS

INTIMATE_WITHIN = timedelta(hours=48)
"""Section 10(3A) of the Act, from the report of an intimate image."""


@dataclass(frozen=True, slots=True)
class OfHarm:
    """What was taken down of one kind of harm, and the median of how long it was up."""

    harm: str
    removed: int
    known: int
    """Of those: the service said that it was done, so that the time is known."""
    median_seconds: float | None


@dataclass(frozen=True, slots=True)
class Removals:
    """Decisions to take content down, and what became of each.

    `hidden`: the service was told to keep it from view as it came in, before anybody saw it; that
    took no time. `said`: the service said that it did what it was told. `in_time`, `late`: hidden,
    or done within what the severity allows, or after, from the first notice to the service's
    word. `pending`, `overdue`: the service has not said so; the time is not over, or it is.
    `told_in_time`: the service was told within the time. `undelivered`: told by a message that
    never arrived, and the service has not said that it was done. `intimate`: of intimate images;
    `intimate_late`: those that took or take more than 48 hours; `intimate_open`: reports of such
    that nobody has decided in 48 hours. `left_up`: judged illegal, and left in view under
    conditions.
    """

    removed: int = 0
    hidden: int = 0
    said: int = 0
    in_time: int = 0
    late: int = 0
    pending: int = 0
    overdue: int = 0
    told_in_time: int = 0
    undelivered: int = 0
    median_seconds: float | None = None
    p90_seconds: float | None = None
    p95_seconds: float | None = None
    told_median_seconds: float | None = None
    intimate: int = 0
    intimate_late: int = 0
    intimate_open: int = 0
    left_up: int = 0
    by_harm: tuple[OfHarm, ...] = ()

    @property
    def known(self) -> int:
        """Of how many it is known when they were down."""
        return self.in_time + self.late


@dataclass(frozen=True, slots=True)
class TakenDown:
    illegal: Removals
    children: Removals


TAKEN_DOWN = Query(
    "taken_down",
    TakenDown,
    "Of the last 90 days, each decision against content: how long from the first report, match or "
    "hold until the service was told, and until it said that it was done; what was kept from view "
    "from the start took no time.",
    ("cases", "decisions", "enforcements", "deliveries", "reports"),
    QUARTER,
)


@dataclass(frozen=True, slots=True)
class Claims:
    """Parts of the service where content cannot be taken down, by the approved assessment.

    `claimed`: a claim says why, and is in force. `expired`: its day has passed.
    """

    surfaces: int
    infeasible: int
    claimed: int
    expired: int


CLAIMS = Query(
    "feasibility_claims",
    Claims,
    "The parts of the service that the approved assessment names, and for which of them it claims "
    "that content cannot be taken down.",
    ("the approved assessment",),
)

REMOVED_AIM, REMOVED_FLOOR = 0.95, 0.80
HARMS_SHOWN = 6
"""Kinds of harm with a figure of their own: those of which most was taken down."""


def _swift(given: Given, code: Code) -> Judged:
    seen = given[TAKEN_DOWN].illegal if code is ILLEGAL else given[TAKEN_DOWN].children
    claims = given[CLAIMS]
    figures = tuple(_figures(seen, claims, code))
    if failure := _failure(seen, claims):
        return Judged(Status.NOT_MET, failure, figures)
    judged = _of_times(seen, figures)
    if seen.left_up and code is ILLEGAL:
        says = f"{judged.says} Under a claim that is in force, {seen.left_up:,} were left in view."
        judged = Judged(judged.status, says, figures)
    if claims.expired:
        says = f"{judged.says} A claim that content cannot be taken down has expired."
        return Judged(worst_of((judged.status, Status.AT_RISK)), says, figures)
    return judged


def _failure(seen: Removals, claims: Claims) -> str:
    """What is not met at once, however few there were; empty where nothing is."""
    if seen.intimate_late:
        return f"Intimate images were up for more than 48 hours after a report: {_n(seen)}."
    if seen.intimate_open:
        return (
            "Reports of intimate images that nobody has decided within 48 hours: "
            f"{seen.intimate_open:,}."
        )
    if seen.undelivered:
        return (
            "Told to take something down, the service could not be reached for days, and has not "
            f"said that it did: {seen.undelivered:,}."
        )
    if seen.left_up and not claims.claimed:
        return (
            "Judged illegal and left in view, where no claim in force says that it cannot be taken "
            f"down: {seen.left_up:,}."
        )
    return ""


def _n(seen: Removals) -> str:
    return f"{seen.intimate_late:,} of {seen.intimate:,}"


def _of_times(seen: Removals, figures: tuple[Figure, ...]) -> Judged:
    if seen.removed and not seen.said:
        return _only_told(seen, figures)
    due = seen.known + seen.overdue
    status = status_of_share(seen.in_time, of=due, aim=REMOVED_AIM, floor=REMOVED_FLOOR)
    if seen.overdue:
        says = (
            f"{seen.overdue:,} of {seen.removed:,} are past their time, and the service has not "
            "said that they are down."
        )
        return Judged(worst_of((status, Status.AT_RISK)), says, figures)
    if status is Status.NOT_ENOUGH:
        says = "Nothing was to be taken down in 90 days, so there is nothing to tell by."
        if due:
            says = f"Only {due:,} were taken down in 90 days; that is too few to tell."
        return Judged(status, says, figures)
    return Judged(status, f"{seen.in_time:,} of {due:,} were down in time.", figures)


def _only_told(seen: Removals, figures: tuple[Figure, ...]) -> Judged:
    """What can be said where the service never says that it did what it was told: never "met"."""
    told = status_of_share(seen.told_in_time, of=seen.removed, aim=REMOVED_AIM, floor=REMOVED_FLOOR)
    says = (
        f"The service was told in time to act on {seen.told_in_time:,} of {seen.removed:,}, and "
        "has never said that it did; so how long they were up is not known."
    )
    status = told if told in (Status.NOT_MET, Status.AT_RISK) else Status.NOT_ENOUGH
    return Judged(status, says, figures)


def _figures(seen: Removals, claims: Claims, code: Code) -> Iterable[Figure]:
    name = TAKEN_DOWN.name
    due = seen.known + seen.overdue
    yield count("To be taken down or kept from children, decided in 90 days"
                if code is not ILLEGAL else "Decided to be taken down in 90 days",
                seen.removed, query=name)  # fmt: skip
    yield count("Kept from view from the start", seen.hidden, query=name)
    yield share("Down in time, of those due", seen.in_time, of=due, query=name)
    yield share("Still up, as far as is known", seen.pending + seen.overdue,
                of=seen.removed, query=name)  # fmt: skip
    yield seconds("From first notice until it was down, median", seen.median_seconds, query=name)
    yield seconds("9 of 10 were down after", seen.p90_seconds, query=name)
    yield seconds("19 of 20 were down after", seen.p95_seconds, query=name)
    yield seconds("Until the service was told, median", seen.told_median_seconds, query=name)
    yield count("Messages that never reached the service", seen.undelivered, query=name)
    if code is ILLEGAL:
        yield share("Intimate images up for more than 48 hours", seen.intimate_late,
                    of=seen.intimate, query=name)  # fmt: skip
        yield count("Reports of intimate images open after 48 hours", seen.intimate_open,
                    query=name)  # fmt: skip
        yield share("Judged illegal and left in view", seen.left_up,
                    of=seen.left_up + seen.removed, query=name)  # fmt: skip
    yield count("Parts where content cannot be taken down", claims.infeasible, query=CLAIMS.name)
    yield count("Of those, with a claim in force", claims.claimed, query=CLAIMS.name)
    shown = [row for row in seen.by_harm if row.known]
    for row in sorted(shown, key=lambda row: (-row.removed, row.harm))[:HARMS_SHOWN]:
        yield seconds(f"{HARMS[row.harm].name}: median, of {row.known:,} known", row.median_seconds,
                      query=name)  # fmt: skip


def _probe_of(code: Code) -> Probe:
    what = "taken down" if code is ILLEGAL else "taken down, restricted or labelled"
    return Probe(
        id=f"taken_down{code.ending}",
        version=1,
        measures=(f"{code.prefix} C2",),
        asks=(
            f"How soon {code.about} is {what} after the first notice of it, as the service itself "
            "says."
        ),
        met=(
            "95 of 100 were down within what their severity allows (4 hours to 14 days), and "
            "nothing is overdue."
        ),
        at_risk="Fewer than 95 of 100 in time, one that is overdue, or a claim that has expired.",
        not_met=(
            "An intimate image was up for more than 48 hours; the service was never reached; "
            "illegal content was left up without a claim in force; or surely fewer than 95 of "
            "100 in time, and fewer than 80."
            if code is ILLEGAL
            else "The service was never reached; or surely fewer than 95 of 100 in time, and "
            "fewer than 80."
        ),
        not_enough="Too few in 90 days, or the service never says that it did what it was told.",
        reads=(TAKEN_DOWN, CLAIMS),
        judge=lambda given: _swift(given, code),
    )


TAKEDOWN: tuple[Probe, ...] = tuple(_probe_of(code) for code in CODES)
