"""Who worked here at a moment, what they were trained in, and who owned what.

Of staff the rows say only who works here now: a role that was taken away is gone from them, so
the journal tells it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from dutybound_server.assurance.models import Training
from dutybound_server.journal.models import Entry
from dutybound_server.people.models import Service
from dutybound_server.people.roles import Role

GRANTED, REVOKED = "role.granted", "role.revoked"
SHUT_OUT, LET_IN = "staff.deactivated", "staff.reactivated"


@dataclass(frozen=True, slots=True)
class Worker:
    """Each role that somebody had, with since when; and since when they worked without a break."""

    roles: Mapping[Role, datetime]
    since: datetime


def staff_at(service: Service, as_of: datetime) -> Mapping[str, Worker]:
    """Those who worked at the service then, by their name in the journal (staff:7)."""
    found: dict[str, Worker] = {}
    for entry in _entries((GRANTED, REVOKED), service=service.slug, as_of=as_of):
        who, role = entry.subject, Role(_facts(entry)["role"])
        worker = found.get(who, Worker({}, entry.at))
        roles = {one: since for one, since in worker.roles.items() if one != role}
        if entry.kind == GRANTED:
            roles[role] = entry.at
        found[who] = Worker(roles, worker.since)
        if not roles:
            del found[who]
    gone = shut_out_at(as_of)
    return {who: worker for who, worker in found.items() if who not in gone}


def shut_out_at(as_of: datetime) -> frozenset[str]:
    """Those who could not sign in then, by their name in the journal."""
    gone: set[str] = set()
    for entry in _entries((SHUT_OUT, LET_IN), service="", as_of=as_of):
        (gone.add if entry.kind == SHUT_OUT else gone.discard)(entry.subject)
    return frozenset(gone)


def trained_at(service: Service, subject: str, as_of: datetime) -> Mapping[str, date]:
    """Whose training was in date then → until when, by the one that lasts longest."""
    today = timezone.localdate(as_of)
    rows = (
        Training.objects.filter(service=service, subject=subject, recorded_at__lte=as_of)
        .exclude(withdrawn_at__lte=as_of)
        .filter(on__lte=today, expires_on__gte=today)
        .order_by("expires_on")
    )
    return {f"staff:{row.user_id}": row.expires_on for row in rows}


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
