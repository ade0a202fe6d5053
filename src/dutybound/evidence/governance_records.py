"""What live records say of governance, where they can say more than a document."""

from dataclasses import dataclass
from datetime import timedelta

from dutybound.evidence.documents import DOCUMENTS, Also
from dutybound.evidence.figures import count, days
from dutybound.evidence.probe import Given, Judged, Query
from dutybound.evidence.status import Status

YEAR = timedelta(days=366)
SOON_DAYS = 30
GRACE_DAYS = 90
"""So long after a new assessment what is based on it may still be older."""


@dataclass(frozen=True, slots=True)
class Accountable:
    people: int


@dataclass(frozen=True, slots=True)
class BoardReports:
    """Reports to those in charge that were made and not withdrawn."""

    made: int
    days_since_last: int | None


@dataclass(frozen=True, slots=True)
class AuditsDone:
    """Audits in which a sample was drawn."""

    done: int


@dataclass(frozen=True, slots=True)
class DutiesTrained:
    """Of those who work here, auditors apart: who was trained in the duties.

    `joined_lately`: not trained yet, and here for less than 30 days. `expiring`: trained, and due
    again within 30 days.
    """

    people: int
    trained: int
    joined_lately: int
    expiring: int


@dataclass(frozen=True, slots=True)
class PoliceChannels:
    """Flaggers of the police. `open`: somebody signs in for it, or it has a key.

    `overdue`: the arrangement should have been looked at again.
    """

    agreed: int
    open: int
    overdue: int


@dataclass(frozen=True, slots=True)
class Assessed:
    """Days since the newest assessment was approved; None where none is."""

    days_since: int | None


ACCOUNTABLE = Query(
    "accountable_people",
    Accountable,
    "People who work here now in the role of accountable person.",
    ("staff",),
)
BOARD_REPORTS = Query(
    "board_reports",
    BoardReports,
    "Reports to those in charge that were made in the last year.",
    ("publications",),
    YEAR,
)
AUDITS_DONE = Query(
    "audits_done",
    AuditsDone,
    "Audits of the last year in which a sample was drawn.",
    ("audits",),
    YEAR,
)
DUTIES_TRAINED = Query(
    "duties_trained",
    DutiesTrained,
    "Of those who work here now, auditors apart: who has training in the duties that is in date.",
    ("staff", "training"),
)
POLICE_CHANNELS = Query(
    "police_channels",
    PoliceChannels,
    "Arrangements with the police that stand now, and whether anybody can use them.",
    ("trusted flaggers",),
)
ASSESSED = Query(
    "assessment_approved",
    Assessed,
    "How long ago the newest assessment was approved.",
    ("assessment",),
)


def _accountable(given: Given) -> Judged:
    people = given[ACCOUNTABLE].people
    figures = (count("Accountable persons", people, query=ACCOUNTABLE.name),)
    if people == 0:
        says = "Nobody who works here has the role of accountable person now."
        return Judged(Status.NOT_MET, says, figures)
    if people > 1:
        says = f"{people} people have the role of accountable person; the measure asks for one."
        return Judged(Status.AT_RISK, says, figures)
    return Judged(Status.MET, "One person has the role of accountable person now.", figures)


ONE_ANSWERS = Also(
    (ACCOUNTABLE,),
    _accountable,
    met="One person who works here has the role of accountable person now.",
    at_risk="More than one person has that role.",
    not_met="Nobody has that role.",
)


def _board_reports(given: Given) -> Judged:
    seen = given[BOARD_REPORTS]
    figures = (
        count("Board reports in the last year", seen.made, query=BOARD_REPORTS.name),
        days("Since the last board report", seen.days_since_last, query=BOARD_REPORTS.name),
    )
    since = seen.days_since_last
    if seen.made == 0 or since is None:
        return Judged(Status.NOT_MET, "No board report was made in the last year.", figures)
    if since > YEAR.days - SOON_DAYS:
        says = f"The last board report was made {since} days ago; the next is due."
        return Judged(Status.AT_RISK, says, figures)
    return Judged(Status.MET, f"The last board report was made {_ago(since)}.", figures)


BOARD_IS_TOLD = Also(
    (BOARD_REPORTS,),
    _board_reports,
    met="A board report was made in the last year.",
    at_risk="A year since the last board report is up within 30 days.",
    not_met="No board report was made in the last year.",
)


def _audited(given: Given) -> Judged:
    done = given[AUDITS_DONE].done
    figures = (count("Audits in the last year", done, query=AUDITS_DONE.name),)
    if done == 0:
        says = "Nobody has drawn a sample and looked at it in the last year."
        return Judged(Status.AT_RISK, says, figures)
    says = f"{done} {'audit' if done == 1 else 'audits'} drew a sample in the last year."
    return Judged(Status.MET, says, figures)


