"""Who worked here at a moment, and who owned what, as the journal tells it.

The rows say only who does now: a role that was taken away is gone from them.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Role

GRANTED, REVOKED = "role.granted", "role.revoked"
SHUT_OUT, LET_IN = "staff.deactivated", "staff.reactivated"


@dataclass(frozen=True, slots=True)
class Worker:
    """What somebody did at the service, and since when they have worked there without a break."""

    roles: frozenset[Role]
    since: datetime


def staff_at(service: Service, as_of: datetime) -> Mapping[str, Worker]:
    """Those who worked at the service then, by their name in the journal (staff:7)."""
    found: dict[str, Worker] = {}
    for entry in _entries((GRANTED, REVOKED), service=service.slug, as_of=as_of):
        who, role = entry.subject, Role(_facts(entry)["role"])
        worker = found.get(who, Worker(frozenset(), entry.at))
        roles = worker.roles | {role} if entry.kind == GRANTED else worker.roles - {role}
        found[who] = Worker(roles, worker.since)
        if not roles:
            del found[who]
    gone: set[str] = set()
    for entry in _entries((SHUT_OUT, LET_IN), service="", as_of=as_of):
        (gone.add if entry.kind == SHUT_OUT else gone.discard)(entry.subject)
    return {who: worker for who, worker in found.items() if who not in gone}


def document_owners_at(service: Service, as_of: datetime) -> Mapping[str, str]:
    """Who owned each document then: document:3 → staff:7; nothing where nobody did."""
    kinds = ("document.added", "document.owned")
    return {
        entry.subject: _facts(entry)["owner"]
        for entry in _entries(kinds, service=service.slug, as_of=as_of)
    }


def _entries(kinds: tuple[str, ...], *, service: str, as_of: datetime) -> list[Entry]:
    """The entries in their order. Kinds are few among millions; a service may have them all."""
    found = Entry.objects.filter(kind__in=kinds, at__lte=as_of)
    return sorted((one for one in found if one.service == service), key=lambda one: one.pk)


def _facts(entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(bytes(entry.body))["facts"]
    return facts
