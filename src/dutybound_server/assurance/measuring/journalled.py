"""What settings were at a moment, as the journal tells it: rows only say what they are now."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service


@dataclass(frozen=True, slots=True)
class Change:
    """Settings were changed: what they were before and after, of those that differ."""

    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]


def changes(service: Service, *, kind: str, subject: str) -> Iterator[Change]:
    """The changes of one thing's settings, the newest first."""
    entries = Entry.objects.filter(service=service.slug, subject=subject, kind=kind)
    for at, body in entries.order_by("-id").values_list("at", "body").iterator():
        facts = json.loads(bytes(body))["facts"]
        yield Change(at, facts["before"], facts["after"])
