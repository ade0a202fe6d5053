"""What happens to a concern: one row of its history and a journal entry, at once."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User

from dutybound_server.casework.models import Concern, ConcernEvent
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM, staff_actor

NOTHING: Mapping[str, Any] = MappingProxyType({})


def locked_concern(concern_id: int) -> Concern:
    """The concern, kept from every other transaction until this one ends."""
    Concern.objects.select_for_update().only("id").get(id=concern_id)
    return Concern.objects.select_related("service", "account", "flagger", "about").get(
        id=concern_id
    )


def concern_happened(
    concern: Concern,
    kind: str,
    *,
    by: User | None,
    now: datetime,
    words: str = "",
    facts: Mapping[str, Any] = NOTHING,
) -> ConcernEvent:
    """Add the event to the concern's history; the caller saves the concern itself.

    What anybody wrote reaches the journal only as a salted digest.
    """
    append(
        kind=f"concern.{kind}",
        service=concern.service.slug,
        subject=f"concern:{concern.reference}",
        actor=staff_actor(by) if by else SYSTEM,
        now=now,
        facts=facts,
        personal={"words": words} if words else {},
    )
    return ConcernEvent.objects.create(
        concern=concern, kind=kind, at=now, by=by, words=words, facts=dict(facts)
    )
