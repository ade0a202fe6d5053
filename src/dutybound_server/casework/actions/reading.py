"""A person opens their page: from then on it is known that what we wrote was there to read."""

from datetime import datetime

from django.db import transaction

from dutybound_server.casework.actions.concern_events import concern_happened
from dutybound_server.casework.models import Concern


@transaction.atomic
def note_letters_read(*, concern: Concern, now: datetime) -> int:
    """Keep when each letter was first opened; how many were new."""
    new = concern.letters.select_for_update().filter(read_at__isnull=True)
    kinds = list(new.order_by("pk").values_list("kind", flat=True))
    if kinds:
        new.update(read_at=now)
        concern_happened(concern, "read", by=None, now=now, facts={"letters": kinds})
    return len(kinds)
