"""Sealed snapshots are stamped by a server outside the house, if one is configured."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from dutybound_server.evidence.models import Snapshot
from dutybound_server.evidence.stamps import NoStamp, stamp_for
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM

AT_ONCE = 10
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
LONGEST_PROBLEM = 200


def stamp_due(*, now: datetime) -> int:
    """Have what is due stamped; how many attempts were made.

    It goes on for as long as there is none: a late stamp still proves that the content is no
    younger. Killed after the server answered, it asks again once the wait is over.
    """
    if not settings.TIMESTAMP_URL:
        return 0
    due = Snapshot.objects.filter(stamp_due_at__lte=now).order_by("stamp_due_at", "id")
    return sum(_stamp(snapshot, now=now) for snapshot in due[:AT_ONCE])


def _stamp(snapshot: Snapshot, *, now: datetime) -> bool:
    mine = Snapshot.objects.filter(pk=snapshot.pk, stamp_due_at=snapshot.stamp_due_at)
    attempts = snapshot.stamp_attempts + 1
    wait = min(FIRST_WAIT * (1 << min(attempts - 1, 10)), LONGEST_WAIT)
    if mine.update(stamp_due_at=now + wait, stamp_attempts=attempts) != 1:
        return False  # Another worker has it.
    try:
        stamp = stamp_for(snapshot.content.encode(), url=settings.TIMESTAMP_URL)
    except NoStamp as problem:
        Snapshot.objects.filter(pk=snapshot.pk).update(stamp_problem=str(problem)[:LONGEST_PROBLEM])
    else:
        _keep(snapshot, stamp, now=now)
    return True


@transaction.atomic
def _keep(snapshot: Snapshot, stamp: bytes, *, now: datetime) -> None:
    unstamped = Snapshot.objects.filter(pk=snapshot.pk, stamped_at__isnull=True)
    if unstamped.update(stamp=stamp, stamped_at=now, stamp_due_at=None, stamp_problem="") != 1:
        return
    append(
        kind="evidence.stamped",
        service=snapshot.service.slug,
        subject=f"snapshot:{snapshot.uuid}",
        actor=SYSTEM,
        now=now,
        facts={"digest": snapshot.digest, "server": settings.TIMESTAMP_URL},
    )
