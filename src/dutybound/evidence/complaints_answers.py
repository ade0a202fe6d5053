"""Probes of how complaints are answered: by kind, within the target, told, and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass

from dutybound.evidence.complaints_letters import QUARTER
from dutybound.evidence.figures import Figure, count, seconds, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

AIM, FLOOR = 0.95, 0.80
LONGEST_DAYS = 30
"""However late a service sets its target, longer than this is not prompt."""


@dataclass(frozen=True, slots=True)
class HeardOf:
    """What became of one kind, of those received in the window or still waiting.

    `in_time` and `late`: decided before and after the target. `waiting_late`: past it and not
    decided. `slow`: waits longer than 30 days, whatever the target is. `target_days`: the longest
    target, in days of the calendar.
    `untold`: decided, and nothing is there to read.
    """

    kind: str
    received: int
    in_time: int
    late: int
    waiting: int
    waiting_late: int
    slow: int
    untold: int
    put_right: int
    oldest_seconds: float | None
    target_days: float
    is_statutory: bool = False


@dataclass(frozen=True, slots=True)
class Heard:
    kinds: tuple[HeardOf, ...]


HEARD = Query(
    "heard",
    Heard,
    "Of each kind of report, complaint and appeal that came in the last 90 days or still waits: "
    "how many were decided before and after their target, wait, were told, and how long the "
    "oldest waits.",
    ("reports and complaints", "their history"),
    QUARTER,
)


@dataclass(frozen=True, slots=True)
class Total:
    """Several kinds together."""

    kinds: tuple[HeardOf, ...]

    def sum(self, field: str) -> int:
        return sum(getattr(one, field) for one in self.kinds)

    @property
    def due(self) -> int:
        return self.sum("in_time") + self.sum("late") + self.sum("waiting_late")

    @property
    def answered(self) -> int:
        return self.sum("in_time") + self.sum("late")

    @property
    def oldest_seconds(self) -> float | None:
        waits = [one.oldest_seconds for one in self.kinds if one.oldest_seconds is not None]
        return max(waits, default=None)

    @property
    def target_days(self) -> float:
        return max((one.target_days for one in self.kinds), default=0.0)

    @property
    def breaks_the_act(self) -> int:
        """Those whose target is a limit of the Act, and which came after it or still wait."""
        of_act = [one for one in self.kinds if one.is_statutory]
        return sum(one.late + one.waiting_late for one in of_act)


def total_of(heard: Heard, kinds: Iterable[str]) -> Total:
    wanted = frozenset(kinds)
    return Total(tuple(one for one in heard.kinds if one.kind in wanted))


def promptness(total: Total) -> tuple[Status, str]:
    """How promptly several kinds were answered, and in a sentence."""
    due, waiting_late, slow = total.due, total.sum("waiting_late"), total.sum("slow")
    status = status_of_share(total.sum("in_time"), of=due, aim=AIM, floor=FLOOR)
    if total.breaks_the_act:
        return Status.NOT_MET, f"{total.breaks_the_act} went past a limit that the Act sets."
    if waiting_late:
        says = f"{waiting_late} of {due} are past their target and not decided."
        return worst_of((status, Status.AT_RISK)), says
    if slow:
        says = f"{slow} wait longer than {LONGEST_DAYS} days."
        return worst_of((status, Status.AT_RISK)), says
    if total.target_days > LONGEST_DAYS:
        says = f"The target is {total.target_days:.0f} days, which is not prompt."
        return worst_of((status, Status.AT_RISK)), says
    if total.sum("untold"):
        says = f"{total.sum('untold')} were decided, and the person was not told."
        return worst_of((status, Status.AT_RISK)), says
    if status is Status.NOT_ENOUGH:
        return status, f"{few(due)} were due in 90 days; too few to tell."
    return status, f"{total.sum('in_time')} of {due} were decided in time."


def figures_of(total: Total) -> tuple[Figure, ...]:
    name = HEARD.name
    return (
        share("Decided in time", total.sum("in_time"), of=total.due, query=name),
        count("Received", total.sum("received"), query=name),
        count("Waiting", total.sum("waiting"), query=name),
        count("Past the target and waiting", total.sum("waiting_late"), query=name),
        count(f"Waiting longer than {LONGEST_DAYS} days", total.sum("slow"), query=name),
        count("Decided and not told", total.sum("untold"), query=name),
        seconds("Oldest that waits", total.oldest_seconds, query=name),
    )


def _prompt(given: Given, kinds: tuple[str, ...]) -> Judged:
    total = total_of(given[HEARD], kinds)
    return Judged(*promptness(total), figures_of(total))


@dataclass(frozen=True, slots=True)
class Answerers:
    """Who answers complaints about duties and ages: `named`: by name, and still there."""

    duties_named: bool
    duties_by_role: int
    age_named: bool
    age_by_role: int
    age_target_set: bool


ANSWERERS = Query(
    "answerers",
    Answerers,
    "Who is to answer complaints about the service's duties and about ages: somebody named, or "
    "those with the role for it; and whether the service has set a target of its own for ages.",
    ("settings of the form", "staff and their roles"),
)


def _owned(given: Given) -> Judged:
    who = given[ANSWERERS]
    total = total_of(given[HEARD], ("duties", "expedited"))
    by_role = count("Staff with the role for it", who.duties_by_role, query=ANSWERERS.name)
    figures = (*figures_of(total), by_role)
    if not (who.duties_named or who.duties_by_role):
        return Judged(Status.NOT_MET, "Nobody is there to answer these complaints.", figures)
    status, says = promptness(total)
    return Judged(status, says, figures)


@dataclass(frozen=True, slots=True)
class RightsTold:
    """Of the newest acknowledgements of complaints about automatic checks: which say the right."""

    read: int
    say_right: int


RIGHTS_TOLD = Query(
    "rights_told",
    RightsTold,
    "Of the newest 60 acknowledgements of complaints about automatic checks in 90 days: how many "
    "say what may be done, and that the person can claim for breach of contract.",
    ("letters",),
    QUARTER,
)


def _proactive(given: Given) -> Judged:
    told = given[RIGHTS_TOLD]
    total = total_of(given[HEARD], ("proactive_technology",))
    figures = (
        *figures_of(total),
        share("Say the right to claim", told.say_right, of=told.read, query=RIGHTS_TOLD.name),
    )
    status, says = promptness(total)
    untold = told.read - told.say_right
    if untold:
        says = f"{untold} of {told.read} were not told of the right to claim. {says}"
        worse = Status.NOT_MET if not told.say_right else Status.AT_RISK
        return Judged(worst_of((status, worse)), says, figures)
    return Judged(status, says, figures)


def _age(given: Given, *, wants_target: bool) -> Judged:
    who = given[ANSWERERS]
    total = total_of(given[HEARD], ("age",))
    right = total.sum("put_right")
    figures = (*figures_of(total), count("Found to be right", right, query=HEARD.name))
    status, says = promptness(total)
    if not (who.age_named or who.age_by_role):
        return Judged(Status.NOT_MET, "Nobody is there to answer these complaints.", figures)
    if wants_target and not who.age_target_set:
        says = f"The service has set no target of its own for these. {says}"
        return Judged(worst_of((status, Status.AT_RISK)), says, figures)
    if right and status is Status.MET:
        says = f"{says} {right} were right; whether the service corrected the age is not seen here."
        return Judged(Status.NOT_ENOUGH, says, figures)
    return Judged(status, says, figures)


def _acting(name: str, measure: str, kinds: tuple[str, ...], whose: str) -> Probe:
    return Probe(
        id=name,
        version=1,
        measures=(measure,),
        asks=f"How soon reports of {whose} are looked at, decided, and their people told.",
        met="95 of 100 decided within their target, none late now, and enough to be sure of 80.",
        at_risk="Fewer than 95 of 100 in time, or one that is late now, slow or untold.",
        not_met="Surely fewer than 95 of 100, and fewer than 80; or past a limit of the Act.",
        not_enough="Too few were due in 90 days.",
        reads=(HEARD,),
        judge=lambda given: _prompt(given, kinds),
    )


def _of_age(name: str, measure: str, *, wants_target: bool) -> Probe:
    at_risk = "Fewer than 95 of 100 in time, or one that is late now, slow or untold"
    return Probe(
        id=name,
        version=1,
        measures=(measure,),
        asks="How soon complaints are answered that somebody was wrongly taken for a child.",
        met="95 of 100 decided within their target, none late now, and enough to be sure of 80.",
        at_risk=f"{at_risk}; or no target was set." if wants_target else f"{at_risk}.",
        not_met="Surely fewer than 95 of 100, and fewer than 80; or nobody answers them.",
        not_enough="Too few in 90 days, or some were right and what the service did is not seen.",
        reads=(HEARD, ANSWERERS),
        judge=lambda given: _age(given, wants_target=wants_target),
    )


ANSWERS: tuple[Probe, ...] = (
    _acting("reports_acted_on", "ICU D7", ("illegal_content", "intimate_image"), "illegal content"),
    _acting(
        "reports_acted_on_children",
        "PCU D7",
        ("harmful_to_children",),
        "content harmful to children",
    ),
    Probe(
        id="proactive_complaints",
        version=1,
        measures=("ICU D11",),
        asks="How soon complaints about automatic checks are answered, and whether people are "
        "told what they can do.",
        met="95 of 100 decided in time, each told of the right to claim, and enough of them.",
        at_risk="One is late now, slow or untold, or was not told of the right to claim.",
        not_met="Surely too few in time, or nobody was told of the right to claim.",
        not_enough="Too few such complaints in 90 days.",
        reads=(HEARD, RIGHTS_TOLD),
        judge=_proactive,
    ),
    Probe(
        id="other_complaints",
        version=1,
        measures=("ICU D12", "PCU D13"),
        asks="Whether somebody is named to answer every other complaint, and how soon they do.",
        met="Somebody is there, 95 of 100 were decided within the target, and enough of them.",
        at_risk="Fewer than 95 of 100 in time, or one that is late now, slow or untold.",
        not_met="Nobody is there to answer, or surely too few in time.",
        not_enough="Somebody is there, and too few were due in 90 days.",
        reads=(HEARD, ANSWERERS),
        judge=_owned,
    ),
    _of_age("age_complaints_monitored", "PCU D11", wants_target=True),
    _of_age("age_complaints", "PCU D12", wants_target=False),
)