IS_AUDITED = Also(
    (AUDITS_DONE,),
    _audited,
    met="An audit of the last year drew a sample here.",
    at_risk="No audit drew a sample in the last year.",
)


def _trained(given: Given) -> Judged:
    seen = given[DUTIES_TRAINED]
    late = seen.people - seen.trained - seen.joined_lately
    figures = (
        count("People who work here", seen.people, query=DUTIES_TRAINED.name),
        count("Trained in the duties", seen.trained, query=DUTIES_TRAINED.name),
        count(
            "Joined in the last 30 days, not trained yet",
            seen.joined_lately,
            query=DUTIES_TRAINED.name,
        ),
        count("Due again within 30 days", seen.expiring, query=DUTIES_TRAINED.name),
    )
    if seen.people == 0:
        return Judged(Status.NOT_ENOUGH, "Nobody works here who could be trained.", figures)
    if late > 0:
        says = f"{late} of {seen.people} who work here have no training in the duties in date."
        return Judged(Status.NOT_MET, says, figures)
    if seen.joined_lately or seen.expiring:
        says = (
            f"{seen.joined_lately} joined lately and are not trained yet; "
            f"{seen.expiring} are due again within 30 days."
        )
        return Judged(Status.AT_RISK, says, figures)
    says = f"All {seen.people} who sign in here are trained in the duties; others are not counted."
    return Judged(Status.MET, says, figures)


ALL_TRAINED = Also(
    (DUTIES_TRAINED,),
    _trained,
    met="Everybody who works here, auditors apart, has training in the duties that is in date.",
    at_risk="Somebody joined within 30 days and is not trained yet, or is due again within 30.",
    not_met="Somebody has no training in date.",
    not_enough="Nobody works here who could be trained.",
)


def _police(given: Given) -> Judged:
    seen = given[POLICE_CHANNELS]
    figures = (
        count("Arrangements with the police", seen.agreed, query=POLICE_CHANNELS.name),
        count("That somebody can use", seen.open, query=POLICE_CHANNELS.name),
        count("To be looked at again since", seen.overdue, query=POLICE_CHANNELS.name),
    )
    if seen.agreed == 0:
        says = "No flagger of the police has a channel here."
        return Judged(Status.NOT_MET, says, figures)
    if seen.open == 0:
        says = "The police have a channel, but nobody signs in for it and it has no key."
        return Judged(Status.NOT_MET, says, figures)
    if seen.overdue:
        says = "An arrangement with the police should have been looked at again by now."
        return Judged(Status.AT_RISK, says, figures)
    return Judged(Status.MET, "The police have a channel that somebody can use.", figures)


POLICE_REACH_US = Also(
    (POLICE_CHANNELS,),
    _police,
    met="A flagger of the police has a channel that somebody can use.",
    at_risk="An arrangement with the police should have been looked at again.",
    not_met="No flagger of the police has a channel, or nobody can use it.",
)


def follows_assessment(kind: str) -> Also:
    """Whether the document is newer than the assessment that it is to be based on."""

    def judge(given: Given) -> Judged:
        since, held = given[ASSESSED].days_since, given[DOCUMENTS].of(kind)
        figures = (days("Since the assessment was approved", since, query=ASSESSED.name),)
        if since is None:
            says = "No assessment is approved that it could be based on."
            return Judged(Status.NOT_ENOUGH, says, figures)
        if held is not None and held.days_old > since > GRACE_DAYS:
            says = (
                f"The assessment was approved {since} days ago, after this was written "
                f"{held.days_old} days ago."
            )
            return Judged(Status.AT_RISK, says, figures)
        return Judged(Status.MET, "", figures)

    return Also(
        (ASSESSED,),
        judge,
        met=f"It is newer than the approved assessment, or that is at most {GRACE_DAYS} days old.",
        at_risk=f"A new assessment was approved over {GRACE_DAYS} days ago, and it is older.",
        not_enough="No assessment is approved.",
    )


def tried(kind: str) -> Also:
    """Whether somebody else than the owner tried on the service what is written down."""

    def judge(given: Given) -> Judged:
        held = given[DOCUMENTS].of(kind)
        if held is None:
            return Judged(Status.NOT_MET, "")
        figures = (days("Since it was tried", held.days_old, query=DOCUMENTS.name),)
        if not held.by_another:
            says = "Nobody but its owner is known to have tried it; that is not enough."
            return Judged(Status.NOT_ENOUGH, says, figures)
        ago = _ago(held.days_old)
        says = f"Somebody else than its owner tried it {ago}. The feature itself is not seen here."
        return Judged(Status.MET, says, figures)

    return Also(
        (),
        judge,
        met="Somebody else than its owner tried it within half a year and added the record.",
        not_enough="Only its owner tried it. The feature itself runs where it is not seen.",
    )


def _ago(number: int) -> str:
    return {0: "today", 1: "yesterday"}.get(number, f"{number} days ago")
