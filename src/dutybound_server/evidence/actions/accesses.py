"""Whoever opens evidence says why first, and stands in the record by name."""

from datetime import datetime
from enum import StrEnum

from django.contrib.auth.models import User
from django.db import transaction

from dutybound_server.evidence.models import Access, Snapshot
from dutybound_server.journal.actions import append
from dutybound_server.lib.refusals import FieldRefused
from dutybound_server.people.actors import staff_actor

LONGEST_WHY = 2000


class Look(StrEnum):
    READ = "read"
    """The content: words, context, hashes."""
    FILE = "file"
    EXPORT = "export"


class AccessRefused(FieldRefused):
    """Evidence is not opened like this; `field` names what to change."""


@transaction.atomic
def open_evidence(*, snapshot: Snapshot, by: User, why: str, what: Look, now: datetime) -> Access:
    """Record the access before anything is shown. Raises AccessRefused."""
    if not 0 < len(why.strip()) <= LONGEST_WHY or "\0" in why:
        raise AccessRefused("why", "Say why you open it, in 1 to 2,000 characters.")
    if snapshot.erased_at is not None:
        raise AccessRefused("why", "Its content was erased on schedule; there is nothing to open.")
    access = Access.objects.create(snapshot=snapshot, by=by, at=now, why=why.strip(), what=what)
    append(
        kind="evidence.opened",
        service=snapshot.service.slug,
        subject=f"snapshot:{snapshot.uuid}",
        actor=staff_actor(by),
        now=now,
        facts={"what": what},
        personal={"why": access.why},
    )
    return access
