"""What happens to a case: one row of its history, its status, and a journal entry, at once."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User

from dutybound.cases.priority import due_at
from dutybound.cases.status import WAITING, EventKind, Status, after
from dutybound_server.casework.models import Case, CaseEvent
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM, staff_actor

NOTHING: Mapping[str, Any] = MappingProxyType({})


def locked_case(case_id: int) -> Case:
    """The case, kept from every other transaction until this one ends."""
    # The lock first, by itself: PostgreSQL gives a row it waited for as it is now, but what the
    # same query joins to it as it was before.
    Case.objects.select_for_update().only("id").get(id=case_id)
    return Case.objects.select_related("service", "item", "account", "claimed_by").get(id=case_id)


def happened(
    case: Case,
    kind: EventKind,
    *,
    by: User | None,
    now: datetime,
    note: str = "",
    facts: Mapping[str, Any] = NOTHING,
    actor: str = "",
) -> CaseEvent:
    """Add the event to the case's history and move its status; raises NotAllowed.

    The case must be locked. What staff wrote reaches the journal only as a salted digest.
    """
    before = Status(case.status)
    case.status = after(before, kind)
    if case.status != before:
        let_go(case)
        # An undo lets the old clock run on, so that no undo hides that a case is late.
        if case.status in WAITING and kind is not EventKind.UNDONE:
            _start_clock(case, now=now)
    case.save()
    return _record(case, kind, by=by, now=now, note=note, facts=facts, actor=actor)


def opened(
    case: Case, *, by: User | None, now: datetime, note: str, facts: Mapping[str, Any]
) -> CaseEvent:
    """Begin the history of a case that was just made."""
    return _record(case, EventKind.OPENED, by=by, now=now, note=note, facts=facts, actor="")


def let_go(case: Case) -> None:
    """Let nobody hold it: it waits, or rests, for anyone. The caller saves."""
    case.claimed_by = None
    case.claimed_until = None


def _start_clock(case: Case, *, now: datetime) -> None:
    case.waiting_since = now
    case.due_at = due_at(severity=case.severity, since=now)


def _record(
    case: Case,
    kind: EventKind,
    *,
    by: User | None,
    now: datetime,
    note: str,
    facts: Mapping[str, Any],
    actor: str,
) -> CaseEvent:
    append(
        kind=f"case.{kind}",
        service=case.service.slug,
        subject=f"case:{case.reference}",
        actor=actor or (staff_actor(by) if by else SYSTEM),
        now=now,
        facts=facts,
        personal={"subject": case.subject, **({"note": note} if note else {})},
    )
    return CaseEvent.objects.create(
        case=case, kind=kind, at=now, by=by, note=note, facts=dict(facts)
    )
