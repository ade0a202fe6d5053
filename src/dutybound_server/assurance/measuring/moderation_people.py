"""Who moderates: how much comes and is decided, and who is trained."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncDate
from django.utils import timezone

from dutybound.cases.status import WAITING, EventKind
from dutybound.evidence.moderation_people import (
    CAPACITY,
    GRACE_DAYS,
    SOON_DAYS,
    TRAINED,
    Capacity,
    Trained,
)
from dutybound.evidence.probe import FOUR_WEEKS
from dutybound_server.assurance.measuring.cases_then import moved, unmoved
from dutybound_server.assurance.measuring.staff import staff_at, trained_at
from dutybound_server.assurance.training import MODERATION
from dutybound_server.casework.models import Case, CaseEvent, Decision, Reveal
from dutybound_server.people.models import Service
from dutybound_server.people.roles import ROLE_MAY, May, Role

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
    since = who_may_decide(service, as_of)
    until = trained_at(service, MODERATION, as_of)
    without = [who for who in since if who not in until]
    soon = timezone.localdate(as_of) + timedelta(days=SOON_DAYS)
    grace = as_of - timedelta(days=GRACE_DAYS)
    return Trained(
        may_decide=len(since),
        in_date=len(since) - len(without),
        without=len(without),
        new=sum(since[who] > grace for who in without),
        soon=sum(until[who] <= soon for who in since if who in until),
    )


def who_may_decide(service: Service, as_of: datetime) -> dict[str, datetime]:
    """Who could decide then (staff:7) → since when."""
    return {
        who: min(worker.roles[role] for role in DECIDES & worker.roles.keys())
        for who, worker in staff_at(service, as_of).items()
        if DECIDES & worker.roles.keys()
    }


MODERATION_PEOPLE: Mapping[str, Callable[[Service, datetime], object]] = {
    CAPACITY.name: capacity,
    TRAINED.name: trained,
}
