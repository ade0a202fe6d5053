"""Probes of how complaints are answered: within the target, told, and by whom."""

from dataclasses import dataclass

from dutybound.evidence.complaints_heard import (
    HEARD,
    figures_of,
    promptness,
    total_of,
)
from dutybound.evidence.figures import count, share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of


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
        says = f"Not told of the right to claim: {untold} of {told.read}. {says}"
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
        says = f"{says} Found to be right: {right}; whether the age was corrected is not seen here."
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
