"""Probes of who moderates: enough people, trained, with what they need. ICU and PCU C6 to C8."""

from dataclasses import dataclass

from dutybound.evidence.documents import DOCUMENTS, governance_task, judge_documents
from dutybound.evidence.figures import Figure, count, days
from dutybound.evidence.probe import FOUR_WEEKS, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

# C6: enough people


@dataclass(frozen=True, slots=True)
class Capacity:
    """Four weeks of work, or `days` where the first case came later.

    `arrived`: cases that began to wait. `decided`: decisions taken. `may_decide`: people with such
    a role. `deciding`: people who decided anything. `looks`: times that somebody chose to see a
    picture; `most_looks_a_day`: of one person on one day.
    """

    arrived: int
    decided: int
    waiting: int
    waiting_late: int
    may_decide: int
    deciding: int
    days: float
    looks: int
    most_looks_a_day: int


CAPACITY = Query(
    "capacity",
    Capacity,
    "Of the last 28 days: cases that began to wait, decisions, who took them, and how often "
    "pictures were looked at; and the cases that wait now.",
    ("cases", "decisions", "staff", "looks at media"),
    FOUR_WEEKS,
)
FEWEST_ARRIVALS = 20
BACKLOG_AIM, BACKLOG_MOST = 3.0, 10.0
"""Days of work that may wait; more than the second is more than anybody will get to in time."""
KEEPING_UP = 0.9
"""Decisions for each arrival; with fewer the queue grows."""


def _enough_people(given: Given) -> Judged:
    seen = given[CAPACITY]
    a_day = seen.decided / seen.days
    backlog = seen.waiting / a_day if a_day else None
    figures = (
        count("Began to wait in 28 days", seen.arrived, query=CAPACITY.name),
        count("Decisions in 28 days", seen.decided, query=CAPACITY.name),
        count("Waiting now", seen.waiting, query=CAPACITY.name),
        count("Waiting past their time", seen.waiting_late, query=CAPACITY.name),
        days("Of work that waits", backlog, query=CAPACITY.name),
        count("People who may decide", seen.may_decide, query=CAPACITY.name),
        count("People who decided", seen.deciding, query=CAPACITY.name),
        count("Looks at pictures in 28 days", seen.looks, query=CAPACITY.name),
        count("Most looks by one person on a day", seen.most_looks_a_day, query=CAPACITY.name),
    )
    if not seen.may_decide:
        return Judged(Status.NOT_MET, "Nobody at this service may decide a case.", figures)
    if backlog is None or not a_day:
        return _nobody_decided(seen, figures)
    says = (
        f"{seen.arrived:,} cases came and {seen.decided:,} decisions were taken in 28 days; what "
        f"waits is {backlog:.1f} days of work."
    )
    if backlog > BACKLOG_MOST:
        return Judged(Status.NOT_MET, says, figures)
    if backlog > BACKLOG_AIM or seen.decided < KEEPING_UP * seen.arrived or seen.waiting_late:
        if seen.waiting_late:
            says += f" {seen.waiting_late:,} of them are late."
        return Judged(Status.AT_RISK, says, figures)
    if seen.arrived < FEWEST_ARRIVALS:
        return Judged(Status.NOT_ENOUGH, f"Only {seen.arrived:,} cases came in 28 days.", figures)
    return Judged(Status.MET, says, figures)


def _nobody_decided(seen: Capacity, figures: tuple[Figure, ...]) -> Judged:
    if seen.waiting:
        says = f"Nobody decided anything in 28 days, and {seen.waiting:,} cases wait."
        return Judged(Status.NOT_MET if seen.waiting_late else Status.AT_RISK, says, figures)
    return Judged(Status.NOT_ENOUGH, "Nothing came and nothing was decided in 28 days.", figures)


# C7: trained people


@dataclass(frozen=True, slots=True)
class Trained:
    """The people who may decide, and their training in moderation.

    `without`: have none in date. `new`: of those, may decide since less than the days of grace.
    `soon`: their training runs out within 30 days.
    """

    may_decide: int
    in_date: int
    without: int
    new: int
    soon: int


TRAINED = Query(
    "trained",
    Trained,
    "The people who may decide now, and how many of them have training in moderation in date.",
    ("staff", "training"),
)
GRACE_DAYS = 14
SOON_DAYS = 30
MATERIALS, FOR_VOLUNTEERS = "moderator_materials", "volunteer_materials"


def _trained(given: Given) -> Judged:
    seen = given[TRAINED]
    materials = judge_documents(given, (MATERIALS,))
    figures = (
        count("People who may decide", seen.may_decide, query=TRAINED.name),
        count("With training in date", seen.in_date, query=TRAINED.name),
        count("Without", seen.without, query=TRAINED.name),
        count(f"Running out within {SOON_DAYS} days", seen.soon, query=TRAINED.name),
        *materials.figures,
    )
    status, says = _training_of(seen)
    if status is Status.NOT_ENOUGH:
        return Judged(status, says, figures)
    return Judged(worst_of((status, materials.status)), f"{says} {materials.says}", figures)


def _training_of(seen: Trained) -> tuple[Status, str]:
    if not seen.may_decide:
        return Status.NOT_ENOUGH, "Nobody at this service may decide a case."
    of = f"of {seen.may_decide:,} who may decide"
    if seen.without > seen.new:
        return Status.NOT_MET, f"{seen.without:,} {of} have no training in date."
    if seen.without:
        return Status.AT_RISK, f"{seen.without:,} {of} are new and not trained yet."
    if seen.soon:
        return Status.AT_RISK, f"The training of {seen.soon:,} {of} runs out soon."
    return Status.MET, f"All {seen.may_decide:,} who may decide have training in date."


MODERATION_PEOPLE: tuple[Probe, ...] = (
    Probe(
        id="capacity",
        version=1,
        measures=("ICU C6", "PCU C6"),
        asks=(
            "Whether enough people moderate for what comes in. Whether they read the languages "
            "of the UK user base is not seen by it."
        ),
        met="At most 3 days of work wait, none is late, and decisions keep up with what comes.",
        at_risk="More than 3 days of work wait, one is late, or more comes than is decided.",
        not_met="More than 10 days of work wait, late ones that nobody decides, or nobody may.",
        not_enough=f"Fewer than {FEWEST_ARRIVALS} cases came in 28 days.",
        reads=(CAPACITY,),
        judge=_enough_people,
    ),
    Probe(
        id="trained",
        version=1,
        measures=("ICU C7", "PCU C7"),
        asks="Whether all who may decide are trained, and have materials to work with.",
        met="Each has training in date, and the materials are held, owned and in date.",
        at_risk=f"Somebody is new ({GRACE_DAYS} days), or something runs out within 30 days.",
        not_met="Somebody has no training in date, or there are no materials.",
        not_enough="Nobody may decide.",
        reads=(TRAINED, DOCUMENTS),
        judge=_trained,
        documents=(MATERIALS,),
    ),
    governance_task(
        "volunteer_materials",
        measures=("ICU C8", "PCU C8"),
        asks="Whether volunteers who moderate have materials to work with.",
        documents=(FOR_VOLUNTEERS,),
    ),
)
