"""What is held, as the jobs that delete have to ask."""

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from dutybound_server.evidence.models import LegalHold, SnapshotFile
from dutybound_server.people.models import Service

ITEM, ACCOUNT = "item", "account"


def holds_in_force(now: datetime) -> QuerySet[LegalHold]:
    """Every legal hold that lasts at that moment."""
    lasts = Q(until__isnull=True) | Q(until__gt=now)
    return LegalHold.objects.filter(lasts, ended_at__isnull=True)


def holds_about(
    *, service: Service, subject_kind: str, subject: str, account: str, now: datetime
) -> QuerySet[LegalHold]:
    """The holds in force on a subject, and on the account behind it where one is known."""
    about = Q(subject_kind=subject_kind, subject=subject)
    if account:
        about |= Q(subject_kind=ACCOUNT, subject=account)
    return holds_in_force(now).filter(about, service=service)


def held(now: datetime, *, kind: str, subject: str, service: str = "service") -> Exists:
    """In a query: whether a hold is on the row's subject of that kind.

    `subject` and `service` are columns of that query. Every job that deletes excludes by it.
    """
    holds = holds_in_force(now).filter(subject_kind=kind, service=OuterRef(service))
    return Exists(holds.filter(subject=OuterRef(subject)))


def needed_items(now: datetime) -> Q:
    """In a query of items: those that evidence needs as they are.

    Somebody holds the item or its account, or the files of a snapshot are not copied yet.
    """
    to_copy = files_to_copy().filter(source__item=OuterRef("pk"))
    return (
        Q(held(now, kind=ITEM, subject="external_id"))
        | Q(held(now, kind=ACCOUNT, subject="account__external_id"))
        | Q(Exists(to_copy))
    )


def files_to_copy() -> QuerySet[SnapshotFile]:
    """Files of snapshots of which there is no copy yet, and can be one."""
    return SnapshotFile.objects.filter(blob="", problem="", deleted_at__isnull=True)
