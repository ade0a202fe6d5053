"""Evidence goes when its time is over and no case needs it; holds are asked below."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from dutybound.cases.judgement import APPEAL_WINDOW
from dutybound.cases.status import WAITING
from dutybound_server.casework.models import Case
from dutybound_server.evidence.actions.snapshots import erase_snapshots
from dutybound_server.evidence.models import Snapshot
from dutybound_server.people.models import Service

AT_ONCE = 100


def erase_old_snapshots(*, now: datetime) -> int:
    """Erase what is past its time; how many. What is held is looked at again the next time."""
    erased = 0
    for service in Service.objects.order_by("id"):
        last = 0
        while batch := _past(service, after=last, now=now):
            erased += erase_snapshots(service=service, snapshots=batch, now=now)
            last = batch[-1]
    return erased


def _past(service: Service, *, after: int, now: datetime) -> list[int]:
    needed = Q(status__in=WAITING) | Q(decisions__decided_at__gt=now - APPEAL_WINDOW)
    cases = Case.objects.filter(
        needed,
        service=OuterRef("service"),
        subject_kind=OuterRef("subject_kind"),
        subject=OuterRef("subject"),
    )
    past = Snapshot.objects.filter(
        service=service, keep_until__lte=now, erased_at__isnull=True, pk__gt=after
    )
    found = past.exclude(Exists(cases)).order_by("pk").values_list("pk", flat=True)
    return list(found[:AT_ONCE])
