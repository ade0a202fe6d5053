"""Appeals, counted: who answered them and how soon, and whether what was wrong was put back."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery

from dutybound.cases.judgement import IN_FAVOUR, EnforcementKind
from dutybound.cases.kinds import Kind
from dutybound.cases.times import spread_of
from dutybound.evidence.complaints_appeals import (
    APPEALED,
    RESTORED,
    Appeals,
    Restored,
)
from dutybound.evidence.complaints_appeals import (
    KINDS as APPEAL_KINDS,
)
from dutybound.evidence.probe import QUARTER
from dutybound_server.assurance.measuring.as_it_was import desk_then
from dutybound_server.assurance.measuring.complaints_answers import longest_target_days
from dutybound_server.casework.models import Appeal, Decision, Enforcement, SecondLook
from dutybound_server.people.models import Service

PUT_BACK_WITHIN = timedelta(days=1)


def appeals(service: Service, as_of: datetime) -> Appeals:
    """Appeals of the last 90 days, with the answer that each had at the moment."""
    lodged = _with_answers(service, as_of)
    answered = lodged.filter(answer__isnull=False)
    times = answered.values_list("lodged_at", "answered_at")
    spread = spread_of(end - start for start, end in times.iterator())
    counts = answered.aggregate(
        answered=Count("id"),
        by_same=Count("id", filter=Q(answered_by=F("decision__by"))),
        in_favour=Count("id", filter=Q(answer_kind__in=IN_FAVOUR)),
    )
    looks = SecondLook.objects.filter(
        decision__in=answered.values("answer"), answered_at__lte=as_of
    ).aggregate(looked_again=Count("id"), agreed=Count("id", filter=Q(agrees=True)))
    target_days, is_own = _target(service, as_of)
    return Appeals(
        lodged=lodged.count(),
        **counts,
        **looks,
        median_seconds=spread.median.total_seconds() if spread else None,
        target_days=target_days,
        target_is_own=is_own,
    )


def restored(service: Service, as_of: datetime) -> Restored:
    """Appeals that were right by an answer that put something back, and what the service says.

    An answer that finds nothing left to put back asks nothing of the service.
    """
    right = _with_answers(service, as_of).filter(answer_kind__in=IN_FAVOUR)
    to_restore = right.filter(answer_kind=EnforcementKind.RESTORE)
    told = Enforcement.objects.filter(
        service=service,
        decision__in=to_restore.values("answer"),
        kind=EnforcementKind.RESTORE,
        undoes__isnull=True,
        created_at__lte=as_of,
    )
    in_time = Q(acknowledged_at__lte=F("created_at") + PUT_BACK_WITHIN)
    done = Q(acknowledged_at__lte=as_of)
    counts = told.aggregate(
        told=Count("decision", distinct=True),
        confirmed=Count("id", filter=done & in_time),
        late=Count("id", filter=done & ~in_time),
        waiting=Count("id", filter=~done & Q(created_at__lt=as_of - PUT_BACK_WITHIN)),
    )
    times = told.filter(done).values_list("created_at", "acknowledged_at")
    spread = spread_of(end - start for start, end in times if end is not None)
    return Restored(
        right=right.count(),
        untold=to_restore.count() - counts["told"],
        confirmed=counts["confirmed"],
        unconfirmed=counts["late"] + counts["waiting"],
        service_confirms=_confirms(service, as_of),
        median_seconds=spread.median.total_seconds() if spread else None,
    )


def _with_answers(service: Service, as_of: datetime) -> QuerySet[Any]:
    """Appeals of the last 90 days: the first decision after the one appealed that stood then."""
    stood = Q(undone_at__isnull=True) | Q(undone_at__gt=as_of)
    later = Decision.objects.filter(
        stood,
        case=OuterRef("decision__case"),
        id__gt=OuterRef("decision"),
        decided_at__lte=as_of,
    ).order_by("id")
    return Appeal.objects.filter(
        decision__case__service=service,
        lodged_at__gt=as_of - QUARTER,
        lodged_at__lte=as_of,
    ).annotate(
        answer=Subquery(later.values("id")[:1]),
        answered_by=Subquery(later.values("by")[:1]),
        answered_at=Subquery(later.values("decided_at")[:1]),
        answer_kind=Subquery(later.values("enforcement_kind")[:1]),
    )


def _target(service: Service, as_of: datetime) -> tuple[float, bool]:
    """The longest target of appeals in days, and whether the service has set each itself."""
    desk = desk_then(service, as_of)
    longest = max(longest_target_days(desk, Kind(kind)) for kind in APPEAL_KINDS)
    return longest, all(kind in desk.targets for kind in APPEAL_KINDS)


def _confirms(service: Service, as_of: datetime) -> bool:
    """Whether the service says at all what it has done."""
    said = Enforcement.objects.filter(
        service=service, acknowledged_at__gt=as_of - QUARTER, acknowledged_at__lte=as_of
    )
    return said.exists()


APPEALS: Mapping[str, Callable[[Service, datetime], object]] = {
    APPEALED.name: appeals,
    RESTORED.name: restored,
}
