"""Probes of what is optional or for few: disregarding complaints, a channel for fraud bodies."""

from dataclasses import dataclass

from dutybound.evidence.complaints_heard import HEARD, Total
from dutybound.evidence.figures import count, days, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

SOON_DAYS = 30
MOST_WRONG = 0.05
AIM, FLOOR = 0.95, 0.80


@dataclass(frozen=True, slots=True)
class Disregards:
    """What was disregarded as manifestly unfounded, under which policy, and who checked it.

    `days_to_review`: of the policy that was not ended; negative once its day has passed, None
    where there is none. `outside`: disregarded without a policy in force that day.
    `unchecked`: disregarded longer than 30 days ago, when nothing was checked since.
    """

    disregarded: int
    outside: int
    checked: int
    wrong: int
    unchecked: int
    days_to_review: int | None


DISREGARDED = Query(
    "disregarded",
    Disregards,
    "What was disregarded as manifestly unfounded in the last 90 days, under which policy, how "
    "much of it another person checked, and when the policy is to be looked at again.",
    ("disregarded complaints", "policies on unfounded complaints"),
    QUARTER,
)


def _disregarded(given: Given) -> Judged:
    seen = given[DISREGARDED]
    name = DISREGARDED.name
    answered = Total(given[HEARD].kinds).answered
    figures = (
        count("Disregarded", seen.disregarded, query=name),
        count("Answered", answered, query=HEARD.name),
        count("Without a policy in force", seen.outside, query=name),
        share("Checked by another person", seen.checked, of=seen.disregarded, query=name),
        share("Found wrong of those checked", seen.wrong, of=seen.checked, query=name),
        days("Until the policy is looked at again", seen.days_to_review, query=name),
    )
    status, says = _disregarding(seen, answered=answered)
    return Judged(status, says, figures)


def _disregarding(seen: Disregards, *, answered: int) -> tuple[Status, str]:
    if seen.outside:
        return Status.NOT_MET, f"Disregarded without a policy in force: {seen.outside}."
    wrong = status_of_share(
        seen.checked - seen.wrong, of=seen.checked, aim=1 - MOST_WRONG, floor=FLOOR
    )
    if wrong is Status.NOT_MET:
        return wrong, f"{seen.wrong} of {seen.checked} that were checked were wrongly disregarded."
    if seen.days_to_review is not None and seen.days_to_review <= 0:
        return Status.STALE, "The policy is past the day on which it was to be looked at again."
    if seen.unchecked:
        return Status.AT_RISK, f"Disregarded a while ago, and nobody checked any: {seen.unchecked}."
    if seen.days_to_review is not None and seen.days_to_review <= SOON_DAYS:
        return Status.AT_RISK, f"The policy is to be looked at again within {SOON_DAYS} days."
    if seen.disregarded:
        return wrong, _checked_says(seen, wrong)
    # Nothing disregarded means something only where there was something to disregard.
    kept = status_of_share(answered, of=answered, aim=1.0, floor=FLOOR)
    says = f"None of {answered} that were answered in 90 days was disregarded."
    return kept, f"{says} That is too few to tell." if kept is Status.NOT_ENOUGH else says


def _checked_says(seen: Disregards, status: Status) -> str:
    says = f"Disregarded under the policy: {seen.disregarded}. Found wrong by another person: "
    says = f"{says}{seen.wrong} of {seen.checked}."
    return f"{says} Too few were checked." if status is Status.NOT_ENOUGH else says


@dataclass(frozen=True, slots=True)
class FraudChannel:
    """Organisations with expertise in fraud, and how what they report is answered.

    `unreachable`: those for which nobody can sign in and no key works. `review_overdue`: those
    whose arrangement is past the day on which it was to be looked at again.
    """

    agreed: int
    unreachable: int
    review_overdue: int
    received: int
    in_time: int
    late: int
    waiting_late: int


FRAUD_CHANNEL = Query(
    "fraud_channel",
    FraudChannel,
    "Organisations with expertise in fraud that have a channel of their own now, and how many of "
    "their reports of the last 90 days were answered within the time agreed.",
    ("trusted flaggers", "reports and complaints"),
    QUARTER,
)


def _fraud_channel(given: Given) -> Judged:
    seen = given[FRAUD_CHANNEL]
    name = FRAUD_CHANNEL.name
    due = seen.in_time + seen.late + seen.waiting_late
    figures = (
        count("Organisations with a channel", seen.agreed, query=name),
        share("Answered within the time agreed", seen.in_time, of=due, query=name),
        count("Past it and waiting", seen.waiting_late, query=name),
        count("Arrangements to be looked at again", seen.review_overdue, query=name),
    )
    status, says = _channel(seen, due)
    return Judged(status, says, figures)


def _channel(seen: FraudChannel, due: int) -> tuple[Status, str]:
    status = status_of_share(seen.in_time, of=due, aim=AIM, floor=FLOOR)
    if status is Status.NOT_MET:
        return status, f"Only {seen.in_time} of {due} were answered within the time agreed."
    if not seen.agreed:
        return Status.NOT_ENOUGH, (
            "No organisation with expertise in fraud has a channel here. Whether one has asked "
            "for it is not recorded."
        )
    if seen.unreachable == seen.agreed:
        return Status.NOT_MET, "None of them can report: nobody signs in, and no key works."
    if seen.waiting_late:
        says = f"Their reports that wait longer than was agreed: {seen.waiting_late}."
        return worst_of((status, Status.AT_RISK)), says
    if seen.unreachable or seen.review_overdue:
        return worst_of((status, Status.AT_RISK)), (
            f"Arrangements past the day of their review: {seen.review_overdue}; "
            f"organisations that cannot report: {seen.unreachable}."
        )
    if status is Status.NOT_ENOUGH:
        return (
            status,
            f"Organisations with a channel: {seen.agreed}. {few(due)} of their reports due.",
        )
    return status, f"{seen.in_time} of {due} were answered within the time agreed."


EXCEPTIONS: tuple[Probe, ...] = (
    Probe(
        id="disregarded_complaints",
        version=1,
        measures=("ICU D13", "PCU D14"),
        asks="Whether complaints are disregarded only under a policy in force, and checked.",
        met="Nothing was disregarded though enough was answered; or all under a policy in "
        "force, and enough of it was checked and found right.",
        at_risk="Nothing was checked for 30 days, too much was wrong, or the policy ends soon.",
        not_met="One was disregarded without a policy in force, or surely too many wrongly.",
        not_enough="Too few were answered, or too few of what was disregarded was checked.",
        reads=(DISREGARDED, HEARD),
        judge=_disregarded,
    ),
    Probe(
        id="fraud_channel",
        version=1,
        measures=("ICU D14",),
        asks="Whether bodies with expertise in fraud have a channel that works and is answered.",
        met="They can report, and 95 of 100 were answered within the time agreed; enough of them.",
        at_risk="A report is late now, an arrangement is past its review, or one cannot report.",
        not_met="None of them can report, or surely too few were answered in time.",
        not_enough="Nobody has a channel, or too few of their reports were due.",
        reads=(FRAUD_CHANNEL,),
        judge=_fraud_channel,
    ),
)
