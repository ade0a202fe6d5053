"""How grave a case is and where it waits: raised by what joins it, never lowered."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from dutybound.cases.priority import due_at, severity_of, weight
from dutybound.cases.status import Status
from dutybound_server.casework.actions.queues import queue_for
from dutybound_server.casework.models import Case
from dutybound_server.casework.routing import is_restricted
from dutybound_server.casework.subjects import new_reference
from dutybound_server.people.models import Service


def standing(
    *, service: Service, harms: Iterable[str], reach: int, now: datetime
) -> dict[str, Any]:
    """The fields of a case that opens now."""
    harm = gravest(sorted(harms))
    severity = severity_of(harm)
    restricted = any(is_restricted(one) for one in harms)
    return {
        "reference": new_reference(),
        "queue": queue_for(service=service, harm=harm, restricted=restricted),
        "harm": harm,
        "severity": severity,
        "reach": reach,
        "weight": weight(severity, reach),
        "restricted": restricted,
        "status": Status.OPEN,
        "opened_at": now,
        "waiting_since": now,
        "due_at": due_at(severity=severity, since=now),
    }


def raise_standing(case: Case, *, harms: Iterable[str], reach: int) -> None:
    """Let graver harm and wider reach count; the caller saves."""
    case.restricted = case.restricted or any(is_restricted(harm) for harm in harms)
    case.harm = gravest([case.harm, *sorted(harms)])
    case.severity = severity_of(case.harm)
    case.reach = max(case.reach, reach)
    case.weight = weight(case.severity, case.reach)
    # Never later: a concern that must be answered sooner may have brought it forward.
    case.due_at = min(case.due_at, due_at(severity=case.severity, since=case.waiting_since))
    case.queue = queue_for(service=case.service, harm=case.harm, restricted=case.restricted)


def gravest(harms: Iterable[str]) -> str:
    """The harm of the greatest severity; of several as grave, the first."""
    return max(harms, key=severity_of)
