"""Probes of what people are told before and as they send: who learns of it, and who helps."""

from dataclasses import dataclass

from dutybound.evidence.figures import count, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status


@dataclass(frozen=True, slots=True)
class Informed:
    """What is said before something is sent: on each page that leads to sending, who learns of it.

    `silent`: languages and versions of the form in which it is not said, in plain words.
    `by_page`: how many were sent by pages of ours. `through_service`: by the service's own.
    """

    silent: tuple[str, ...]
    by_page: int
    through_service: int


INFORMED = Query(
    "informed",
    Informed,
    "In which languages and versions the form says who learns of a complaint before it is sent; "
    "how many of the last 90 days were sent by it, and how many by the service's own pages.",
    ("the form's pages", "settings of the form", "reports and complaints"),
    QUARTER,
)


def _informed(given: Given) -> Judged:
    seen = given[INFORMED]
    of = seen.by_page + seen.through_service
    figures = (
        share("Sent by pages that say it", seen.by_page, of=of, query=INFORMED.name),
        count("Versions that do not say it", len(seen.silent), query=INFORMED.name),
    )
    if seen.silent:
        says = (
            f"Before it is sent, the form does not say who learns of it: {'; '.join(seen.silent)}."
        )
        return Judged(Status.NOT_MET, says, figures)
    if seen.through_service:
        says = (
            f"The form says who learns of it. {seen.through_service} of {of} came by the "
            "service's own pages, and what those say is not seen here."
        )
        return Judged(Status.NOT_ENOUGH, says, figures)
    status = status_of_share(seen.by_page, of=of, aim=1.0, floor=0.80)
    says = f"All {of} of the last 90 days were sent by pages that say who learns of it."
    if status is Status.NOT_ENOUGH:
        says = f"The form says who learns of it. {few(of)} sent by it in 90 days."
    return Judged(status, says, figures)


@dataclass(frozen=True, slots=True)
class Signposted:
    """Reports of self-harm, suicide, eating disorders or bullying, and who helps with them.

    `by_page`: sent by pages of ours, which name helpers to whoever sends. `helpers`: the fewest
    that a child is named for one of these harms. `overdue`: helpers among them whom nobody
    has checked for a year, or ever.
    """

    by_page: int
    by_children: int
    through_service: int
    helpers: int
    overdue: int


SIGNPOSTED = Query(
    "signposted",
    Signposted,
    "Reports of the last 90 days about suicide, self-harm, eating disorders or bullying: how many "
    "were sent by pages that name helpers; how many helpers a child is named, and how lately each "
    "was checked.",
    ("reports and complaints", "the list of helpers"),
    QUARTER,
)


def _signposted(given: Given) -> Judged:
    seen = given[SIGNPOSTED]
    name = SIGNPOSTED.name
    of = seen.by_page + seen.through_service
    figures = (
        share("Sent by pages that name helpers", seen.by_page, of=of, query=name),
        count("Of these in the version for children", seen.by_children, query=name),
        count("Helpers named to a child, at least", seen.helpers, query=name),
        count("Helpers not checked for a year", seen.overdue, query=name),
    )
    if not seen.helpers:
        return Judged(Status.NOT_MET, "For one of these harms a child is named nobody.", figures)
    if seen.overdue:
        says = f"Helpers named to children whom nobody checked for a year: {seen.overdue}."
        return Judged(Status.AT_RISK, says, figures)
    if seen.through_service:
        says = (
            f"{seen.through_service} of {of} came by the service's own pages, and whether those "
            "name helpers is not seen here."
        )
        return Judged(Status.NOT_ENOUGH, says, figures)
    if not seen.by_children:
        says = "Helpers are named, but no child has reported such content in 90 days."
        return Judged(Status.NOT_ENOUGH, says, figures)
    status = status_of_share(seen.by_page, of=of, aim=1.0, floor=0.80)
    says = f"All {of} such reports of 90 days were sent by pages that name helpers."
    if status is Status.NOT_ENOUGH:
        says = f"Helpers are named. {few(of)} of these reports in 90 days."
    return Judged(status, says, figures)


BEFOREHAND: tuple[Probe, ...] = (
    Probe(
        id="informed_before",
        version=1,
        measures=("ICU D3", "PCU D3"),
        asks="Whether people are told who learns of a complaint before they send it.",
        met="Every version of the form says it, all came by it, and enough did.",
        at_risk="Never: it is said, or it is not.",
        not_met="A version of the form does not say it.",
        not_enough="Too few came by the form, or some by pages that are not seen here.",
        reads=(INFORMED,),
        judge=_informed,
    ),
    Probe(
        id="signposts_for_children",
        version=1,
        measures=("PCU-UNVERIFIED-F1",),
        asks="Whether a child who reports self-harm, suicide, an eating disorder or bullying is "
        "told who helps.",
        met="All such reports came by pages that name helpers, checked within a year, and "
        "enough did.",
        at_risk="A helper was not checked for a year.",
        not_met="For one of these harms a child is named nobody.",
        not_enough="Too few such reports, none by a child, or some by pages not seen here.",
        reads=(SIGNPOSTED,),
        judge=_signposted,
    ),
)
