"""Probes of appeals: another person decides, in time, and what was wrong is put back."""

from dataclasses import dataclass

from dutybound.evidence.complaints_heard import HEARD, Total, figures_of, promptness, total_of
from dutybound.evidence.figures import Figure, count, days, seconds, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

KINDS = ("appeal_item", "appeal_account")
AGREE_AIM, AGREE_FLOOR = 0.90, 0.70


@dataclass(frozen=True, slots=True)
class Appeals:
    """Appeals that were lodged in the window, and who answered them.

    `by_same`: answered by whoever had decided. `in_favour`: the appeal was right.
    `looked_again`, `agreed`: blind second looks at the answers. `target_days`: the longest target
    that is set for appeals; `target_is_own`: the service has set it itself.
    """

    lodged: int
    answered: int
    by_same: int
    in_favour: int
    looked_again: int
    agreed: int
    median_seconds: float | None
    target_days: float
    target_is_own: bool


APPEALED = Query(
    "appeals",
    Appeals,
    "Of the appeals lodged in the last 90 days: how many were answered and how soon, how many by "
    "whoever had decided, how many were right, and how often a blind second look agreed.",
    ("appeals", "decisions", "second looks", "settings of the form"),
    QUARTER,
)


def _figures(seen: Appeals, total: Total) -> tuple[Figure, ...]:
    name = APPEALED.name
    return (
        *figures_of(total),
        count("Answered by whoever had decided", seen.by_same, query=name),
        share("Found to be right", seen.in_favour, of=seen.answered, query=name),
        share("Second looks that agreed", seen.agreed, of=seen.looked_again, query=name),
        seconds("Until the answer, median", seen.median_seconds, query=name),
        days("Target", seen.target_days, query=name),
    )


def _prompt(given: Given) -> Judged:
    seen, total = given[APPEALED], total_of(given[HEARD], KINDS)
    figures = _figures(seen, total)
    if seen.by_same:
        says = f"Answered by the person who had decided: {seen.by_same}."
        return Judged(Status.NOT_MET, says, figures)
    status, says = promptness(total)
    return Judged(status, says, figures)


def _monitored(given: Given) -> Judged:
    prompt = _prompt(given)
    seen = given[APPEALED]
    if prompt.status is Status.NOT_MET:
        return prompt
    if not seen.target_is_own:
        says = f"The service has set no target of its own for appeals. {prompt.says}"
        return Judged(worst_of((prompt.status, Status.AT_RISK)), says, prompt.figures)
    accuracy = status_of_share(seen.agreed, of=seen.looked_again, aim=AGREE_AIM, floor=AGREE_FLOOR)
    says = f"{prompt.says} {_accuracy_says(seen, accuracy)}"
    return Judged(worst_of((prompt.status, accuracy)), says, prompt.figures)


def _accuracy_says(seen: Appeals, accuracy: Status) -> str:
    if accuracy is Status.NOT_ENOUGH:
        return f"{few(seen.looked_again)} of the answers had a second look; too few to tell."
    return f"Second looks agreed with {seen.agreed} of {seen.looked_again} answers."


@dataclass(frozen=True, slots=True)
class Restored:
    """Appeals that were right: whether the service was told to put it back, and did.

    `untold`: nothing was told to the service. `unconfirmed`: told longer than a day ago, and it
    has not said that it is done. `service_confirms`: it says so of what it does at all.
    """

    right: int
    untold: int
    confirmed: int
    unconfirmed: int
    service_confirms: bool
    median_seconds: float | None


RESTORED = Query(
    "restored",
    Restored,
    "Of the appeals of the last 90 days that were right: how many the service was told to put "
    "back, and how many it says it has.",
    ("appeals", "enforcements"),
    QUARTER,
)


def _restored(given: Given) -> Judged:
    seen = given[RESTORED]
    name = RESTORED.name
    due = seen.untold + seen.confirmed + seen.unconfirmed
    figures = (
        share("Put back, as the service says", seen.confirmed, of=due, query=name),
        count("Appeals that were right", seen.right, query=name),
        count("Not told to the service", seen.untold, query=name),
        seconds("Until it was put back, median", seen.median_seconds, query=name),
    )
    if seen.untold:
        says = f"Right, and the service was not told to put it back: {seen.untold}."
        return Judged(Status.NOT_MET, says, figures)
    if seen.right and not seen.service_confirms:
        says = (
            f"Appeals that were right: {seen.right}. The service was told, and never says what it "
            "has done, so that nobody sees here whether it did."
        )
        return Judged(Status.NOT_ENOUGH, says, figures)
    status = status_of_share(seen.confirmed, of=due, aim=AIM, floor=FLOOR)
    if seen.unconfirmed:
        says = f"Not put back within a day, as far as the service says: {seen.unconfirmed}."
        return Judged(worst_of((status, Status.AT_RISK)), says, figures)
    if status is Status.NOT_ENOUGH:
        says = f"Appeals of 90 days that were right: {due}; too few to tell."
        return Judged(status, says, figures)
    return Judged(status, f"{seen.confirmed} of {due} were put back.", figures)


AIM, FLOOR = 0.95, 0.80

APPEALS: tuple[Probe, ...] = (
    Probe(
        id="appeals_monitored",
        version=1,
        measures=("ICU D8", "PCU D8"),
        asks="Whether appeals are decided by another person, within targets for time and accuracy "
        "that the service has set; in which order they are taken is not measured.",
        met="None by the same person, 95 of 100 in time, and second looks agree with 90 of 100.",
        at_risk="One is late now, second looks agree less often, or no target was set.",
        not_met="One was answered by the person who had decided, or surely too few in time.",
        not_enough="Too few appeals, or too few second looks at their answers.",
        reads=(APPEALED, HEARD),
        judge=_monitored,
    ),
    Probe(
        id="appeals_decided",
        version=1,
        measures=("ICU D9", "PCU D9"),
        asks="Whether appeals are decided promptly, and by another person.",
        met="None by the same person, 95 of 100 in time, and enough to be sure of 80.",
        at_risk="Fewer than 95 of 100 in time, or one that is late now, slow or untold.",
        not_met="One was answered by the person who had decided, or surely too few in time.",
        not_enough="Too few appeals were due in 90 days.",
        reads=(APPEALED, HEARD),
        judge=_prompt,
    ),
    Probe(
        id="appeals_put_right",
        version=1,
        measures=("ICU D10", "PCU D10"),
        asks="Whether what was wrongly taken away is put back after an appeal.",
        met="95 of 100 put back, as the service says, and enough to be sure of 80.",
        at_risk="One was not put back within a day.",
        not_met="The service was not told of one, or surely too few were put back.",
        not_enough="Too few appeals were right, or the service never says what it has done.",
        reads=(RESTORED,),
        judge=_restored,
    ),
)
