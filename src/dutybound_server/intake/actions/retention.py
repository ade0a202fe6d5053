"""Content is kept as long as the service said, and longer only while somebody needs it."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from dutybound.cases.judgement import APPEAL_WINDOW
from dutybound.cases.status import WAITING
from dutybound_server.casework.models import Case
from dutybound_server.casework.subjects import ACCOUNT, ITEM
from dutybound_server.evidence.queries import needed_items
from dutybound_server.items.actions import BATCH, erase_items
from dutybound_server.items.models import Hold, Item
from dutybound_server.people.models import Service


def erase_old_items(*, now: datetime) -> int:
    """Erase the content of items past their service's time that nothing holds."""
    erased = 0
    for service in Service.objects.order_by("id"):
        while batch := _erase_batch(service, now):
            erased += batch
    return erased


@transaction.atomic
def _erase_batch(service: Service, now: datetime) -> int:
    past = now - timedelta(days=service.retention_days)
    old = Item.objects.filter(service=service, received_at__lte=past, erased_at__isnull=True)
    batch = list(not_held(old, now).order_by("id").values_list("id", flat=True)[:BATCH])
    # Their rows first: whoever meanwhile held one has committed by then, or waits for us.
    list(Item.objects.select_for_update().filter(id__in=batch).values_list("id"))
    free = not_held(old.filter(id__in=batch), now).values_list("id", flat=True)
    return erase_items(service=service, items=list(free), now=now)


def not_held(items: QuerySet[Item], now: datetime) -> QuerySet[Item]:
    """Without those a person holds, evidence needs, or a case may: it waits, or can be appealed."""
    needed = Q(status__in=WAITING) | Q(decisions__decided_at__gt=now - APPEAL_WINDOW)
    cases = Case.objects.filter(needed, service=OuterRef("service"))
    holds = Hold.objects.filter(service=OuterRef("service"), until__gt=now, ended_at__isnull=True)
    return items.exclude(
        Exists(cases.filter(subject_kind=ITEM, subject=OuterRef("external_id")))
        | Exists(cases.filter(subject_kind=ACCOUNT, account=OuterRef("account")))
        | Exists(holds.filter(external_id=OuterRef("external_id")))
        | needed_items(now)
    )
