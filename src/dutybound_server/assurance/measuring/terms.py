"""How hard the terms are to read, as was counted when their text came."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils import timezone

from dutybound.evidence.reading import TERMS, TERMS_TEXT, TermsText
from dutybound_server.assurance.models import DocumentVersion
from dutybound_server.people.models import Service

GRADE = "grade"
"""What a version's figures call its reading grade; none where its text could not be read."""


def terms_text(service: Service, as_of: datetime) -> TermsText:
    """The newest version of the terms that were held at the moment."""
    held = DocumentVersion.objects.filter(
        document__service=service, document__kind=TERMS, added_at__lte=as_of
    ).exclude(document__retired_at__lte=as_of)
    newest = held.order_by("-added_at", "-id").first()
    if newest is None:
        return TermsText(held=False, grade=None, days_left=None)
    return TermsText(
        held=True,
        grade=newest.figures.get(GRADE),
        days_left=(newest.expires_on - timezone.localdate(as_of)).days,
    )


TERMS_READERS: Mapping[str, Callable[[Service, datetime], object]] = {TERMS_TEXT.name: terms_text}
