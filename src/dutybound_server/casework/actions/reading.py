"""Who read what: a person what we wrote on their page, staff what a person added."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from dutybound_server.casework.actions.concern_events import concern_happened
from dutybound_server.casework.concern_queries import FILE_OPENED
from dutybound_server.casework.models import Attachment, Concern


@transaction.atomic
def note_letters_read(*, concern: Concern, now: datetime) -> int:
    """Keep when each letter was first opened; how many were new."""
    new = concern.letters.select_for_update().filter(read_at__isnull=True)
    kinds = list(new.order_by("pk").values_list("kind", flat=True))
    if kinds:
        new.update(read_at=now)
        concern_happened(concern, "read", by=None, now=now, facts={"letters": kinds})
    return len(kinds)


@transaction.atomic
def open_attachment(*, attachment: Attachment, how: str, by: User, now: datetime) -> None:
    """Keep who of the staff opened a file that a person added, and how (grey, colour, download)."""
    facts = {"file": attachment.pk, "sha256": attachment.sha256, "how": how}
    concern_happened(attachment.concern, FILE_OPENED, by=by, now=now, facts=facts)
