"""What settings were at a moment: what they are now, less what the journal says came since."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dutybound_server.casework.models import Desk
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service


@dataclass(frozen=True, slots=True)
class Change:
    """Settings were changed: what those that differ were before."""

    at: datetime
    before: dict[str, Any]


def changes(
    service: Service, *, kind: str, subject: str, since: datetime | None = None
) -> Iterator[Change]:
    """The changes of one thing's settings after a moment, or all of them; the newest first."""
    entries = Entry.objects.filter(service=service.slug, kind=kind, subject=subject)
    if since is not None:
        entries = entries.filter(at__gt=since)
    for at, body in entries.order_by("-id").values_list("at", "body"):
        yield Change(at, json.loads(bytes(body))["facts"]["before"])


def before_changes(service: Service, *, kind: str, subject: str, as_of: datetime) -> dict[str, Any]:
    """Of what was changed after that moment: what it was at that moment."""
    values: dict[str, Any] = {}
    for change in changes(service, kind=kind, subject=subject, since=as_of):
        values |= change.before
    return values


def changes_of_desk(service: Service, *, since: datetime) -> Iterator[Change]:
    return changes(service, kind="desk.changed", subject=f"desk:{service.slug}", since=since)


def desk_then(service: Service, as_of: datetime) -> Desk:
    """How the service heard people at that moment; a copy that nobody may save."""
    desk = Desk.objects.filter(service=service).first() or Desk(service=service)
    for change in changes_of_desk(service, since=as_of):
        for name, value in change.before.items():
            setattr(desk, name, value)
    return desk
