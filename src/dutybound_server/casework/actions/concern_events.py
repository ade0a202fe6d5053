"""What happens to a concern: one row of its history and a journal entry, at once."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import User

from dutybound_server.casework.actions.events import locked_case
from dutybound_server.casework.models import Case, Concern, ConcernEvent, ConcernSubject
from dutybound_server.journal.actions import append
from dutybound_server.people.actors import SYSTEM, staff_actor

NOTHING: Mapping[str, Any] = MappingProxyType({})


def locked_concern(concern_id: int) -> Concern:
    """The concern, kept from every other transaction until this one ends."""
    Concern.objects.select_for_update().only("id").get(id=concern_id)
    return Concern.objects.select_related("service", "account", "flagger", "about").get(
        id=concern_id
    )


def locked_cases(concern_id: int) -> list[Case]:
    """The cases of what it is about, each kept from every other transaction until this one ends.

    Cases are locked before concerns everywhere, so that two who do both never lock up.
    """
    subjects = ConcernSubject.objects.filter(concern=concern_id, case__isnull=False)
    ids = {pk for pk in subjects.values_list("case", flat=True) if pk is not None}
    return [locked_case(pk) for pk in sorted(ids)]


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
