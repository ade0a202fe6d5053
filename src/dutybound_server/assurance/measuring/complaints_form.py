"""The reporting form, counted: whether it is open, what it takes, who uses it, how it ends."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum
from django.utils import timezone

from dutybound.cases.kinds import KINDS, Group, Kind, offered
from dutybound.evidence.complaints_form import FORM, FORM_USE, Form, FormUse
from dutybound.evidence.probe import QUARTER
from dutybound_server.assurance.measuring.as_it_was import changes_of_desk, desk_then
from dutybound_server.casework.models import Concern, ConcernSubject, FormDay
from dutybound_server.casework.subjects import CONCERN, ITEM
from dutybound_server.people.models import Service

BY_FORM = ("page", "widget")
THROUGH_SERVICE = "api"
OF_CHILDREN = tuple(kind for kind in Kind if KINDS[kind].for_children_only)
REPORTS = tuple(kind for kind in Kind if KINDS[kind].group is Group.REPORT)
WHOLE_DAYS = timedelta(days=2)
"""Forms are forgotten two hours after they were touched: of so long ago each has been counted."""


def form(service: Service, as_of: datetime) -> Form:
    """The form as it was set, and who came by it in the last 90 days."""
    desk = desk_then(service, as_of)
    kinds = offered(likely_accessed_by_children=desk.children, category_1=desk.category_1)
    by_form = Q(channel__in=BY_FORM)
    counts = received(service, as_of).aggregate(
        by_form=Count("id", filter=by_form),
        without_account=Count("id", filter=by_form & Q(account__isnull=True)),
        of_children=Count("id", filter=by_form & Q(kind__in=OF_CHILDREN)),
        through_service=Count("id", filter=Q(channel=THROUGH_SERVICE)),
    )
    return Form(
        is_open=desk.is_open,
        closed_seconds=_closed(service, is_open=desk.is_open, as_of=as_of).total_seconds(),
        takes=tuple(str(one.kind) for one in kinds),
        **counts,
    )


def form_use(service: Service, as_of: datetime) -> FormUse:
    """How forms of the last 90 days ended, by whole days; and what reports by them were about."""
    until = timezone.localdate(as_of - WHOLE_DAYS)
    days = FormDay.objects.filter(service=service, day__gt=until - QUARTER, day__lte=until)
    ends = days.aggregate(sent=Sum("sent"), left=Sum("left"))
    counts = _named_at_once(service, as_of).aggregate(
        about_content=Count("concern", distinct=True),
        from_content=Count("concern", distinct=True, filter=Q(subject_kind=ITEM)),
    )
    return FormUse(sent=ends["sent"] or 0, left=ends["left"] or 0, **counts)


def received(service: Service, as_of: datetime) -> QuerySet[Concern]:
    """What people told us in the last 90 days."""
    return Concern.objects.filter(
        service=service, received_at__gt=as_of - QUARTER, received_at__lte=as_of
    )


def _named_at_once(service: Service, as_of: datetime) -> QuerySet[ConcernSubject]:
    """What reports by the form were about as they came, not what was added to them later."""
    return ConcernSubject.objects.filter(
        concern__service=service,
        concern__received_at__gt=as_of - QUARTER,
        concern__received_at__lte=as_of,
        concern__channel__in=BY_FORM,
        concern__kind__in=REPORTS,
        added_at=F("concern__received_at"),
    ).exclude(subject_kind=CONCERN)


def _closed(service: Service, *, is_open: bool, as_of: datetime) -> timedelta:
    """For how long the form was closed in the last 90 days."""
    since = as_of - QUARTER
    closed, until = timedelta(), as_of
    for change in changes_of_desk(service, since=since):
        if change.at > as_of or "is_open" not in change.before:
            continue
        if not is_open:
            closed += until - change.at
        is_open, until = change.before["is_open"], change.at
    return closed if is_open else closed + until - since


FORM_READERS: Mapping[str, Callable[[Service, datetime], object]] = {
    FORM.name: form,
    FORM_USE.name: form_use,
}
