"""Probes of the form by which people tell us: what it takes, who uses it, and how it ends."""

from dataclasses import dataclass

from dutybound.evidence.figures import count, seconds, share
from dutybound.evidence.judging import few, status_of_share
from dutybound.evidence.probe import QUARTER, Given, Judged, Probe, Query
from dutybound.evidence.status import Status, worst_of

FEWEST_BY_FORM = 10
OF_ILLEGAL_CONTENT = frozenset(
    {"illegal_content", "duties", "appeal_item", "appeal_account", "proactive_technology"}
)
"""Kinds that s.21(4) names."""
OF_CHILDREN = frozenset({"harmful_to_children", "duties", "appeal_item", "appeal_account", "age"})
"""Kinds that s.21(5) names."""


@dataclass(frozen=True, slots=True)
class Form:
    """The reporting form: whether it is open, which kinds it takes, and who used it.

    `through_service`: what came by the service's own pages, which nobody here sees.
    `of_children`: kinds that only a service that children use must take, by the form.
    """

    is_open: bool
    closed_seconds: float
    takes: tuple[str, ...]
    by_form: int
    without_account: int
    of_children: int
    through_service: int


FORM = Query(
    "form",
    Form,
    "Whether the reporting form is open, for how long it was closed in the last 90 days, which "
    "kinds it takes, and how many came by it, with and without an account.",
    ("settings of the form", "reports and complaints", "the log"),
    QUARTER,
)


def _form(given: Given, *, wanted: frozenset[str], for_children: bool) -> Judged:
    seen = given[FORM]
    name = FORM.name
    figures = (
        count("Came by the form", seen.by_form, query=name),
        count("Of these without an account", seen.without_account, query=name),
        count("Of these about children's duties", seen.of_children, query=name),
        count("Came by the service's own pages", seen.through_service, query=name),
        seconds("Form closed in 90 days", seen.closed_seconds, query=name),
    )
    status, says = _form_status(seen, wanted=wanted, for_children=for_children)
    return Judged(status, says, figures)


def _form_status(seen: Form, *, wanted: frozenset[str], for_children: bool) -> tuple[Status, str]:
    missing = sorted(kind.replace("_", " ") for kind in wanted - set(seen.takes))
    if not seen.is_open and seen.through_service:
        return Status.AT_RISK, (
            "The form is closed. Some came by the service's own pages; whether those take every "
            "kind, and from people without an account, is not seen here."
        )
    if not seen.is_open:
        return Status.NOT_MET, "The form is closed, and nothing comes by another way."
    if missing:
        return Status.NOT_MET, f"The form does not take: {', '.join(missing)}."
    if seen.closed_seconds:
        return Status.AT_RISK, "The form is open, and was closed for a while in the last 90 days."
    if seen.by_form < FEWEST_BY_FORM or not seen.without_account:
        return Status.NOT_ENOUGH, (
            f"The form is open and takes each kind. {few(seen.by_form)} came by it in 90 days, "
            f"{seen.without_account} of them without an account."
        )
    if for_children and seen.of_children < FEWEST_BY_FORM:
        return Status.NOT_ENOUGH, (
            f"The form is open and takes each kind. {few(seen.of_children)} used it in 90 days "
            "for what only children's duties ask."
        )
    return Status.MET, (
        f"The form is open and takes each kind; {seen.by_form} came by it in 90 days, "
        f"{seen.without_account} of them without an account."
    )


@dataclass(frozen=True, slots=True)
class FormUse:
    """How forms end, and what they are about.

    `sent` and `left`: forms in which at least one question was answered, by how they ended.
    `about_content`: reports of content by the form. `from_content`: those of them that named the
    item by themselves, because the form was opened from a control beside it.
    """

    sent: int
    left: int
    about_content: int
    from_content: int


FORM_USE = Query(
    "form_use",
    FormUse,
    "Of the forms of the last 90 days that were begun and answered: how many were sent. Of the "
    "reports of content by the form: how many were begun from a control beside that content.",
    ("forms that ended, by day", "reports and complaints"),
    QUARTER,
)
SENT_AIM, SENT_FLOOR = 0.60, 0.30
FROM_CONTENT_AIM, FROM_CONTENT_FLOOR = 0.50, 0.20


def _form_use(given: Given) -> Judged:
    seen = given[FORM_USE]
    begun = seen.sent + seen.left
    sent = status_of_share(seen.sent, of=begun, aim=SENT_AIM, floor=SENT_FLOOR)
    beside = status_of_share(
        seen.from_content, of=seen.about_content, aim=FROM_CONTENT_AIM, floor=FROM_CONTENT_FLOOR
    )
    figures = (
        share("Forms sent of those begun", seen.sent, of=begun, query=FORM_USE.name),
        share(
            "Reports begun beside the content",
            seen.from_content,
            of=seen.about_content,
            query=FORM_USE.name,
        ),
    )
    says = (
        f"{seen.sent} of {begun} forms that were begun were sent; {seen.from_content} of "
        f"{seen.about_content} reports were begun beside the content."
    )
    return Judged(worst_of((sent, beside)), says, figures)


def _form_probe(name: str, measure: str, wanted: frozenset[str], *, for_children: bool) -> Probe:
    whose = "children's duties" if for_children else "illegal content"
    return Probe(
        id=name,
        version=1,
        measures=(measure,),
        asks=f"Whether everybody can make each kind of complaint about {whose}, account or not.",
        met="Open for 90 days, takes each kind, and people without an account have used it.",
        at_risk="It was closed for a while, or is, and some come by the service's own pages.",
        not_met="It is closed, or does not take a kind.",
        not_enough=f"Fewer than {FEWEST_BY_FORM} came by it, none of them without an account, or "
        "too few of kinds that only children's duties ask for.",
        reads=(FORM,),
        judge=lambda given: _form(given, wanted=wanted, for_children=for_children),
    )


FORM_PROBES: tuple[Probe, ...] = (
    _form_probe("complaints_enabled", "ICU D1", OF_ILLEGAL_CONTENT, for_children=False),
    _form_probe("complaints_enabled_children", "PCU D1", OF_CHILDREN, for_children=True),
    Probe(
        id="complaints_easy",
        version=1,
        measures=("ICU D2", "PCU D2"),
        asks="Whether those who begin the form get to its end, and find it beside the content.",
        met="6 of 10 forms that were begun were sent, and half of the reports began beside the "
        "content; with enough of both.",
        at_risk="Fewer of either.",
        not_met="Surely fewer, and under 3 of 10 forms or 2 of 10 reports.",
        not_enough="Too few forms or reports in 90 days.",
        reads=(FORM_USE,),
        judge=_form_use,
    ),
)
