"""Who moderates: how much comes and is decided, and who is trained."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from dutybound.cases.status import WAITING, EventKind
from dutybound.evidence.moderation_people import (
    CAPACITY,
    FOUR_WEEKS,
    GRACE_DAYS,
    SOON_DAYS,
    TRAINED,
    Capacity,
    Trained,
)
from dutybound_server.assurance.measuring.cases_then import moved, unmoved
from dutybound_server.assurance.models import Training
from dutybound_server.casework.models import Case, CaseEvent, Decision, Reveal
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Membership, Service
from dutybound_server.people.roles import ROLE_MAY, May, Role

SUBJECT = "moderation"
DECIDES = frozenset(role for role in Role if May.DECIDE in ROLE_MAY[role])


def capacity(service: Service, as_of: datetime) -> Capacity:
    """Four weeks of work, and what is left of it."""
    since = as_of - FOUR_WEEKS
    opened = Case.objects.filter(service=service, opened_at__gt=since, opened_at__lte=as_of)
    appealed = CaseEvent.objects.filter(
        case__service=service, kind=EventKind.APPEALED, at__gt=since, at__lte=as_of
    )
    decided = Decision.objects.filter(
        case__service=service, decided_at__gt=since, decided_at__lte=as_of
    ).aggregate(decided=Count("pk"), deciding=Count("by", distinct=True))
    reveals = Reveal.objects.filter(case__service=service, at__gt=since, at__lte=as_of)
    a_day = reveals.order_by().values("by", day=TruncDate("at")).annotate(looks=Count("pk"))
    waiting, late = _waiting(service, as_of)
    return Capacity(
        arrived=opened.count() + appealed.count(),
        waiting=waiting,
        waiting_late=late,
        days=_days_of_work(service, as_of),
        may_decide=len(who_may_decide(service, as_of)),
        looks=reveals.count(),
        most_looks_a_day=a_day.aggregate(most=Max("looks"))["most"] or 0,
        **decided,
    )


def _days_of_work(service: Service, as_of: datetime) -> float:
    """Since the first case came, at least one and at most four weeks."""
    first = Case.objects.filter(service=service).aggregate(first=Min("opened_at"))["first"]
    begun = first if first is not None and first <= as_of else as_of
    return min(max((as_of - begun) / timedelta(days=1), 1.0), float(FOUR_WEEKS.days))


def _waiting(service: Service, as_of: datetime) -> tuple[int, int]:
    """How many cases wait, appealed ones among them, and how many of those are late."""
    rows = unmoved(Case.objects.filter(status__in=WAITING), service, as_of)
    counted = rows.aggregate(waiting=Count("pk"), late=Count("pk", filter=Q(due_at__lt=as_of)))
    others = [one for one in moved(Case.objects.all(), service, as_of) if one.status in WAITING]
    late = sum(one.due_at < as_of for one in others)
    return counted["waiting"] + len(others), counted["late"] + late


def trained(service: Service, as_of: datetime) -> Trained:
    """Who may decide and has training in moderation in date."""
    today = timezone.localdate(as_of)
    since = who_may_decide(service, as_of)
    in_date = Training.objects.filter(
        Q(withdrawn_at=None) | Q(withdrawn_at__gt=as_of),
        service=service,
        subject=SUBJECT,
        user__in=since,
        recorded_at__lte=as_of,
        on__lte=today,
        expires_on__gte=today,
    )
    until = dict(in_date.order_by().values_list("user").annotate(Max("expires_on")))
    without = [user for user in since if user not in until]
    soon = today + timedelta(days=SOON_DAYS)
    grace = as_of - timedelta(days=GRACE_DAYS)
    return Trained(
        may_decide=len(since),
        in_date=len(until),
        without=len(without),
        new=sum(since[user] > grace for user in without),
        soon=sum(day <= soon for day in until.values()),
    )


def who_may_decide(service: Service, as_of: datetime) -> dict[int, datetime]:
    """Id of each person who may decide → since when. What changed later, the journal tells."""
    roles = Membership.objects.filter(service=service, role__in=DECIDES)
    held = {
        (row.user_id, row.role): row.since
        for row in roles.filter(since__lte=as_of, user__is_active=True)
    }
    return _earliest(held | _held_then(service, as_of))


def _held_then(service: Service, as_of: datetime) -> dict[tuple[int, str], datetime]:
    """Roles that were taken from people since then, or from those who were shut out since.

    Since when they had them is gone with the row, and long enough ago.
    """
    later = Entry.objects.filter(
        kind__in=("role.revoked", "role.granted", "staff.deactivated", "staff.reactivated"),
        service__in=(service.slug, ""),
        at__gt=as_of,
    ).order_by("id")
    long_ago = service.created_at
    first: dict[tuple[int, str], str] = {}
    for kind, subject, body in later.values_list("kind", "subject", "body"):
        user = int(subject.removeprefix("staff:"))
        role = json.loads(bytes(body))["facts"].get("role", "")
        first.setdefault((user, role), kind)
    found = {
        (user, role): long_ago
        for (user, role), kind in first.items()
        if kind == "role.revoked" and role in DECIDES
    }
    shut_out = [user for (user, _), kind in first.items() if kind == "staff.deactivated"]
    roles = Membership.objects.filter(service=service, role__in=DECIDES, user__in=shut_out)
    for row in roles.filter(since__lte=as_of):
        found[row.user_id, row.role] = row.since
    return found


def _earliest(held: Mapping[tuple[int, str], datetime]) -> dict[int, datetime]:
    since: dict[int, datetime] = {}
    for (user, _), begun in held.items():
        since[user] = min(begun, since.get(user, begun))
    return since


MODERATION_PEOPLE: Mapping[str, Callable[[Service, datetime], object]] = {
    CAPACITY.name: capacity,
    TRAINED.name: trained,
}
