"""Settings and staff as they were at a moment: what stands now, less what the log says came."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from dutybound_server.casework.models import Desk
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Membership, Service

GRANTED, REVOKED = "role.granted", "role.revoked"
SHUT_OUT, LET_IN = "staff.deactivated", "staff.reactivated"


def desk_then(service: Service, as_of: datetime) -> Desk:
    """How the service heard people at that moment; a copy that nobody may save."""
    desk = Desk.objects.filter(service=service).first() or Desk(service=service)
    for name, value in before_changes(
        service, "desk.changed", f"desk:{service.slug}", as_of
    ).items():
        setattr(desk, name, value)
    return desk


def before_changes(service: Service, kind: str, subject: str, as_of: datetime) -> dict[str, Any]:
    """Of what was changed after that moment: what it was before the first of those changes."""
    values: dict[str, Any] = {}
    for facts in changes(service, kind, subject, since=as_of):
        values = {**facts["before"], **values}
    return values


def changes(
    service: Service, kind: str, subject: str, *, since: datetime, until: datetime | None = None
) -> Iterator[dict[str, Any]]:
    """The facts of each change of something after a moment, the first first; `at` is its time."""
    entries = Entry.objects.filter(service=service.slug, kind=kind, subject=subject, at__gt=since)
    if until is not None:
        entries = entries.filter(at__lte=until)
    for entry in entries.order_by("id"):
        yield {**json.loads(bytes(entry.body))["facts"], "at": entry.at}


def staff_then(service: Service, as_of: datetime) -> frozenset[tuple[int, str]]:
    """Who had which role at the service and could sign in: pairs of user id and role."""
    members = Membership.objects.filter(service=service)
    held = set(members.values_list("user_id", "role"))
    here = Entry.objects.filter(service=service.slug)
    for entry in _latest_first(here, (GRANTED, REVOKED), as_of):
        one = _person(entry), json.loads(bytes(entry.body))["facts"]["role"]
        (held.discard if entry.kind == GRANTED else held.add)(one)
    shut_out = set(members.filter(user__is_active=False).values_list("user_id", flat=True))
    for entry in _latest_first(Entry.objects.all(), (SHUT_OUT, LET_IN), as_of):
        (shut_out.discard if entry.kind == SHUT_OUT else shut_out.add)(_person(entry))
    return frozenset(one for one in held if one[0] not in shut_out)


def _latest_first(
    entries: QuerySet[Entry], kinds: tuple[str, str], as_of: datetime
) -> QuerySet[Entry]:
    return entries.filter(kind__in=kinds, at__gt=as_of).order_by("-id")


def _person(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])
